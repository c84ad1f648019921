-- Each event is chained to the one before it, and each batch has a root: a change behind our back is found. The bytes
-- that are hashed are told in docs/reference/evidence.md; the writer hashes them too, and a test compares the two.
-- An existing log is copied and chained here, once. Programs that do not know the chain can no longer append.
LOCK TABLE log.events IN ACCESS EXCLUSIVE MODE;

CREATE FUNCTION log.field(bytes bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(int4send(octet_length(bytes)) || bytes, '\xffffffff')
$$;

CREATE FUNCTION log.event_link(
    previous bytea, "position" bigint, stream text, version bigint, event_id uuid, type text, recorded_at timestamptz,
    actor text, correlation_id text, causation_id text, payload bytea)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(
        log.field('jifu.event.v1') || log.field(previous) || log.field(int8send("position"))
        || log.field(convert_to(stream, 'UTF8')) || log.field(int8send(version)) || log.field(uuid_send(event_id))
        || log.field(convert_to(type, 'UTF8'))
        || log.field(int8send((extract(epoch FROM recorded_at) * 1000000)::bigint))
        || log.field(convert_to(actor, 'UTF8')) || log.field(convert_to(correlation_id, 'UTF8'))
        || log.field(convert_to(causation_id, 'UTF8')) || log.field(payload))
$$;

-- The tree of RFC 6962. Pairing level by level, with the odd one carried up, is its split at powers of two.
CREATE FUNCTION log.merkle_root(links bytea[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    nodes bytea[] := ARRAY(SELECT sha256('\x00' || link) FROM unnest(links) WITH ORDINALITY AS l (link, n) ORDER BY n);
BEGIN
    WHILE cardinality(nodes) > 1 LOOP
        nodes := ARRAY(
            SELECT CASE WHEN i < cardinality(nodes) THEN sha256('\x01' || nodes[i] || nodes[i + 1]) ELSE nodes[i] END
            FROM generate_series(1, cardinality(nodes), 2) AS i
            ORDER BY i);
    END LOOP;
    RETURN coalesce(nodes[1], sha256(''));
END
$$;

-- Columns of fixed length first. An event id needs no index: a repeat is recognised at its place in the stream.
CREATE TABLE log.chained (
    position       bigint      NOT NULL,
    version        bigint      NOT NULL,
    recorded_at    timestamptz NOT NULL,
    event_id       uuid        NOT NULL,
    stream         text        NOT NULL COLLATE "C",
    type           text        NOT NULL COLLATE "C",
    actor          text        NOT NULL COLLATE "C",
    correlation_id text        NOT NULL COLLATE "C",
    causation_id   text                 COLLATE "C",
    link           bytea       NOT NULL,
    payload        bytea       NOT NULL,
    CHECK (position >= 0 AND version >= 0 AND octet_length(link) = 32 AND strpos(stream, '-') > 1 AND type <> '')
);

DO $$
DECLARE
    e log.events;
    link bytea := decode(repeat('00', 32), 'hex');
BEGIN
    FOR e IN SELECT * FROM log.events ORDER BY position LOOP
        link := log.event_link(
            link, e.position, e.stream, e.version, e.event_id, e.type, e.recorded_at, e.actor, e.correlation_id,
            e.causation_id, e.payload);
        INSERT INTO log.chained VALUES (
            e.position, e.version, e.recorded_at, e.event_id, e.stream, e.type, e.actor, e.correlation_id,
            e.causation_id, link, e.payload);
    END LOOP;
END
$$;

DROP TABLE log.events;
ALTER TABLE log.chained RENAME TO events;
ALTER TABLE log.events RENAME CONSTRAINT chained_check TO events_check;
ALTER TABLE log.events ADD CONSTRAINT events_pkey PRIMARY KEY (position);
ALTER TABLE log.events ADD CONSTRAINT events_stream_version_key UNIQUE (stream, version);

-- One row for each transaction that wrote events: the root of the tree over their links.
CREATE TABLE log.batches (
    first_position bigint NOT NULL PRIMARY KEY,
    last_position  bigint NOT NULL,
    root           bytea  NOT NULL,
    CHECK (first_position >= 0 AND last_position >= first_position AND octet_length(root) = 32)
);

INSERT INTO log.batches
SELECT min(position), max(position), log.merkle_root(array_agg(link ORDER BY position))
FROM log.events
GROUP BY position / 1000;

-- Which log this is, wherever it is copied to.
CREATE TABLE log.identity (
    is_only boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (is_only),
    log_id  uuid    NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO log.identity DEFAULT VALUES;

CREATE OR REPLACE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'log.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.events
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.batches
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.identity
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log.batches ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE log.identity ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON log.events TO jifu_app;
GRANT SELECT, INSERT ON log.batches TO jifu_app;
GRANT SELECT ON log.identity TO jifu_app;
