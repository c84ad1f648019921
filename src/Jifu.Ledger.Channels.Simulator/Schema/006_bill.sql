-- A day's trade bill as it was first downloaded. It never changes after.
CREATE TABLE sandbox.bill (
    day            date        NOT NULL PRIMARY KEY,
    content        bytea       NOT NULL,
    net            bigint      NOT NULL,
    bank_reference text        NOT NULL UNIQUE,
    fixed_at       timestamptz NOT NULL
);
GRANT SELECT, INSERT ON sandbox.bill TO jifu_app;
