// Each rewrite: naive SQL in, the online plan out. What the plans do to a server is tested in tests/online.
#include <gtest/gtest.h>

#include "online_support.h"

namespace bascule {
namespace {

using namespace online_test;  // NOLINT: test helpers

constexpr const char* kOrders =
    "CREATE TABLE users (id bigint PRIMARY KEY, email text);"
    "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text, total integer, code text NOT NULL);"
    "CREATE INDEX orders_note ON orders (note)";

TEST(OnlineIndex, IsBuiltAndDroppedConcurrently) {
  EXPECT_EQ(online(kOrders, "CREATE INDEX orders_total ON orders (total DESC) INCLUDE (note) WHERE total > 0"),
            (Lines{"concurrent: CREATE INDEX CONCURRENTLY orders_total ON orders (total DESC) INCLUDE (note) WHERE "
                   "total > 0"}));
  EXPECT_EQ(online(kOrders, "CREATE UNIQUE INDEX u ON orders (lower(note))"),
            (Lines{"concurrent: CREATE UNIQUE INDEX CONCURRENTLY u ON orders (lower(note))"}));
  EXPECT_EQ(online(kOrders, "DROP INDEX orders_note"), (Lines{"concurrent: DROP INDEX CONCURRENTLY orders_note"}));
  EXPECT_EQ(online(kOrders, "CREATE INDEX CONCURRENTLY orders_total ON orders (total)"),
            (Lines{"concurrent: CREATE INDEX CONCURRENTLY orders_total ON orders (total)"}));
}

TEST(OnlineIndex, WithoutANameGetsTheServersOwn) {
  EXPECT_EQ(online(kOrders, "CREATE INDEX ON orders (total)"),
            (Lines{"concurrent: CREATE INDEX CONCURRENTLY orders_total_idx ON orders (total)"}));
}

TEST(OnlineIndex, OfANewTableIsBuiltWithIt) {
  EXPECT_EQ(online(kOrders, "CREATE TABLE t (a int); CREATE INDEX t_a ON t (a)"),
            (Lines{"brief: CREATE TABLE t (a int)", "+ scan: CREATE INDEX t_a ON t (a)"}));
}

TEST(OnlineKey, TakesAnIndexThatWasBuiltConcurrently) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD UNIQUE (code)"),
            (Lines{"concurrent: CREATE UNIQUE INDEX CONCURRENTLY orders_code_key ON orders (code)",
                   "brief: ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key"}));
}

TEST(OnlineKey, PrimaryIsNotNullFirst) {
  EXPECT_EQ(online("CREATE TABLE t (a int, b int NOT NULL)", "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY (a, b)"),
            (Lines{"brief: ALTER TABLE t ADD CONSTRAINT bascule_not_null_a CHECK (a IS NOT NULL) NOT VALID",
                   "scan: ALTER TABLE t VALIDATE CONSTRAINT bascule_not_null_a",
                   "brief: ALTER TABLE t ALTER COLUMN a SET NOT NULL",
                   "+ brief: ALTER TABLE t DROP CONSTRAINT bascule_not_null_a",
                   "concurrent: CREATE UNIQUE INDEX CONCURRENTLY p ON t (a, b)",
                   "brief: ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX p"}));
}

