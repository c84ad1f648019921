CREATE TABLE views.merchant (
    merchant_id     text        PRIMARY KEY COLLATE "C",
    name            text        NOT NULL,
    payout_account  text        NOT NULL,
    settlement_term text        NOT NULL CHECK (settlement_term IN ('T0', 'T1')),
    registered_at   timestamptz NOT NULL,
    position        bigint      NOT NULL UNIQUE
);
