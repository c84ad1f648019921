-- What a payment costs to keep is counted in index entries. These made writing dearer and answered nothing.

-- A payment's timeline is its stream in the log, with the same bytes.
DROP TABLE views.payment_timeline;

-- Payments that somebody still has to ask the channel about: few, and by themselves, so that a payment's row changes
-- without touching an index.
DROP INDEX views.payment_open;
CREATE TABLE views.payment_open (
    payment_id text        PRIMARY KEY COLLATE "C",
    touched_at timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO views.payment_open
    SELECT payment_id, touched_at FROM views.payment WHERE status IN ('pending', 'unknown', 'cancelling');
ALTER TABLE views.payment DROP COLUMN touched_at;

-- A payment's id is derived from its merchant and order number: one key says it. Lists go by merchant.
ALTER TABLE views.payment DROP CONSTRAINT payment_merchant_id_merchant_order_no_key;
ALTER TABLE views.payment DROP CONSTRAINT payment_created_position_key;
ALTER TABLE views.payment SET (fillfactor = 85);

-- Only items that a batch took are looked up by batch.
DROP INDEX views.clearing_item_by_batch;
CREATE INDEX clearing_item_by_batch ON views.clearing_item (batch_id, merchant_id) WHERE batch_id IS NOT NULL;

-- By account and position: in the order in which lines are read, and narrower.
DROP INDEX views.journal_line_by_account;
CREATE INDEX journal_line_by_account ON views.journal_line (account, position);

-- Lines of a day stand together, since lines are only ever added at the end: a map of the blocks finds them, and costs
-- a line nothing.
DROP INDEX views.journal_line_by_day;
CREATE INDEX journal_line_by_day ON views.journal_line USING brin (business_day)
    WITH (pages_per_range = 16, autosummarize = on);