TEST(OnlineConstraint, IsAddedNotValidAndValidated) {
  EXPECT_EQ(
      online(kOrders, "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users"),
      (Lines{"brief: ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users "
             "NOT VALID",
             "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD CHECK (total > 0)"),
            (Lines{"brief: ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total > 0) NOT VALID",
                   "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check"}));
}

TEST(OnlineNotNull, ByACheckOrByItself) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ALTER note SET NOT NULL"),
            (Lines{"brief: ALTER TABLE orders ADD CONSTRAINT bascule_not_null_note CHECK (note IS NOT NULL) NOT VALID",
                   "scan: ALTER TABLE orders VALIDATE CONSTRAINT bascule_not_null_note",
                   "brief: ALTER TABLE orders ALTER note SET NOT NULL",
                   "+ brief: ALTER TABLE orders DROP CONSTRAINT bascule_not_null_note"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ALTER note SET NOT NULL", {.major = 18}),
            (Lines{"brief: ALTER TABLE orders ADD CONSTRAINT orders_note_not_null NOT NULL note NOT VALID",
                   "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_note_not_null"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ALTER note SET NOT NULL", {.major = 11}),
            (Lines{"!! online-keeps-waiting: the whole of orders is read under ACCESS EXCLUSIVE on orders"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ALTER note SET NOT NULL", {.major = 11, .allow = {"scan-under-lock"}}),
            (Lines{"unbounded: ALTER TABLE orders ALTER note SET NOT NULL"}));
}

TEST(OnlineColumn, WithAVolatileDefault) {
  EXPECT_EQ(
      online(kOrders, "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid() NOT NULL"),
      (Lines{"brief: ALTER TABLE orders ADD COLUMN token UUID",
             "+ brief: ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid()",
             "batches: UPDATE orders SET token=gen_random_uuid() WHERE token IS NULL",
             "brief: ALTER TABLE orders ADD CONSTRAINT bascule_not_null_token CHECK (token IS NOT NULL) NOT VALID",
             "scan: ALTER TABLE orders VALIDATE CONSTRAINT bascule_not_null_token",
             "brief: ALTER TABLE orders ALTER COLUMN token SET NOT NULL",
             "+ brief: ALTER TABLE orders DROP CONSTRAINT bascule_not_null_token"}));
}

TEST(OnlineColumn, ThatNumbersItself) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN number serial", {.major = 18}),
            (Lines{"brief: ALTER TABLE orders ADD COLUMN number INTEGER",
                   "+ brief: CREATE SEQUENCE orders_number_seq AS INTEGER OWNED BY orders.number",
                   "+ brief: ALTER TABLE orders ALTER COLUMN number SET DEFAULT nextval('orders_number_seq'::regclass)",
                   "batches: UPDATE orders SET number=nextval('orders_number_seq'::regclass) WHERE number IS NULL",
                   "brief: ALTER TABLE orders ADD CONSTRAINT orders_number_not_null NOT NULL number NOT VALID",
                   "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_number_not_null"}));
  EXPECT_EQ(
      online(kOrders, "ALTER TABLE orders ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY (START 100)", {.major = 18}),
      (Lines{"brief: ALTER TABLE orders ADD COLUMN n BIGINT",
             "+ brief: CREATE SEQUENCE bascule_orders_n START WITH 100",
             "+ brief: ALTER TABLE orders ALTER COLUMN n SET DEFAULT nextval('bascule_orders_n'::regclass)",
             "batches: UPDATE orders SET n=nextval('bascule_orders_n'::regclass) WHERE n IS NULL",
             "brief: ALTER TABLE orders ADD CONSTRAINT orders_n_not_null NOT NULL n NOT VALID",
             "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_n_not_null",
             "brief: ALTER TABLE orders ALTER COLUMN n DROP DEFAULT",
             "+ brief: ALTER TABLE orders ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY (START WITH 100)",
             "+ brief: SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence('orders', 'n'), "
             "nextval('bascule_orders_n'::regclass), false)",
             "+ brief: DROP SEQUENCE bascule_orders_n"}));
}

TEST(OnlineColumn, WithConstraints) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new' CHECK (state <> '')"),
            (Lines{"brief: ALTER TABLE orders ADD COLUMN state TEXT DEFAULT 'new' NOT NULL",
                   "brief: ALTER TABLE orders ADD CONSTRAINT orders_state_check CHECK (state <> '') NOT VALID",
                   "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_state_check"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN x int"),
            (Lines{"brief: ALTER TABLE orders ADD COLUMN x int"}));
}

/// What fills rows that come while the old ones are filled.
const std::string kFunction =
    "CREATE OR REPLACE FUNCTION bascule_fill_orders_kind() RETURNS trigger LANGUAGE plpgsql AS $bascule$ BEGIN "
    "NEW.kind "
    ":= (SELECT 'old' FROM (SELECT NEW.*) AS orders); RETURN NEW; END $bascule$";
const std::string kTrigger =
    "CREATE TRIGGER bascule_fill_orders_kind BEFORE INSERT ON orders FOR EACH ROW WHEN (NEW.kind IS NULL) EXECUTE "
    "FUNCTION bascule_fill_orders_kind()";

TEST(OnlineColumn, NotNullThatAnUpdateMakesTrue) {
  const Lines filled = {"brief: ALTER TABLE orders ADD COLUMN kind TEXT",
                        "+ brief: " + kFunction,
                        "+ brief: " + kTrigger,
                        "batches: UPDATE orders SET kind = 'old'",
                        "brief: ALTER TABLE orders ADD CONSTRAINT orders_kind_not_null NOT NULL kind NOT VALID",
                        "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_kind_not_null",
                        "brief: DROP TRIGGER bascule_fill_orders_kind ON orders",
                        "+ brief: DROP FUNCTION bascule_fill_orders_kind()"};
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN kind text NOT NULL; UPDATE orders SET kind = 'old'",
                   {.major = 18}),
            filled);
  Lines plain = filled;
  plain.front() = "brief: ALTER TABLE orders ADD COLUMN kind text";
  EXPECT_EQ(online(kOrders,
                   "ALTER TABLE orders ADD COLUMN kind text; UPDATE orders SET kind = 'old';"
                   "ALTER TABLE orders ALTER kind SET NOT NULL",
                   {.major = 18}),
            plain);
}

TEST(OnlineAlter, IsSplitWhereALockWouldLast) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN x int, ALTER total SET DEFAULT 0, ADD CHECK (total > 0)"),
            (Lines{"brief: ALTER TABLE orders ADD COLUMN x INTEGER",
                   "+ brief: ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0",
                   "brief: ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total > 0) NOT VALID",
                   "scan: ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN x int, ALTER total SET DEFAULT 0"),
            (Lines{"brief: ALTER TABLE orders ADD COLUMN x int, ALTER total SET DEFAULT 0"}));
}

