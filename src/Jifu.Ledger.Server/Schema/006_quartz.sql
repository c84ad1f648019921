-- The schedule's own schema. Quartz.NET makes its tables there itself, as the role that runs: nowhere else may it.
CREATE SCHEMA quartz;
GRANT USAGE, CREATE ON SCHEMA quartz TO jifu_app;
