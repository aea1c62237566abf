-- Columns: added, dropped, renamed, changed.

-- case add-nullable
ALTER TABLE t ADD COLUMN z INT;

-- case add-if-not-exists-new
ALTER TABLE t ADD COLUMN IF NOT EXISTS z INT;

-- case add-if-not-exists-there
ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT;

-- case add-twice
ALTER TABLE t ADD COLUMN a INT;

-- case add-first
ALTER TABLE t ADD COLUMN z INT FIRST;

-- case add-after
ALTER TABLE t ADD z INT AFTER a;

-- case add-not-null
ALTER TABLE t ADD COLUMN z INT NOT NULL;

-- case add-not-null-default
ALTER TABLE t ADD COLUMN z INT NOT NULL DEFAULT 7;

-- case add-default-text
ALTER TABLE t ADD COLUMN z VARCHAR(10) NOT NULL DEFAULT 'q';

-- case add-default-constant-expression
ALTER TABLE t ADD COLUMN z INT DEFAULT (1 + 1);

-- case add-default-now
ALTER TABLE t ADD COLUMN z TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- case add-default-now-datetime
ALTER TABLE t ADD COLUMN z DATETIME DEFAULT NOW();

-- case add-default-now-on-update
ALTER TABLE t ADD COLUMN z TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;

-- case add-default-now-3
ALTER TABLE t ADD COLUMN z DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3);

-- case add-default-uuid
ALTER TABLE t ADD COLUMN z CHAR(36) DEFAULT (uuid());

-- case add-default-uuid-bare
ALTER TABLE t ADD COLUMN z CHAR(36) DEFAULT uuid();

-- case add-default-rand
ALTER TABLE t ADD COLUMN z DOUBLE DEFAULT (rand());

-- case add-default-other-column
ALTER TABLE t ADD COLUMN z INT DEFAULT (a + 1);

-- case add-default-curdate
ALTER TABLE t ADD COLUMN z DATE DEFAULT (curdate());

-- case add-default-user
ALTER TABLE t ADD COLUMN z VARCHAR(80) DEFAULT (current_user());

-- case add-default-concat
ALTER TABLE t ADD COLUMN z VARCHAR(80) DEFAULT (concat('a', 'b'));

-- case add-default-null
ALTER TABLE t ADD COLUMN z INT DEFAULT NULL;

-- case add-text
ALTER TABLE t ADD COLUMN z TEXT;

-- case add-text-not-null
ALTER TABLE t ADD COLUMN z TEXT NOT NULL;

-- case add-json
ALTER TABLE t ADD COLUMN z JSON;

-- case add-json-default
ALTER TABLE t ADD COLUMN z JSON NOT NULL DEFAULT '{}';

-- case add-datetime-not-null
ALTER TABLE t ADD COLUMN z DATETIME NOT NULL;

-- case add-date-not-null
ALTER TABLE t ADD COLUMN z DATE NOT NULL;

-- case add-timestamp-not-null
ALTER TABLE t ADD COLUMN z TIMESTAMP NOT NULL;

-- case add-enum
ALTER TABLE t ADD COLUMN z ENUM('a', 'b') NOT NULL;

-- case add-check
ALTER TABLE t ADD COLUMN z INT CHECK (z > 0);

-- case add-check-default
ALTER TABLE t ADD COLUMN z INT NOT NULL DEFAULT 1 CHECK (z > 0);

-- case add-unique
ALTER TABLE t ADD COLUMN z INT UNIQUE;

-- case add-references
ALTER TABLE t ADD COLUMN z INT REFERENCES p (id);

-- case add-virtual
ALTER TABLE t ADD COLUMN z INT AS (a + 1) VIRTUAL;

-- case add-generated-default-kind
ALTER TABLE t ADD COLUMN z INT GENERATED ALWAYS AS (a + 1);

-- case add-stored
ALTER TABLE t ADD COLUMN z INT AS (a + 1) STORED;

-- case add-persistent
ALTER TABLE t ADD COLUMN z INT AS (a + 1) PERSISTENT;

-- case add-virtual-and-index
ALTER TABLE t ADD COLUMN z INT AS (a + 1) VIRTUAL, ADD KEY (z);

-- case add-auto-increment
ALTER TABLE nopk ADD COLUMN z INT NOT NULL AUTO_INCREMENT PRIMARY KEY;

-- case add-auto-increment-key
ALTER TABLE nopk ADD COLUMN z INT NOT NULL AUTO_INCREMENT, ADD KEY (z);

-- case add-comment
ALTER TABLE t ADD COLUMN z INT COMMENT 'why';

