-- A batch for everybody takes ranges of the log instead of marking each item: of a channel's day, what stands from one
-- position up to another. Only a batch of some merchants (T+0) still marks what is theirs. The table of items has a new
-- name, so that a program that knows only marks stops instead of taking items twice.
LOCK TABLE views.checkpoint IN EXCLUSIVE MODE;

CREATE TABLE views.clearing_entry (
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
    -- The batch of some merchants that took it; what a batch for everybody took stands in clearing_take.
    batch_id       text    COLLATE "C"
);

-- What no batch has taken: where the first such item of a channel's day stands. What batches carried forward stands by
-- itself: it waits for the next batch and keeps no day open.
CREATE TABLE views.clearing_waiting (
    channel        text    NOT NULL,
    business_day   date    NOT NULL,
    carried        boolean NOT NULL,
    first_position bigint  NOT NULL,
    PRIMARY KEY (channel, business_day, carried)
);

-- What batches for everybody took: all items without a mark from the first position up to the last, which is that of
-- the event that opened the batch.
CREATE TABLE views.clearing_take (
    batch_id       text    NOT NULL COLLATE "C",
    channel        text    NOT NULL,
    business_day   date    NOT NULL,
    carried        boolean NOT NULL,
    from_position  bigint  NOT NULL,
    until_position bigint  NOT NULL CHECK (until_position > from_position),
    PRIMARY KEY (channel, business_day, carried, until_position)
);

INSERT INTO views.clearing_waiting
SELECT channel, business_day, kind = 'brought_forward', min(position)
FROM views.clearing_item WHERE batch_id IS NULL GROUP BY 1, 2, 3;

INSERT INTO views.clearing_take
SELECT b.batch_id, i.channel, i.business_day, i.kind = 'brought_forward', min(i.position), b.position
FROM views.clearing_item i JOIN views.clearing_batch b USING (batch_id)
WHERE b.term = 'T1' GROUP BY b.batch_id, i.channel, i.business_day, 4, b.position;

INSERT INTO views.clearing_entry
SELECT i.position, i.merchant_id, i.channel, i.currency, i.business_day, i.kind, i.payment_id, i.payments, i.refunds,
    i.gross_minor, i.refunded_minor, i.fees_minor, i.splits_minor, i.brought_minor,
    CASE WHEN b.term = 'T0' THEN i.batch_id END
FROM views.clearing_item i LEFT JOIN views.clearing_batch b USING (batch_id) ORDER BY i.position;

DROP TABLE views.clearing_item;
ALTER TABLE views.clearing_entry ADD PRIMARY KEY (position);
CREATE INDEX clearing_entry_open ON views.clearing_entry (channel, business_day) WHERE batch_id IS NULL;
CREATE INDEX clearing_entry_carried ON views.clearing_entry (channel, business_day, position)
    WHERE kind = 'brought_forward';
CREATE INDEX clearing_entry_by_batch ON views.clearing_entry (batch_id, merchant_id) WHERE batch_id IS NOT NULL;
CREATE INDEX clearing_take_by_batch ON views.clearing_take (batch_id);
