-- data: numbered in any order
ALTER TABLE keyless ADD COLUMN id bigserial;
