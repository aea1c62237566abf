-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
-- online-until: 17 (18 lets a partition's key make its own NOT NULLs, which the whole's key does not)
ALTER TABLE readings ADD PRIMARY KEY (place, at, value);
