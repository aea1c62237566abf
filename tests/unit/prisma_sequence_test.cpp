// Prisma's list beside its folder: states, what is in the way, the course, resolve. The database is a script of
// answers.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "formats/prisma/migrations.h"
#include "formats/prisma/problems.h"
#include "formats/prisma/sequence.h"
#include "formats/prisma/statements.h"
#include "formats/prisma/words.h"

namespace bascule::formats::prisma {
namespace {

/// Answers what read_table asks of PostgreSQL.
class Scripted final : public db::Connection {
 public:
  bool exists = true;
  std::vector<std::vector<db::Cell>> records;
  std::vector<std::vector<db::Cell>> tables;

  Result<void, db::BatchError> execute(std::span<const std::string>) override { return {}; }
  db::DbResult<db::ResultSet> query(const std::string& sql, std::span<const db::Cell>) override {
    db::ResultSet out;
    if (sql.starts_with("SELECT 1 FROM")) {
      if (exists) out.rows.push_back({"1"});
    } else if (sql.starts_with("SELECT id")) {
      out.rows = records;
    } else if (sql.starts_with("SELECT c.relname")) {
      out.rows = tables;
    }
    return out;
  }
  std::string begin_sql(db::TransactionStart) const override { return "BEGIN"; }
  bool in_transaction() const override { return false; }
  void rollback() noexcept override {}
  db::DbResult<db::RunLock> acquire_run_lock(std::chrono::milliseconds) override { return db::RunLock::kHeld; }
  void release_run_lock() noexcept override {}
  void cancel() noexcept override {}
  std::string server_version() const override { return "15"; }

  void add(const std::string& name, const std::string& text, bool finished, bool rolled_back,
           const std::string& logs = "") {
    const db::Cell time = "2024-01-01 00:00:00";
    records.push_back({"id" + std::to_string(records.size()), checksum_of(text), name, logs, time,
                       finished ? time : db::Cell(), rolled_back ? time : db::Cell(), db::Cell()});
  }
};

class PrismaSequenceTest : public testing::Test {
 protected:
  PrismaSequenceTest() { settings_.migrations = "migrations"; }

  void migration(const std::string& name, const std::string& text) {
    Migration one;
    one.name = name;
    one.path = "migrations/" + name + "/migration.sql";
    one.file = std::make_shared<const SourceFile>(one.path, text);
    migrations_.push_back(std::move(one));
  }
  std::string words() {
    std::string out;
    for (const Entry& entry : sequence_.entries()) out += entry.id + ": " + entry.state_word + "\n";
    return out;
  }
  std::string codes() {
    std::string out;
    const Diagnostics found = sequence_.problems().all();
    for (const Diagnostic& one : found.list()) out += one.code + (one.severity == Severity::kError ? "! " : " ");
    return out;
  }
  std::string course(const Goal& goal) {
    auto found = sequence_.chart(goal, {"postgresql", false});
    if (!found) return found.error().all().list().front().code;
    std::string out = found->preparation.empty() ? "" : "table ";
    for (const Move& move : found->moves) out += move.id + "(" + move.state_before + ">" + move.state_after + ") ";
    return out;
  }
  std::string amended(const std::map<std::string, std::string>& options) {
    auto found = sequence_.amend({"resolve", {}, options}, {"postgresql", false});
    if (!found) return found.error().all().list().front().code;
    std::string out;
    for (const std::string& sql : found->sql) out += sql.substr(0, sql.find(' ')) + " ";
    return out;
  }
  void read() { ASSERT_TRUE(sequence_.read(&database_)); }