TEST(OnlineColumn, NotNullWithoutAValueReadsNoRow) {
  const auto made = plan_of(kOrders, "ALTER TABLE orders ADD COLUMN x int NOT NULL");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->steps.size(), 1U);
  EXPECT_EQ(line_of(made->steps[0]), "brief: ALTER TABLE orders ADD COLUMN x int NOT NULL");
  EXPECT_EQ(made->steps[0].conduct.guard.rows_against, "SELECT id FROM orders LIMIT 1");
  EXPECT_EQ(
      online(kOrders, "ALTER TABLE orders DROP COLUMN note, ADD COLUMN x int NOT NULL", {.allow = {"drop-column"}}),
      (Lines{"brief: ALTER TABLE orders DROP COLUMN note, ADD COLUMN x int NOT NULL"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN x int NOT NULL; UPDATE orders SET note = ''").front(),
            "brief: ALTER TABLE orders ADD COLUMN x int NOT NULL");
  EXPECT_EQ(online(std::string(kOrders) + "; CREATE DOMAIN d AS int DEFAULT 1", "ALTER TABLE orders ADD x d NOT NULL"),
            (Lines{"brief: ALTER TABLE orders ADD x d NOT NULL"}));
}

TEST(OnlineColumn, IsNotFilledWhole) {
  EXPECT_EQ(online("CREATE TABLE ev (at date, v int) PARTITION BY RANGE (at); CREATE TABLE ev1 PARTITION OF ev FOR "
                   "VALUES FROM ('2025-01-01') TO ('2026-01-01')",
                   "ALTER TABLE ev ADD tok uuid DEFAULT gen_random_uuid()"),
            (Lines{"!! online-keeps-waiting: the whole of ev1 is written anew under ACCESS EXCLUSIVE on ev"}));
}

TEST(OnlineAlter, OnlyIsKeptWhereItMeansSomething) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE ONLY orders ADD CONSTRAINT c CHECK (total > 0)").size(), 2U);
  EXPECT_EQ(online("CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a)",
                   "ALTER TABLE ONLY a ADD CONSTRAINT c CHECK (x > 0) NO INHERIT"),
            (Lines{"!! online-keeps-waiting: the whole of a is read under ACCESS EXCLUSIVE on a"}));
}

