-- Under which merchant numbers (特约商户号) a channel's bills may hold a merchant's trade, divided by blanks.
CREATE TABLE views.merchant_number (
    channel     text NOT NULL,
    merchant_id text NOT NULL COLLATE "C",
    numbers     text NOT NULL,
    PRIMARY KEY (channel, merchant_id)
);
