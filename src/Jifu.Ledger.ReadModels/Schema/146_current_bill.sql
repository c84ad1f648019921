-- The bill in place of a channel's day, and what is owed by it: of a closed day that was corrected since, the rest of
-- the row stays as finance has it.
LOCK TABLE views.checkpoint IN EXCLUSIVE MODE;

ALTER TABLE views.reconciliation
    ADD COLUMN current_sha256    text,
    ADD COLUMN current_booked_on date,
    ADD COLUMN current_net_minor bigint,
    -- The day that first has to wait for that money: when it was closed, no correction opens it again.
    ADD COLUMN due_on            date;

-- What corrections of closed days said was kept nowhere: where there are any, the log tells it again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM views.reconciliation WHERE booked_on <> day)
        OR EXISTS (SELECT FROM views.bill_import WHERE kind = 'trade' AND booked_on <> day)
        OR EXISTS (
            SELECT FROM views.checkpoint WHERE projection = 'reconciliation' AND position IS DISTINCT FROM (
                SELECT position FROM views.checkpoint WHERE projection = 'imports'))
    THEN
        TRUNCATE views.reconciliation, views.difference, views.reconciliation_carry;
        UPDATE views.checkpoint SET position = -1 WHERE projection = 'reconciliation';
    END IF;
END
$$;

UPDATE views.reconciliation SET current_sha256 = sha256, current_booked_on = booked_on,
    current_net_minor = their_net_minor, due_on = booked_on;

ALTER TABLE views.reconciliation
    ALTER COLUMN current_sha256 SET NOT NULL,
    ALTER COLUMN current_booked_on SET NOT NULL,
    ALTER COLUMN current_net_minor SET NOT NULL,
    ALTER COLUMN due_on SET NOT NULL;