TEST(OnlineBreaks, AreRefusedUnlessAllowed) {
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders DROP COLUMN note"),
            (Lines{"!! online-breaks-application: column orders.note is dropped"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders DROP COLUMN note", {.allow = {"drop-column"}}),
            (Lines{"brief: ALTER TABLE orders DROP COLUMN note"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders RENAME note TO remark"),
            (Lines{"!! online-breaks-application: column orders.note is renamed to remark"}));
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ALTER total TYPE bigint"),
            (Lines{"!! online-breaks-application: the type of orders.total changes, and the table is written anew for "
                   "it"}));
  EXPECT_EQ(online(kOrders, "CREATE TABLE t (a int); ALTER TABLE t RENAME a TO b; DROP TABLE t").size(), 3U);
}

TEST(OnlineBreaks, WhatTheRunMadeNobodyUsesYet) {
  const std::string add = "ALTER TABLE orders ADD COLUMN b text; ";
  EXPECT_EQ(online(kOrders, add + "ALTER TABLE orders RENAME COLUMN b TO c; ALTER TABLE orders DROP COLUMN c").size(),
            3U);
  EXPECT_EQ(online(kOrders, add + "ALTER TABLE orders DROP COLUMN note").size(), 1U);
  EXPECT_EQ(online(kOrders, "ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text; ALTER TABLE orders DROP note"),
            (Lines{"!! online-breaks-application: column orders.note is dropped"}));
}

std::string scanned(const std::string& sql) {
  const std::string before =
      "CREATE TABLE u (id int PRIMARY KEY, org int); CREATE TABLE o (id int PRIMARY KEY, owner int)";
  const plan::Impact impact = postgres().impact(sql, schema_of(before), server(15));
  std::string names = impact.refused;
  for (const plan::Work& work : impact.scans) names += work.relation.name.text() + " ";
  return names;
}

TEST(OnlineRows, AJoinIsNoLookUp) {
  EXPECT_EQ(scanned("UPDATE u SET org = 1 WHERE id = 5"), "");
  EXPECT_EQ(scanned("UPDATE u SET org = 1 WHERE u.id IN (1, 2) AND org > 3"), "");
  EXPECT_EQ(scanned("UPDATE u SET org = v.org FROM (VALUES (1, 2)) v (id, org) WHERE u.id = v.id"), "");
  EXPECT_EQ(scanned("UPDATE u SET org = o.id FROM o WHERE o.owner = u.id"), "u ");
  EXPECT_EQ(scanned("UPDATE u SET org = o.id FROM o WHERE o.id = 5 AND o.owner = u.org"), "u ");
  EXPECT_EQ(scanned("DELETE FROM u a USING u b WHERE a.id < b.id"), "u ");
  EXPECT_EQ(scanned("DELETE FROM u WHERE EXISTS (SELECT FROM o WHERE o.owner = u.id)"), "u ");
}

TEST(OnlineRows, NamesOfAWithAreNoTables) {
  EXPECT_EQ(scanned("WITH n AS (SELECT id, owner FROM o) UPDATE u SET org = n.id FROM n WHERE u.id = n.owner"), "o u ");
  EXPECT_EQ(scanned("WITH a AS (SELECT id FROM o), b AS (SELECT id FROM a) INSERT INTO u SELECT id FROM b"), "o ");
  EXPECT_EQ(scanned("WITH d AS (DELETE FROM u WHERE id = 1 RETURNING id) INSERT INTO o SELECT id FROM d"), "");
  EXPECT_EQ(scanned("UPDATE u SET org = (WITH n AS (SELECT 1 AS id) SELECT id FROM n) WHERE id = 5"), "");
  EXPECT_EQ(scanned("UPDATE u SET org = (WITH n AS (SELECT 1) SELECT 1) FROM n WHERE u.id = 5"), "there is no n");
  EXPECT_EQ(scanned("WITH o AS (SELECT owner FROM o) UPDATE u SET org = 1 FROM o WHERE u.id = o.owner"), "o u ");
}

TEST(OnlineRows, InBatches) {
  const auto made = plan_of(kOrders, "UPDATE orders o SET note = o.code || 'x', total = 0 WHERE o.total IS NULL");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->steps.size(), 1U);
  const auto& batches = made->steps[0].conduct.batches;
  ASSERT_TRUE(batches);
  EXPECT_EQ(batches->table_sql, "orders");
  EXPECT_EQ(batches->key_sql, (Lines{"id"}));
  EXPECT_EQ(batches->key_types, (Lines{"bigint"}));
  EXPECT_EQ(batches->alias_sql, "o");
  EXPECT_EQ(batches->set_sql, "note = o.code || 'x', total = 0");
  EXPECT_EQ(batches->where_sql, "o.total IS NULL");
  EXPECT_EQ(batches->wrong_sql,
            "note IS DISTINCT FROM CAST((o.code || 'x') AS text) OR total IS DISTINCT FROM CAST((0) AS integer)");
}

std::string why_whole(const std::string& sql, const std::string& before = kOrders) {
  const auto batches = postgres().online()->batches(sql, schema_of(before));
  return batches ? "batches" : batches.error();
}

TEST(OnlineRows, LeftWholeWhereRowsDependOnOthers) {
  EXPECT_EQ(why_whole("DELETE FROM orders WHERE total = 0"), "batches");
  EXPECT_EQ(why_whole("UPDATE orders SET note = (SELECT email FROM users u WHERE u.id = user_id)"), "batches");
  EXPECT_EQ(why_whole("UPDATE orders SET total = (SELECT max(total) FROM orders)"), "it reads other rows of orders");
  EXPECT_EQ(why_whole("UPDATE orders SET note = email FROM users"), "it reads other tables in FROM");
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1 RETURNING id"), "it has RETURNING");
  EXPECT_EQ(why_whole("UPDATE orders SET note = now()::text"),
            "it writes the time of its transaction, and batches have a transaction each");
  EXPECT_EQ(why_whole("UPDATE orders SET note = f(note)"), "what the function f reads is not known");
  EXPECT_EQ(why_whole("UPDATE orders SET note = gen_random_uuid()::text"), "batches");
  EXPECT_EQ(why_whole("DELETE FROM orders WHERE random() < 0.5"), "its condition is another one each time");
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1 WHERE id = 5"), "it names its rows by their key");
  EXPECT_EQ(why_whole("UPDATE t SET a = a + 1", "CREATE TABLE t (a int)"),
            "t has no key to walk along, and no row may be written twice");
  EXPECT_EQ(why_whole("UPDATE t SET a = 1", "CREATE TABLE t (a int)"), "batches");
  EXPECT_EQ(why_whole("UPDATE t SET u = gen_random_uuid() WHERE u IS NULL", "CREATE TABLE t (u uuid)"), "batches");
  EXPECT_EQ(why_whole("DELETE FROM t WHERE a = 1", "CREATE TABLE t (id int PRIMARY KEY, a int, up int REFERENCES t)"),
            "rows of t refer to each other by t_up_fkey");
}

TEST(OnlineRows, LeftWholeWhereFunctionsOrValuesAreOfTheWholeStatement) {
  const std::string functions = std::string(kOrders) +
                                "; CREATE FUNCTION seen() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT 1';"
                                "CREATE FUNCTION plain(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1';"
                                "CREATE FUNCTION sly() RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1 FROM orders'";
  EXPECT_EQ(why_whole("UPDATE orders SET total = seen()", functions),
            "the function seen is not IMMUTABLE: what it gives may depend on other rows");
  EXPECT_EQ(why_whole("UPDATE orders SET note = plain(note)", functions), "batches");
  EXPECT_EQ(why_whole("UPDATE orders SET total = sly()", functions), "the function sly reads orders");
  EXPECT_EQ(why_whole("UPDATE orders SET total = (SELECT nextval('s'))"),
            "nextval() in a query of it may give all rows one value");
  EXPECT_EQ(why_whole("UPDATE orders SET total = (SELECT count(*) FROM users u WHERE u.id = user_id)"), "batches");
  const std::string times =
      "CREATE TABLE t (id int PRIMARY KEY, at timestamptz DEFAULT now(), n int DEFAULT 7, s text DEFAULT 'x')";
  const std::string of_time = "it writes the time of its transaction, and batches have a transaction each";
  EXPECT_EQ(why_whole("UPDATE t SET at = DEFAULT", times), of_time);
  EXPECT_EQ(why_whole("UPDATE t SET at = ' Today'", times), of_time);
  EXPECT_EQ(why_whole("UPDATE t SET s = 'now'::timestamp::text", times), of_time);
  EXPECT_EQ(why_whole("UPDATE t SET s = 'now', n = DEFAULT", times), "batches");
}

TEST(OnlineRows, LeftWholeWhereTriggersSeeMoreThanARow) {
  const std::string orders = std::string(kOrders) +
                             "; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;"
                             "CREATE TRIGGER t AFTER UPDATE ON orders ";
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1", orders + "REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT "
                                                              "EXECUTE FUNCTION f()"),
            "the trigger t runs once a statement");
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1", orders + "EXECUTE FUNCTION f()"),
            "the trigger t runs once a statement");
  EXPECT_EQ(why_whole("DELETE FROM orders", orders + "EXECUTE FUNCTION f()"), "batches");
  const std::string each = orders + "FOR EACH ROW EXECUTE FUNCTION f()";
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1", each), "batches");
  EXPECT_EQ(why_whole("UPDATE orders SET note = (SELECT email FROM users WHERE id = user_id)", each),
            "the trigger t may write what a query in it reads");
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1",
                      std::string(kOrders) +
                          "; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM 1; END$$;"
                          "CREATE CONSTRAINT TRIGGER t AFTER UPDATE ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH "
                          "ROW EXECUTE FUNCTION f()"),
            "the trigger t runs when all rows are written");
  EXPECT_EQ(why_whole("UPDATE orders SET total = 1",
                      std::string(kOrders) +
                          "; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN UPDATE orders SET note = "
                          "'x'; END$$; CREATE TRIGGER t AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION f()"),
            "the function of the trigger t speaks of orders");
}

