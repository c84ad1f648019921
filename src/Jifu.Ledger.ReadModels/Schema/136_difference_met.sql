-- What a difference was met with ends with the other side: a difference's id, or the key of our line.
CREATE INDEX difference_step_met ON views.difference_step (split_part(detail, ' ', -1)) WHERE step = 'met';
