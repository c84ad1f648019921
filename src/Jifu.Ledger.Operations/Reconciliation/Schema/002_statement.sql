-- Not only what channels give for a day: statements of a bank account, which belong to no one day, are kept here too.
ALTER TABLE files.bill ALTER COLUMN channel DROP NOT NULL;
ALTER TABLE files.bill ALTER COLUMN day DROP NOT NULL;
ALTER TABLE files.bill ADD COLUMN account text;
ALTER TABLE files.bill ADD CHECK ((channel IS NULL) = (day IS NULL) AND (channel IS NULL) <> (account IS NULL));
