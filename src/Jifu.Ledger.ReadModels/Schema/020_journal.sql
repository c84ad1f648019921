-- The journal: a positive amount debits the account, a negative one credits it.
CREATE TABLE views.journal_line (
    position     bigint      NOT NULL,
    line_no      integer     NOT NULL CHECK (line_no > 0),
    recorded_at  timestamptz NOT NULL,
    business_day date        NOT NULL,
    rule         text        NOT NULL,
    account      text        NOT NULL COLLATE "C",
    currency     text        NOT NULL,
    amount_minor bigint      NOT NULL CHECK (amount_minor <> 0),
    stream       text        NOT NULL COLLATE "C",
    PRIMARY KEY (position, line_no)
);
CREATE INDEX journal_line_by_account ON views.journal_line (account, currency, recorded_at);
CREATE INDEX journal_line_by_day ON views.journal_line (business_day, position);

CREATE TABLE views.account_balance (
    account      text   NOT NULL COLLATE "C",
    currency     text   NOT NULL,
    debit_minor  bigint NOT NULL CHECK (debit_minor >= 0),
    credit_minor bigint NOT NULL CHECK (credit_minor >= 0),
    PRIMARY KEY (account, currency)
) WITH (fillfactor = 50);
