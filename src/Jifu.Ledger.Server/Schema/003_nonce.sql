-- Nonces of requests that were let in. Kept longer than a request's time stamp is accepted.
CREATE TABLE app.nonce (
    key_id  text        NOT NULL COLLATE "C",
    nonce   text        NOT NULL COLLATE "C",
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key_id, nonce)
);

CREATE INDEX nonce_seen_at ON app.nonce USING brin (seen_at);

GRANT SELECT, INSERT, DELETE ON app.nonce TO jifu_app;
