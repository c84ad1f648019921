-- What each channel's bill of a day should hold, by the channel's own clock.
CREATE TABLE views.channel_line (
    channel                  text        NOT NULL,
    kind                     text        NOT NULL CHECK (kind IN ('payment', 'refund', 'revoke')),
    number                   text        NOT NULL COLLATE "C",
    payment_id               text        NOT NULL COLLATE "C",
    merchant_id              text        NOT NULL COLLATE "C",
    channel_reference        text        NOT NULL,
    channel_refund_reference text,
    currency                 text        NOT NULL,
    amount_minor             bigint      NOT NULL CHECK (amount_minor > 0),
    fee_minor                bigint      NOT NULL,
    at                       timestamptz NOT NULL,
    channel_day              date        NOT NULL,
    business_day             date        NOT NULL,
    position                 bigint      NOT NULL UNIQUE,
    PRIMARY KEY (channel, kind, number)
);
CREATE INDEX channel_line_by_day ON views.channel_line (channel, channel_day, position);
