CREATE TABLE views.settlement (
    settlement_id  text        PRIMARY KEY COLLATE "C",
    merchant_id    text        NOT NULL COLLATE "C",
    batch_id       text        NOT NULL COLLATE "C",
    channel        text        NOT NULL,
    day            date        NOT NULL,
    term           text        NOT NULL,
    currency       text        NOT NULL,
    amount_minor   bigint      NOT NULL CHECK (amount_minor > 0),
    payout_account text        NOT NULL,
    status         text        NOT NULL CHECK (status IN ('ordered', 'held', 'sent', 'unknown', 'confirmed', 'failed')),
    reference      text,
    bank_reference text,
    ordered_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    position       bigint      NOT NULL UNIQUE
);
CREATE INDEX settlement_by_merchant ON views.settlement (merchant_id, position);
CREATE INDEX settlement_by_day ON views.settlement (day, settlement_id);
