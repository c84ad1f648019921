-- What a channel pays with the day, where that is not its net: fees are settled apart, or a part goes to somebody else.
ALTER TABLE views.reconciliation ADD COLUMN their_paid_minor bigint;
