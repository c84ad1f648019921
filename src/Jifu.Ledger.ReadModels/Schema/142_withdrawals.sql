-- What channels' fund flows say went to our bank or came from there: each is looked for at the bank by itself.
CREATE TABLE views.withdrawal (
    channel      text    NOT NULL,
    day          date    NOT NULL,
    number       text    NOT NULL COLLATE "C",
    reference    text    NOT NULL,
    business     text    NOT NULL,
    currency     text    NOT NULL,
    -- As the bank should have it: positive comes in there.
    amount_minor bigint  NOT NULL,
    -- An earlier one came back to where it was.
    is_return    boolean NOT NULL,
    -- A corrected fund flow has it no more.
    gone         boolean NOT NULL,
    -- The bank's line by which it is booked.
    line         text COLLATE "C",
    PRIMARY KEY (channel, day, number)
);