TEST(OnlineRows, LeftWholeWhereForeignKeysCarryTheChange) {
  const std::string reports =
      "CREATE TABLE users (id int PRIMARY KEY, boss int, code int UNIQUE);"
      "CREATE TABLE reports (id int PRIMARY KEY, reporter int REFERENCES users ON DELETE CASCADE, reported int, "
      "code int REFERENCES users (code) ON UPDATE CASCADE);";
  EXPECT_EQ(why_whole("DELETE FROM users WHERE id IN (SELECT reported FROM reports)", reports),
            "it reads reports, whose rows change with those of users");
  EXPECT_EQ(why_whole("UPDATE users SET boss = (SELECT max(reported) FROM reports)", reports), "batches");
  EXPECT_EQ(why_whole("UPDATE users SET code = (SELECT max(reported) FROM reports)", reports),
            "it reads reports, whose rows change with those of users");
  EXPECT_EQ(why_whole("DELETE FROM t WHERE up IS NULL",
                      "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t ON DELETE SET NULL)"),
            "rows of t refer to each other by t_up_fkey");
  EXPECT_EQ(why_whole("DELETE FROM t WHERE a = 1",
                      "CREATE TABLE t (id int PRIMARY KEY, a int, up int REFERENCES t ON DELETE SET NULL)"),
            "batches");
  EXPECT_EQ(why_whole("DELETE FROM a WHERE x = 1",
                      "CREATE TABLE a (id int PRIMARY KEY, x int, b int);"
                      "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);"
                      "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b"),
            "rows of a and b depend on each other by a_b_fkey");
  EXPECT_EQ(why_whole("UPDATE users SET code = code + 1",
                      "CREATE TABLE users (id int PRIMARY KEY, code int UNIQUE);"
                      "CREATE TABLE r (code int REFERENCES users (code))"),
            "rows of r refer by r_code_fkey to what it writes");
  EXPECT_EQ(
      why_whole("UPDATE t SET a = 1", "CREATE TABLE t (id int PRIMARY KEY, a int, EXCLUDE (a WITH =) DEFERRABLE)"),
      "t_a_excl is checked when all rows are written");
}

TEST(OnlineRows, LeftWholeWhereItReadsItsOwnFamily) {
  const std::string events =
      "CREATE TABLE ev (id int, at date, v int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
      "CREATE TABLE ev1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')";
  EXPECT_EQ(why_whole("UPDATE ev SET v = (SELECT sum(v) FROM ev1)", events), "it reads ev1, which shares rows with ev");
  EXPECT_EQ(why_whole("UPDATE ev1 SET v = (SELECT sum(v) FROM ev)", events), "it reads ev, which shares rows with ev1");
  EXPECT_EQ(why_whole("UPDATE c SET v = (SELECT sum(v) FROM p)",
                      "CREATE TABLE p (id int PRIMARY KEY, v int); CREATE TABLE c (PRIMARY KEY (id)) INHERITS (p)"),
            "it reads p, which shares rows with c");
}

std::string wrong_of(const std::string& sql, const std::string& before) {
  const auto batches = postgres().online()->batches(sql, schema_of(before));
  return batches ? batches->wrong_sql : batches.error();
}

TEST(OnlineRows, AreLeftOutOnlyWhereEqualIsTheSame) {
  const std::string t =
      "CREATE TABLE t (id int PRIMARY KEY, n numeric, i interval, j jsonb, f float8, c text COLLATE \"C\", v "
      "varchar(9), at timestamptz(3));";
  for (const char* set : {"n = 1.00", "i = '1 day'", "j = '{}'", "f = 0", "c = 'a'"})
    EXPECT_EQ(wrong_of("UPDATE t SET " + std::string(set), t), "") << set;
  EXPECT_EQ(wrong_of("UPDATE t SET v = 'a'", t), "v IS DISTINCT FROM CAST(('a') AS character varying(9))");
  EXPECT_EQ(
      wrong_of("UPDATE t SET v = 'a'", t + "CREATE TRIGGER x AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"), "");
}

TEST(OnlineRows, WithoutAKeyHaveToTellWhetherTheyAreDone) {
  const std::string why = "k has no key to walk along, and its rows do not tell whether they are done";
  const std::string k = "CREATE TABLE k (a int, b text DEFAULT 'q', j json, g int GENERATED ALWAYS AS (a + 1) STORED);";
  EXPECT_EQ(why_whole("UPDATE k SET j = '{}'", k), why);
  EXPECT_EQ(why_whole("UPDATE k SET b = DEFAULT", k), why);
  EXPECT_EQ(
      why_whole("UPDATE k SET b = 'c'", k + "CREATE TRIGGER x BEFORE UPDATE ON k FOR EACH ROW EXECUTE FUNCTION f()"),
      why);
  EXPECT_EQ(why_whole("UPDATE k SET a = g", k), "k has no key to walk along, and no row may be written twice");
  EXPECT_EQ(why_whole("DELETE FROM k WHERE a = 1", k), "batches");
}

std::string why_not_filled(const std::string& update, const std::string& also = "") {
  const std::string before =
      "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE users (id int, email text);"
      "CREATE TABLE orders (id int PRIMARY KEY, a text, note text, g int GENERATED ALWAYS AS "
      "(id + 1) STORED);" +
      also;
  const auto made = postgres().online()->fillers(update, schema_of(before), server(15));
  if (made.empty()) return "none";
  return made.front().why_not.empty() ? made.front().make.front() : made.front().why_not;
}

