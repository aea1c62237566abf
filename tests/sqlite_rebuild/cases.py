"""Batches on SQLite for compare.py: what the database holds, the batch, and how Alembic's outcome may differ.

differs: why Bascule's database is not Alembic's, by design. fails: Alembic cannot do it at all (compare.py then only asks
that Bascule can, and that its own `expect`, SQL with one row, holds).
"""

from dataclasses import dataclass, field


@dataclass
class Case:
    name: str
    setup: str
    items: list = field(default_factory=list)
    batch: dict = field(default_factory=dict)
    table: str = "t"
    differs: str = ""
    fails: str = ""
    refused: bool = False
    expect: list = field(default_factory=list)  # (sql, its only value)


def add(name, type_, **more):
    return {"op": "add_column", "name": name, "type": type_, **more}


def drop(name):
    return {"op": "drop_column", "name": name}


def alter(name, **more):
    return {"op": "alter_column", "name": name, **more}


def constraint(kind, name, **more):
    return {"op": "add_constraint", "kind": kind, "name": name, **more}


def drop_constraint(name):
    return {"op": "drop_constraint", "name": name}


def index(name, *columns, **more):
    return {"op": "create_index", "name": name, "columns": list(columns), **more}


def drop_index(name):
    return {"op": "drop_index", "name": name}


_PARENT = "CREATE TABLE parent (id INTEGER PRIMARY KEY, x INTEGER UNIQUE); INSERT INTO parent VALUES (1, 10), (2, 20);"
_PLAIN = _PARENT + """
CREATE TABLE t (
	id INTEGER NOT NULL,
	a INTEGER,
	b VARCHAR(20) DEFAULT 'x' NOT NULL,
	c NUMERIC(10, 2) DEFAULT (1 + 1),
	d DATETIME DEFAULT CURRENT_TIMESTAMP,
	e BOOLEAN,
	p INTEGER,
	CONSTRAINT t_pk PRIMARY KEY (id),
	CONSTRAINT t_ab UNIQUE (a, b),
	CONSTRAINT t_c CHECK (c > 0),
	CONSTRAINT t_p FOREIGN KEY(p) REFERENCES parent (id) ON DELETE CASCADE
);
CREATE INDEX t_d ON t (d);
CREATE UNIQUE INDEX t_e ON t (e, b) WHERE e IS NOT NULL;
INSERT INTO t VALUES (1, 5, 'b1', 1.5, '2024-01-31 10:00:00', 1, 1), (3, NULL, 'b''2', NULL, NULL, NULL, NULL);
"""