-- case add-charset
ALTER TABLE t ADD COLUMN z VARCHAR(10) CHARACTER SET latin1;

-- case add-several
ALTER TABLE t ADD COLUMN (y INT, z INT);

-- case add-two
ALTER TABLE t ADD COLUMN y INT, ADD COLUMN z INT NOT NULL DEFAULT 1;

-- case add-and-index
ALTER TABLE t ADD COLUMN z INT, ADD INDEX t_z (z);

-- case add-and-fk
ALTER TABLE t ADD COLUMN z INT, ADD CONSTRAINT t_z FOREIGN KEY (z) REFERENCES p (id);

-- case add-pk-column
ALTER TABLE nopk ADD COLUMN z INT NOT NULL DEFAULT 1 FIRST;

-- case add-to-compressed
ALTER TABLE cr ADD COLUMN z INT;

-- case add-to-compressed-first
ALTER TABLE cr ADD COLUMN z INT FIRST;

-- case add-to-redundant
ALTER TABLE rd ADD COLUMN z INT;

-- case add-to-fulltext
ALTER TABLE ft ADD COLUMN z INT;

-- case add-to-fulltext-first
ALTER TABLE ft ADD COLUMN z INT FIRST;

-- case add-to-partitioned
ALTER TABLE pt ADD COLUMN z INT;

-- case add-to-myisam
ALTER TABLE my ADD COLUMN z INT;

-- case add-missing-table
ALTER TABLE gone ADD COLUMN z INT;

-- case add-missing-table-if-exists
ALTER TABLE IF EXISTS gone ADD COLUMN z INT;

-- case add-invisible
ALTER TABLE t ADD COLUMN z INT INVISIBLE;

-- case add-versioned-without
ALTER TABLE t ADD COLUMN z INT WITHOUT SYSTEM VERSIONING;

-- case drop
ALTER TABLE t DROP COLUMN b;

-- case drop-short
ALTER TABLE t DROP b;

-- case drop-if-exists
ALTER TABLE t DROP COLUMN IF EXISTS b;

-- case drop-if-exists-gone
ALTER TABLE t DROP COLUMN IF EXISTS gone;

-- case drop-gone
ALTER TABLE t DROP COLUMN gone;

-- case drop-indexed
ALTER TABLE t DROP COLUMN ix;

-- case drop-unique
ALTER TABLE t DROP COLUMN uq;

-- case drop-of-two-column-index
ALTER TABLE t DROP COLUMN m1;

-- case drop-with-its-index
ALTER TABLE t DROP INDEX t_ix, DROP COLUMN ix;

-- case drop-virtual
ALTER TABLE gvt DROP COLUMN gv;

-- case drop-stored
ALTER TABLE gst DROP COLUMN gs;

-- case drop-used-by-generated
ALTER TABLE gvt DROP COLUMN nn;

-- case drop-checked
ALTER TABLE t DROP COLUMN ckd;

-- case drop-pk-column
ALTER TABLE cp DROP COLUMN b;

-- case drop-pk-of-p
ALTER TABLE p DROP COLUMN id;

-- case drop-fk-column
ALTER TABLE c DROP COLUMN pid;

-- case drop-fk-and-column
ALTER TABLE c DROP FOREIGN KEY c_pid, DROP COLUMN pid;

-- case drop-two
ALTER TABLE t DROP COLUMN b, DROP COLUMN s;

-- case drop-from-compressed
ALTER TABLE cr DROP COLUMN v;

-- case drop-from-fulltext
ALTER TABLE ft DROP COLUMN title;

-- case drop-fulltext-column
ALTER TABLE ft DROP COLUMN body;

-- case drop-from-partitioned
ALTER TABLE pt DROP COLUMN k;

-- case drop-add
ALTER TABLE t DROP COLUMN b, ADD COLUMN z INT;

-- case rename
ALTER TABLE t RENAME COLUMN a TO a2;

-- case rename-indexed
ALTER TABLE t RENAME COLUMN ix TO ix2;

-- case rename-gone
ALTER TABLE t RENAME COLUMN gone TO a2;

-- case rename-to-taken
ALTER TABLE t RENAME COLUMN a TO b;

-- case rename-change
ALTER TABLE t CHANGE a a2 INT;

-- case rename-change-not-null
ALTER TABLE t CHANGE nn nn2 INT NOT NULL;

-- case rename-fk-column
ALTER TABLE c RENAME COLUMN pid TO pid2;

-- case rename-referenced
ALTER TABLE p RENAME COLUMN id TO id2;

