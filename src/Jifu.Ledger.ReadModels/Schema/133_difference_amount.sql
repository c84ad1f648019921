-- What our side of a difference says, for the rules of finance; null where it says no amount, or no event has noted it.
ALTER TABLE views.difference_life ADD COLUMN ours_minor bigint;
