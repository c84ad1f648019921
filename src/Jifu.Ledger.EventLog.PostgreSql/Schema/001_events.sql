-- All events of all streams. Positions are assigned by whoever holds the log's advisory lock, so they have no gaps and
-- become visible in order; a sequence would promise neither.
CREATE SCHEMA log;

CREATE TABLE log.events (
    position       bigint      NOT NULL PRIMARY KEY CHECK (position >= 0),
    stream         text        NOT NULL COLLATE "C" CHECK (strpos(stream, '-') > 1),
    version        bigint      NOT NULL CHECK (version >= 0),
    event_id       uuid        NOT NULL UNIQUE,
    type           text        NOT NULL COLLATE "C" CHECK (type <> ''),
    recorded_at    timestamptz NOT NULL,
    actor          text        NOT NULL COLLATE "C",
    correlation_id text        NOT NULL COLLATE "C",
    causation_id   text                 COLLATE "C",
    payload        bytea       NOT NULL,
    UNIQUE (stream, version)
);