TEST(OnlineColumn, IsFilledByATriggerOnlyWhereWhoeverInsertsCanRunIt) {
  const std::string head =
      "CREATE OR REPLACE FUNCTION bascule_fill_orders_note() RETURNS trigger LANGUAGE plpgsql AS $bascule$ BEGIN "
      "NEW.note := (SELECT ";
  EXPECT_EQ(why_not_filled("UPDATE orders o SET note = upper(o.a) WHERE o.note IS NULL"),
            head + "upper(o.a) FROM (SELECT NEW.*) AS o); RETURN NEW; END $bascule$");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = gen_random_uuid()").substr(0, head.size()), head);
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = a WHERE a <> ''"), "none");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = (SELECT max(email) FROM users)"), "its value reads other tables");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = public.orders.a"),
            "its value speaks of the row otherwise than by its columns' names");
  EXPECT_EQ(why_not_filled("UPDATE orders o SET note = to_jsonb(o)"),
            "its value speaks of the row otherwise than by its columns' names");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = g::text"), "its value reads the generated column g");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = 'a'::mood"), "its value names the type mood");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = f(a)",
                           "CREATE FUNCTION f(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1'"),
            "its value calls f, which is not the server's own");
  EXPECT_EQ(why_not_filled("UPDATE orders SET note = nextval('s')::text"),
            "its value calls nextval, which not everybody may who inserts");
}

TEST(OnlineColumn, FillersOfLongNamesDoNotShareOne) {
  const auto made = postgres().online()->fillers(
      "UPDATE t SET a_very_long_column_name_number_one = 1, a_very_long_column_name_number_two = 2",
      schema_of("CREATE TABLE t (a_very_long_column_name_number_one int, a_very_long_column_name_number_two int)"),
      server(15));
  ASSERT_EQ(made.size(), 2U);
  EXPECT_NE(made[0].trigger.text(), made[1].trigger.text());
  EXPECT_LE(made[0].trigger.text().size(), 63U);
}

TEST(OnlineColumn, SaysWhyNewRowsAreNotFilled) {
  const auto made = plan_of(std::string(kOrders),
                            "UPDATE orders SET note = (SELECT email FROM users u WHERE u.id = user_id);"
                            "ALTER TABLE orders ALTER note SET NOT NULL");
  ASSERT_TRUE(made);
  EXPECT_EQ(
      made->steps[0].conduct.reason,
      "a few rows at a time: none is locked for long; rows that come meanwhile have to bring note themselves: its "
      "value reads other tables");
}

TEST(OnlineReindex, Concurrently) {
  EXPECT_EQ(online(kOrders, "REINDEX INDEX orders_note"),
            (Lines{"concurrent: REINDEX INDEX CONCURRENTLY orders_note"}));
  EXPECT_EQ(online(kOrders, "REINDEX TABLE orders"), (Lines{"concurrent: REINDEX TABLE CONCURRENTLY orders"}));
}

constexpr const char* kEvents =
    "CREATE TABLE events (id bigint, at date NOT NULL) PARTITION BY RANGE (at);"
    "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
    "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')";

TEST(OnlinePartition, DetachedConcurrently) {
  EXPECT_EQ(online(kEvents, "ALTER TABLE events DETACH PARTITION events_1"),
            (Lines{"concurrent: ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY",
                   "brief: ALTER TABLE events_1 DROP CONSTRAINT IF EXISTS events_1_at_check"}));
  EXPECT_EQ(online(kEvents, "ALTER TABLE events DETACH PARTITION events_1", {.major = 13}),
            (Lines{"brief: ALTER TABLE events DETACH PARTITION events_1"}));
}

