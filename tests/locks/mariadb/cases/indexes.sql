-- Indexes and keys.

-- case create
CREATE INDEX t_a ON t (a);

-- case create-unique
CREATE UNIQUE INDEX t_a ON t (a);

-- case create-or-replace
CREATE OR REPLACE INDEX t_ix ON t (a);

-- case create-if-not-exists-there
CREATE INDEX IF NOT EXISTS t_ix ON t (ix);

-- case create-if-not-exists
CREATE INDEX IF NOT EXISTS t_a ON t (a);

-- case create-taken
CREATE INDEX t_ix ON t (a);

-- case create-prefix
CREATE INDEX t_tx ON t (tx(10));

-- case create-text-without-length
CREATE INDEX t_tx ON t (tx);

-- case create-desc
CREATE INDEX t_a ON t (a DESC, b);

-- case create-using
CREATE INDEX t_a USING BTREE ON t (a);

-- case create-hash
CREATE INDEX t_a ON t (a) USING HASH;

-- case create-on-virtual
CREATE INDEX t_gv ON gvt (gv);

-- case create-on-stored
CREATE INDEX t_gs ON gst (gs);

-- case create-gone-column
CREATE INDEX t_x ON t (gone);

-- case create-gone-table
CREATE INDEX t_x ON gone (a);

-- case create-on-partitioned
CREATE INDEX pt_k ON pt (k);

-- case create-on-myisam
CREATE INDEX my_a ON my (a);

-- case create-nopk
CREATE INDEX n_b ON nopk (b);

-- case fulltext-first
CREATE FULLTEXT INDEX t_tx ON t (tx);

-- case fulltext-second
CREATE FULLTEXT INDEX ft_title ON ft (title);

-- case fulltext-alter
ALTER TABLE t ADD FULLTEXT KEY (tx);

-- case spatial
CREATE SPATIAL INDEX ft_g ON ft (g);

-- case add-index
ALTER TABLE t ADD INDEX t_a (a);

-- case add-key
ALTER TABLE t ADD KEY (a);

-- case add-index-if-not-exists-there
ALTER TABLE t ADD INDEX IF NOT EXISTS t_ix (ix);

-- case add-unique
ALTER TABLE t ADD UNIQUE t_a (a);

-- case add-unique-key
ALTER TABLE t ADD UNIQUE KEY t_a (a, b);

-- case add-constraint-unique
ALTER TABLE t ADD CONSTRAINT t_a UNIQUE (a);

-- case add-two
ALTER TABLE t ADD INDEX t_a (a), ADD INDEX t_b (b);

-- case add-ignored
ALTER TABLE t ADD INDEX t_a (a) IGNORED;

-- case alter-ignored
ALTER TABLE t ALTER INDEX t_ix IGNORED;

-- case drop
DROP INDEX t_ix ON t;

-- case drop-if-exists-gone
DROP INDEX IF EXISTS gone ON t;

-- case drop-gone
DROP INDEX gone ON t;

-- case drop-unique
DROP INDEX t_uq ON t;

-- case drop-alter
ALTER TABLE t DROP INDEX t_ix;

-- case drop-key
ALTER TABLE t DROP KEY t_ix;

-- case drop-and-add
ALTER TABLE t DROP INDEX t_ix, ADD INDEX t_ix (ix, a);

-- case drop-fk-index
ALTER TABLE c DROP INDEX c_pid;

-- case drop-referenced-index
ALTER TABLE p DROP PRIMARY KEY;

-- case drop-fk-index-another
-- set-up
ALTER TABLE c ADD INDEX c_pid_a (pid, a);
-- statement
ALTER TABLE c DROP INDEX c_pid;

-- case drop-fk-index-replaced
ALTER TABLE c DROP INDEX c_pid, ADD INDEX c_pid_a (pid, a);

-- case create-or-replace-new
CREATE OR REPLACE INDEX t_a ON t (a);

-- case index-and-comment
ALTER TABLE t ADD INDEX t_a (a) COMMENT 'x', COMMENT='y';

-- case create-with-comment
CREATE INDEX t_a ON t (a) COMMENT 'x';

-- case add-pk-to-myisam
ALTER TABLE my ADD UNIQUE (a);

-- case drop-fulltext
DROP INDEX ft_body ON ft;

-- case drop-primary-by-name
DROP INDEX `PRIMARY` ON cp;

-- case rename-index
ALTER TABLE t RENAME INDEX t_ix TO t_ix2;

-- case rename-key
ALTER TABLE t RENAME KEY t_ix TO t_ix2;

-- case add-pk
ALTER TABLE nopk ADD PRIMARY KEY (a);

-- case add-pk-nullable
ALTER TABLE nopk ADD PRIMARY KEY (b);

-- case add-pk-constraint
ALTER TABLE nopk ADD CONSTRAINT pk PRIMARY KEY (a);

-- case add-second-pk
ALTER TABLE cp ADD PRIMARY KEY (a);

-- case drop-pk
ALTER TABLE cp DROP PRIMARY KEY;

-- case drop-pk-auto-increment
ALTER TABLE t DROP PRIMARY KEY;

-- case replace-pk
ALTER TABLE cp DROP PRIMARY KEY, ADD PRIMARY KEY (b, a);

-- case replace-pk-shorter
ALTER TABLE cp DROP PRIMARY KEY, ADD PRIMARY KEY (a);

-- case disable-keys
ALTER TABLE t DISABLE KEYS;

-- case create-asked-instant
CREATE INDEX t_a ON t (a) ALGORITHM=INSTANT;

-- case create-asked-nocopy
CREATE INDEX t_a ON t (a) ALGORITHM=NOCOPY LOCK=NONE;

-- case create-asked-inplace
CREATE INDEX t_a ON t (a) ALGORITHM=INPLACE;

-- case create-asked-copy
CREATE INDEX t_a ON t (a) ALGORITHM=COPY;

-- case create-asked-copy-none
CREATE INDEX t_a ON t (a) ALGORITHM=COPY LOCK=NONE;

-- case create-asked-lock-shared
CREATE INDEX t_a ON t (a) LOCK=SHARED;

-- case create-asked-lock-exclusive
CREATE INDEX t_a ON t (a) LOCK=EXCLUSIVE;

-- case fulltext-asked-none
CREATE FULLTEXT INDEX t_tx ON t (tx) LOCK=NONE;
