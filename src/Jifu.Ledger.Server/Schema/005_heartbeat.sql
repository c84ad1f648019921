-- One row that /health/ready writes, to know that the database takes writes.
CREATE TABLE app.heartbeat (
    one     boolean     PRIMARY KEY DEFAULT true CHECK (one),
    beat_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO app.heartbeat DEFAULT VALUES;

GRANT SELECT, UPDATE ON app.heartbeat TO jifu_app;
