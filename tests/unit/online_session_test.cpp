// What a migration does to its session and its transactions, and which steps share one.
#include <gtest/gtest.h>

#include "online_support.h"

namespace bascule {
namespace {

using namespace online_test;  // NOLINT: test helpers

constexpr const char* kOrders =
    "CREATE TABLE users (id bigint PRIMARY KEY, email text);"
    "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, note text, total integer);"
    "CREATE VIEW open_orders AS SELECT id FROM orders";
const Lines kSetting = {"!! online-session-setting: the migration changes a setting of its session"};
const Lines kLocalSetting = {"!! online-session-setting: the migration changes a setting of its transaction"};
const Lines kTemporary = {"!! online-session-setting: the migration makes something temporary"};
const Lines kUntilCommit = {"!! online-session-setting: the migration makes a table that is gone with its transaction"};
const std::string kAdd = "ALTER TABLE orders ADD COLUMN x int";

TEST(OnlineSharing, NothingWorksBehindALockThatIsHeld) {
  EXPECT_EQ(online(kOrders, kAdd + "; DO $$BEGIN PERFORM pg_sleep(4); END$$"),
            (Lines{"brief: " + kAdd, "unbounded: DO $$BEGIN PERFORM pg_sleep(4); END$$"}));
  EXPECT_EQ(online(kOrders, "DO $$BEGIN PERFORM f(); END$$; " + kAdd),
            (Lines{"unbounded: DO $$BEGIN PERFORM f(); END$$", "brief: " + kAdd}));
  EXPECT_EQ(online(kOrders, kAdd + "; CALL p()"), (Lines{"brief: " + kAdd, "unbounded: CALL p()"}));
  EXPECT_EQ(online(kOrders, kAdd + "; SELECT slow()"), (Lines{"brief: " + kAdd, "scan: SELECT slow()"}));
  EXPECT_EQ(online(kOrders, "CREATE TABLE n (a int); " + kAdd + "; INSERT INTO n VALUES (slow())"),
            (Lines{"brief: CREATE TABLE n (a int)", "+ brief: " + kAdd, "scan: INSERT INTO n VALUES (slow())"}));
  EXPECT_EQ(online(kOrders, kAdd + "; CREATE TABLE n AS SELECT generate_series(1, 9) AS a"),
            (Lines{"brief: " + kAdd, "scan: CREATE TABLE n AS SELECT generate_series(1, 9) AS a"}));
  EXPECT_EQ(online(kOrders, kAdd + "; CREATE TABLE n (a int); ALTER TABLE orders ALTER total SET DEFAULT 0"),
            (Lines{"brief: " + kAdd, "+ brief: CREATE TABLE n (a int)",
                   "+ brief: ALTER TABLE orders ALTER total SET DEFAULT 0"}));
}

TEST(OnlineSharing, AViewIsGoneForAMomentAtMost) {
  EXPECT_EQ(online(kOrders, "DROP VIEW open_orders; CREATE VIEW open_orders AS SELECT id, note FROM orders"),
            (Lines{"brief: DROP VIEW open_orders", "+ brief: CREATE VIEW open_orders AS SELECT id, note FROM orders"}));
  EXPECT_EQ(online(kOrders,
                   "DROP VIEW open_orders; CREATE TABLE n AS SELECT 1 AS a; "
                   "CREATE VIEW open_orders AS SELECT id, note FROM orders"),
            (Lines{"!! online-breaks-application: view open_orders is dropped"}));
  EXPECT_EQ(online("CREATE TABLE t (a int); CREATE MATERIALIZED VIEW v AS SELECT a FROM t",
                   "DROP MATERIALIZED VIEW v; CREATE MATERIALIZED VIEW v AS SELECT a + 1 AS a FROM t"),
            (Lines{"!! online-breaks-application: materialized view v is dropped"}));
}

TEST(OnlineSharing, WhatADeferredKeyLinksIsOneTransaction) {
  const std::string before =
      "CREATE TABLE a (id int PRIMARY KEY, x text); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a DEFERRABLE "
      "INITIALLY DEFERRED); CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a)";
  // Each reads other rows of its table, and is left whole.
  const std::string both =
      "DELETE FROM a WHERE x = (SELECT min(x) FROM a); DELETE FROM b WHERE a = (SELECT min(a) FROM b)";
  const Lines lines = online(before, both);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[1].starts_with("+ ")) << lines[1];
}

TEST(OnlineSession, TimeoutsAndTransactionsAreTheRuns) {
  EXPECT_EQ(online(kOrders, "BEGIN; SET lock_timeout = '5s'; " + kAdd + "; COMMIT"), (Lines{"brief: " + kAdd}));
  EXPECT_EQ(online(kOrders, "SET search_path = other; CREATE TABLE x (a int)"), kSetting);
}

TEST(OnlineSession, SetConfigIsASet) {
  EXPECT_EQ(online(kOrders, "SELECT set_config('search_path', 'other', false)"), kSetting);
  EXPECT_EQ(online(kOrders, "SELECT pg_catalog.set_config('search_path', '', false);"), kSetting);
  EXPECT_EQ(online(kOrders, "/* " + std::string(300, '-') + " */ SET search_path = other"), kSetting);
  EXPECT_EQ(online(kOrders, "SELECT f(set_config('search_path', 'other', f(1, false)))"), kSetting);
  EXPECT_EQ(online(kOrders, "SELECT set_config('lock_timeout', '5s', false), f()"), kSetting);
  EXPECT_EQ(
      online(kOrders,
             "SELECT set_config('lock_timeout', '5s', false), set_config('statement_timeout', '0', true);" + kAdd),
      (Lines{"brief: " + kAdd}));
  EXPECT_EQ(online(kOrders, "SELECT set_config('search_path', 'other', true); " + kAdd),
            (Lines{"brief: SELECT set_config('search_path', 'other', true)", "+ brief: " + kAdd}));
  EXPECT_EQ(online(kOrders, "PREPARE p AS SELECT 1"), kSetting);
  EXPECT_EQ(online(kOrders, "DISCARD ALL"), kSetting);
}

TEST(OnlineSession, ASettingOfATransactionHoldsForAllOfIt) {
  const std::string set = "SET LOCAL search_path = other; ";
  EXPECT_EQ(online(kOrders, set + kAdd + "; ALTER TABLE orders ALTER total SET DEFAULT 0"),
            (Lines{"brief: SET LOCAL search_path = other", "+ brief: " + kAdd,
                   "+ brief: ALTER TABLE orders ALTER total SET DEFAULT 0"}));
  EXPECT_EQ(online(kOrders, "SET LOCAL session_replication_role = replica; UPDATE orders SET total = 1"),
            kLocalSetting);
  EXPECT_EQ(online(kOrders, set + kAdd + "; CREATE INDEX i ON orders (total)"), kLocalSetting);
  EXPECT_EQ(online(kOrders, "BEGIN; " + set + kAdd + "; COMMIT; CREATE INDEX i ON orders (total)").size(), 3U);
  EXPECT_EQ(online(kOrders, "SET CONSTRAINTS ALL DEFERRED; UPDATE orders SET total = 1"), kLocalSetting);
  EXPECT_EQ(online(kOrders, "SET LOCAL search_path = other; DO $$BEGIN END$$"),
            (Lines{"brief: SET LOCAL search_path = other", "+ unbounded: DO $$BEGIN END$$"}));
}

TEST(OnlineSession, TablesAreNotLockedUnseen) {
  const std::string lock = "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE";
  const Options allowed{.allow = {"lock-table"}};
  EXPECT_EQ(online(kOrders, lock + "; SELECT slow()"),
            (Lines{"!! online-lock-table: the migration locks a table by itself"}));
  EXPECT_EQ(online(kOrders, lock + "; SELECT slow()", allowed), (Lines{"brief: " + lock, "+ scan: SELECT slow()"}));
  EXPECT_EQ(online(kOrders, lock + "; UPDATE orders SET total = 1"),
            (Lines{"!! online-lock-table: the migration locks a table by itself"}));
  EXPECT_EQ(online(kOrders, lock + "; UPDATE orders SET total = 1", allowed),
            (Lines{"!! online-lock-table: the lock would protect nothing"}));
  EXPECT_EQ(online(kOrders, "CREATE TABLE n (a int); LOCK TABLE n; INSERT INTO n VALUES (1)"),
            (Lines{"brief: CREATE TABLE n (a int)", "+ brief: LOCK TABLE n", "+ scan: INSERT INTO n VALUES (1)"}));
}

TEST(OnlineSession, NothingTemporary) {
  EXPECT_EQ(online(kOrders, "CREATE TEMP TABLE n (a int)"), kTemporary);
  EXPECT_EQ(online(kOrders, "CREATE LOCAL TEMPORARY TABLE n AS SELECT 1 AS a"), kTemporary);
  EXPECT_EQ(online(kOrders, "SELECT id INTO TEMP n FROM orders"), kTemporary);
  EXPECT_EQ(online(kOrders, "CREATE OR REPLACE TEMP VIEW n AS SELECT 1 AS a"), kTemporary);
  EXPECT_EQ(online(kOrders, "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"), kTemporary);
  EXPECT_EQ(online(kOrders, "CREATE TEMP TABLE n (a int)", {.allow = {"session-setting"}}).size(), 1U);
  const Options allowed{.allow = {"session-setting"}};
  EXPECT_EQ(online(kOrders, "CREATE TEMP TABLE n ON COMMIT DROP AS SELECT 1 AS a", allowed), kUntilCommit);
  EXPECT_EQ(online(kOrders, "CREATE TEMP TABLE n (a int) ON COMMIT DROP", allowed), kUntilCommit);
  EXPECT_EQ(online(kOrders, "CREATE TABLE temp (a int)"), (Lines{"brief: CREATE TABLE temp (a int)"}));
}

/// As of a file that is sent as it stands, outside of transactions of ours.
plan::RevisionPlan sent_as_it_is(const std::vector<std::string>& texts) {
  Diagnostics diagnostics;
  plan::RevisionPlan revision;
  std::vector<model::AuthoredOperation> operations;
  for (const std::string& sql : texts) operations.push_back({model::RawSql{sql}, {}, "op.execute", true});
  revision.steps = planner::lower(operations, postgres(), diagnostics);
  return revision;
}

Lines of_texts(const std::vector<std::string>& texts) {
  planner::OnlineState state{schema_of(kOrders), {}};
  const auto made = planner::online_plan(sent_as_it_is(texts), state, postgres(), server(15), {});
  Lines lines;
  for (const plan::Step& step : made ? made->steps : std::vector<plan::Step>()) lines.push_back(line_of(step));
  return lines;
}

TEST(OnlineSession, BetweenBeginAndCommitIsATransaction) {
  const Lines view = {"brief: DROP VIEW open_orders", "+ brief: CREATE VIEW open_orders AS SELECT 1 AS id"};
  EXPECT_EQ(of_texts({"BEGIN; DROP VIEW open_orders; CREATE VIEW open_orders AS SELECT 1 AS id; COMMIT"}), view);
  EXPECT_EQ(of_texts({"BEGIN", "DROP VIEW open_orders", "CREATE VIEW open_orders AS SELECT 1 AS id", "COMMIT"}), view);
  EXPECT_EQ(of_texts({"BEGIN", "DO $$BEGIN END$$", "COMMIT", "DO $$BEGIN COMMIT; END$$"}),
            (Lines{"unbounded: DO $$BEGIN END$$", "@ unbounded: DO $$BEGIN COMMIT; END$$"}));
  // One statement by itself is a transaction; ours has the journal's mark in it.
  EXPECT_EQ(of_texts({"INSERT INTO users VALUES (1)", "CREATE INDEX CONCURRENTLY i ON users (email)"}),
            (Lines{"scan: INSERT INTO users VALUES (1)", "concurrent: CREATE INDEX CONCURRENTLY i ON users (email)"}));
}

TEST(OnlineLive, IsRefusedUnlessAllowed) {
  plan::RevisionPlan revision = naive("CREATE TABLE n (a int)");
  revision.live = plan::LivePart{{}, "the result of connection.execute"};
  planner::OnlineState state{schema_of(kOrders), {}};
  const auto refused = planner::online_plan(revision, state, postgres(), server(15), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().list().front().code, "online-live-revision");
  EXPECT_TRUE(planner::online_plan(revision, state, postgres(), server(15), {{"live-revision"}}));
  EXPECT_TRUE(planner::note_of(revision));
  revision.live.reset();
  EXPECT_FALSE(planner::note_of(revision));
  revision.hand_over = plan::HandOver{{"alembic", "upgrade", "r1"}, {}, "it imports a module"};
  const auto handed = planner::online_plan(revision, state, postgres(), server(15), {});
  ASSERT_FALSE(handed);
  EXPECT_EQ(handed.error().list().front().code, "online-hand-over");
  EXPECT_TRUE(planner::online_plan(revision, state, postgres(), server(15), {{"hand-over"}}));
}

}  // namespace
}  // namespace bascule
