-- The bank's side: how its statements are read, every one that was, every line, and what each line is.
CREATE TABLE views.statement_mapping (
    account  text        PRIMARY KEY,
    mapping  text        NOT NULL,
    saved_by text        NOT NULL,
    saved_at timestamptz NOT NULL
);

CREATE TABLE views.statement_import (
    position    bigint      PRIMARY KEY,
    account     text        NOT NULL,
    file_name   text        NOT NULL,
    sha256      text        NOT NULL,
    rows        integer     NOT NULL,
    new_rows    integer     NOT NULL,
    from_day    date        NOT NULL,
    to_day      date        NOT NULL,
    break       text        NOT NULL,
    imported_by text        NOT NULL,
    imported_at timestamptz NOT NULL
);

CREATE TABLE views.statement_line (
    line          text        PRIMARY KEY COLLATE "C",
    account       text        NOT NULL,
    booked_at     timestamptz NOT NULL,
    day           date        NOT NULL,
    currency      text        NOT NULL,
    amount_minor  bigint      NOT NULL,
    balance_minor bigint,
    reference     text        NOT NULL,
    counterparty  text        NOT NULL,
    note          text        NOT NULL,
    sha256        text        NOT NULL,
    line_no       integer     NOT NULL,
    matched_by    text,
    position      bigint      NOT NULL
);
CREATE INDEX statement_line_by_day ON views.statement_line (day, position);
CREATE INDEX statement_line_open ON views.statement_line (account) WHERE matched_by IS NULL;

-- What a line is: one expected movement has one line at most.
CREATE TABLE views.statement_match (
    expected text NOT NULL COLLATE "C" PRIMARY KEY,
    line     text NOT NULL COLLATE "C"
);
CREATE INDEX statement_match_by_line ON views.statement_match (line);

-- Channels' money as we booked it, day by day.
CREATE TABLE views.channel_funds (
    channel      text   NOT NULL,
    day          date   NOT NULL,
    currency     text   NOT NULL,
    amount_minor bigint NOT NULL,
    reference    text   NOT NULL,
    position     bigint NOT NULL,
    PRIMARY KEY (channel, day)
);
