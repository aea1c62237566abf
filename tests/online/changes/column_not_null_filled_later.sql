ALTER TABLE orders ADD COLUMN kind text;
UPDATE orders SET kind = 'normal';
ALTER TABLE orders ALTER COLUMN kind SET NOT NULL;
