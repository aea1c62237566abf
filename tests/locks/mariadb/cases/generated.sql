-- Tables with generated columns, and with columns that the server fills.

-- case gvt-add
ALTER TABLE gvt ADD COLUMN z INT;

-- case gvt-add-first
ALTER TABLE gvt ADD COLUMN z INT FIRST;

-- case gvt-add-after
ALTER TABLE gvt ADD COLUMN z INT AFTER id;

-- case gvt-drop
ALTER TABLE gvt DROP COLUMN a;

-- case gvt-not-null
ALTER TABLE gvt MODIFY a INT NOT NULL;

-- case gvt-add-index
ALTER TABLE gvt ADD INDEX (a);

-- case gvt-force
ALTER TABLE gvt FORCE;

-- case gvt-add-unique
ALTER TABLE gvt ADD COLUMN z INT, ADD UNIQUE (z);

-- case gvt-drop-add
ALTER TABLE gvt DROP COLUMN a, ADD COLUMN z INT;

-- case gvt-modify-varchar
ALTER TABLE gvt MODIFY a BIGINT;

-- case gvt-rename
ALTER TABLE gvt RENAME COLUMN a TO a2;

-- case gvt-add-virtual
ALTER TABLE gvt ADD COLUMN z INT AS (a + 1) VIRTUAL;

-- case gvt-add-virtual-and-column
ALTER TABLE gvt ADD COLUMN z INT AS (a + 1) VIRTUAL, ADD COLUMN y INT;

-- case gvt-drop-virtual-add
ALTER TABLE gvt DROP COLUMN gv, ADD COLUMN y INT;

-- case gvt-reorder
ALTER TABLE gvt MODIFY a INT FIRST;

-- case gvt-drop-not-null
ALTER TABLE gvt MODIFY nn INT NULL;

-- case gst-add
ALTER TABLE gst ADD COLUMN z INT;

-- case gst-add-first
ALTER TABLE gst ADD COLUMN z INT FIRST;

-- case gst-add-after
ALTER TABLE gst ADD COLUMN z INT AFTER id;

-- case gst-drop
ALTER TABLE gst DROP COLUMN a;

-- case gst-not-null
ALTER TABLE gst MODIFY a INT NOT NULL;

-- case gst-add-index
ALTER TABLE gst ADD INDEX (a);

-- case gst-force
ALTER TABLE gst FORCE;

-- case gst-add-unique
ALTER TABLE gst ADD COLUMN z INT, ADD UNIQUE (z);

-- case gst-drop-add
ALTER TABLE gst DROP COLUMN a, ADD COLUMN z INT;

-- case gst-modify-varchar
ALTER TABLE gst MODIFY a BIGINT;

-- case gst-rename
ALTER TABLE gst RENAME COLUMN a TO a2;

-- case gst-add-virtual
ALTER TABLE gst ADD COLUMN z INT AS (a + 1) VIRTUAL;

-- case gst-add-virtual-and-column
ALTER TABLE gst ADD COLUMN z INT AS (a + 1) VIRTUAL, ADD COLUMN y INT;

-- case gst-drop-virtual-add
ALTER TABLE gst DROP COLUMN gs, ADD COLUMN y INT;

-- case gst-reorder
ALTER TABLE gst MODIFY a INT FIRST;

-- case gst-drop-not-null
ALTER TABLE gst MODIFY nn INT NULL;

-- case gvi-add
ALTER TABLE gvi ADD COLUMN z INT;

-- case gvi-add-first
ALTER TABLE gvi ADD COLUMN z INT FIRST;

-- case gvi-add-after
ALTER TABLE gvi ADD COLUMN z INT AFTER id;

-- case gvi-drop
ALTER TABLE gvi DROP COLUMN a;

-- case gvi-not-null
ALTER TABLE gvi MODIFY a INT NOT NULL;

-- case gvi-add-index
ALTER TABLE gvi ADD INDEX (a);

-- case gvi-force
ALTER TABLE gvi FORCE;

-- case gvi-add-unique
ALTER TABLE gvi ADD COLUMN z INT, ADD UNIQUE (z);

-- case gvi-drop-add
ALTER TABLE gvi DROP COLUMN a, ADD COLUMN z INT;

-- case gvi-modify-varchar
ALTER TABLE gvi MODIFY a BIGINT;

-- case gvi-rename
ALTER TABLE gvi RENAME COLUMN a TO a2;

-- case gvi-add-virtual
ALTER TABLE gvi ADD COLUMN z INT AS (a + 1) VIRTUAL;

-- case gvi-add-virtual-and-column
ALTER TABLE gvi ADD COLUMN z INT AS (a + 1) VIRTUAL, ADD COLUMN y INT;

-- case gvi-drop-virtual-add
ALTER TABLE gvi DROP COLUMN gv, ADD COLUMN y INT;

-- case gvi-reorder
ALTER TABLE gvi MODIFY a INT FIRST;

-- case gvi-drop-not-null
ALTER TABLE gvi MODIFY nn INT NULL;

-- case ctu-add
ALTER TABLE ctu ADD COLUMN z INT;

-- case ctu-add-first
ALTER TABLE ctu ADD COLUMN z INT FIRST;

-- case ctu-add-after
ALTER TABLE ctu ADD COLUMN z INT AFTER id;

-- case ctu-drop
ALTER TABLE ctu DROP COLUMN a;

-- case ctu-not-null
ALTER TABLE ctu MODIFY a INT NOT NULL;

-- case ctu-add-index
ALTER TABLE ctu ADD INDEX (a);

-- case ctu-force
ALTER TABLE ctu FORCE;

-- case ctu-add-unique
ALTER TABLE ctu ADD COLUMN z INT, ADD UNIQUE (z);

-- case ctu-drop-add
ALTER TABLE ctu DROP COLUMN a, ADD COLUMN z INT;

-- case ctu-modify-varchar
ALTER TABLE ctu MODIFY a BIGINT;

-- case ctu-rename
ALTER TABLE ctu RENAME COLUMN a TO a2;

-- case ctu-add-virtual
ALTER TABLE ctu ADD COLUMN z INT AS (a + 1) VIRTUAL;

-- case ctu-add-virtual-and-column
ALTER TABLE ctu ADD COLUMN z INT AS (a + 1) VIRTUAL, ADD COLUMN y INT;

-- case ctu-drop-virtual-add
ALTER TABLE ctu DROP COLUMN up, ADD COLUMN y INT;

-- case ctu-reorder
ALTER TABLE ctu MODIFY a INT FIRST;

-- case ctu-drop-not-null
ALTER TABLE ctu MODIFY a INT NULL;
