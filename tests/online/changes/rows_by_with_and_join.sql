WITH n AS (SELECT id, name FROM customers WHERE region = 'north') UPDATE orders SET note = n.name FROM n WHERE orders.customer_id = n.id;
UPDATE orders SET code = c.region FROM customers c WHERE c.id = orders.customer_id AND orders.total > 90;
DELETE FROM orders a USING orders b WHERE a.id > b.id AND a.customer_id = b.customer_id AND a.total = b.total AND a.id > 4990;
ALTER TABLE orders ADD COLUMN seen text;
ALTER TABLE orders RENAME COLUMN seen TO seen_by;
DROP VIEW open_orders;
CREATE VIEW open_orders AS SELECT id, number, note FROM orders WHERE state = 'open';
GRANT SELECT ON orders TO PUBLIC;
