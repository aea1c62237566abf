#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "formats/flyway/project.h"
#include "formats/sequence.h"

namespace bascule::formats::flyway {
namespace {

/// SQLite's history table with these rows: rank, version, description, type, checksum, success.
class FakeConnection final : public db::Connection {
 public:
  std::vector<std::vector<db::Cell>> rows;
  bool table = true;

  Result<void, db::BatchError> execute(std::span<const std::string>) override { return {}; }
  db::DbResult<db::ResultSet> query(const std::string& sql, std::span<const db::Cell>) override {
    db::ResultSet out;
    if (sql.find("sqlite_master") != std::string::npos) {
      if (table) out.rows = {{"flyway_schema_history"}};
    } else {
      out.rows = rows;
    }
    return out;
  }
  std::string begin_sql(db::TransactionStart) const override { return "BEGIN IMMEDIATE"; }
  bool in_transaction() const override { return false; }
  void rollback() noexcept override {}
  db::DbResult<db::RunLock> acquire_run_lock(std::chrono::milliseconds) override { return db::RunLock::kHeld; }
  void release_run_lock() noexcept override {}
  void cancel() noexcept override {}
  std::string server_version() const override { return "3"; }
};

class FlywaySequenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "bascule-flyway-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(directory_) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  void ran(const char* version, const char* description, const char* checksum, const char* type = "SQL",
           const char* success = "1") {
    const std::string rank = std::to_string(connection_.rows.size() + 1);
    connection_.rows.push_back({rank, version[0] == '\0' ? db::Cell() : db::Cell(version), description, type, "x.sql",
                                checksum, "me", "2024-01-31 12:30:59.123", "5", success});
  }
  Sequence& open(std::map<std::string, std::string> options = {}) {
    OpenRequest request;
    request.directory = directory_;
    request.options = std::move(options);
    auto project = open_flyway_project(request);
    EXPECT_TRUE(project && *project);
    project_ = std::move(**project);
    Diagnostics diagnostics;
    project_->read_revisions(diagnostics);
    for (const Diagnostic& one : diagnostics.list()) read_problems_.push_back(one.code);
    EXPECT_TRUE(project_->sequence()->read(&connection_));
    return *project_->sequence();
  }
  static std::string words(const Sequence& sequence) {
    std::string out;
    for (const Entry& entry : sequence.entries())
      out += (out.empty() ? "" : ", ") + (entry.id.empty() ? entry.description : entry.id) + " " + entry.state_word;
    return out;
  }
  static std::string codes(const Diagnostics& diagnostics) {
    std::string out;
    for (const Diagnostic& one : diagnostics.list()) out += (out.empty() ? "" : ", ") + one.code;
    return out;
  }
  static std::string moves(Sequence& sequence, const Goal& goal = {}) {
    auto course = sequence.chart(goal, {"sqlite", false});
    if (!course) return "refused: " + codes(course.error().all());
    std::string out;
    for (const Move& move : course->moves)
      out += (out.empty() ? "" : " ") + move.id + (move.derive_reverse ? "!" : "") + "(" + move.state_before + ">" +
             move.state_after + ")";
    return out;
  }

  std::string directory_;
  FakeConnection connection_;
  std::unique_ptr<Project> project_;
  std::vector<std::string> read_problems_;
};

constexpr const char* kSelectOne = "78787420";  // of "SELECT 1;", from a history table of Flyway's

TEST_F(FlywaySequenceTest, RunsWhatIsPendingInOrder) {
  write("sql/V1__a.sql", "SELECT 1;");
  write("sql/V1.10__c.sql", "SELECT 1;");
  write("sql/V1.9__b.sql", "SELECT 1;");
  write("sql/R__v.sql", "SELECT 1;");
  ran("1", "a", kSelectOne);
  Sequence& sequence = open();
  EXPECT_EQ(words(sequence), "1 Success, 1.9 Pending, 1.10 Pending, v Pending");
  EXPECT_EQ(moves(sequence), "1.9(1:1>2:2) 1.10(2:2>3:3) R__v(3:3>4:4)");
  EXPECT_EQ(moves(sequence, {model::Direction::kUpgrade, "1.9"}), "1.9(1:1>2:2) R__v(2:2>3:3)");
  EXPECT_EQ(moves(sequence, {model::Direction::kUpgrade, "+1"}), "1.9(1:1>2:2)");
  EXPECT_EQ(moves(sequence, {model::Direction::kUpgrade, "7"}), "refused: unknown-revision");
  EXPECT_EQ(moves(open({{"target", "next"}})), "1.9(1:1>2:2)");
  EXPECT_EQ(moves(open({{"cherryPick", "1.10,v"}})), "1.10(1:1>2:2) R__v(2:2>3:3)");
}

