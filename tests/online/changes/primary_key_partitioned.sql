-- online-since: 12 (11 reads the table for NOT NULL, whatever its checks say)
ALTER TABLE readings ADD PRIMARY KEY (place, at, value);
