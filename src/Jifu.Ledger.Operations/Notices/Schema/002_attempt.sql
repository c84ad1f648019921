-- Each time a notice was sent, or could not be. Kept for ever, as answers to "why did we hear nothing?".
CREATE TABLE notices.attempt (
    notice_id   text        NOT NULL COLLATE "C" REFERENCES notices.notice,
    no          integer     NOT NULL CHECK (no > 0),
    at          timestamptz NOT NULL,
    status_code integer,
    excerpt     text        CHECK (length(excerpt) <= 500),
    error       text,
    PRIMARY KEY (notice_id, no),
    CHECK (status_code IS NOT NULL OR error IS NOT NULL)
);

GRANT SELECT, INSERT ON notices.attempt TO jifu_app;
