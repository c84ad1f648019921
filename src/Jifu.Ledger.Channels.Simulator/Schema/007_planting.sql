-- Differences to make in a day's bill on purpose. What is planted is fixed with the planting; the bill is made with it.
CREATE TABLE sandbox.planting (
    day   date   NOT NULL PRIMARY KEY,
    count int    NOT NULL CHECK (count > 0),
    seed  bigint NOT NULL
);
GRANT SELECT, INSERT ON sandbox.planting TO jifu_app;

CREATE TABLE sandbox.planted_difference (
    day     date NOT NULL REFERENCES sandbox.planting,
    ordinal int  NOT NULL,
    class   text NOT NULL CHECK (class IN (
        'only_at_channel', 'only_with_us', 'amount_differs', 'fee_differs', 'duplicate', 'cut_off')),
    key     text NOT NULL,
    field   text NOT NULL,
    theirs  text NOT NULL,
    ours    text NOT NULL,
    -- The fen that the bill says in place of the true ones.
    said    bigint,
    CHECK ((said IS NOT NULL) = (class IN ('amount_differs', 'fee_differs'))),
    PRIMARY KEY (day, ordinal),
    UNIQUE (day, key)
);
GRANT SELECT, INSERT ON sandbox.planted_difference TO jifu_app;
