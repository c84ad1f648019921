-- For whom a key was made, as whoever made it said: keys that name the same person are one person. Null: nobody said.
ALTER TABLE app.api_key ADD COLUMN person text CHECK (length(person) BETWEEN 1 AND 64);
