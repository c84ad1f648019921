-- What came for a channel's day beyond the money that was booked first, when its bill came to say otherwise.
CREATE TABLE views.channel_rest (
    channel      text    NOT NULL,
    day          date    NOT NULL,
    number       integer NOT NULL,
    currency     text    NOT NULL,
    amount_minor bigint  NOT NULL,
    -- The bank's line by which it is booked.
    line         text    NOT NULL COLLATE "C",
    PRIMARY KEY (channel, day, number)
);

ALTER TABLE views.statement_line
    -- The line that says what several are together; null for that one itself, and for a line by itself.
    ADD COLUMN matched_with    text COLLATE "C",
    -- What of the line is nothing that we expected, and to which account it was booked.
    ADD COLUMN explained_as    text,
    ADD COLUMN explained_minor bigint;
