-- What was answered to each Idempotency-Key. Without a status the command is under way, until its lease ends.
-- The scope is whose keys they are: merchant:ID, or operator.
CREATE TABLE app.idempotency_key (
    scope        text        NOT NULL COLLATE "C",
    key          text        NOT NULL COLLATE "C" CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint  bytea       NOT NULL CHECK (length(fingerprint) = 32),
    claimed_by   text        NOT NULL COLLATE "C",
    leased_until timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    status       smallint,
    content_type text,
    location     text,
    body         bytea,
    PRIMARY KEY (scope, key),
    CHECK ((status IS NULL) = (body IS NULL))
);

CREATE INDEX idempotency_key_created_at ON app.idempotency_key USING brin (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON app.idempotency_key TO jifu_app;
