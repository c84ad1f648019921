-- What is to be wrong, on purpose, with the fund flow of a day. The fund flow itself is made from the fixed bills.
CREATE TABLE sandbox.fund_flow_fault (
    day   date NOT NULL PRIMARY KEY,
    fault text NOT NULL CHECK (fault IN ('none', 'missing', 'balance_gap', 'hash_wrong'))
);
GRANT SELECT, INSERT, UPDATE ON sandbox.fund_flow_fault TO jifu_app;
