-- How far the sandbox's clock is ahead of the system's, in microseconds. One row; it only ever grows.
CREATE TABLE sandbox.clock (
    is_one    boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (is_one),
    offset_us bigint  NOT NULL CHECK (offset_us >= 0)
);
INSERT INTO sandbox.clock (offset_us) VALUES (0);
GRANT SELECT, UPDATE ON sandbox.clock TO jifu_app;
