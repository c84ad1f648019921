-- A closed day never changes: what corrects it later is booked on the day on which it comes.
ALTER TABLE views.reconciliation ADD COLUMN booked_on date;
UPDATE views.reconciliation SET booked_on = day;
ALTER TABLE views.reconciliation ALTER COLUMN booked_on SET NOT NULL;

ALTER TABLE views.difference ADD COLUMN booked_on date, ADD COLUMN taken_back_on date;
UPDATE views.difference SET booked_on = day;
ALTER TABLE views.difference ALTER COLUMN booked_on SET NOT NULL;
CREATE INDEX difference_by_booking ON views.difference (booked_on, channel, position);
CREATE INDEX difference_taken_back ON views.difference (taken_back_on) WHERE taken_back_on IS NOT NULL;

ALTER TABLE views.reconciliation_carry ADD COLUMN booked_on date, ADD COLUMN taken_back_on date;
UPDATE views.reconciliation_carry SET booked_on = day;
ALTER TABLE views.reconciliation_carry ALTER COLUMN booked_on SET NOT NULL;

-- Every file of a channel that was imported, with its trail.
CREATE TABLE views.bill_import (
    position      bigint      PRIMARY KEY,
    channel       text        NOT NULL,
    day           date        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('trade', 'fund_flow')),
    file_name     text        NOT NULL,
    sha256        text        NOT NULL,
    rows          integer     NOT NULL,
    imported_by   text        NOT NULL,
    imported_at   timestamptz NOT NULL,
    supersedes    text,
    reason        text,
    booked_on     date        NOT NULL,
    superseded_at timestamptz,
    differences   integer,
    CHECK ((supersedes IS NULL) = (reason IS NULL))
);
CREATE INDEX bill_import_by_day ON views.bill_import (channel, day, kind);
CREATE INDEX bill_import_of_day ON views.bill_import (day);
