-- One row a payment, as merchants list them.
CREATE TABLE views.payment (
    payment_id         text        PRIMARY KEY COLLATE "C",
    merchant_id        text        NOT NULL COLLATE "C",
    merchant_order_no  text        NOT NULL COLLATE "C",
    channel            text        NOT NULL,
    product            text        NOT NULL,
    description        text        NOT NULL,
    currency           text        NOT NULL,
    amount_minor       bigint      NOT NULL CHECK (amount_minor > 0),
    fee_minor          bigint      NOT NULL CHECK (fee_minor >= 0),
    split_minor        bigint      NOT NULL CHECK (split_minor >= 0),
    refund_held_minor  bigint      NOT NULL CHECK (refund_held_minor >= 0),
    refunded_minor     bigint      NOT NULL CHECK (refunded_minor >= 0),
    status             text        NOT NULL CHECK (status IN
        ('created', 'refused', 'pending', 'unknown', 'paid', 'cancelling', 'failed', 'closed', 'cancelled')),
    contradicted       boolean     NOT NULL,
    channel_reference  text,
    created_day        date        NOT NULL,
    created_at         timestamptz NOT NULL,
    paid_at            timestamptz,
    business_day       date,
    touched_at         timestamptz NOT NULL,
    created_position   bigint      NOT NULL UNIQUE,
    UNIQUE (merchant_id, merchant_order_no),
    CHECK (refunded_minor + refund_held_minor <= amount_minor)
);
CREATE INDEX payment_by_merchant ON views.payment (merchant_id, created_position);
CREATE INDEX payment_by_merchant_day ON views.payment (merchant_id, created_day, currency);
-- What somebody still has to ask the channel about.
CREATE INDEX payment_open ON views.payment (touched_at) WHERE status IN ('pending', 'unknown', 'cancelling');

CREATE TABLE views.refund (
    payment_id        text        NOT NULL COLLATE "C",
    refund_no         text        NOT NULL COLLATE "C",
    merchant_id       text        NOT NULL COLLATE "C",
    channel           text        NOT NULL,
    currency          text        NOT NULL,
    amount_minor      bigint      NOT NULL CHECK (amount_minor > 0),
    status            text        NOT NULL CHECK (status IN ('requested', 'unknown', 'succeeded', 'failed')),
    reason            text        NOT NULL,
    channel_reference text,
    requested_at      timestamptz NOT NULL,
    finished_at       timestamptz,
    touched_at        timestamptz NOT NULL,
    position          bigint      NOT NULL UNIQUE,
    PRIMARY KEY (payment_id, refund_no)
);
CREATE INDEX refund_by_merchant ON views.refund (merchant_id, position);
CREATE INDEX refund_open ON views.refund (touched_at) WHERE status IN ('requested', 'unknown');

-- What happened to a payment, in order.
CREATE TABLE views.payment_timeline (
    position    bigint      PRIMARY KEY,
    payment_id  text        NOT NULL COLLATE "C",
    type        text        NOT NULL,
    recorded_at timestamptz NOT NULL,
    payload     text        NOT NULL
);
CREATE INDEX payment_timeline_by_payment ON views.payment_timeline (payment_id, position);
