-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
ALTER TABLE orders ADD COLUMN priority integer;
CREATE INDEX orders_priority ON orders (priority);
UPDATE orders SET priority = 1 WHERE state = 'open';
ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id);
ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number);
ALTER TABLE orders ALTER COLUMN state SET NOT NULL;
CREATE VIEW urgent AS SELECT id FROM orders WHERE priority > 0;
DROP INDEX orders_state;
