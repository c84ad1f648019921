-- How far the log has been turned into notices: one row, moved in the transaction that makes them.
CREATE TABLE notices.checkpoint (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL CHECK (position >= -1)
);
INSERT INTO notices.checkpoint (position) VALUES (-1);

GRANT SELECT, UPDATE ON notices.checkpoint TO jifu_app;
