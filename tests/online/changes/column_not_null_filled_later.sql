-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
ALTER TABLE orders ADD COLUMN kind text;
UPDATE orders SET kind = 'normal';
ALTER TABLE orders ALTER COLUMN kind SET NOT NULL;
