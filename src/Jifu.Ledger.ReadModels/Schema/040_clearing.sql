-- Everything that changes what a merchant is owed. An item without a batch waits; the event that opens a batch takes
-- it.
CREATE TABLE views.clearing_item (
    position       bigint  NOT NULL,
    merchant_id    text    NOT NULL COLLATE "C",
    channel        text    NOT NULL,
    currency       text    NOT NULL,
    business_day   date    NOT NULL,
    kind           text    NOT NULL CHECK (kind IN ('payment', 'split', 'refund_held', 'refund_released',
        'refund', 'cancel', 'brought_forward')),
    payment_id     text    COLLATE "C",
    payments       integer NOT NULL,
    refunds        integer NOT NULL,
    gross_minor    bigint  NOT NULL,
    refunded_minor bigint  NOT NULL,
    fees_minor     bigint  NOT NULL,
    splits_minor   bigint  NOT NULL,
    brought_minor  bigint  NOT NULL,
    batch_id       text    COLLATE "C",
    PRIMARY KEY (position)
);
CREATE INDEX clearing_item_open ON views.clearing_item (channel, business_day) WHERE batch_id IS NULL;
CREATE INDEX clearing_item_by_batch ON views.clearing_item (batch_id, merchant_id);

CREATE TABLE views.clearing_batch (
    batch_id  text        PRIMARY KEY COLLATE "C",
    channel   text        NOT NULL,
    day       date        NOT NULL,
    term      text        NOT NULL CHECK (term IN ('T0', 'T1')),
    run       integer     NOT NULL,
    status    text        NOT NULL CHECK (status IN ('open', 'closed')),
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    position  bigint      NOT NULL UNIQUE,
    UNIQUE (channel, day, term, run)
);

CREATE TABLE views.clearing_position (
    batch_id       text    NOT NULL COLLATE "C",
    merchant_id    text    NOT NULL COLLATE "C",
    currency       text    NOT NULL,
    payments       integer NOT NULL,
    refunds        integer NOT NULL,
    gross_minor    bigint  NOT NULL,
    refunded_minor bigint  NOT NULL,
    fees_minor     bigint  NOT NULL,
    splits_minor   bigint  NOT NULL,
    brought_minor  bigint  NOT NULL CHECK (brought_minor <= 0),
    payable_minor  bigint  NOT NULL CHECK (payable_minor >= 0),
    carried_minor  bigint  NOT NULL CHECK (carried_minor <= 0),
    PRIMARY KEY (batch_id, merchant_id, currency),
    CHECK (gross_minor - refunded_minor - fees_minor - splits_minor + brought_minor = payable_minor + carried_minor)
);
