-- What every change finds: tables with rows, views, rights, comments, statistics.
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TABLE customers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    region text
);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    number text NOT NULL,
    total numeric(10, 2) NOT NULL DEFAULT 0,
    state text,
    first_name text,
    last_name text,
    full_name text,
    code varchar(20),
    note text,
    how mood
);
CREATE INDEX orders_state ON orders (state);
COMMENT ON TABLE orders IS 'what was bought';
COMMENT ON COLUMN orders.note IS 'free text';
ALTER TABLE orders ALTER COLUMN state SET STATISTICS 500;
CREATE STATISTICS orders_names ON first_name, last_name FROM orders;
CREATE VIEW open_orders AS SELECT id, number FROM orders WHERE state = 'open';
GRANT SELECT ON orders TO PUBLIC;
INSERT INTO customers SELECT g, 'customer ' || g, CASE g % 3 WHEN 0 THEN 'north' ELSE 'south' END
  FROM generate_series(1, 200) g;
INSERT INTO orders
  SELECT g, 1 + g % 200, 'N' || g, g % 97, CASE g % 4 WHEN 0 THEN 'open' ELSE 'done' END, 'first' || g, 'last' || g, NULL,
         'c' || g % 50, NULL, 'low'
  FROM generate_series(1, 5000) g;
CREATE TABLE events (at date NOT NULL, kind text NOT NULL, payload text) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events SELECT date '2025-01-01' + g % 700, 'k' || g % 7, 'p' || g FROM generate_series(1, 3000) g;
CREATE TABLE keyless (a integer, b text);
INSERT INTO keyless SELECT g, 'b' FROM generate_series(1, 3000) g;
CREATE TABLE composite (a integer, b text, v integer, PRIMARY KEY (a, b));
INSERT INTO composite SELECT g / 10, 'b' || g % 10, g FROM generate_series(1, 3000) g;
CREATE TABLE readings (place text NOT NULL, at date NOT NULL, value integer) PARTITION BY LIST (place);
CREATE TABLE readings_north PARTITION OF readings FOR VALUES IN ('north') PARTITION BY RANGE (at);
CREATE TABLE readings_north_2025 PARTITION OF readings_north FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings_north_2026 PARTITION OF readings_north FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE readings_south PARTITION OF readings FOR VALUES IN ('south');
CREATE INDEX readings_south_at ON readings_south (at);
INSERT INTO readings SELECT CASE g % 2 WHEN 0 THEN 'north' ELSE 'south' END, date '2025-01-01' + g % 700, g
  FROM generate_series(1, 2000) g;
