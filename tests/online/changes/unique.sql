ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number);
COMMENT ON CONSTRAINT orders_number_key ON orders IS 'printed on the bill';
