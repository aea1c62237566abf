-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
UPDATE orders o SET full_name = o.first_name || ' ' || o.last_name WHERE o.full_name IS NULL;
ALTER TABLE orders ALTER COLUMN full_name SET NOT NULL;
