-- What the lines of a difference say besides their key, for the rules of finance; null where no event has noted it.
ALTER TABLE views.difference_life ADD COLUMN merchant text, ADD COLUMN reference text, ADD COLUMN order_number text,
    ADD COLUMN order_reference text;
