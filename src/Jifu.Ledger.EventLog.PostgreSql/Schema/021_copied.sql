-- When the events are in another store, this log holds a copy of them, so that they can be chained and signed here: one
-- row says so, and how far the copy has come, by the other store's positions.
CREATE TABLE log.copied (
    is_only        boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (is_only),
    store_position bigint  NOT NULL CHECK (store_position >= -1)
);

GRANT SELECT, INSERT, UPDATE ON log.copied TO jifu_app;