/// A bound on the lock would leave an invalid index; a partition is queued for, and others behind it.
TEST(OnlineConcurrent, OnlyPartitionsAreLockedInTheEnd) {
  const auto locked = [](const std::string& before, const std::string& sql) {
    const auto made = plan_of(before, sql);
    EXPECT_EQ(made->steps.front().conduct.pace, plan::Pace::kConcurrent) << sql;
    return made->steps.front().conduct.lock_tables;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(locked(kOrders, "DROP INDEX orders_note"), Names{});
  EXPECT_EQ(locked(kOrders, "REINDEX TABLE orders"), Names{});
  EXPECT_EQ(locked(kOrders, "CREATE INDEX i ON orders (total)"), Names{});
  EXPECT_EQ(locked(kEvents, "ALTER TABLE events DETACH PARTITION events_1"), Names{"events_1"});
}

TEST(OnlinePartition, IndexIsBuiltPartByPart) {
  EXPECT_EQ(online(kEvents, "CREATE INDEX events_id ON events (id)"),
            (Lines{"brief: CREATE INDEX events_id ON ONLY events (id)",
                   "concurrent: CREATE INDEX CONCURRENTLY events_1_id_idx ON events_1 (id)",
                   "brief: ALTER INDEX events_id ATTACH PARTITION events_1_id_idx",
                   "concurrent: CREATE INDEX CONCURRENTLY events_2_id_idx ON events_2 (id)",
                   "brief: ALTER INDEX events_id ATTACH PARTITION events_2_id_idx"}));
  EXPECT_EQ(
      online(std::string(kEvents) + "; CREATE INDEX mine ON events_1 (id)", "CREATE INDEX events_id ON events (id)"),
      (Lines{"brief: CREATE INDEX events_id ON ONLY events (id)", "brief: ALTER INDEX events_id ATTACH PARTITION mine",
             "concurrent: CREATE INDEX CONCURRENTLY events_2_id_idx ON events_2 (id)",
             "brief: ALTER INDEX events_id ATTACH PARTITION events_2_id_idx"}));
  EXPECT_EQ(online(std::string(kEvents) + "; CREATE INDEX mine ON events_1 (id)",
                   "CREATE INDEX events_id ON events USING btree (id ASC)")[1],
            "brief: ALTER INDEX events_id ATTACH PARTITION mine");
}

TEST(OnlinePartition, PartsAreKnownWithWhatTheWholeHas) {
  EXPECT_EQ(online(kEvents, "CREATE INDEX i ON events (id); ALTER TABLE events DETACH PARTITION events_1").back(),
            "brief: ALTER TABLE events_1 DROP CONSTRAINT IF EXISTS events_1_at_check");
  const std::string deeper = std::string(kEvents) +
                             "; CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO "
                             "('2027-01-01') PARTITION BY LIST (id); CREATE TABLE events_3_1 PARTITION OF events_3 "
                             "FOR VALUES IN (1)";
  EXPECT_EQ(online(deeper, "CREATE INDEX i ON events (id); CREATE INDEX j ON events_3_1 (id, at)").back(),
            "concurrent: CREATE INDEX CONCURRENTLY j ON events_3_1 (id, at)");
}

TEST(OnlinePartition, ForeignKeyIsValidatedPartByPart) {
  const std::string before = std::string(kEvents) + "; CREATE TABLE users (id bigint PRIMARY KEY)";
  const std::string add = "ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id)";
  EXPECT_EQ(online(before, add),
            (Lines{"brief: ALTER TABLE events_1 ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID",
                   "scan: ALTER TABLE events_1 VALIDATE CONSTRAINT f",
                   "brief: ALTER TABLE events_2 ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID",
                   "scan: ALTER TABLE events_2 VALIDATE CONSTRAINT f",
                   "brief: ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id)"}));
  EXPECT_EQ(online(before, add, {.major = 18}),
            (Lines{"brief: ALTER TABLE events ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES users (id) NOT VALID",
                   "scan: ALTER TABLE events VALIDATE CONSTRAINT f"}));
}

TEST(OnlineType, FreeChangesStayFree) {
  const std::string before =
      "CREATE TABLE t (id int PRIMARY KEY, v varchar(10), CONSTRAINT c CHECK (v <> '')); CREATE INDEX e ON t "
      "(lower(v))";
  EXPECT_EQ(
      online(before, "ALTER TABLE t ALTER v TYPE text"),
      (Lines{"concurrent: DROP INDEX CONCURRENTLY e", "brief: ALTER TABLE t DROP CONSTRAINT c",
             "+ brief: ALTER TABLE t ALTER v TYPE text",
             "+ brief: ALTER TABLE t ADD CONSTRAINT c CHECK (v <> '') NOT VALID",
             "scan: ALTER TABLE t VALIDATE CONSTRAINT c", "concurrent: CREATE INDEX CONCURRENTLY e ON t (lower(v))"}));
  EXPECT_EQ(online("CREATE TABLE t (v varchar(10))", "ALTER TABLE t ALTER v TYPE text"),
            (Lines{"brief: ALTER TABLE t ALTER v TYPE text"}));
}

TEST(OnlineAddColumn, IsNotFilledWhereAnUpdateWouldDoMore) {
  const std::string table =
      "CREATE TABLE t (id int PRIMARY KEY, at timestamptz);"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
  const std::string add = "ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()";
  const auto refused = [&](const std::string& more) {
    return online(table + more, add).front().starts_with("!! online-keeps-waiting");
  };
  EXPECT_FALSE(refused(""));
  EXPECT_TRUE(refused("CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"));
  EXPECT_TRUE(refused("CREATE TRIGGER g AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f()"));
  const auto why = plan_of(table + "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()", add);
  ASSERT_FALSE(why);
  EXPECT_TRUE(why.error().list().front().cause.ends_with("by an UPDATE, which does more: the trigger g fires"));
  EXPECT_FALSE(refused("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"));
  EXPECT_FALSE(refused("CREATE TRIGGER g AFTER UPDATE OF at ON t FOR EACH ROW EXECUTE FUNCTION f()"));
  EXPECT_TRUE(refused("CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING"));
  EXPECT_TRUE(refused("CREATE POLICY p ON t USING (id < 100)"));
  EXPECT_TRUE(online("CREATE TABLE ev (at date NOT NULL, v int) PARTITION BY RANGE (at);"
                     "CREATE TABLE ev_1 PARTITION OF ev DEFAULT",
                     "ALTER TABLE ev ADD COLUMN c uuid DEFAULT gen_random_uuid()")
                  .front()
                  .starts_with("!! online-keeps-waiting"))
      << "rows that cannot be walked";
}

TEST(OnlineAddColumn, NamesNeedNoQuotesToBeNumbered) {
  const Lines lines = online("CREATE TABLE \"Users\" (k int PRIMARY KEY)",
                             "ALTER TABLE \"Users\" ADD COLUMN \"Id\" bigint GENERATED ALWAYS AS IDENTITY");
  EXPECT_EQ(lines.front(), "brief: ALTER TABLE \"Users\" ADD COLUMN \"Id\" BIGINT");
  EXPECT_EQ(lines[1], "+ brief: CREATE SEQUENCE bascule_users_id");
  EXPECT_EQ(lines.back(), "+ brief: DROP SEQUENCE bascule_users_id");
}

TEST(OnlineConstraint, OfATableThatIsNotKnownIsNotCutInTwo) {
  EXPECT_TRUE(online("CREATE TABLE t (id int PRIMARY KEY, u int); CREATE TABLE users (id int PRIMARY KEY)",
                     "CREATE TABLE t2 AS SELECT * FROM t; ALTER TABLE t2 ADD FOREIGN KEY (u) REFERENCES users")
                  .front()
                  .starts_with("!! online-keeps-waiting"));
}

TEST(OnlineEnum, ValueIsCommittedBeforeItIsUsed) {
  const std::string before = "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, m mood)";
  EXPECT_EQ(online(before, "ALTER TYPE mood ADD VALUE 'b'; UPDATE t SET m = 'b'"),
            (Lines{"brief: ALTER TYPE mood ADD VALUE 'b'", "batches: UPDATE t SET m = 'b'"}));
  EXPECT_EQ(online(before, "ALTER TYPE mood ADD VALUE 'b'", {.major = 11}),
            (Lines{"@ brief: ALTER TYPE mood ADD VALUE 'b'"}));
}

// -- Taking back
// -------------------------------------------------------------------------------------------------------

plan::Guard guard_of(const std::string& before, const std::string& migration, const Options& options = {}) {
  const Made made = plan_of(before, migration, options);
  if (!made || made->steps.empty()) return {};
  return made->steps.front().conduct.guard;
}

TEST(Undo, AKeyIsBuiltWhileOthersWrite) {
  const plan::Guard guard =
      guard_of("CREATE TABLE t (id int CONSTRAINT k PRIMARY KEY)", "ALTER TABLE t DROP CONSTRAINT k");
  EXPECT_EQ(guard.undo, (Lines{"DROP INDEX CONCURRENTLY IF EXISTS k", "CREATE UNIQUE INDEX CONCURRENTLY k ON t (id)"}));
  EXPECT_EQ(guard.undo_last, (Lines{"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX k"}));
  EXPECT_FALSE(guard.undo_in_transaction);
  EXPECT_TRUE(guard.undo_is_whole);
}

TEST(Undo, ACheckIsValidatedWhileOthersWrite) {
  const plan::Guard guard =
      guard_of("CREATE TABLE t (id int, CONSTRAINT c CHECK (id > 0))", "ALTER TABLE t DROP CONSTRAINT c");
  EXPECT_EQ(guard.undo_first, (Lines{"ALTER TABLE t DROP CONSTRAINT IF EXISTS c",
                                     "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID"}));
  EXPECT_EQ(guard.undo, (Lines{"ALTER TABLE t VALIDATE CONSTRAINT c"}));
  EXPECT_EQ(guard.clean_up, (Lines{"ALTER TABLE t DROP CONSTRAINT IF EXISTS c"}));
}

TEST(Undo, NotNullComesBackOverACheck) {
  const plan::Guard guard = guard_of("CREATE TABLE t (a int NOT NULL)", "ALTER TABLE t ALTER COLUMN a DROP NOT NULL");
  EXPECT_EQ(guard.undo, (Lines{"ALTER TABLE t VALIDATE CONSTRAINT bascule_not_null_a"}));
  EXPECT_EQ(guard.undo_last, (Lines{"ALTER TABLE t ALTER COLUMN a SET NOT NULL",
                                    "ALTER TABLE t DROP CONSTRAINT IF EXISTS bascule_not_null_a"}));
}

TEST(Undo, ATypeThatIsNotCastByItselfIsCastByName) {
  const plan::Guard guard = guard_of("CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e DEFAULT 'a')",
                                     "ALTER TABLE t ALTER COLUMN x TYPE text", {.allow = {"change-column-type"}});
  ASSERT_EQ(guard.undo.size(), 3U);
  EXPECT_EQ(guard.undo[0], "ALTER TABLE t ALTER COLUMN x DROP DEFAULT");
  EXPECT_EQ(guard.undo[1], "ALTER TABLE t ALTER COLUMN x TYPE e USING x::e");
}

TEST(Undo, WhatStaysIsKnown) {
  const std::string before = "CREATE TABLE t (a int, b int)";
  const Options allowed{.allow = {"drop-column", "session-setting"}};
  EXPECT_FALSE(guard_of(before, "ALTER TABLE t DROP COLUMN a", allowed).undo_is_whole);
  EXPECT_FALSE(guard_of(before, "ALTER TABLE t DROP COLUMN a, ADD COLUMN c int", allowed).undo_is_whole);
  EXPECT_FALSE(guard_of(before, "INSERT INTO t VALUES (1, 1)").undo_is_whole);
  EXPECT_FALSE(guard_of(before, "GRANT SELECT ON t TO PUBLIC").undo_is_whole);
  EXPECT_FALSE(guard_of(before, "DO $$BEGIN NULL; END$$").undo_is_whole);
  EXPECT_TRUE(guard_of(before, "ALTER TABLE t ADD COLUMN c int, ADD COLUMN d int").undo_is_whole);
  EXPECT_TRUE(guard_of(before, "SET work_mem = '1GB'", allowed).undo_is_whole);
}

TEST(Undo, WhatWasThereBeforeTheRunIsInTheWayUnlessItsAuthorSaysOtherwise) {
  const std::string before = "CREATE TABLE t (a int)";
  EXPECT_FALSE(guard_of(before, "CREATE INDEX i ON t (a)").blocked_when.empty());
  EXPECT_TRUE(guard_of(before, "CREATE INDEX IF NOT EXISTS i ON t (a)").blocked_when.empty());
}

}  // namespace
}  // namespace bascule
