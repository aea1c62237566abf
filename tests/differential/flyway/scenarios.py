"""What run.py plays. A step is a command (words of Flyway; -key=value settings behind it) or a dict of files to write;
None removes a file. Settings hold for every command of a scenario."""

import dataclasses


@dataclasses.dataclass
class Scenario:
    name: str
    files: dict
    steps: list
    settings: dict = dataclasses.field(default_factory=dict)
    databases: tuple = ("sqlite", "postgresql")
    before: str = ""  # SQL that ran before anybody came


V1 = "sql/V1__users.sql"
USERS = "CREATE TABLE users (id integer PRIMARY KEY, name varchar(40) NOT NULL);\n"
ONE_TWO = {V1: USERS, "sql/V1.1__mail.sql": "ALTER TABLE users ADD COLUMN mail varchar(80);\n"}
POSTGRES = ("postgresql",)
SQLITE = ("sqlite",)

SCENARIOS = [
    Scenario("plain", {**ONE_TWO, "sql/V2__rows.sql": "INSERT INTO users VALUES (1, 'a;b', NULL);\n-- c\nINSERT INTO users VALUES (2, 'it''s', 'x');"},
             ["info", "migrate -target=1", "info", "migrate -target=1.1", "validate -ignoreMigrationPatterns=*:pending",
              "validate", "migrate", "info", "migrate", "validate"]),
    Scenario("versions", {
        "sql/V1__a.sql": "CREATE TABLE a (x int);", "sql/V1_2__b.sql": "CREATE TABLE b (x int);",
        "sql/V1.10__c.sql": "CREATE TABLE c (x int);", "sql/V001.9__d.sql": "CREATE TABLE d (x int);",
        "sql/V2.0__e.sql": "CREATE TABLE e (x int);", "sql/V20240131123059123456789012345__f.sql": "CREATE TABLE f (x int);",
        "sql/V3.sql": "CREATE TABLE g (x int);", "sql/sub/folder/V1.10.1__in_a_folder.sql": "CREATE TABLE h (x int);",
        "sql/.hidden/V9__no.sql": "CREATE TABLE no (x int);", "sql/readme.txt": "no", "sql/Read.sql": "no",
        "sql/V4__Two  words___three.SQL": "CREATE TABLE i (x int);"},
        ["info", "migrate -target=next", "migrate -target=1.10", "info", "migrate", "info", "validate"]),
    Scenario("checksums", {
        "sql/V1__crlf.sql": b"CREATE TABLE a (x int);\r\nINSERT INTO a VALUES (1);\r\n",
        "sql/V2__mixed.sql": b"INSERT INTO a VALUES (2);\r\n\nINSERT INTO a\rVALUES (3);\n",
        "sql/V3__mark.sql": b"\xef\xbb\xbfINSERT INTO a VALUES (4);\n",
        "sql/V4__utf8.sql": "-- \u00e4\u00f6\u00fc \u20ac \U0001f600\nINSERT INTO a VALUES (5);\n",
        "sql/V5__empty.sql": "", "sql/V6__only_comment.sql": "-- nothing\n", "sql/V7__no_newline.sql": "INSERT INTO a VALUES (6)"},
        ["migrate", "info", "validate", {"sql/V1__crlf.sql": b"CREATE TABLE a (x int);\nINSERT INTO a VALUES (1);"}, "validate",
         "migrate", {"sql/V2__mixed.sql": b"INSERT INTO a VALUES (2); INSERT INTO a VALUES (3);"}, "validate", "migrate", "info",
         "repair", "validate", "migrate"]),
    Scenario("latin1", {"sql/V1__a.sql": b"CREATE TABLE a (x varchar(20));\nINSERT INTO a VALUES ('\xe4\xdf');\n",
                        "sql/V2__b.sql": "INSERT INTO a VALUES ('\u20ac');\n", "sql/V2__b.sql.conf": "encoding=UTF-8\n"},
             ["migrate", "info", "validate"], {"encoding": "ISO-8859-1"}),
    Scenario("repeatables", {**ONE_TWO, "sql/R__b_view.sql": "DROP VIEW IF EXISTS b;\nCREATE VIEW b AS SELECT id FROM users;",
                             "sql/R__a_view.sql": "DROP VIEW IF EXISTS a;\nCREATE VIEW a AS SELECT name FROM users;"},
             ["migrate -target=1", "info", "migrate", "info", "migrate",
              {"sql/R__a_view.sql": "DROP VIEW IF EXISTS a;\nCREATE VIEW a AS SELECT id, name FROM users;"}, "info", "validate",
              "migrate", "info", "validate", {"sql/R__b_view.sql": None}, "info", "validate", "migrate",
              "migrate -ignoreMigrationPatterns=*:missing", "repair", "info", "validate",
              {"sql/R__b_view.sql": "DROP VIEW IF EXISTS b;\nCREATE VIEW b AS SELECT id FROM users;"}, "info", "migrate", "info"]),
    Scenario("placeholders", {
        V1: "CREATE TABLE ${name} (x ${Type});\nINSERT INTO ${NAME} VALUES (7); -- ${flyway:defaultSchema} ${empty}\n",
        "sql/V2__b.sql": "INSERT INTO t VALUES (length('${flyway:filename}'));\nINSERT INTO t VALUES (length('${flyway:table}'));\n"
                         "INSERT INTO t VALUES (length('${flyway:environment}'));\nINSERT INTO t VALUES (length('${flyway:user}'));\n"
                         "INSERT INTO t VALUES (length('${flyway:timestamp}'));\n",
        "sql/V3__raw.sql": "INSERT INTO t VALUES (length('${not_one}'));\n",
        "sql/V3__raw.sql.conf": "placeholderReplacement=false\n",
        "sql/R__v.sql": "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT x AS \"${column}\" FROM t;\n"},
        ["migrate -placeholders.column=a", "info -placeholders.column=a", "info -placeholders.column=b",
         "migrate -placeholders.column=b", "info -placeholders.column=b", "migrate", "migrate -placeholderReplacement=false",
         {"sql/V4__missing.sql": "SELECT '${nobody}';"}, "info -placeholders.column=b", "migrate -placeholders.column=b",
         "migrate -placeholders.column=b -placeholders.nobody=x"],
        {"placeholders.name": "t", "placeholders.type": "integer", "placeholders.empty": ""}),
    Scenario("other_marks", {
        V1: "CREATE TABLE #[name]# (x int);\n-- ${stays}\n", "sql/V2__b.sql": "INSERT INTO t VALUES (length('#[flyway.table]#'));"},
        ["migrate", "info"], {"placeholderPrefix": "#[", "placeholderSuffix": "]#", "placeholderSeparator": ".",
                              "placeholders.name": "t"}),
    Scenario("conf_file", {
        "flyway.conf": "# settings\nflyway.table = my history\nflyway.placeholders.long=a\\\n  b\nflyway.placeholders.path=c:\\d\n"
                       "flyway.outOfOrder: true\nflyway.sqlMigrationPrefix Mig\n! note\nflyway.installedBy=somebody's\n",
        "sql/Mig1__a.sql": "CREATE TABLE a (x varchar(20));\nINSERT INTO a VALUES ('${long}');\nINSERT INTO a VALUES ('${path}');",
        "sql/V7__not_ours.sql": "nonsense"},
        ["migrate", "info", "validate"]),
    Scenario("naming", {
        "sql/m1--a.ddl": "CREATE TABLE a (x int);", "sql/m2--b.dml.sql": "INSERT INTO a VALUES (1);", "sql/again--v.ddl":
        "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT x FROM a;", "sql/V3__no.sql": "nonsense"},
        ["info", "migrate", "info", "migrate -validateMigrationNaming=true", "validate"],
        {"sqlMigrationPrefix": "m", "sqlMigrationSeparator": "--", "sqlMigrationSuffixes": ".ddl,.dml.sql",
         "repeatableSqlMigrationPrefix": "again"}),
    Scenario("bad_names", {V1: USERS, "sql/V1x__b.sql": "nonsense", "sql/R1__c.sql": "nonsense"},
             ["info", "migrate -validateMigrationNaming=true", "migrate", "info"]),
    Scenario("duplicates", {V1: USERS, "sql/other/V1.0__again.sql": "SELECT 1;"},
             ["info", "migrate", {"sql/other/V1.0__again.sql": None, "sql/R__a.sql": "SELECT 1;", "sql/other/R__a.sql": "SELECT 2;"},
              "migrate", {"sql/other/R__a.sql": None}, "migrate", "info"]),
    Scenario("out_of_order", {V1: USERS, "sql/V3__c.sql": "CREATE TABLE c (x int);"},
             ["migrate", {"sql/V2__b.sql": "CREATE TABLE b (x int);"}, "info", "validate", "migrate",
              "migrate -ignoreMigrationPatterns=*:ignored", "info -outOfOrder=true", "migrate -outOfOrder=true", "info", "validate",
              {"sql/V2.5__d.sql": "CREATE TABLE d (x int);", "sql/V4__e.sql": "CREATE TABLE e (x int);"},
              "migrate -outOfOrder=true -target=3", "info", "migrate -outOfOrder=true", "info"]),
    Scenario("missing", {**ONE_TWO, "sql/V2__b.sql": "CREATE TABLE b (x int);", "sql/V3__c.sql": "CREATE TABLE c (x int);"},
             ["migrate", {"sql/V1.1__mail.sql": None}, "info", "validate", "migrate",
              "migrate -ignoreMigrationPatterns=*:missing", "validate -ignoreMigrationPatterns=versioned:missing",
              {"sql/V3__c.sql": None}, "info", "validate -ignoreMigrationPatterns=*:missing", "validate -ignoreMigrationPatterns=*:*",
              "repair -ignoreMigrationPatterns=*:future", "info", "validate", "repair", "info", "validate", "migrate",
              {"sql/V3__c.sql": "DROP TABLE c;"}, "info", "migrate", "info",
              {"sql/V3__c.sql": None}, "repair -ignoreMigrationPatterns=", "info"]),
    Scenario("renamed", {**ONE_TWO}, ["migrate", {"sql/V1.1__mail.sql": None, "sql/V1.1__e_mail.sql":
             "ALTER TABLE users ADD COLUMN mail varchar(80);\n"}, "info", "validate", "migrate", "repair", "info", "validate"]),
    Scenario("failing", {**ONE_TWO, "sql/V2__bad.sql": "CREATE TABLE b (x int);\nINSERT INTO nowhere VALUES (1);\n",
                         "sql/V3__c.sql": "CREATE TABLE c (x int);"},
             ["migrate", "info", "validate", "migrate", "repair", {"sql/V2__bad.sql": "CREATE TABLE b (x int);"}, "migrate", "info"]),
    Scenario("group", {**ONE_TWO},
             ["migrate", "info", {"sql/V2__bad.sql": "INSERT INTO nowhere VALUES (1);\n", "sql/V1.5__c.sql": "CREATE TABLE c (x int);"},
              "migrate", "info", {"sql/V2__bad.sql": "CREATE TABLE b (x int);"}, "migrate", "info"], {"group": "true"}),
    Scenario("not_in_transaction", {
        V1: USERS, "sql/V2__half.sql": "CREATE TABLE b (x int);\nINSERT INTO nowhere VALUES (1);\n",
        "sql/V2__half.sql.conf": "executeInTransaction=false\n", "sql/V3__c.sql": "CREATE TABLE c (x int);"},
        ["migrate", "info", "validate", "migrate", {"sql/V2__half.sql": "CREATE TABLE b2 (x int);"}, "migrate", "repair", "info",
         "migrate", "info", "validate"]),
    Scenario("never_in_transaction", {V1: USERS, "sql/V2__b.sql": "CREATE TABLE b (x int);\nINSERT INTO nowhere VALUES (1);"},
             ["migrate", "info", "repair", "info"], {"executeInTransaction": "false"}),
    Scenario("concurrently", {
        V1: USERS, "sql/V2__i.sql": "CREATE INDEX CONCURRENTLY users_name ON users (name);\n"},
        ["migrate", "info",
         {"sql/V3__mixed.sql": "CREATE TABLE b (x int);\nCREATE UNIQUE INDEX CONCURRENTLY b_x ON b (x);\nVACUUM users;\n"}, "migrate", "info", "migrate -mixed=true", "info", "validate",
         {"sql/V4__bad.sql": "CREATE UNIQUE INDEX CONCURRENTLY bad ON nowhere (x);"}, "migrate", "info", "repair", "info"],
        {"postgresql.transactional.lock": "false"}, databases=POSTGRES),  # without it Flyway waits for itself
    Scenario("pragma", {V1: USERS, "sql/V2__off.sql": "PRAGMA foreign_keys = OFF;\n"},
             ["migrate", "info", {"sql/V3__mixed.sql": "PRAGMA foreign_keys = ON;\nCREATE TABLE b (x int);\n"}, "migrate", "info", "migrate -mixed=true", "info"], databases=SQLITE),
    Scenario("baseline", {**ONE_TWO, "sql/V2__b.sql": "CREATE TABLE b (x int);"},
             ["info", "migrate", "baseline -baselineVersion=1.1 -baselineDescription=Before_it", "info", "baseline",
              "baseline -baselineVersion=1.1 -baselineDescription=Before_it", "migrate", "info", "validate",
              {V1: USERS + "-- changed\n"}, "validate", "migrate", "baseline"],
             before="CREATE TABLE users (id integer PRIMARY KEY, mail varchar(80));"),
    Scenario("baseline_on_migrate", {**ONE_TWO, "sql/V2__b.sql": "CREATE TABLE b (x int);"},
             ["migrate -baselineOnMigrate=true -baselineVersion=1.1", "info", "migrate", "validate"],
             before="CREATE TABLE users (id integer PRIMARY KEY, mail varchar(80));"),
    Scenario("baseline_on_empty", {**ONE_TWO}, ["migrate", "info"], {"baselineOnMigrate": "true"}),
    Scenario("baseline_after", {**ONE_TWO}, ["migrate", "baseline"]),
    Scenario("nothing", {"sql/readme": ""}, ["info", "validate", "migrate", "info"]),
    Scenario("callbacks", {
        "sql/V2__a.sql":
        "INSERT INTO log SELECT count(*), 'V2' FROM log;\nINSERT INTO log SELECT count(*), 'V2 b' FROM log;",
        "sql/R__r.sql": "INSERT INTO log SELECT count(*), 'R' FROM log;",
        **{f"sql/{name}.sql": f"CREATE TABLE IF NOT EXISTS log (n integer, what varchar(60));\n"
                              f"INSERT INTO log SELECT count(*), '{name}' FROM log;\n"
           for name in ("beforeMigrate", "beforeMigrate__b", "beforeMigrate__a", "beforeEachMigrate", "afterEachMigrate",
                        "afterEachMigrate__z", "beforeEachMigrateStatement", "afterEachMigrateStatement", "beforeRepeatables",
                        "afterVersioned", "afterMigrateApplied", "afterMigrate")},
        "sql/V1__log.sql": "CREATE TABLE other (x int);"},
        ["migrate", "migrate", {"sql/V3__c.sql": "INSERT INTO log SELECT count(*), 'V3' FROM log;",
                                "sql/beforeValidate.sql": "INSERT INTO log SELECT count(*), 'beforeValidate' FROM log;",
                                "sql/afterValidate.sql": "INSERT INTO log SELECT count(*), 'afterValidate' FROM log;"},
         "migrate -target=2", "migrate"], databases=POSTGRES),  # on SQLite Flyway locks itself out
    Scenario("failing_callback", {V1: USERS, "sql/afterEachMigrate.sql": "INSERT INTO nowhere VALUES (1);"},
             ["migrate", "info", {"sql/afterEachMigrate.sql": None}, "migrate", "info"]),
    Scenario("error_callback", {"sql/V1__a.sql": "CREATE TABLE log (what varchar(60));", "sql/V2__bad.sql": "INSERT INTO nowhere VALUES (1);",
                                "sql/afterMigrateError.sql": "INSERT INTO log VALUES ('error');"},
             ["migrate", "migrate", {"sql/V2__bad.sql": "SELECT 1;"}, "migrate"]),
    Scenario("skip_executing", {**ONE_TWO}, ["migrate -skipExecutingMigrations=true", "info", "migrate", "validate"]),
    Scenario("targets", {**ONE_TWO, "sql/V2__b.sql": "CREATE TABLE b (x int);"},
             ["migrate -target=current", "info -target=current", "migrate -target=1", "info -target=1.1", "migrate -target=current",
              "migrate -target=1.5", "info -target=next", "migrate -target=9", "info"]),
    Scenario("other_table", {V1: USERS}, ["migrate", "info"], {"table": "Schema Version"}),
    Scenario("trigger", {
        "sql/V1__t.sql": "CREATE TABLE a (x int);\nCREATE TABLE b (x int);\nCREATE TRIGGER tr AFTER INSERT ON a BEGIN\n  INSERT INTO b "
                         "VALUES (CASE WHEN new.x > 1 THEN 1 ELSE 2 END);\n  DELETE FROM a;\nEND;\nINSERT INTO a VALUES (5);"},
        ["migrate", "info"], databases=SQLITE),
    Scenario("functions", {
        "sql/V1__f.sql": "CREATE FUNCTION f() RETURNS int AS $$ BEGIN\n  RETURN 1; -- ;\nEND; $$ LANGUAGE plpgsql;\n"
                         "CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 1 ELSE 2 END; END;\n"
                         "DO $do$ BEGIN PERFORM f(); END $do$;\n/* a ; /* nested ; */ */ CREATE TABLE a (x text DEFAULT E'it\\'s;');",
        "sql/V2__path.sql": "SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE public.b (x int);",
        "sql/V3__after.sql": "CREATE TABLE c (x int);",
        "sql/V4__role.sql": "CREATE ROLE role_${flyway:database};\nGRANT ALL ON SCHEMA public TO role_${flyway:database};\n"
                            "SET ROLE role_${flyway:database};\nCREATE TABLE d (x int);",
        "sql/V5__after.sql": "CREATE TABLE e (x int);\nALTER TABLE d OWNER TO postgres;\nREVOKE ALL ON SCHEMA public FROM role_${flyway:database};"},
        ["migrate", "info", "validate"], databases=POSTGRES),
    Scenario("copy", {
        "sql/V1__c.sql": "CREATE TABLE a (x int, y text);\nCOPY a (x, y) FROM stdin;\n1\tone; two\n2\t\\N\n\\.\n"
                         "INSERT INTO a VALUES (3, 'three');\n"}, ["migrate", "info"], databases=POSTGRES),
    Scenario("schemas", {V1: USERS, "sql/V2__b.sql": "CREATE TABLE other.b (x int);\nCREATE VIEW public.v AS SELECT '${flyway:defaultSchema}' AS s;"},
             ["info", "migrate", "info", "validate", "migrate"], {"schemas": "app,other"}, databases=POSTGRES),
    Scenario("default_schema", {V1: USERS}, ["migrate", "info", "validate", "migrate"], {"defaultSchema": "app"}, databases=POSTGRES),
    Scenario("schema_there", {V1: USERS}, ["migrate", "info"], {"defaultSchema": "app"}, databases=POSTGRES, before="CREATE SCHEMA app;"),
    Scenario("no_schema", {V1: USERS}, ["migrate"], {"defaultSchema": "app", "createSchemas": "false"}, databases=POSTGRES),
    Scenario("schema_filled", {V1: USERS}, ["migrate", "baseline", "info", "migrate", "info"], {"defaultSchema": "app"}, databases=POSTGRES,
             before="CREATE SCHEMA app; CREATE TABLE app.t (x int);"),
    Scenario("baseline_new_schema", {V1: USERS}, ["baseline", "info", "migrate", "info"], {"defaultSchema": "app"}, databases=POSTGRES),
    Scenario("long_description", {"sql/V1__" + "long_" * 45 + ".sql": "CREATE TABLE a (x int);"}, ["migrate", "info", "validate", "repair"]),
    Scenario("quotes", {"sql/V1__it's \"quoted\".sql": "CREATE TABLE a (x int);", "sql/R__it's.sql": "SELECT 1;"},
             ["migrate", "info", "validate", "repair"], {"installedBy": "o'neill"}),
    Scenario("unclosed", {V1: USERS}, ["migrate", {"sql/V2__open.sql": "CREATE TABLE b (x int);\nINSERT INTO b VALUES ('1);\n"},
                                       "migrate", "info"]),
    Scenario("locations", {V1: USERS, "elsewhere/x": ""}, ["migrate -failOnMissingLocations=true", "info"]),
    Scenario("clean", {V1: USERS, "sql/R__v.sql": "DROP VIEW IF EXISTS v;\nCREATE VIEW v AS SELECT id FROM users;"},
             ["migrate", "clean", "info", "clean -cleanDisabled=false", "info", "migrate", "info"]),
]
