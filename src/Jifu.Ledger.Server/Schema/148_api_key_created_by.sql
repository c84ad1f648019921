-- Who made a key, as events name the actor: key:op_…; 'installation' for those of the home folder, which the server
-- makes itself. Null: nobody noted it, for the key is older; one of the home folder is noted at the next start.
ALTER TABLE app.api_key ADD COLUMN created_by text COLLATE "C";
GRANT UPDATE (created_by) ON app.api_key TO jifu_app;
