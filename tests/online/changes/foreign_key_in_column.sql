ALTER TABLE orders ADD COLUMN second_customer bigint REFERENCES customers (id);
