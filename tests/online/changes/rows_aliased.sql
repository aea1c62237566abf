CREATE SCHEMA legacy;
CREATE TABLE legacy.orders (id bigint PRIMARY KEY);
INSERT INTO legacy.orders SELECT g FROM generate_series(1, 5000, 7) g;
DELETE FROM public.orders o WHERE EXISTS (SELECT 1 FROM legacy.orders WHERE orders.id = o.id);
UPDATE orders o SET note = (SELECT count(*)::text FROM customers o WHERE o.id > 100), state = to_jsonb(o) ->> 'number';
