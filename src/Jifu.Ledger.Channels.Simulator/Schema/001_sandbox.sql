-- What the sandbox channel and its bank remember: their side of the story, which our books never read.
CREATE SCHEMA sandbox;
GRANT USAGE ON SCHEMA sandbox TO jifu_app;

-- Ends the numbers that the channel and the bank give: a reference is never given twice.
CREATE SEQUENCE sandbox.reference_no;
GRANT USAGE ON SEQUENCE sandbox.reference_no TO jifu_app;
