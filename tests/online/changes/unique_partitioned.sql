ALTER TABLE readings ADD CONSTRAINT readings_once UNIQUE (place, at, value);
