-- Each difference as it stands now. What is left of all of a channel's is its suspense, at every position.
CREATE TABLE views.difference_life (
    difference_id      text    PRIMARY KEY COLLATE "C",
    channel            text    NOT NULL,
    day                date    NOT NULL,
    class              text    NOT NULL,
    key                text    NOT NULL COLLATE "C",
    field              text    NOT NULL,
    theirs             text    NOT NULL,
    ours               text    NOT NULL,
    currency           text    NOT NULL,
    excess_minor       bigint  NOT NULL,
    left_minor         bigint  NOT NULL,
    -- The newest finding, and whether it still stands: a corrected bill may have taken it back.
    found_position     bigint  NOT NULL,
    found              boolean NOT NULL,
    booked_on          date    NOT NULL,
    status             text    NOT NULL
        CHECK (status IN ('open', 'proposed', 'carrying_out', 'held', 'closed', 'undone')),
    -- The finding that its own stream knows of; null while nothing was done about it.
    life_position      bigint,
    version            integer NOT NULL,
    proposal           integer,
    proposed           text,
    proposed_reason    text,
    proposed_by        text,
    remedy             text,
    approved_by        text,
    closed_by          text    CHECK (closed_by IN ('people', 'met', 'rule')),
    closed_with        text,
    rule               text,
    rule_version       integer,
    closed_on          date,
    closed_position    bigint,
    owner              text,
    due                date,
    held_minor         bigint  NOT NULL,
    refund_number      text,
    refund_owed_minor  bigint  NOT NULL
);
CREATE INDEX difference_life_by_day ON views.difference_life (day, channel, difference_id);
CREATE INDEX difference_life_open ON views.difference_life (channel, day) WHERE status <> 'closed' OR NOT found;
CREATE INDEX difference_life_refund ON views.difference_life (channel, refund_number)
    WHERE refund_owed_minor <> 0;
CREATE INDEX difference_life_matched ON views.difference_life (channel, closed_on) WHERE closed_by = 'rule';

-- What has happened to each, in order; what was open on any past day follows from it.
CREATE TABLE views.difference_step (
    position      bigint  PRIMARY KEY,
    difference_id text    NOT NULL COLLATE "C",
    channel       text    NOT NULL,
    day           date    NOT NULL,
    step          text    NOT NULL,
    actor         text    NOT NULL,
    detail        text    NOT NULL,
    currency      text    NOT NULL,
    moved_minor   bigint  NOT NULL,
    -- Whether it was in suspense from then on; null where the step changes nothing about that.
    is_open       boolean
);
CREATE INDEX difference_step_of ON views.difference_step (difference_id, position);
CREATE INDEX difference_step_by_day ON views.difference_step (day);