  Settings settings_;
  std::vector<Migration> migrations_;
  Scripted database_;
  PrismaSequence sequence_{settings_, migrations_};
};

TEST_F(PrismaSequenceTest, StatesAndCourse) {
  migration("1_a", "A");
  migration("2_b", "B");
  migration("3_c", "C");
  migration("4_d", "D");
  database_.add("1_a", "A", true, false);
  database_.add("2_b", "other", true, false);
  database_.add("2_gone", "x", true, false);
  database_.add("3_c", "C", false, true);
  read();
  EXPECT_EQ(words(),
            "1_a: Applied\n2_b: Applied, edited\n2_gone: Applied, no file\n3_c: Pending, rolled back\n4_d: Pending\n");
  EXPECT_EQ(codes(), "prisma-migration-edited prisma-migration-missing ");
  EXPECT_EQ(course({}), "3_c(4 3 1>5 4 1) 4_d(5 4 1>6 5 1) ");
  EXPECT_EQ(course({model::Direction::kUpgrade, "+1"}), "3_c(4 3 1>5 4 1) ");
  EXPECT_EQ(course({model::Direction::kUpgrade, "3"}), "3_c(4 3 1>5 4 1) ");
  EXPECT_EQ(course({model::Direction::kUpgrade, "9"}), "prisma-unknown-migration");
  EXPECT_EQ(course({model::Direction::kDowngrade, "-1"}), "2_b(4 3 1>3 2 1) ");
  EXPECT_EQ(course({model::Direction::kDowngrade, "1_a"}), "2_b(4 3 1>3 2 1) ");
  EXPECT_EQ(course({model::Direction::kDowngrade, "base"}), "2_b(4 3 1>3 2 1) 1_a(3 2 1>2 1 1) ");
}

TEST_F(PrismaSequenceTest, AFailedMigrationBlocks) {
  migration("1_a", "A");
  migration("2_b", "B");
  database_.add("1_a", "A", false, false, "Database error:\nERROR: oh\n   0: trace");
  read();
  EXPECT_EQ(codes(), "prisma-failed-migration! ");
  EXPECT_EQ(sequence_.problems().all().list().front().cause,
            "it started at 2024-01-01 00:00:00 UTC and ended with: ERROR: oh; this is Prisma's error P3009");
  EXPECT_EQ(course({}), "prisma-failed-migration");
  EXPECT_EQ(amended({{"rolled-back", "1_a"}}), "UPDATE ");
  EXPECT_EQ(amended({{"applied", "1_a"}}), "UPDATE INSERT ");
  EXPECT_EQ(amended({{"rolled-back", "2_b"}}), "prisma-never-applied");
  EXPECT_EQ(amended({{"applied", "nope"}}), "prisma-unknown-migration");
  EXPECT_EQ(amended({}), "usage");
  EXPECT_EQ(amended({{"applied", "1_a"}, {"rolled-back", "1_a"}}), "usage");
}

TEST_F(PrismaSequenceTest, WhatIsDoneIsDone) {
  migration("1_a", "A");
  database_.add("1_a", "A", true, false);
  read();
  EXPECT_EQ(amended({{"rolled-back", "1_a"}}), "prisma-not-failed");
  EXPECT_EQ(amended({{"applied", "1_a"}}), "prisma-already-applied");
  EXPECT_EQ(course({}), "");
}

TEST_F(PrismaSequenceTest, ADatabaseWithoutTheTable) {
  migration("1_a", "A");
  database_.exists = false;
  read();
  EXPECT_EQ(course({}), "table 1_a(none>1 1 0) ");
  EXPECT_EQ(amended({{"applied", "1_a"}}), "CREATE INSERT ");
  database_.tables = {{"users"}, {"posts"}};
  read();
  EXPECT_EQ(codes(), "prisma-schema-not-empty! ");
  EXPECT_EQ(course({}), "prisma-schema-not-empty");
  EXPECT_EQ(amended({{"applied", "1_a"}}), "CREATE INSERT ");
}

TEST_F(PrismaSequenceTest, TheProviderMustFit) {
  settings_.provider = "sqlite";
  read();
  EXPECT_EQ(codes(), "prisma-other-database! ");
}

std::string told(const std::string& text, const std::string& dialect) {
  std::string out;
  const Statements statements = operations_of(std::make_shared<const SourceFile>("m.sql", text), dialect);
  for (const auto& one : statements.diagnostics.list()) out += one.code;
  for (const auto& one : statements.operations)
    out += (one.autocommit ? "!" : "") + std::get<model::RawSql>(one.operation).sql + "|";
  return out;
}

TEST(PrismaStatements, OneOperationAStatement) {
  EXPECT_EQ(told("-- c\nCREATE TABLE a();\n\nDO $$ BEGIN COMMIT; END $$;", "postgresql"),
            "CREATE TABLE a()|DO $$ BEGIN COMMIT; END $$|");
  EXPECT_EQ(told("", "postgresql"), "");
  EXPECT_EQ(told("SELECT 'open", "postgresql"), "unclosed-sql");
}

TEST(PrismaStatements, AFileWithItsOwnTransactionIsRunWhole) {
  EXPECT_EQ(told("BEGIN;\nSELECT 1;\nCOMMIT;\n", "postgresql"), "!BEGIN;\nSELECT 1;\nCOMMIT;\n|");
  EXPECT_EQ(told("start transaction; rollback;", "postgresql"), "!start transaction; rollback;|");
  EXPECT_EQ(told("SAVEPOINT a; ROLLBACK TO a;", "postgresql"), "SAVEPOINT a|ROLLBACK TO a|");
  EXPECT_EQ(told("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;", "sqlite"),
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END|");
}

TEST(PrismaStatements, ForeignKeysAreSwitchedOutsideTheTransaction) {
  EXPECT_EQ(
      told("PRAGMA foreign_keys=OFF;\nDROP TABLE a;\nPRAGMA foreign_keys=ON;\n", "sqlite"),
      "!PRAGMA foreign_keys=OFF|PRAGMA foreign_keys=OFF|DROP TABLE a|PRAGMA foreign_keys=ON|!PRAGMA foreign_keys=ON|");
  EXPECT_EQ(told("PRAGMA foreign_keys;\nVACUUM;", "sqlite"), "PRAGMA foreign_keys|!VACUUM|");
}

std::string translated(const Words& words) {
  auto found = prisma_vocabulary().translate(words);
  if (!found) return "usage: " + found.error().message;
  std::string out;
  for (const std::string& word : *found) out += word + " ";
  return out;
}

TEST(PrismaWords, AreBasculesWords) {
  EXPECT_EQ(translated({"migrate", "deploy"}), "upgrade head ");
  EXPECT_EQ(translated({"-d", "app", "migrate", "deploy", "--schema", "s.prisma", "--json"}),
            "-d app --json --set schema=s.prisma upgrade head ");
  EXPECT_EQ(translated({"migrate", "status", "--config=c.ts"}), "-c c.ts status --exit-code ");
  EXPECT_EQ(translated({"migrate", "dev"}), "upgrade head ");
  EXPECT_EQ(translated({"migrate", "dev", "-n", "add users", "--create-only"}), "revision -m add users ");
  EXPECT_EQ(translated({"migrate", "reset", "-f", "--skip-seed"}), "reset --force ");
  EXPECT_EQ(translated({"migrate", "resolve", "--applied", "1_a"}), "resolve --set applied=1_a ");
  EXPECT_EQ(translated({"migrate", "diff", "--from-migrations", "m", "--to-url=x", "--script", "--exit-code"}),
            "diff head x --sql --exit-code ");
  EXPECT_EQ(translated({"migrate", "diff", "--from-empty"}).substr(0, 6), "usage:");
  EXPECT_EQ(translated({"migrate", "nope"}), "usage: there is no command 'migrate nope'");
  EXPECT_EQ(translated({"db", "execute"}).substr(0, 6), "usage:");
  EXPECT_EQ(translated({"upgrade", "head"}), "upgrade head ");
}

}  // namespace
}  // namespace bascule::formats::prisma
