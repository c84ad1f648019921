-- Whose a refund number is, is asked with every proposal of a refund: of those that were closed by one, and of those
-- that somebody wants closed by one. What is proposed is a remedy as JSON, or the word that undoes a closing.
CREATE INDEX difference_life_by_refund ON views.difference_life (channel, refund_number)
    WHERE refund_number IS NOT NULL;
CREATE INDEX difference_life_refund_asked ON views.difference_life
    (channel, (CASE WHEN proposed LIKE '{%' THEN proposed::jsonb ->> 'refund_number' END))
    WHERE proposed IS NOT NULL;
