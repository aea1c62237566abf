ALTER TABLE events ADD CONSTRAINT events_kind_known CHECK (kind <> '');
