ALTER TABLE readings ADD PRIMARY KEY (place, at, value);
