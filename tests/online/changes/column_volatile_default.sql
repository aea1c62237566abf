-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
-- data: every row gets a value of its own
ALTER TABLE orders ADD COLUMN token text NOT NULL DEFAULT md5(random()::text);
