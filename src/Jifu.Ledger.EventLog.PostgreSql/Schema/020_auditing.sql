-- Auditors ask for all that came of one request. A btree of correlation ids would cost each append a page of its own;
-- this costs some bytes for each megabyte of events, and finds the few megabytes that can hold the id.
CREATE INDEX events_by_correlation ON log.events
    USING brin (correlation_id text_bloom_ops (n_distinct_per_range = 1500, false_positive_rate = 0.001))
    WITH (pages_per_range = 128, autosummarize = on);

-- Read models as of a position are made in temporary tables: they end with their session, however it ends.
DO $$
BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO jifu_app', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'The owner of this database must say: GRANT TEMPORARY ON DATABASE ... TO jifu_app';
END
$$;
