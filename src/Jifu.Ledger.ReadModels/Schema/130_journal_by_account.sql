-- One index entry a line instead of two. An account's lines in their order are what is looked up, and the same line can
-- still not stand there twice.
ALTER TABLE views.journal_line DROP CONSTRAINT journal_line_pkey;
DROP INDEX views.journal_line_by_account;
ALTER TABLE views.journal_line ADD PRIMARY KEY (account, position, line_no);

-- Days and positions: lines are only ever added at the end, so a map of the blocks finds both.
DROP INDEX views.journal_line_by_day;
CREATE INDEX journal_line_by_day ON views.journal_line USING brin (business_day, position)
    WITH (pages_per_range = 16, autosummarize = on);
