CREATE INDEX orders_open ON orders (lower(number) DESC NULLS LAST, total) INCLUDE (note) WHERE state = 'open';
COMMENT ON INDEX orders_open IS 'for the list';
