-- Whether a payment was cleared: asked before each cancellation.
CREATE INDEX clearing_item_by_payment ON views.clearing_item (payment_id) WHERE kind = 'payment';
