-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
ALTER TABLE keyless ADD CONSTRAINT keyless_key PRIMARY KEY (a, b);