-- case rename-checked
ALTER TABLE t RENAME COLUMN ckd TO ckd2;

-- case rename-used-by-generated
ALTER TABLE gvt RENAME COLUMN nn TO nn2;

-- case rename-pk
ALTER TABLE cp RENAME COLUMN a TO a2;

-- case reorder
ALTER TABLE t MODIFY a INT AFTER b;

-- case reorder-first
ALTER TABLE t MODIFY b BIGINT FIRST;

-- case set-default
ALTER TABLE t ALTER COLUMN a SET DEFAULT 3;

-- case set-default-expression
ALTER TABLE t ALTER a SET DEFAULT (1 + 2);

-- case drop-default
ALTER TABLE t ALTER COLUMN df DROP DEFAULT;

-- case modify-default
ALTER TABLE t MODIFY a INT DEFAULT 3;

-- case modify-same
ALTER TABLE t MODIFY a INT;

-- case modify-comment
ALTER TABLE t MODIFY a INT COMMENT 'why';

-- case modify-drops-default
ALTER TABLE t MODIFY df INT NOT NULL;

-- case set-not-null
ALTER TABLE t MODIFY a INT NOT NULL;

-- case set-not-null-text
ALTER TABLE t MODIFY v VARCHAR(20) NOT NULL;

-- case set-not-null-and-default
ALTER TABLE t MODIFY a INT NOT NULL DEFAULT 0;

-- case set-not-null-fk
ALTER TABLE c MODIFY pid INT NOT NULL;

-- case drop-not-null
ALTER TABLE t MODIFY nn INT NULL;

-- case drop-not-null-change
ALTER TABLE t CHANGE nn nn INT;

-- case drop-not-null-text
ALTER TABLE t MODIFY w VARCHAR(100);

-- case drop-not-null-redundant
ALTER TABLE rd MODIFY id INT NOT NULL;

-- case set-not-null-redundant
ALTER TABLE rd MODIFY n INT NOT NULL;

-- case not-null-pk
ALTER TABLE t MODIFY id INT AUTO_INCREMENT;

-- case drop-auto-increment
ALTER TABLE t MODIFY id INT NOT NULL;

-- case make-auto-increment
-- set-up
ALTER TABLE c DROP FOREIGN KEY c_pid;
-- statement
ALTER TABLE p MODIFY id INT NOT NULL AUTO_INCREMENT;

-- case make-invisible
ALTER TABLE t MODIFY a INT INVISIBLE;

-- case column-comment-and-add
ALTER TABLE t MODIFY a INT COMMENT 'x', ADD COLUMN z INT;

-- case modify-gone
ALTER TABLE t MODIFY gone INT;

-- case modify-if-exists-gone
ALTER TABLE t MODIFY COLUMN IF EXISTS gone INT;

-- case nopk-add-first
ALTER TABLE nopk ADD COLUMN z INT FIRST;

-- case not-null-nopk
ALTER TABLE nopk MODIFY b INT NOT NULL;

-- case null-nopk
ALTER TABLE nopk MODIFY a INT NULL;

-- case not-null-ft
ALTER TABLE ft MODIFY title VARCHAR(200) NOT NULL;

-- case not-null-myisam
ALTER TABLE my MODIFY a INT NOT NULL;

-- case rename-myisam
ALTER TABLE my RENAME COLUMN a TO b;

-- case set-default-myisam
ALTER TABLE my ALTER a SET DEFAULT 1;

-- case drop-myisam
ALTER TABLE my DROP COLUMN a;

-- case not-null-partitioned
ALTER TABLE pt MODIFY k INT NOT NULL;

-- case add-several-if-not-exists
ALTER TABLE t ADD COLUMN IF NOT EXISTS a INT, ADD COLUMN IF NOT EXISTS z INT;

-- case add-nine-instant
ALTER TABLE t ADD z1 INT, ADD z2 INT, ADD z3 INT, ADD z4 INT, ADD z5 INT, ADD z6 INT, ADD z7 INT, ADD z8 INT, ADD z9 INT;

-- case instant-then-index
ALTER TABLE t ADD COLUMN z INT, ADD INDEX (a);

-- case instant-then-drop-index
ALTER TABLE t ADD COLUMN z INT, DROP INDEX t_ix;

-- case rename-and-index
ALTER TABLE t RENAME COLUMN a TO a2, ADD INDEX (b);

-- case varchar-and-index
ALTER TABLE t MODIFY v63 VARCHAR(63) NOT NULL, ADD INDEX (a);

-- case default-and-index
ALTER TABLE t ALTER a SET DEFAULT 1, ADD INDEX (a);

