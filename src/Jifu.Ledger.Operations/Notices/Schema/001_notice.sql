-- What merchants are told, and how far the telling has come. Notices follow from log.events; their attempts do not.
CREATE SCHEMA notices;
GRANT USAGE ON SCHEMA notices TO jifu_app;

CREATE TABLE notices.notice (
    id           text        PRIMARY KEY COLLATE "C",
    merchant_id  text        NOT NULL COLLATE "C",
    url          text        NOT NULL,
    type         text        NOT NULL,
    payment_id   text        NOT NULL COLLATE "C",
    refund_no    text        COLLATE "C",
    -- Exactly the bytes that are signed and sent.
    body         bytea       NOT NULL CHECK (octet_length(body) < 20000),
    -- The event that it tells of.
    position     bigint      NOT NULL CHECK (position >= 0),
    created_at   timestamptz NOT NULL,
    status       text        NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up', 'blocked')),
    -- Attempts since it was made or asked for again.
    tries        integer     NOT NULL CHECK (tries >= 0),
    next_try_at  timestamptz,
    -- A sender has it until then; who dies leaves it to the next.
    leased_until timestamptz,
    UNIQUE (position, type),
    CHECK ((status = 'waiting') = (next_try_at IS NOT NULL))
);
CREATE INDEX notice_by_payment ON notices.notice (payment_id, position);
CREATE INDEX notice_due ON notices.notice (next_try_at) WHERE status = 'waiting';

GRANT SELECT, INSERT, UPDATE ON notices.notice TO jifu_app;
