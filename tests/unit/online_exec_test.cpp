#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "base/line_diff.h"
#include "db/url.h"
#include "dialects/dialect.h"
#include "exec/backfill_range.h"
#include "exec/waits.h"
#include "history/journal.h"
#include "plan/stored.h"

namespace bascule {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, PausesAreTenLockTimeoutsAtLeastAndGrow) {
  exec::Backoff backoff(milliseconds(100), 1);
  milliseconds least(1000);
  for (int i = 0; i < 20; ++i) {
    const milliseconds pause = backoff.next();
    EXPECT_GE(pause, least);
    EXPECT_LE(pause, least + least / 4);
    least = std::min(least * 3 / 2, milliseconds(30'000));
  }
}

TEST(Backoff, ALongLockTimeoutIsNotCutByTheCap) {
  exec::Backoff backoff(milliseconds(5'000), 1);
  EXPECT_GE(backoff.next(), milliseconds(50'000));
  EXPECT_GE(backoff.next(), milliseconds(50'000));
}

TEST(Backoff, TwoRunsDoNotPauseAlike) {
  exec::Backoff a(milliseconds(100), 1);
  exec::Backoff b(milliseconds(100), 2);
  bool differ = false;
  for (int i = 0; i < 5; ++i) differ = differ || a.next() != b.next();
  EXPECT_TRUE(differ);
}

TEST(LineDiff, ShowsWhatWentAndWhatCame) {
  EXPECT_EQ(line_diff("a\nb\nc\n", "a\nx\nc\nd\n"), "  a\n- b\n+ x\n  c\n+ d");
}

plan::Backfill orders() {
  plan::Backfill batches;
  batches.table_sql = "public.orders";
  batches.key_sql = {"shop", "id"};
  batches.key_types = {"text", "bigint"};
  batches.set_sql = "total = total + 1";
  batches.where_sql = "state = 'open' OR total = 0";
  return batches;
}

TEST(RangeSql, WalksAlongACompositeKeyWithItsValuesQuoted) {
  const plan::Backfill batches = orders();
  const exec::RangeSql sql(batches);
  exec::Range range;
  range.end = {"z", "9"};
  EXPECT_EQ(sql.next_key(range, 100),
            "SELECT shop, id FROM public.orders WHERE (shop, id) <= (CAST('z' AS text), CAST('9' AS bigint)) "
            "ORDER BY shop, id OFFSET 99 LIMIT 1");
  range.at = {"it's", "5"};
  EXPECT_EQ(
      sql.change(range, {"m", "7"}),
      "UPDATE public.orders SET total = total + 1 WHERE (shop, id) > (CAST('it''s' AS text), CAST('5' AS bigint)) "
      "AND (shop, id) <= (CAST('m' AS text), CAST('7' AS bigint)) AND (state = 'open' OR total = 0)");
}

TEST(RangeSql, WalksBlocksWhereThereIsNoKey) {
  plan::Backfill batches = orders();
  batches.key_sql.clear();
  batches.set_sql.clear();
  batches.where_sql.clear();
  const exec::RangeSql sql(batches);
  exec::Range range;
  range.at = {"64"};
  range.end = {"1000"};
  EXPECT_EQ(sql.change(range, {"128"}), "DELETE FROM public.orders WHERE ctid >= '(64,0)' AND ctid < '(128,0)'");
}

TEST(RangeSql, TheTableKeepsTheNameThatTheAuthorGaveIt) {
  plan::Backfill batches = orders();
  batches.alias_sql = "o";
  batches.set_sql = "total = o.net";
  batches.where_sql = "o.net > 0";
  batches.wrong_sql = "total IS DISTINCT FROM CAST((o.net) AS integer)";
  const exec::RangeSql sql(batches);
  exec::Range range;
  EXPECT_EQ(sql.change(range, {"m", "7"}),
            "UPDATE public.orders AS o SET total = o.net WHERE (shop, id) <= (CAST('m' AS text), CAST('7' AS bigint)) "
            "AND (CASE WHEN (o.net > 0) THEN (total IS DISTINCT FROM CAST((o.net) AS integer)) ELSE false END)");
  EXPECT_EQ(sql.still_wrong(),
            "SELECT count(*) FROM public.orders AS o WHERE CASE WHEN (o.net > 0) THEN (total IS DISTINCT FROM "
            "CAST((o.net) AS integer)) ELSE false END");
}

TEST(RangeSql, WithoutAKeyAllThatIsLeftIsCounted) {
  plan::Backfill batches = orders();
  batches.set_sql.clear();
  batches.where_sql.clear();
  EXPECT_EQ(exec::RangeSql(batches).still_wrong(), "");
  batches.key_sql.clear();
  EXPECT_EQ(exec::RangeSql(batches).still_wrong(), "SELECT count(*) FROM public.orders");
}

TEST(RangeSql, APositionIsReadAsItWasWritten) {
  exec::Range range;
  range.at = {"a \"quoted\" one", "1"};
  range.end = {"z", "9"};
  const auto read = exec::read_position(exec::write_position(range));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at, range.at);
  EXPECT_EQ(read->end, range.end);
  EXPECT_FALSE(read->done());
  EXPECT_FALSE(exec::read_position("{}"));
}

// Version 1 as it was written by the first Bascule that had it: it must be read for ever.
constexpr const char* kStoredVersion1 = R"json(
{"version": 1, "revision": "002", "message": "an index", "path": "m/002.sql",
 "direction": "upgrade", "from": ["001"], "to": ["002"], "steps": [
 {"operation": "SQL", "subject": "", "file": "m/002.sql", "line": 4, "sql": "CREATE INDEX CONCURRENTLY i ON t (a)",
  "in_transaction": false, "pace": "concurrent", "guard": {"done_when": "SELECT true", "leftover_when": "SELECT false",
  "clean_up": ["DROP INDEX CONCURRENTLY IF EXISTS i"], "blocked_when": "", "blocked_text": "", "rows_against": "",
  "rows_against_text": "", "undo": ["DROP INDEX CONCURRENTLY i"], "undo_in_transaction": false}, "lock_tables": ["t"],
  "reason": "writes go on", "rewrite": "index_concurrently", "with_previous": false},
 {"operation": "SQL", "subject": "", "sql": "UPDATE t SET a = 1", "in_transaction": false, "pace": "batches", "guard": {},
  "lock_tables": [], "reason": "", "rewrite": "batches", "batches": {"schema": "", "table": "t", "table_sql": "t",
  "key_sql": ["id"], "key_types": ["bigint"], "set_sql": "a = 1", "where_sql": "", "wrong_sql": "a IS DISTINCT FROM 1"},
  "with_previous": false}]}
)json";

TEST(StoredPlan, TheOldestVersionIsRead) {
  const auto plan = plan::read_stored(kStoredVersion1);
  ASSERT_TRUE(plan) << plan.error();
  ASSERT_EQ(plan->steps.size(), 2U);
  const plan::Step& index = plan->steps[0];
  EXPECT_EQ(std::get<plan::Statement>(index.action).sql, "CREATE INDEX CONCURRENTLY i ON t (a)");
  EXPECT_EQ(index.conduct.pace, plan::Pace::kConcurrent);
  EXPECT_EQ(index.conduct.guard.undo, std::vector<std::string>{"DROP INDEX CONCURRENTLY i"});
  EXPECT_FALSE(index.conduct.guard.undo_in_transaction);
  EXPECT_EQ(index.cause.location.span.begin.line, 4U);
  ASSERT_TRUE(plan->steps[1].conduct.batches);
  EXPECT_EQ(plan->steps[1].conduct.batches->key_types, std::vector<std::string>{"bigint"});
  const auto again = plan::read_stored(plan::write_stored(*plan));
  ASSERT_TRUE(again);
  EXPECT_EQ(plan::write_stored(*again), plan::write_stored(*plan));
}

TEST(StoredPlan, ANewerVersionIsRefused) {
  const auto plan = plan::read_stored(R"({"version": 2, "steps": []})");
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().find("version '2'"), std::string::npos);
}

const plan::JournalWords& sqlite_journal() {
  static const plan::JournalWords words = {
      "bascule_journal",
      "bascule_run",
      "bascule_step",
      "bascule_range",
      "SELECT count(*) FROM sqlite_master WHERE name = 'bascule_journal'",
      {
          "CREATE TABLE IF NOT EXISTS bascule_journal (version integer NOT NULL PRIMARY KEY)",
          "CREATE TABLE IF NOT EXISTS bascule_run (id integer PRIMARY KEY, history text NOT NULL, revision text NOT "
          "NULL, "
          "direction text NOT NULL, state text NOT NULL, program text NOT NULL, naive text NOT NULL, plan text NOT "
          "NULL, "
          "wish text NOT NULL DEFAULT '', started_at text NOT NULL DEFAULT CURRENT_TIMESTAMP, finished_at text)",
          "CREATE TABLE IF NOT EXISTS bascule_step (run integer NOT NULL REFERENCES bascule_run ON DELETE CASCADE, "
          "number integer NOT NULL, state text NOT NULL, started_at text NOT NULL DEFAULT CURRENT_TIMESTAMP, "
          "finished_at text, PRIMARY KEY (run, number))",
          "CREATE TABLE IF NOT EXISTS bascule_range (run integer NOT NULL REFERENCES bascule_run ON DELETE CASCADE, "
          "step integer NOT NULL, part integer NOT NULL, position text NOT NULL, rows integer NOT NULL DEFAULT 0, "
          "PRIMARY KEY (run, step, part))",
      },
      {}};
  return words;
}

/// The journal's SQL is the same on all databases but for names and types: SQLite's is the quick one to try it on.
class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    db::Url url;
    url.dialect = "sqlite";
    url.database = ":memory:";
    auto connection = dialects::find_dialect("sqlite")->connect(url, {});
    ASSERT_TRUE(connection);
    connection_ = std::move(*connection);
  }
  std::unique_ptr<db::Connection> connection_;
  history::Journal journal_{sqlite_journal()};
};

TEST_F(JournalTest, KnowsWhatIsUnfinishedAndHowFarItIs) {
  EXPECT_FALSE(*journal_.unfinished(*connection_, "alembic_version"));
  ASSERT_TRUE(journal_.open(*connection_));
  ASSERT_TRUE(journal_.open(*connection_));
  history::JournaledRun run;
  run.history = "alembic_version";
  run.revision = "it's";
  run.direction = "upgrade";
  run.plan = "{}";
  const auto id = journal_.begin(*connection_, run);
  ASSERT_TRUE(id);
  ASSERT_TRUE(db::execute_one(*connection_, journal_.step_started_sql(*id, 0)));
  ASSERT_TRUE(db::execute_one(*connection_, journal_.step_done_sql(*id, 0)));
  ASSERT_TRUE(db::execute_one(*connection_, journal_.step_started_sql(*id, 1)));
  const std::vector<db::Cell> kept = {"{\"at\":[]}", "7"};
  ASSERT_TRUE(connection_->query(journal_.keep_range_sql(*id, 1, 0), kept));
  ASSERT_TRUE(journal_.set_wish(*connection_, *id, "pause"));

  const auto found = journal_.unfinished(*connection_, "alembic_version");
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->revision, "it's");
  EXPECT_EQ((*found)->wish, "pause");
  ASSERT_EQ((*found)->steps.size(), 2U);
  EXPECT_EQ((*found)->steps[0].state, history::JournaledStep::State::kDone);
  EXPECT_EQ((*found)->steps[1].state, history::JournaledStep::State::kStarted);
  EXPECT_EQ((*found)->steps[1].rows, 7);
  EXPECT_FALSE(*journal_.unfinished(*connection_, "another_table"));
  ASSERT_TRUE(db::execute_one(*connection_, journal_.finished_sql(*id)));
  EXPECT_FALSE(*journal_.unfinished(*connection_, "alembic_version"));
}

TEST_F(JournalTest, RefusesTheJournalOfANewerBascule) {
  ASSERT_TRUE(journal_.open(*connection_));
  ASSERT_TRUE(db::execute_one(*connection_, "UPDATE bascule_journal SET version = 2"));
  const auto opened = journal_.open(*connection_);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("version 2"), std::string::npos);
  EXPECT_FALSE(journal_.unfinished(*connection_, "alembic_version"));
}

}  // namespace
}  // namespace bascule
