-- What finance has written: the version that works, and the one that waits for another person.
CREATE TABLE views.matching_rule (
    rule_id       text    PRIMARY KEY COLLATE "C",
    version       integer,
    terms         text,
    written_by    text,
    approved_by   text,
    reason        text,
    asked_version integer,
    asked_terms   text,
    asked_by      text,
    asked_reason  text,
    position      bigint  NOT NULL
);
