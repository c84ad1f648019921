-- What our account `bank` took and gave, each with the movement that it is: a statement's lines are held against it as
-- of any day.
CREATE TABLE views.bank_entry (
    position      bigint      PRIMARY KEY,
    -- As among the money that is expected of the bank; `explained:` and its line for what was explained.
    movement      text        NOT NULL COLLATE "C",
    currency      text        NOT NULL,
    amount_minor  bigint      NOT NULL,
    day           date        NOT NULL,
    -- The bank's line by which it was booked, and why, in a person's words; null where there is none.
    line          text        COLLATE "C",
    reason        text,
    -- Of a payout: which attempt of the settlement it was, one knows by the moment at which it was confirmed.
    settlement_id text        COLLATE "C",
    told_at       timestamptz
);
