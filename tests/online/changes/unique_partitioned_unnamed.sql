ALTER TABLE events ADD UNIQUE (at, payload);
