-- Whether a payment was cleared is found by the position of its success, which its channel line tells: an index on ids
-- that come in no order was the dearest of an item's.
DROP INDEX views.clearing_item_by_payment;

-- A line's key says that it stands there once. By position lines stand together: a map of the blocks finds them.
ALTER TABLE views.channel_line DROP CONSTRAINT channel_line_position_key;
CREATE INDEX channel_line_by_position ON views.channel_line USING brin (position)
    WITH (pages_per_range = 16, autosummarize = on);
