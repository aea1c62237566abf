-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
-- data: numbered in any order
ALTER TABLE keyless ADD COLUMN id bigserial;
