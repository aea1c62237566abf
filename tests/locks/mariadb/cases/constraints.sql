-- Constraints and foreign keys.

-- case add-check
ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0);

-- case add-check-unnamed
ALTER TABLE t ADD CHECK (a > 0);

-- case add-check-twice
ALTER TABLE t ADD CONSTRAINT t_ck CHECK (a > 0);

-- case add-check-if-not-exists
ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS t_ck CHECK (a > 0);

-- case add-check-checks-off
-- set-up
SET check_constraint_checks = 0;
-- statement
ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0);

-- case drop-check
ALTER TABLE t DROP CONSTRAINT t_ck;

-- case drop-check-if-exists-gone
ALTER TABLE t DROP CONSTRAINT IF EXISTS gone;

-- case drop-constraint-gone
ALTER TABLE t DROP CONSTRAINT gone;

-- case drop-constraint-unique
ALTER TABLE t DROP CONSTRAINT t_uq;

-- case drop-constraint-fk
ALTER TABLE c DROP CONSTRAINT c_pid;

-- case add-fk
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id);

-- case add-fk-unnamed
ALTER TABLE t ADD FOREIGN KEY (pid) REFERENCES p (id);

-- case add-fk-cascade
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL;

-- case add-fk-indexed
-- set-up
DELETE FROM t WHERE ix > 50;
-- statement
ALTER TABLE t ADD CONSTRAINT t_ix FOREIGN KEY (ix) REFERENCES p (id);

-- case add-fk-self
ALTER TABLE c ADD CONSTRAINT c_self FOREIGN KEY (q) REFERENCES c (id);

-- case add-fk-gone-table
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES gone (id);

-- case add-fk-unindexed-target
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (note);

-- case add-fk-type-differs
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (b) REFERENCES p (id);

-- case add-fk-asked-inplace
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id), ALGORITHM=INPLACE;

-- case add-fk-asked-none
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id), LOCK=NONE;

-- case add-fk-and-index
ALTER TABLE t ADD INDEX t_pidx (pid), ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id);

-- case add-fk-off
-- set-up
SET foreign_key_checks = 0;
-- statement
ALTER TABLE t ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id);

-- case add-fk-off-and-index
-- set-up
SET foreign_key_checks = 0;
-- statement
ALTER TABLE t ADD INDEX t_pidx (pid), ADD CONSTRAINT t_pid FOREIGN KEY (pid) REFERENCES p (id);

-- case add-fk-off-column
-- set-up
SET foreign_key_checks = 0;
-- statement
ALTER TABLE t ADD COLUMN z INT, ADD CONSTRAINT t_z FOREIGN KEY (z) REFERENCES p (id);

-- case add-fk-off-indexed
-- set-up
SET foreign_key_checks = 0;
-- statement
ALTER TABLE t ADD CONSTRAINT t_ix FOREIGN KEY (ix) REFERENCES p (id);

-- case drop-parent-off
-- set-up
SET foreign_key_checks = 0;
-- statement
DROP TABLE p;

-- case drop-fk-index-off
-- set-up
SET foreign_key_checks = 0;
-- statement
ALTER TABLE c DROP INDEX c_pid;

-- case modify-fk-column-off
-- set-up
SET foreign_key_checks = 0;
-- statement
ALTER TABLE c MODIFY pid BIGINT;

-- case add-check-not-null
ALTER TABLE nopk ADD CONSTRAINT nn CHECK (b IS NOT NULL);

-- case add-column-and-check
ALTER TABLE nopk ADD COLUMN z INT, ADD CONSTRAINT zz CHECK (z > 0);

-- case drop-check-and-add
ALTER TABLE t DROP CONSTRAINT t_ck, ADD CONSTRAINT t_ck CHECK (ckd > -1);

-- case modify-with-check
ALTER TABLE t MODIFY a INT CHECK (a > 0);

-- case add-fk-partitioned
ALTER TABLE pt ADD CONSTRAINT pt_k FOREIGN KEY (k) REFERENCES p (id);

-- case drop-fk
ALTER TABLE c DROP FOREIGN KEY c_pid;

-- case drop-fk-if-exists-gone
ALTER TABLE c DROP FOREIGN KEY IF EXISTS gone;

-- case drop-fk-gone
ALTER TABLE c DROP FOREIGN KEY gone;

-- case drop-and-add-fk
ALTER TABLE c DROP FOREIGN KEY c_pid, ADD CONSTRAINT c_pid2 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE;

-- case alter-child
ALTER TABLE c ADD COLUMN z INT;

-- case alter-child-index
ALTER TABLE c ADD INDEX c_a (a);

-- case alter-parent
ALTER TABLE p ADD COLUMN z INT;

-- case alter-parent-copy
ALTER TABLE p MODIFY note VARCHAR(500);

-- case alter-child-copy
ALTER TABLE c MODIFY a BIGINT;

-- case alter-child-rebuild
ALTER TABLE c FORCE;

-- case drop-parent
DROP TABLE p;

-- case drop-child
DROP TABLE c;

-- case truncate-parent
TRUNCATE TABLE p;

-- case truncate-child
TRUNCATE TABLE c;

-- case rename-parent
RENAME TABLE p TO p2;

-- case rename-child
RENAME TABLE c TO c2;
