-- A refund that was refused stays refused under its number.
CREATE TABLE sandbox.refund (
    refund_no     text   NOT NULL PRIMARY KEY,
    payment_id    text   NOT NULL REFERENCES sandbox.payment,
    reference     text   NOT NULL UNIQUE,
    amount        bigint NOT NULL CHECK (amount > 0),
    cost_returned bigint NOT NULL CHECK (cost_returned BETWEEN 0 AND amount),
    code          text,
    refunded_at   timestamptz,
    CHECK ((refunded_at IS NULL) = (code IS NOT NULL)),
    CHECK (code IS NULL OR cost_returned = 0)
);
CREATE INDEX refund_refunded_at ON sandbox.refund (refunded_at) WHERE refunded_at IS NOT NULL;
GRANT SELECT, INSERT ON sandbox.refund TO jifu_app;
