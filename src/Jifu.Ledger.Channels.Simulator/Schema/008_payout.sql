-- What the sandbox's bank has paid out, or has refused to.
CREATE TABLE sandbox.payout (
    reference      text        NOT NULL PRIMARY KEY,
    account        text        NOT NULL,
    amount         bigint      NOT NULL CHECK (amount > 0),
    currency       text        NOT NULL,
    bank_reference text        NOT NULL UNIQUE,
    code           text,
    ended_at       timestamptz NOT NULL
);
GRANT SELECT, INSERT ON sandbox.payout TO jifu_app;
