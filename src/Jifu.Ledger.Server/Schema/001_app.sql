-- What the server itself must remember: keys, nonces, answers it gave, notices it owes.
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO jifu_app;
