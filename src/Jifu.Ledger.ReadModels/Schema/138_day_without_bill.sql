-- That a channel has no bill of a day is said with a reason, and takes no other bill's place: until now only what did
-- had one.
ALTER TABLE views.bill_import DROP CONSTRAINT bill_import_check;
ALTER TABLE views.bill_import ADD CONSTRAINT bill_import_superseding_has_reason
    CHECK (supersedes IS NULL OR reason IS NOT NULL);
