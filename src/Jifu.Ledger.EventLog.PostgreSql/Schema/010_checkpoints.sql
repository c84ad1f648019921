-- What was signed about this log, and by which keys. The copies outside the database are those that count; these are
-- for going on from and for printing. A key is not to be trusted because it stands here.
CREATE TABLE log.checkpoints (
    number   bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0),
    batches  bigint NOT NULL CHECK (batches > 0),
    peaks    bytea  NOT NULL CHECK (octet_length(peaks) % 32 = 0),
    body     text   NOT NULL COLLATE "C"
);
CREATE INDEX checkpoints_by_position ON log.checkpoints (position);

CREATE TABLE log.checkpoint_keys (
    key_id     text NOT NULL PRIMARY KEY COLLATE "C",
    public_key text NOT NULL COLLATE "C"
);

CREATE FUNCTION log.refuse_change_of_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'log.% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change_of_evidence();
ALTER TABLE log.checkpoints ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.checkpoint_keys
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change_of_evidence();
ALTER TABLE log.checkpoint_keys ENABLE ALWAYS TRIGGER append_only;

GRANT SELECT, INSERT ON log.checkpoints, log.checkpoint_keys TO jifu_app;
