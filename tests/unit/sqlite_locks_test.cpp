// SQLite's locks beside what a live SQLite does: each statement in a transaction, and a second connection that tries to
// read and to write, with a rollback journal and with a write-ahead log. The page cache is tiny, so that what writes
// whole tables outgrows it.
#include <gtest/gtest.h>

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {
namespace {

constexpr const char* kBase =
    "CREATE TABLE p (id INTEGER PRIMARY KEY, name TEXT);"
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT, c INT UNIQUE, d INT CHECK (d > 0), e INT REFERENCES p (id),"
    " g INT, h INT, CHECK (g > 0 OR h > 0));"
    "CREATE INDEX t_a ON t (a); CREATE INDEX t_b ON t (lower(b)) WHERE g > 0; CREATE VIEW v AS SELECT b FROM t;"
    "CREATE TRIGGER tr AFTER UPDATE OF g ON t BEGIN SELECT 1; END;"
    "INSERT INTO p VALUES (1, 'x'), (2, 'y');"
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 6000)"
    " INSERT INTO t SELECT n, n, 'b' || n, n, n, 1, n, n FROM r;";

struct Close {
  void operator()(sqlite3* connection) const { sqlite3_close(connection); }
};
using Connection = std::unique_ptr<sqlite3, Close>;

/// The error's text; empty if there was none.
std::string run(sqlite3* connection, const std::string& sql) {
  char* message = nullptr;
  sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &message);
  std::string text = message == nullptr ? "" : message;
  sqlite3_free(message);
  return text;
}

struct Measured {
  std::string refused;
  bool blocks_writes = false, blocks_reads = false;
  int pages_read = 0;
};

class SqliteLocks : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    // Names of tests may run beside each other in several processes.
    std::string pattern = (std::filesystem::temp_directory_path() / "sqlite_locks.XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Connection open(const std::string& file) const {
    sqlite3* raw = nullptr;
    sqlite3_open((folder_ / file).c_str(), &raw);
    return Connection(raw);
  }

  Measured measure(const std::string& statement, const std::string& journal) const {
    const std::string file = journal + ".db";
    run(open(file).get(), "PRAGMA journal_mode = " + journal + ";" + kBase);
    const Connection first = open(file);
    const Connection second = open(file);
    run(first.get(), "PRAGMA foreign_keys = on; PRAGMA cache_size = 10; BEGIN; SELECT count(*) FROM sqlite_master");
    Measured out;
    int highest = 0;
    sqlite3_db_status(first.get(), SQLITE_DBSTATUS_CACHE_MISS, &out.pages_read, &highest, 1);
    out.refused = run(first.get(), statement);
    sqlite3_db_status(first.get(), SQLITE_DBSTATUS_CACHE_MISS, &out.pages_read, &highest, 0);
    out.blocks_reads = !run(second.get(), "SELECT * FROM p").empty();
    out.blocks_writes = !run(second.get(), "BEGIN IMMEDIATE").empty();
    return out;
  }

  model::Schema schema() const {
    auto connection = sqlite_dialect().connect(db::Url{.dialect = "sqlite", .database = ":memory:"}, {});
    EXPECT_TRUE(connection && db::execute_one(**connection, kBase));
    auto read = sqlite_dialect().introspect(**connection, {});
    EXPECT_TRUE(read);
    return std::move(*read);
  }

  int pages_of_t() const {
    const Connection connection = open("wal.db");
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(connection.get(), "PRAGMA page_count", -1, &raw, nullptr);
    sqlite3_step(raw);
    const int pages = sqlite3_column_int(raw, 0);
    sqlite3_finalize(raw);
    return pages / 3;  // the table is more than a third of the file
  }

 private:
  std::filesystem::path folder_;
};

