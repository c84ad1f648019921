-- The day that has the meeting of a carried line in its books: the bill's own, or a later one when that was closed. A
-- closed day's files leave out what was met after it.
LOCK TABLE views.checkpoint IN EXCLUSIVE MODE;

ALTER TABLE views.reconciliation_carry ADD COLUMN met_on date;

-- Which of a day's bills met a line was kept nowhere: where any came late, the log tells it again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM views.reconciliation WHERE current_booked_on <> day) THEN
        TRUNCATE views.reconciliation, views.difference, views.reconciliation_carry;
        UPDATE views.checkpoint SET position = -1 WHERE projection = 'reconciliation';
    END IF;
END
$$;

UPDATE views.reconciliation_carry SET met_on = met_day;
