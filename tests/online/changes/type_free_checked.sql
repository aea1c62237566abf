ALTER TABLE orders ADD CONSTRAINT orders_code_short CHECK (length(code) < 50);
CREATE INDEX orders_code_lower ON orders (lower(code));
ALTER TABLE orders ALTER COLUMN code TYPE varchar(100);
