-- Tables as a whole, their options and partitions.

-- case create
CREATE TABLE n (id INT PRIMARY KEY);

-- case create-taken
CREATE TABLE t (id INT PRIMARY KEY);

-- case create-if-not-exists-there
CREATE TABLE IF NOT EXISTS t (id INT PRIMARY KEY);

-- case create-or-replace
CREATE OR REPLACE TABLE t (id INT PRIMARY KEY);

-- case create-like
CREATE TABLE n LIKE t;

-- case create-select
CREATE TABLE n AS SELECT id, a FROM t;

-- case create-fk
CREATE TABLE n (id INT PRIMARY KEY, pid INT, FOREIGN KEY (pid) REFERENCES p (id));

-- case create-references
CREATE TABLE n (id INT PRIMARY KEY, pid INT REFERENCES p (id));

-- case create-temporary
CREATE TEMPORARY TABLE n (id INT PRIMARY KEY);

-- case drop
DROP TABLE t;

-- case drop-if-exists
DROP TABLE IF EXISTS t;

-- case drop-if-exists-gone
DROP TABLE IF EXISTS gone;

-- case drop-gone
DROP TABLE gone;

-- case drop-two
DROP TABLE cp, nopk;

-- case truncate
TRUNCATE TABLE t;

-- case truncate-short
TRUNCATE t;

-- case rename
RENAME TABLE t TO t2;

-- case rename-two
RENAME TABLE cp TO cp2, nopk TO cp;

-- case rename-taken
RENAME TABLE t TO p;

-- case rename-gone
RENAME TABLE gone TO t2;

-- case rename-if-exists-gone
RENAME TABLE IF EXISTS gone TO t2;

-- case alter-rename
ALTER TABLE t RENAME TO t2;

-- case alter-rename-as
ALTER TABLE t RENAME t2;

-- case alter-rename-and-add
ALTER TABLE t RENAME TO t2, ADD COLUMN z INT;

-- case force
ALTER TABLE t FORCE;

-- case engine-same
ALTER TABLE t ENGINE=InnoDB;

-- case engine-other
ALTER TABLE t ENGINE=MyISAM;

-- case engine-to-innodb
ALTER TABLE my ENGINE=InnoDB;

-- case row-format
ALTER TABLE t ROW_FORMAT=COMPACT;

-- case row-format-dynamic
ALTER TABLE t ROW_FORMAT=DYNAMIC;

-- case row-format-compressed
ALTER TABLE t ROW_FORMAT=COMPRESSED;

-- case key-block-size
ALTER TABLE t KEY_BLOCK_SIZE=4;

-- case comment
ALTER TABLE t COMMENT='why';

-- case comment-no-equals
ALTER TABLE t COMMENT 'why';

-- case auto-increment
ALTER TABLE t AUTO_INCREMENT=1000;

-- case stats-persistent
ALTER TABLE t STATS_PERSISTENT=1;

-- case order-by
ALTER TABLE t ORDER BY a;

-- case optimize
OPTIMIZE TABLE t;

-- case analyze
ANALYZE TABLE t;

-- case add-system-versioning
ALTER TABLE t ADD SYSTEM VERSIONING;

-- case drop-system-versioning
-- set-up
ALTER TABLE t ADD SYSTEM VERSIONING;
-- statement
ALTER TABLE t DROP SYSTEM VERSIONING;

-- case encryption
ALTER TABLE t ENCRYPTED=NO;

-- case page-compressed
ALTER TABLE t PAGE_COMPRESSED=1;

-- case asked-instant-add
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=INSTANT;

-- case asked-instant-lock-none
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=INSTANT, LOCK=NONE;

-- case asked-instant-first
ALTER TABLE t ALGORITHM=INSTANT, ADD COLUMN z INT;

-- case asked-inplace-add
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=INPLACE;

-- case asked-inplace-add-lock-none
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=INPLACE, LOCK=NONE;

-- case asked-copy-add
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=COPY;