TEST_P(SqliteLocks, AreAsPredicted) {
  const std::string statement = GetParam();
  const plan::Impact impact = sqlite_dialect().impact(statement, schema(), Server{.major = 3, .minor = 40});
  const Measured journal = measure(statement, "delete");
  const Measured log = measure(statement, "wal");
  const bool forbidden = journal.refused.find("transaction") != std::string::npos;
  EXPECT_TRUE(impact.known) << statement;
  EXPECT_EQ(impact.transaction == plan::TransactionNeed::kForbidden, forbidden) << statement << ": " << journal.refused;
  if (forbidden) return;
  EXPECT_EQ(impact.refused.empty(), journal.refused.empty())
      << statement << "\n- " << impact.refused << "\n+ " << journal.refused;
  if (!journal.refused.empty()) return;
  const plan::Blocks blocks = impact.locks.empty() ? plan::Blocks{} : impact.locks[0].blocks;
  EXPECT_EQ(blocks.writes, journal.blocks_writes) << statement;
  EXPECT_EQ(blocks.writes, log.blocks_writes) << statement;
  EXPECT_EQ(blocks.reads, journal.blocks_reads) << statement;
  EXPECT_FALSE(log.blocks_reads) << statement;
  const QualifiedName t{{}, Identifier("t")};
  if (plan::scans(impact, t)) {
    EXPECT_GE(log.pages_read, pages_of_t() / 2) << statement;
  } else if (!blocks.reads && impact.causes.empty()) {
    EXPECT_LT(log.pages_read, pages_of_t() / 2) << statement;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Statements, SqliteLocks,
    testing::Values(
        "SELECT id FROM t WHERE id = 1", "INSERT INTO t (id) VALUES (100000)", "UPDATE t SET a = a + 1",
        "UPDATE t SET a = 1 WHERE id = 5", "DELETE FROM t", "UPDATE missing SET a = 1",
        "ALTER TABLE t ADD COLUMN z INT", "ALTER TABLE t ADD COLUMN z INT NOT NULL DEFAULT 1",
        "ALTER TABLE t ADD COLUMN z INT NOT NULL", "ALTER TABLE t ADD COLUMN z INT NOT NULL DEFAULT NULL",
        "ALTER TABLE t ADD COLUMN z INT UNIQUE", "ALTER TABLE t ADD COLUMN z INT PRIMARY KEY",
        "ALTER TABLE t ADD COLUMN z TEXT DEFAULT CURRENT_TIMESTAMP", "ALTER TABLE t ADD COLUMN z INT DEFAULT (1 + 1)",
        "ALTER TABLE t ADD COLUMN z INT DEFAULT (random())", "ALTER TABLE t ADD COLUMN z INT DEFAULT -1",
        "ALTER TABLE t ADD COLUMN z TEXT DEFAULT 'x'", "ALTER TABLE t ADD COLUMN z INT REFERENCES p (id)",
        "ALTER TABLE t ADD COLUMN z INT DEFAULT 1 REFERENCES p (id)",
        "ALTER TABLE t ADD COLUMN z INT DEFAULT NULL REFERENCES p (id)", "ALTER TABLE t ADD COLUMN z INT CHECK (z > 0)",
        "ALTER TABLE t ADD COLUMN z INT GENERATED ALWAYS AS (a * 2) VIRTUAL",
        "ALTER TABLE t ADD COLUMN z INT GENERATED ALWAYS AS (a * 2) STORED", "ALTER TABLE t ADD COLUMN a INT",
        "ALTER TABLE v ADD COLUMN z INT", "ALTER TABLE missing ADD COLUMN z INT", "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t DROP COLUMN b", "ALTER TABLE t DROP COLUMN c", "ALTER TABLE t DROP COLUMN d",
        "ALTER TABLE t DROP COLUMN e", "ALTER TABLE t DROP COLUMN g", "ALTER TABLE t DROP COLUMN h",
        "ALTER TABLE t DROP COLUMN id", "ALTER TABLE t DROP COLUMN missing", "ALTER TABLE t RENAME TO tt",
        "ALTER TABLE t RENAME TO p", "ALTER TABLE t RENAME COLUMN a TO aa", "ALTER TABLE t RENAME COLUMN a TO b",
        "CREATE INDEX ix ON t (a)", "CREATE UNIQUE INDEX ix ON t (a)", "CREATE INDEX IF NOT EXISTS t_a ON t (b)",
        "CREATE INDEX t_a ON t (b)", "CREATE INDEX ix ON missing (a)", "CREATE INDEX ix ON v (b)", "DROP INDEX t_a",
        "DROP INDEX sqlite_autoindex_t_1", "DROP INDEX missing", "DROP INDEX IF EXISTS missing", "DROP TABLE t",
        "DROP TABLE p", "DROP TABLE IF EXISTS missing", "DROP TABLE missing", "DROP TABLE v", "DROP VIEW v",
        "CREATE TABLE n (id INT)", "CREATE TABLE t (id INT)", "CREATE TABLE IF NOT EXISTS t (id INT)",
        "CREATE TABLE n AS SELECT * FROM t", "CREATE TEMP TABLE n (a)", "CREATE VIEW v2 AS SELECT 1",
        "CREATE TRIGGER tr2 AFTER INSERT ON t BEGIN SELECT 1; END", "DROP TRIGGER tr", "REINDEX", "REINDEX t",
        "ANALYZE", "ANALYZE t", "VACUUM", "PRAGMA journal_mode = wal", "PRAGMA foreign_keys = off",
        "PRAGMA user_version = 3", "PRAGMA user_version", "SAVEPOINT s", "EXPLAIN SELECT 1",
        "ALTER TABLE t ALTER COLUMN a TYPE bigint", "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)",
        "ALTER TABLE t DROP CONSTRAINT k", "TRUNCATE t"));

TEST(SqliteLiveFacts, RowsAreCountedOrRemembered) {
  auto connection = sqlite_dialect().connect(db::Url{.dialect = "sqlite", .database = ":memory:"}, {});
  ASSERT_TRUE(connection && db::execute_one(**connection, kBase));
  const QualifiedName t{{}, Identifier("t")};
  const auto counted = sqlite_dialect().live_facts(**connection);
  ASSERT_TRUE(counted);
  ASSERT_NE(plan::find_facts(*counted, t), nullptr);
  EXPECT_EQ(plan::find_facts(*counted, t)->rows, 6000);
  EXPECT_EQ(plan::find_facts(*counted, t)->indexes, 3);
  EXPECT_GT(plan::find_facts(*counted, t)->bytes, 6000 * 10);
  ASSERT_TRUE(db::execute_one(**connection, "ANALYZE; DELETE FROM t WHERE id > 100"));
  const auto remembered = sqlite_dialect().live_facts(**connection);
  ASSERT_TRUE(remembered);
  EXPECT_EQ(plan::find_facts(*remembered, t)->rows, 6000);
}

TEST(SqliteLiveFacts, ServerTellsItsVersion) {
  auto connection = sqlite_dialect().connect(db::Url{.dialect = "sqlite", .database = ":memory:"}, {});
  ASSERT_TRUE(connection);
  const auto server = sqlite_dialect().server(**connection);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->major, 3);
  EXPECT_GT(server->minor, 20);
  EXPECT_FALSE(server->version_assumed);
}

}  // namespace
}  // namespace bascule::dialects
