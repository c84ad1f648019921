-- Found again by a corrected bill just as it was, a difference stays as people left it; found with another amount, it
-- tells what its closing was for.
LOCK TABLE views.checkpoint IN EXCLUSIVE MODE;

-- What its own stream has not heard of yet stands otherwise now: the log tells it again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM views.difference_life d WHERE d.found AND d.life_position < d.found_position
        OR NOT d.found AND d.life_position IS NOT NULL AND d.status <> 'undone')
    THEN
        TRUNCATE views.difference_life, views.difference_step;
        UPDATE views.checkpoint SET position = -1 WHERE projection = 'differences';
    END IF;
END
$$;

ALTER TABLE views.difference_life
    -- The finding from which what was done counts: an earlier one than the newest, where that said the same.
    ADD COLUMN since_position bigint,
    -- Why what people had closed was undone, and what that was; null once they have closed it again.
    ADD COLUMN former         text;

UPDATE views.difference_life SET since_position = found_position;

ALTER TABLE views.difference_life ALTER COLUMN since_position SET NOT NULL;