-- case varchar-grow-and-add-index
ALTER TABLE t MODIFY w VARCHAR(120) NOT NULL, ADD INDEX (a);

-- case drop-fk-and-add-column
ALTER TABLE c DROP FOREIGN KEY c_pid, ADD COLUMN z INT;

-- case drop-check-add-index
ALTER TABLE t DROP CONSTRAINT t_ck, ADD INDEX (a);

-- case pk-auto-type
ALTER TABLE t MODIFY id BIGINT NOT NULL AUTO_INCREMENT;

-- case bool-add
ALTER TABLE t ADD COLUMN z BOOLEAN NOT NULL DEFAULT FALSE;

-- case bool-add-false
ALTER TABLE t ADD COLUMN z TINYINT(1) DEFAULT 0;

-- case add-on-update-only
ALTER TABLE t ADD COLUMN z DATETIME NULL ON UPDATE CURRENT_TIMESTAMP;

-- case add-serial
ALTER TABLE nopk ADD COLUMN z SERIAL;

-- case add-default-string-function
ALTER TABLE t ADD COLUMN z VARCHAR(30) DEFAULT (upper('a'));

-- case add-default-nextval
-- set-up
CREATE SEQUENCE sq;
-- statement
ALTER TABLE t ADD COLUMN z INT DEFAULT NEXTVAL(sq);

-- case add-default-sysdate
ALTER TABLE t ADD COLUMN z DATETIME DEFAULT (sysdate());

-- case add-default-json-array
ALTER TABLE t ADD COLUMN z JSON DEFAULT (json_array());

-- case add-default-random-bytes
ALTER TABLE t ADD COLUMN z VARBINARY(16) DEFAULT (random_bytes(16));

-- case add-default-uuid-short
ALTER TABLE t ADD COLUMN z BIGINT UNSIGNED DEFAULT (uuid_short());

-- case add-default-literal-brackets
ALTER TABLE t ADD COLUMN z TEXT DEFAULT ('abc');

-- case add-default-negative
ALTER TABLE t ADD COLUMN z INT NOT NULL DEFAULT -1;

-- case add-default-hex
ALTER TABLE t ADD COLUMN z BLOB DEFAULT x'41';

-- case add-default-unix
ALTER TABLE t ADD COLUMN z BIGINT DEFAULT (unix_timestamp());

-- case set-not-null-default-now
ALTER TABLE t MODIFY ts TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- case modify-on-update
ALTER TABLE t MODIFY dt DATETIME DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;

-- case change-collation-not-indexed
ALTER TABLE t MODIFY w VARCHAR(100) COLLATE utf8mb4_bin NOT NULL;

-- case drop-single-pk
ALTER TABLE la DROP COLUMN id;

-- case drop-column-of-two-column-check
-- set-up
CREATE TABLE ck2 (id INT PRIMARY KEY, a INT, b INT, CONSTRAINT ck2_c CHECK (a > b));
-- statement
ALTER TABLE ck2 DROP COLUMN a;

-- case plain-to-stored
ALTER TABLE t MODIFY a INT AS (nn + 1) STORED;

-- case lower-case
alter table t add column z int;

-- case quoted
ALTER TABLE `t` ADD COLUMN `z` INT COMMENT 'a, b; c', DROP COLUMN `b`;

-- case comments
ALTER TABLE t /* why */ ADD COLUMN z INT -- because;

-- case conditional-comment
ALTER TABLE t ADD COLUMN z INT /*!50100 NOT NULL DEFAULT 5 */;

-- case modify-unique
ALTER TABLE t MODIFY a INT UNIQUE;

-- case drop-and-add-same
ALTER TABLE t DROP COLUMN b, ADD COLUMN b INT;

-- case swap-names
ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a;

-- case change-case
ALTER TABLE t CHANGE a A INT;

-- case bigint-and-drop
ALTER TABLE t MODIFY a BIGINT, DROP COLUMN b, ADD INDEX (s);

-- case change-generated-expression
ALTER TABLE gvt MODIFY gv INT AS (nn + 7) VIRTUAL;

-- case change-stored-expression
ALTER TABLE gst MODIFY gs INT AS (nn + 7) STORED;

-- case virtual-to-stored
ALTER TABLE gvt MODIFY gv INT AS (nn + 1) STORED;

-- case stored-to-plain
ALTER TABLE gst MODIFY gs INT;

-- case virtual-to-plain
ALTER TABLE gvt MODIFY gv INT;

-- case plain-to-virtual
ALTER TABLE t MODIFY a INT AS (id + 1) VIRTUAL;
