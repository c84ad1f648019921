-- What each merchant may give away. The sums are what FundsEffect adds up; below zero the merchant owes us.
CREATE TABLE views.funds (
    merchant_id            text   NOT NULL COLLATE "C",
    currency               text   NOT NULL,
    free_minor             bigint NOT NULL,
    available_minor        bigint NOT NULL,
    out_minor              bigint NOT NULL,
    out_of_available_minor bigint NOT NULL,
    -- The last success of a payment: the split that comes with it is the very next event.
    success_position       bigint NOT NULL,
    PRIMARY KEY (merchant_id, currency)
) WITH (fillfactor = 50);

-- What is put aside and neither used nor released. Small: most holds are used at once.
CREATE TABLE views.hold (
    merchant_id  text        NOT NULL COLLATE "C",
    hold_id      text        NOT NULL COLLATE "C",
    currency     text        NOT NULL,
    amount_minor bigint      NOT NULL CHECK (amount_minor > 0),
    held_at      timestamptz NOT NULL,
    position     bigint      NOT NULL,
    PRIMARY KEY (merchant_id, hold_id)
);
