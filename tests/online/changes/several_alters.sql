-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
ALTER TABLE orders
    ADD COLUMN colour text,
    ADD CONSTRAINT orders_total_small CHECK (total < 1000000),
    ALTER COLUMN state SET NOT NULL,
    ALTER COLUMN note SET DEFAULT '',
    ADD CONSTRAINT orders_number_once UNIQUE (number);
