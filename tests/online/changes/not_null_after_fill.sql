-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
UPDATE orders SET full_name = first_name || ' ' || last_name;
ALTER TABLE orders ALTER COLUMN full_name SET NOT NULL;