-- case asked-copy-add-none
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=COPY, LOCK=NONE;

-- case asked-copy-shared
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=COPY, LOCK=SHARED;

-- case asked-copy-exclusive
ALTER TABLE t ADD COLUMN z INT, ALGORITHM=COPY, LOCK=EXCLUSIVE;

-- case asked-shared
ALTER TABLE t ADD COLUMN z INT, LOCK=SHARED;

-- case asked-exclusive
ALTER TABLE t ADD COLUMN z INT, LOCK=EXCLUSIVE;

-- case asked-none-copy
ALTER TABLE t MODIFY a BIGINT, LOCK=NONE;

-- case asked-instant-copy
ALTER TABLE t MODIFY a BIGINT, ALGORITHM=INSTANT;

-- case asked-inplace-copy
ALTER TABLE t MODIFY a BIGINT, ALGORITHM=INPLACE;

-- case asked-nocopy-not-null
ALTER TABLE t MODIFY a INT NOT NULL, ALGORITHM=NOCOPY;

-- case asked-inplace-not-null
ALTER TABLE t MODIFY a INT NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;

-- case asked-default
ALTER TABLE t MODIFY a BIGINT, ALGORITHM=DEFAULT, LOCK=DEFAULT;

-- case asked-instant-varchar
ALTER TABLE t MODIFY v VARCHAR(40), ALGORITHM=INSTANT;

-- case asked-shared-auto
ALTER TABLE nopk ADD COLUMN z INT NOT NULL AUTO_INCREMENT PRIMARY KEY, LOCK=SHARED;

-- case asked-none-auto
ALTER TABLE nopk ADD COLUMN z INT NOT NULL AUTO_INCREMENT PRIMARY KEY, LOCK=NONE;

-- case online
ALTER ONLINE TABLE t ADD COLUMN z INT;

-- case online-copy
ALTER ONLINE TABLE t MODIFY a BIGINT;

-- case wait
ALTER TABLE t WAIT 5 ADD COLUMN z INT;

-- case nowait
ALTER TABLE t NOWAIT ADD COLUMN z INT;

-- case view-column
ALTER TABLE vw ADD COLUMN z INT;

-- case create-view
CREATE VIEW n AS SELECT id FROM t;

-- case create-or-replace-view
CREATE OR REPLACE VIEW vw AS SELECT id FROM t;

-- case drop-view
DROP VIEW vw;

-- case create-trigger
CREATE TRIGGER n BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;

-- case drop-trigger
-- set-up
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- statement
DROP TRIGGER tr;

-- case alter-with-trigger
-- set-up
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- statement
ALTER TABLE t ADD COLUMN z INT;

-- case partition-add
ALTER TABLE pt ADD PARTITION (PARTITION p2 VALUES LESS THAN (300));

-- case partition-drop
ALTER TABLE pt DROP PARTITION p0;

-- case partition-truncate
ALTER TABLE pt TRUNCATE PARTITION p0;

-- case partition-reorganize
ALTER TABLE pt REORGANIZE PARTITION p1 INTO (PARTITION p1a VALUES LESS THAN (150), PARTITION p1b VALUES LESS THAN (200));

-- case partition-by
ALTER TABLE cp PARTITION BY HASH (a) PARTITIONS 4;

-- case partition-remove
ALTER TABLE pt REMOVE PARTITIONING;

-- case partition-exchange
-- set-up
CREATE TABLE pn (id INT NOT NULL, k INT, PRIMARY KEY (id)) ENGINE=InnoDB;
-- statement
ALTER TABLE pt EXCHANGE PARTITION p0 WITH TABLE pn;

-- case partition-coalesce
-- set-up
CREATE TABLE ph (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 4;
INSERT INTO ph SELECT seq FROM seq_1_to_50;
-- statement
ALTER TABLE ph COALESCE PARTITION 2;

-- case partition-rebuild
ALTER TABLE pt REBUILD PARTITION p0;

-- case partition-analyze
ALTER TABLE pt ANALYZE PARTITION p0;
