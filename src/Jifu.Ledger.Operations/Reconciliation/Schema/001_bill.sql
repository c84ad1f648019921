-- Bills of channels as they came: the exact bytes that were compared, by their SHA-256.
CREATE SCHEMA files;
GRANT USAGE ON SCHEMA files TO jifu_app;

CREATE TABLE files.bill (
    sha256      text        PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    channel     text        NOT NULL,
    day         date        NOT NULL,
    file_name   text        NOT NULL,
    content     bytea       NOT NULL,
    imported_by text        NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bill_by_day ON files.bill (channel, day);

-- What was compared is never changed or lost.
GRANT SELECT, INSERT ON files.bill TO jifu_app;
