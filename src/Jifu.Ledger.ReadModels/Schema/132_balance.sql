-- One row for all that moves with a posting: an account's sums, and of a merchant's pending and available money what is
-- put aside and what the merchant's stream of funds had let go. So a transfer changes two rows instead of four. The
-- table has a new name, so that a program that knows only sums stops instead of leaving out the rest.
LOCK TABLE views.checkpoint IN EXCLUSIVE MODE;

CREATE TABLE views.balance (
    account          text   NOT NULL COLLATE "C",
    currency         text   NOT NULL COLLATE "C",
    debit_minor      bigint NOT NULL CHECK (debit_minor >= 0),
    credit_minor     bigint NOT NULL CHECK (credit_minor >= 0),
    -- Credits less debits less this may be given away; below zero while a refund is sure to bring something back.
    aside_minor      bigint NOT NULL,
    out_minor        bigint NOT NULL,
    -- The last success of a payment; -1 for none. The split that comes with it is the very next event.
    success_position bigint NOT NULL,
    PRIMARY KEY (account, currency)
) WITH (fillfactor = 50);

INSERT INTO views.balance
SELECT account, currency, coalesce(b.debit_minor, 0), coalesce(b.credit_minor, 0),
    CASE WHEN f.account IS NULL THEN 0 ELSE coalesce(b.credit_minor - b.debit_minor, 0) - f.free_minor END,
    coalesce(f.out_minor, 0), coalesce(f.success_position, -1)
FROM views.account_balance b
FULL JOIN (
    SELECT 'merchant_pending:' || merchant_id AS account, currency, free_minor - available_minor AS free_minor,
        out_minor - out_of_available_minor AS out_minor, success_position FROM views.funds
    UNION ALL
    SELECT 'merchant_available:' || merchant_id, currency, available_minor, out_of_available_minor, -1 FROM views.funds
) f USING (account, currency)
WHERE b.account IS NOT NULL OR f.free_minor <> 0 OR f.out_minor <> 0 OR f.success_position >= 0
ORDER BY account, currency;

-- Where the two stood at different events there is nothing to put together: the log tells it again.
DO $$
BEGIN
    IF EXISTS (
        SELECT FROM views.checkpoint WHERE projection = 'journal' AND position IS DISTINCT FROM (
            SELECT position FROM views.checkpoint WHERE projection = 'funds'))
    THEN
        TRUNCATE views.journal_line, views.balance;
        UPDATE views.checkpoint SET position = -1 WHERE projection = 'journal';
    END IF;
END
$$;

DROP TABLE views.account_balance, views.funds;
