-- Each attempt to pay a settlement out, with the day on which it was sent: the bank's line may be of that day, or of a
-- later one. One that came back from the bank (退汇) may be followed by another.
LOCK TABLE views.checkpoint IN EXCLUSIVE MODE;

CREATE TABLE views.payout (
    -- Our number for the attempt.
    reference      text        PRIMARY KEY COLLATE "C",
    settlement_id  text        NOT NULL COLLATE "C",
    -- What it is known by among the money that is expected of the bank.
    expected       text        NOT NULL COLLATE "C" UNIQUE,
    currency       text        NOT NULL,
    amount_minor   bigint      NOT NULL CHECK (amount_minor > 0),
    sent_at        timestamptz NOT NULL,
    bank_reference text,
    confirmed_at   timestamptz,
    -- The bank's line by which it came back.
    returned_by    text COLLATE "C"
);
CREATE INDEX payout_by_settlement ON views.payout (settlement_id);
CREATE INDEX payout_by_sent_at ON views.payout (sent_at);

ALTER TABLE views.settlement DROP CONSTRAINT settlement_status_check;
ALTER TABLE views.settlement ADD CONSTRAINT settlement_status_check
    CHECK (status IN ('ordered', 'held', 'sent', 'unknown', 'confirmed', 'failed', 'returned'));

-- When a payout was sent was kept nowhere: where there are any, the log tells it again.
DO $$
BEGIN
    IF EXISTS (SELECT FROM views.settlement WHERE reference IS NOT NULL) THEN
        TRUNCATE views.settlement;
        UPDATE views.checkpoint SET position = -1 WHERE projection = 'settlements';
    END IF;
END
$$;
