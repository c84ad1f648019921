-- The running program reads and appends. It owns nothing here.
GRANT USAGE ON SCHEMA log TO jifu_app;
GRANT SELECT, INSERT ON log.events TO jifu_app;
