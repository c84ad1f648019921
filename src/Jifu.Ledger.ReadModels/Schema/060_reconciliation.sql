CREATE TABLE views.reconciliation (
    channel         text        NOT NULL,
    day             date        NOT NULL,
    file_name       text        NOT NULL,
    sha256          text        NOT NULL,
    bill_rows       integer     NOT NULL,
    currency        text        NOT NULL,
    paid_minor      bigint      NOT NULL,
    refunded_minor  bigint      NOT NULL,
    fee_minor       bigint      NOT NULL,
    status          text        NOT NULL CHECK (status IN ('comparing', 'completed')),
    matched         integer     NOT NULL,
    differences     integer     NOT NULL,
    carried_over    integer     NOT NULL,
    carried_arrived integer     NOT NULL,
    their_net_minor bigint      NOT NULL,
    our_net_minor   bigint      NOT NULL,
    funds_minor     bigint,
    imported_at     timestamptz NOT NULL,
    completed_at    timestamptz,
    PRIMARY KEY (channel, day)
);

CREATE TABLE views.difference (
    position     bigint PRIMARY KEY,
    channel      text   NOT NULL,
    day          date   NOT NULL,
    class        text   NOT NULL,
    key          text   NOT NULL COLLATE "C",
    field        text   NOT NULL,
    theirs       text   NOT NULL,
    ours         text   NOT NULL,
    currency     text   NOT NULL,
    excess_minor bigint NOT NULL
);
CREATE INDEX difference_by_day ON views.difference (channel, day, position);

-- Lines of a day that the cut-off explains, until the next day's bill tells.
CREATE TABLE views.reconciliation_carry (
    position     bigint PRIMARY KEY,
    channel      text   NOT NULL,
    day          date   NOT NULL,
    key          text   NOT NULL COLLATE "C",
    side         text   NOT NULL,
    currency     text   NOT NULL,
    amount_minor bigint NOT NULL,
    met_day      date
);
CREATE INDEX reconciliation_carry_open ON views.reconciliation_carry (channel, day);