CASES = [
    Case("nothing", _PLAIN, [alter("a", nullable=True)]),
    Case("types", _PLAIN, [alter("a", type=["String", 10]), alter("b", type=["Text"]), alter("c", type=["Float"]),
                           alter("e", type=["Integer"])]),
    Case("nullable", _PLAIN, [alter("b", nullable=True), alter("id", nullable=False)]),
    Case("defaults", _PLAIN, [alter("b", default=None), alter("a", default="7"), alter("c", default="(2 * 3)")]),
    Case("drop columns", _PLAIN, [drop("a"), drop("p")]),
    Case("drop indexed column after its index", _PLAIN, [drop_index("t_d"), drop("d")]),
    Case("rename", _PLAIN, [alter("a", new_name="aa"), alter("d", new_name="select"), alter("p", new_name="P p")]),
    Case("rename the key", _PLAIN, [alter("id", new_name="ident")]),
    Case("constraints", _PLAIN, [drop_constraint("t_ab"), drop_constraint("t_c"), drop_constraint("t_p"),
                                 constraint("unique", "u", columns=["b"]), constraint("check", "k", sql="a < 100"),
                                 constraint("foreign", "f", columns=["a"], referent="parent", referent_columns=["x"],
                                            ondelete="SET NULL")],
         {"before": ["UPDATE t SET a = 10 WHERE a = 5"]}),
    Case("primary key", _PLAIN, [drop_constraint("t_pk"), constraint("primary", "new_pk", columns=["id", "b"])]),
    Case("primary key replaced", _PLAIN, [constraint("primary", "new_pk", columns=["b"])]),
    Case("indexes", _PLAIN, [alter("a", nullable=True), drop_index("t_e"), index("new", "b", "a"), index("nu", "id", unique=True)]),
    Case("index on a renamed column by its old name", _PLAIN, [alter("a", new_name="z"), index("new", "a")]),
    Case("unique on a renamed column by its old name", _PLAIN, [alter("a", new_name="z"), constraint("unique", "u", columns=["a"])]),
    Case("add columns", _PLAIN, [drop("a"), add("n", ["Integer"]), add("m", ["String", 5], nullable=False, default="'q'"),
                                 add("after", ["Integer"], insert_after="b"), add("first", ["Integer"], insert_before="id"),
                                 add("after_n", ["Text"], insert_after="after")],
         {"recreate": "always"}),
    Case("reordering", _PLAIN, [alter("a", nullable=True)], {"partial_reordering": [["e", "d", "c"], ["b", "a"]]}),
    Case("reordering with a new column", _PLAIN, [add("n", ["Integer"], insert_before="a"), drop("c"), drop_constraint("t_c")],
         {"partial_reordering": [["p", "id"]], "recreate": "always"}),
    Case("boolean with a check", _PLAIN, [add("n", ["Boolean", {"name": "n_check", "create_constraint": True}])]),
    Case("boolean becomes integer", "CREATE TABLE t (id INTEGER PRIMARY KEY, f BOOLEAN, CONSTRAINT fc CHECK (f IN (0, 1)));"
         "INSERT INTO t VALUES (1, 1);",
         [alter("f", type=["Integer"], existing_type=["Boolean", {"name": "fc", "create_constraint": True}])]),
    Case("boolean renamed", "CREATE TABLE t (id INTEGER PRIMARY KEY, f BOOLEAN, CONSTRAINT fc CHECK (f IN (0, 1)));",
         [alter("f", new_name="g", existing_type=["Boolean", {"name": "fc"}])]),
    Case("boolean's unnamed check goes with the type",
         "CREATE TABLE t (id INTEGER PRIMARY KEY, f BOOLEAN, CHECK (f IN (0, 1))); INSERT INTO t VALUES (1, 1);",
         [alter("f", type=["Integer"])]),
    Case("naming convention", _PARENT + "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER REFERENCES parent (id), UNIQUE (a));",
         [drop_constraint("fk_t_a_parent")],
         {"naming": {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
                     "pk": "pk_%(table_name)s"}}),
    Case("table args", _PLAIN, [alter("a", nullable=True)],
         {"table_args": [{"kind": "unique", "name": "tu", "columns": ["b", "id"]}, {"kind": "check", "name": "tk", "sql": "id > 0"}]}),
    Case("reflect args", _PLAIN, [drop("e"), drop_index("t_e")],
         {"reflect_args": [{"name": "b", "type": ["String", 50], "default": "'k'"}]}),
    Case("hand-made types", "CREATE TABLE t (id integer primary key, a int, b varchar (20), c character varying(20), "
         "d double precision, e uuid, f foo(3,4), g bigint(20), h TEXT(5), i decimal(9), j timestamp, k float(4), l bool, m blob, n json); "
         "INSERT INTO t (a, b, e, f, m) VALUES (1, 2, 'e', 'f', x'00ff');", [add("z", ["Integer"])], {"recreate": "always"}),
    Case("names", """CREATE TABLE "T ""t" ("Id" integer NOT NULL primary key, "sel""ect" int, [b c] text, `d'e` text,
         CONSTRAINT "u %s" UNIQUE ("b c")); INSERT INTO "T ""t" VALUES (1, 2, 'x', 'y'); CREATE INDEX "i ""x" ON "T ""t" ([b c]);""",
         [alter("sel\"ect", type=["Text"]), alter("d'e", new_name="ünï")], table='T "t'),
    Case("defaults as written", "CREATE TABLE t (a int default -1, b text default 'it''s', d text default current_timestamp, "
         "e text default (lower('X')), f int default 0x10, g text default null, h real default 1.5e3, i blob default x'00'); "
         "INSERT INTO t DEFAULT VALUES;", [alter("a", nullable=True)]),
    Case("comments in the text", "CREATE TABLE t (a int, -- c, unique(a)\n b int /* check (a>0) */)", [alter("a", nullable=True)]),
    Case("self reference", "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER, CONSTRAINT fp FOREIGN KEY(p) REFERENCES t (id));"
         "INSERT INTO t VALUES (1, NULL), (2, 1);", [alter("p", type=["Text"])]),
    Case("referred to", _PLAIN + "CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id)); INSERT INTO child VALUES (1, 3);",
         [alter("a", nullable=True)]),
    Case("without rowid", "CREATE TABLE t (id int primary key, a text) without rowid; INSERT INTO t VALUES (1, 'x');",
         [alter("a", nullable=True)]),
    Case("strict", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT; INSERT INTO t VALUES (1, 'x');", [alter("a", nullable=True)]),
    Case("added by ALTER TABLE", _PLAIN + "ALTER TABLE t ADD COLUMN late TEXT DEFAULT 'l'; ALTER TABLE t ADD COLUMN l2 INTEGER",
         [alter("a", nullable=True)]),
    Case("drop the key's column", _PLAIN, [drop("id")]),
    Case("drop one of the key's columns", "CREATE TABLE t (a int, b int, c int, CONSTRAINT k PRIMARY KEY (a, b)); INSERT INTO t VALUES (1,2,3);",
         [drop("b")]),
    Case("drop and add again", _PLAIN, [drop("a"), add("a", ["Text"])]),
    # What Alembic loses.
    Case("autoincrement", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER); INSERT INTO t (a) VALUES (1), (2); "
         "DELETE FROM t WHERE id = 2;", [alter("a", nullable=True)], differs="AUTOINCREMENT and its counter are kept",
         expect=[("SELECT seq FROM sqlite_sequence WHERE name = 't'", 2), ("SELECT instr(sql, 'AUTOINCREMENT') > 0 FROM sqlite_master WHERE name = 't'", 1)]),
    Case("collation and conflicts", "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL ON CONFLICT IGNORE, b INT UNIQUE ON CONFLICT REPLACE);",
         [alter("b", nullable=False)], differs="COLLATE and ON CONFLICT are kept",
         expect=[("SELECT instr(sql, 'COLLATE \"NOCASE\"') > 0 AND instr(sql, 'ON CONFLICT IGNORE') > 0 AND instr(sql, 'ON CONFLICT REPLACE') > 0 FROM sqlite_master WHERE name = 't'", 1)]),
    Case("unnamed checks", "CREATE TABLE t (a INT CHECK (a > 0), b INT, CHECK (t.a < b), CHECK (b <> 7));", [alter("b", new_name="bb")],
         differs="CHECKs without a name are kept",
         expect=[("SELECT instr(sql, 'a < bb') > 0 AND instr(sql, 'bb <> 7') > 0 AND instr(sql, 'a > 0') > 0 FROM sqlite_master WHERE name = 't'", 1)]),
    Case("inline references", _PARENT + "CREATE TABLE t (a INT REFERENCES parent (id) ON DELETE CASCADE, b INT, FOREIGN KEY (b) REFERENCES parent "
         "ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED);", [add("n", ["Text"])], {"recreate": "always"},
         differs="ON DELETE of an inline REFERENCES, and the options of one that names no columns, are kept",
         expect=[("SELECT group_concat(on_delete || on_update || \"to\") FROM pragma_foreign_key_list('t')", "NO ACTIONSET NULLid,CASCADENO ACTIONid")]),
    Case("inline unique", "CREATE TABLE t (a VARCHAR(10) UNIQUE, b INT CONSTRAINT bu UNIQUE, c TEXT, UNIQUE (c COLLATE NOCASE, a));",
         [alter("c", nullable=True)], differs="UNIQUE after a type with a length, names of inline constraints and COLLATE in UNIQUE are kept",
         expect=[("SELECT count(*) FROM pragma_index_list('t') WHERE origin = 'u'", 3)]),
    Case("indexes with more", "CREATE TABLE t (a INT, b TEXT); CREATE INDEX i1 ON t(a DESC, b COLLATE NOCASE); CREATE INDEX i2 ON t(lower(b));",
         [alter("b", new_name="bb")], differs="expression indexes, DESC and COLLATE in indexes are kept",
         expect=[("SELECT group_concat(sql, ';') FROM sqlite_master WHERE type = 'index'", "CREATE INDEX i1 ON t(a DESC, bb COLLATE NOCASE);CREATE INDEX i2 ON t(lower(bb))")]),
    Case("triggers", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); CREATE TABLE log (n INT); CREATE TRIGGER tr AFTER UPDATE OF n ON t BEGIN "
         "INSERT INTO log (n) VALUES (new.n); END;", [alter("n", new_name="m")], differs="triggers are kept",
         expect=[("SELECT sql FROM sqlite_master WHERE name = 'tr'", "CREATE TRIGGER tr AFTER UPDATE OF m ON t BEGIN INSERT INTO log (n) VALUES (new.m); END")]),
    Case("dates survive", "CREATE TABLE t (a DATE, b TEXT); INSERT INTO t VALUES ('2024-01-31', '2024-01-31 10:00:00');",
         [alter("a", type=["DateTime"]), alter("b", type=["DateTime"])], differs="no CAST to a date type: it would leave the year",
         expect=[("SELECT a || ' ' || b FROM t", "2024-01-31 2024-01-31 10:00:00")]),
    Case("rename a column that keys refer to", "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES t (id)); INSERT INTO t VALUES (1, 1);"
         "CREATE TABLE child (t_id INTEGER REFERENCES t (id)); INSERT INTO child VALUES (1);", [alter("id", new_name="tid")],
         differs="foreign keys follow a renamed column",
         expect=[("SELECT group_concat(\"to\") FROM (SELECT \"to\" FROM pragma_foreign_key_list('t') UNION ALL SELECT \"to\" FROM pragma_foreign_key_list('child'))", "tid,tid")]),
    # What Alembic cannot do.
    Case("views", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); CREATE VIEW v AS SELECT n FROM t; INSERT INTO t VALUES (1, 5);",
         [alter("n", type=["Text"])], fails="error in view", expect=[("SELECT n FROM v", "5"), ("PRAGMA legacy_alter_table", 0)]),
    Case("views of a renamed column", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT); CREATE VIEW v AS SELECT n AS x FROM t; INSERT INTO t VALUES (1, 5);",
         [alter("n", new_name="m")], fails="error in view", expect=[("SELECT x FROM v", 5)]),
    Case("triggers elsewhere", "CREATE TABLE t (a INT); CREATE TABLE o (x); CREATE TRIGGER tr AFTER INSERT ON o BEGIN INSERT INTO t (a) VALUES (new.x); END;",
         [add("n", ["Text"])], {"recreate": "always"}, fails="error in trigger", expect=[("SELECT count(*) FROM sqlite_master WHERE name = 'tr'", 1)]),
    Case("generated columns", "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED, c INT AS (a + b)); INSERT INTO t (a) VALUES (4);",
         [alter("a", new_name="aa")], fails="duplicate column name", expect=[("SELECT aa || ',' || b || ',' || c FROM t", "4,8,12")]),
    Case("columns without a type", "CREATE TABLE t (a, b MEDIUMBLOB); INSERT INTO t VALUES ('x', 1);", [add("n", ["Text"])], {"recreate": "always"},
         fails="NullType", expect=[("SELECT group_concat(type) FROM pragma_table_info('t')", ",MEDIUMBLOB,TEXT")]),
    Case("strict any", "CREATE TABLE t (id INT PRIMARY KEY, a ANY, b INT) STRICT; INSERT INTO t VALUES (1, 'x', 2);", [alter("a", nullable=False)],
         fails="unknown datatype", expect=[("SELECT group_concat(type) FROM pragma_table_info('t')", "INT,ANY,INT")]),
    Case("drop a column with its index and check", "CREATE TABLE t (a INT, b INT, CONSTRAINT cc CHECK (a > 0)); CREATE INDEX i ON t (a, b); CREATE INDEX j ON t (b)",
         [drop("a")], fails="no such column", expect=[("SELECT group_concat(name) FROM sqlite_master WHERE type = 'index'", "j")]),
    Case("partial index on a renamed column", "CREATE TABLE t (a INT, b INT); CREATE INDEX i ON t (b) WHERE a > 0", [alter("a", new_name="z")],
         fails="no such column", expect=[("SELECT sql FROM sqlite_master WHERE name = 'i'", "CREATE INDEX i ON t (b) WHERE z > 0")]),
    Case("no such constraint", _PLAIN, [drop_constraint("t_abc")], fails="No such constraint", refused=True),
    Case("no such index", _PLAIN, [alter("a", nullable=True), drop_index("t_ab")], fails="No such index", refused=True),
    Case("no name", _PLAIN, [constraint("unique", None, columns=["a"])], fails="must have a name", refused=True),
    Case("a broken key", _PLAIN, [constraint("foreign", "f", columns=["a"], referent="parent", referent_columns=["id"])],
         differs="foreign keys are checked", refused=True),
]
