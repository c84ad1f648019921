-- How each day's fund flow stands beside its trade bill, and each account of it.
CREATE TABLE views.fund_flow_day (
    channel         text        NOT NULL,
    day             date        NOT NULL,
    matched         integer     NOT NULL,
    differences     integer     NOT NULL,
    awaited         integer     NOT NULL,
    withdrawn_minor bigint      NOT NULL,
    currency        text        NOT NULL,
    bill_sha256     text        NOT NULL,
    sha256          text        NOT NULL,
    checked_at      timestamptz NOT NULL,
    PRIMARY KEY (channel, day)
);

CREATE TABLE views.fund_flow_account (
    channel       text    NOT NULL,
    day           date    NOT NULL,
    account       text    NOT NULL,
    rows          integer NOT NULL,
    net_minor     bigint  NOT NULL,
    break         text    NOT NULL,
    opening_minor bigint,
    closing_minor bigint,
    PRIMARY KEY (channel, day, account)
);
