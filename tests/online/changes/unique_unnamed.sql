ALTER TABLE orders ADD UNIQUE (number, customer_id);
