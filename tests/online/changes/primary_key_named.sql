ALTER TABLE keyless ADD CONSTRAINT keyless_key PRIMARY KEY (a, b);
