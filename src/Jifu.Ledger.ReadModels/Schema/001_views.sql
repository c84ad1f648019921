-- Read models: all of it follows from log.events and can be made again. Amounts are minor units.
CREATE SCHEMA views;

-- How far each projection has come; moved in the transaction that writes its rows.
CREATE TABLE views.checkpoint (
    projection text   PRIMARY KEY,
    position   bigint NOT NULL CHECK (position >= -1)
);

GRANT USAGE ON SCHEMA views TO jifu_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA views GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO jifu_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA views TO jifu_app;
