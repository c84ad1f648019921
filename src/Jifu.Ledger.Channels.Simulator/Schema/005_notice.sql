-- Notices to send. due_at is by the system's clock, so that a leap of the sandbox's clock changes nothing;
-- it is NULL once a notice was taken or given up.
CREATE TABLE sandbox.notice (
    number    bigint      NOT NULL PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    notice_id text        NOT NULL,
    body      bytea       NOT NULL,
    attempts  int         NOT NULL DEFAULT 0,
    due_at    timestamptz,
    taken_at  timestamptz
);
CREATE INDEX notice_due ON sandbox.notice (due_at) WHERE due_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON sandbox.notice TO jifu_app;
