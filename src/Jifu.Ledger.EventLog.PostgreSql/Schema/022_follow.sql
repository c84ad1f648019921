-- Who writes a batch holds a lock until it is committed, which the batch's last position names. Who writes the batch
-- behind it sends everything in one go, and waits for that lock here, instead of for a word of its process to commit.
-- So each batch costs one round trip, and the next commit begins as soon as the one before has ended.
--
-- "root" is the first event of the oldest batch that was under way when this one was planned. Does another event stand
-- there, somebody else has written, and the one before never comes.
CREATE FUNCTION log.follow(head bigint, head_link bytea, root bigint, root_link bytea) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    family int := x'4A494655'::int;
    named  int := (head & 2147483647)::int;
    ended  boolean := false;
BEGIN
    FOR attempt IN 1..50 LOOP
        -- Let go at once: it must not keep the one before from taking it.
        IF NOT pg_try_advisory_lock_shared(family, named) THEN
            PERFORM pg_advisory_lock_shared(family, named);
            ended := true;
        END IF;
        PERFORM pg_advisory_unlock_shared(family, named);
        IF EXISTS (SELECT FROM log.events WHERE position = head AND link = head_link) THEN
            RETURN;
        END IF;
        -- Not there, and not begun as far as can be seen: it may have been sent and not have come to its lock.
        EXIT WHEN ended OR EXISTS (SELECT FROM log.events WHERE position = root AND link <> root_link);
        PERFORM pg_sleep(0.001);
    END LOOP;
    RAISE EXCEPTION 'position % is not in the log, or not as expected', head USING ERRCODE = 'serialization_failure';
END
$$;
