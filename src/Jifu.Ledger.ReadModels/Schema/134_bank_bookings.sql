-- What of a line is which movement, and by which line a channel's money was booked; null where no event has noted it.
ALTER TABLE views.statement_match ADD COLUMN amount_minor bigint;
ALTER TABLE views.channel_funds ADD COLUMN line text COLLATE "C";
