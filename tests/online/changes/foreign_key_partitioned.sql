CREATE TABLE kinds (kind text PRIMARY KEY);
INSERT INTO kinds SELECT 'k' || g FROM generate_series(0, 9) g;
ALTER TABLE events ADD CONSTRAINT events_kind_fk FOREIGN KEY (kind) REFERENCES kinds;
