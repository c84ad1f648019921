-- The states of long streams, so that a new process need not read them from their beginning. Nothing depends on these
-- rows: they may be deleted at any time.
CREATE TABLE views.snapshot (
    stream   text        NOT NULL COLLATE "C",
    -- What made it: another program may understand its own events in another way.
    program  uuid        NOT NULL,
    version  bigint      NOT NULL CHECK (version >= 0),
    -- The event at that version: should the stream have another one there, it is another stream.
    event_id uuid        NOT NULL,
    type     text        NOT NULL,
    state    bytea       NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (stream)
);
