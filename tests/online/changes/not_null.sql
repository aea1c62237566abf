-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
