-- Amounts are fen; times are by the sandbox's clock, in whole seconds, as in the bill.
CREATE TABLE sandbox.payment (
    payment_id    text        NOT NULL PRIMARY KEY,
    reference     text        NOT NULL UNIQUE,
    product       text        NOT NULL,
    description   text        NOT NULL,
    payer_id      text,
    amount        bigint      NOT NULL CHECK (amount > 0),
    cost          bigint      NOT NULL CHECK (cost BETWEEN 0 AND amount),
    refunded      bigint      NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
    cost_returned bigint      NOT NULL DEFAULT 0 CHECK (cost_returned BETWEEN 0 AND cost),
    behaviour     text        NOT NULL CHECK (behaviour IN ('plain', 'silent', 'late', 'twice', 'refuse')),
    state         text        NOT NULL CHECK (state IN ('accepted', 'paid', 'closed', 'revoked', 'refused')),
    paid_at       timestamptz,
    revoked_at    timestamptz,
    CHECK ((paid_at IS NOT NULL) = (state IN ('paid', 'revoked'))),
    CHECK ((revoked_at IS NOT NULL) = (state = 'revoked')),
    CHECK (refunded = 0 OR state = 'paid')
);
CREATE INDEX payment_paid_at ON sandbox.payment (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX payment_revoked_at ON sandbox.payment (revoked_at) WHERE revoked_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON sandbox.payment TO jifu_app;