TEST_F(FlywaySequenceTest, FindsWhatIsWrong) {
  write("sql/V1__a.sql", "SELECT 1;");
  write("sql/V2__b.sql", "SELECT 1;");
  write("sql/V3__other.sql", "SELECT 1;");
  write("sql/V5__e.sql", "SELECT 1;");
  ran("1", "a", "5");
  ran("3", "c", kSelectOne);
  ran("4", "gone", kSelectOne);
  ran("5", "e", kSelectOne, "SQL", "0");
  Sequence& sequence = open();
  EXPECT_EQ(words(sequence), "1 Success, 3 Success, 4 Missing, 5 Failed, 2 Ignored");
  EXPECT_EQ(codes(sequence.problems().all()),
            "checksum-mismatch, description-mismatch, missing-migration, failed-migration, ignored-migration");
  EXPECT_EQ(moves(sequence),
            "refused: checksum-mismatch, description-mismatch, missing-migration, failed-migration, ignored-migration");
  EXPECT_EQ(moves(open({{"validateOnMigrate", "false"}})), "refused: failed-migration");
  auto repaired = open().amend({"repair", {}, {}}, {"sqlite", false});
  ASSERT_TRUE(repaired);
  EXPECT_EQ(repaired->done.size(), 4U);
  EXPECT_EQ(repaired->sql.size(), 4U);
}

TEST_F(FlywaySequenceTest, UndoesWithAScriptOrWithout) {
  write("sql/V1__a.sql", "SELECT 1;");
  write("sql/V2__b.sql", "SELECT 1;");
  write("sql/U2__b.sql", "SELECT 1;");
  ran("1", "a", kSelectOne);
  ran("2", "b", kSelectOne);
  Sequence& sequence = open();
  EXPECT_EQ(moves(sequence, {model::Direction::kDowngrade, "-1"}), "2(2:2>3:3)");
  EXPECT_EQ(moves(sequence, {model::Direction::kDowngrade, "base"}), "2(2:2>3:3) 1!(3:3>4:4)");
  EXPECT_EQ(moves(sequence, {model::Direction::kDowngrade, "1"}), "2(2:2>3:3)");
  EXPECT_EQ(moves(open({{"undoTarget", "1"}}), {model::Direction::kDowngrade, "-1"}), "2(2:2>3:3) 1!(3:3>4:4)");
  ran("2", "b", kSelectOne, "UNDO_SQL");
  ran("1", "a", kSelectOne, "DELETE");
  EXPECT_EQ(words(open()), "1 Deleted, 2 Undone, 1 Pending, 2 Pending");
}

TEST_F(FlywaySequenceTest, ABaselineScriptStandsForAllBeforeIt) {
  for (const char* name : {"V1__a", "V2__b", "V3__c", "B2__all"})
    write(std::string("sql/") + name + ".sql", "SELECT 1;");
  connection_.table = false;
  EXPECT_EQ(words(open()), "1 Below Baseline, 2 Ignored (Baseline), 2 Pending, 3 Pending");
  connection_.table = true;
  ran("2", "all", kSelectOne, "SQL_BASELINE");
  EXPECT_EQ(words(open()), "1 Below Baseline, 2 Ignored (Baseline), 2 Baseline, 3 Pending");
}

TEST_F(FlywaySequenceTest, ReadsSettingsFromAllPlaces) {
  write("flyway.toml",
        "[environments.dev]\nurl = \"jdbc:postgresql://db/app\"\nuser = \"me\"\npassword = \"p/w\"\n"
        "[flyway]\nenvironment = \"dev\"\nlocations = [\"filesystem:m\"]\ncleanDisabled = false\n"
        "[flyway.placeholders]\nWho = \"world\"\n");
  write("m/V1__a.sql", "SELECT '${who} ${flyway:environment}';");
  Sequence& sequence = open();
  EXPECT_EQ(project_->settings().url, "jdbc:postgresql://db/app?user=me&password=p%2Fw");
  EXPECT_EQ(project_->settings().clean_allowed, true);
  auto course = sequence.chart({}, {"sqlite", false});
  ASSERT_TRUE(course);
  ASSERT_EQ(course->moves.size(), 1U);
  EXPECT_EQ(std::get<model::RawSql>(course->moves[0].operations[0].operation).sql, "SELECT 'world dev'");
  EXPECT_FALSE((*open_flyway_project({directory_, {}, {}, {}, {{"outOfOrder", "perhaps"}}})).has_value());
}

TEST_F(FlywaySequenceTest, RefusesWhatItCannotRun) {
  write("sql/V1__a.sql", "CREATE INDEX CONCURRENTLY i ON t (x); SELECT 1;");
  write("sql/V2__b.sql", "SELECT '${nobody}';");
  write("sql/V3__c.sql", "SELECT 'open");
  auto course = open().chart({}, {"postgresql", false});
  ASSERT_FALSE(course);
  EXPECT_EQ(codes(course.error().all()), "mixed-transactions, missing-placeholder, unclosed-sql");
  write("sql/other/V1.0__d.sql", "SELECT 1;");
  open();
  EXPECT_EQ(read_problems_, std::vector<std::string>{"duplicate-migration"});
}

}  // namespace
}  // namespace bascule::formats::flyway
