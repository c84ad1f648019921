-- The lines that are one movement only together with another.
CREATE INDEX statement_line_matched_with ON views.statement_line (matched_with) WHERE matched_with IS NOT NULL;
