-- Who may sign requests. A secret is sealed with the master key, which is not in the database.
CREATE TABLE app.api_key (
    key_id        text        PRIMARY KEY COLLATE "C",
    merchant_id   text                    COLLATE "C",
    role          text        NOT NULL CHECK (role IN ('merchant', 'operator', 'auditor')),
    algorithm     text        NOT NULL CHECK (algorithm IN ('rsa_sha256', 'hmac_sha256')),
    public_key    bytea,
    secret_sealed bytea,
    created_at    timestamptz NOT NULL DEFAULT now(),
    revoked_at    timestamptz,
    CHECK ((role = 'merchant') = (merchant_id IS NOT NULL)),
    CHECK ((algorithm = 'rsa_sha256') = (public_key IS NOT NULL)),
    CHECK ((algorithm = 'hmac_sha256') = (secret_sealed IS NOT NULL))
);

-- Keys are never deleted: an event names its actor for ever.
GRANT SELECT, INSERT, UPDATE (revoked_at) ON app.api_key TO jifu_app;
