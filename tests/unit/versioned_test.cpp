// The tools that keep versions in a table: goose's annotations, command lines, courses.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/text.h"
#include "formats/goose/script.h"
#include "formats/open.h"
#include "formats/sequence.h"

namespace bascule::formats {
namespace {

namespace fs = std::filesystem;

std::string told(const std::string& text, const std::map<std::string, std::string>& environment = {}) {
  const auto file = std::make_shared<const SourceFile>("m.sql", text);
  const goose::GooseScript script = goose::read_script(file, environment);
  std::string out;
  for (const Diagnostic& one : script.diagnostics.list())
    out += one.code + "@" + std::to_string(one.location.span.begin.line) + " ";
  const auto add = [&](const char* name, const std::vector<goose::Chunk>& chunks) {
    out += name;
    for (const goose::Chunk& chunk : chunks)
      out += "[" + (chunk.text.empty() ? text.substr(chunk.begin, chunk.end - chunk.begin) : chunk.text) + "]";
  };
  add("up", script.up);
  if (script.has_down) add(" down", script.down);
  return out + (script.transaction ? "" : " outside");
}

TEST(GooseScript, CutsAtSemicolonsThatEndALine) {
  EXPECT_EQ(told("-- +goose Up\n-- c\nSELECT 1; SELECT 2;\nSELECT\n 3; -- x\n"),
            "up[SELECT 1; SELECT 2;\n][SELECT\n 3; -- x\n]");
  EXPECT_EQ(told("-- +goose up\nA;\n-- +GOOSE Down\n"), "up[A;\n]");
  EXPECT_EQ(told("-- +goose NO TRANSACTION\n-- +goose up\nA;\n-- +goose DOWN\nB;"), "up[A;\n] down[B;] outside");
}

TEST(GooseScript, Blocks) {
  EXPECT_EQ(told("-- +goose Up\n-- +goose StatementBegin\nA;\nB;\n-- +goose StatementEnd\nC;\n"), "up[A;\nB;\n][C;\n]");
  EXPECT_EQ(told("-- +goose Up\n-- +goose StatementBegin\nA;\n"), "goose-annotation@2 up");
  EXPECT_EQ(told("-- +goose Up\n-- +goose StatementEnd\n"), "goose-annotation@2 up");
  EXPECT_EQ(told("-- +goose Up\nA\n-- +goose Down\n"), "goose-annotation@2 up");
  EXPECT_EQ(told("A;\n-- +goose Up\n"), "goose-annotation@1 up");
  EXPECT_EQ(told("-- +goose Up\n-- +goose Up\n"), "goose-annotation@2 up");
  EXPECT_EQ(told("-- +goose Up\n -- +goose Down\n"), "goose-annotation@2 up");
  EXPECT_EQ(told("-- +goose Down\n"), "goose-annotation@1 up");
}

TEST(GooseScript, Variables) {
  const std::map<std::string, std::string> environment = {{"A", "1"}, {"E", ""}};
  EXPECT_EQ(told("-- +goose ENVSUB ON\n-- +goose Up\nx $A ${A} ${E:-d} ${E-d} ${U-d}\\$A $$;\n", environment),
            "up[x 1 1 d  d$A $;\n]");
  EXPECT_EQ(told("-- +goose Up\n$A;\n-- +goose ENVSUB ON\n$A;\n-- +goose ENVSUB OFF\n$A;\n", environment),
            "up[$A;\n][1;\n][$A;\n]");
  EXPECT_EQ(told("-- +goose Up\n-- +goose ENVSUB ON\n${U?no}\n;\n", environment), "unset-variable@3 up");
}

std::string words(const std::string& format, const Words& given) {
  const auto translated = vocabulary(format)->translate(given);
  return translated ? join(*translated, " ") : translated.error().code;
}

TEST(VersionedWords, Dbmate) {
  EXPECT_EQ(words("dbmate", {"up"}), "upgrade head");
  EXPECT_EQ(words("dbmate", {"--url", "postgres://x", "--wait", "migrate", "--strict"}),
            "--url postgres://x --set strict=true upgrade head");
  EXPECT_EQ(words("dbmate", {"-u", "x", "--migrations-table=t", "rollback"}),
            "--url x --set migrations-table=t downgrade -1");
  EXPECT_EQ(words("dbmate", {"n", "add users"}), "revision -m add users");
  EXPECT_EQ(words("dbmate", {"--allow-data-loss", "-v", "rollback"}), "-v downgrade -1 --allow-data-loss");
  EXPECT_EQ(words("dbmate", {"status", "--exit-code"}), "status --exit-code");
  EXPECT_EQ(words("dbmate", {"dump"}), "usage");
  EXPECT_EQ(words("dbmate", {"new"}), "usage");
}

TEST(VersionedWords, Goose) {
  EXPECT_EQ(words("goose", {"sqlite3", "./a.db", "up-to", "7"}), "--url sqlite:///./a.db upgrade 7");
  EXPECT_EQ(words("goose", {"postgres", "host=x dbname=y", "down-to", "0"}), "--url host=x dbname=y downgrade base");
  EXPECT_EQ(words("goose", {"-dir", "m", "-allow-missing", "up"}), "--set dir=m --set allow-missing=true upgrade head");
  EXPECT_EQ(words("goose", {"plan", "--down"}), "plan --down");
  EXPECT_EQ(words("goose", {"create", "x"}), "usage");
  EXPECT_EQ(words("goose", {"-no-versioning", "up"}), "usage");
}

TEST(VersionedWords, GolangMigrate) {
  EXPECT_EQ(words("golang-migrate",
                  {"migrate", "-path", "m", "-database", "pgx5://h/d?x-migrations-table=t&sslmode=disable", "up", "2"}),
            "--set path=m --url postgres://h/d?sslmode=disable --set table=t upgrade +2");
  EXPECT_EQ(words("golang-migrate", {"-source", "file://m", "-database", "sqlite3:///a.db", "goto", "3"}),
            "--set path=m --url sqlite:////a.db upgrade 3");
  EXPECT_EQ(words("golang-migrate", {"down"}), "usage");
  EXPECT_EQ(words("golang-migrate", {"down", "-all"}), "downgrade base");
  EXPECT_EQ(words("golang-migrate", {"-source", "s3://m", "up"}), "usage");
}

TEST(VersionedWords, ClaimedByTheirOptions) {
  const auto claims = [](const std::string& format, const Words& words) {
    const Vocabulary* one = vocabulary(format);
    return one->claims != nullptr && one->claims(words);
  };
  EXPECT_TRUE(claims("flyway", {"validate", "-outOfOrder=true"}));
  EXPECT_FALSE(claims("flyway", {"validate", "--url=x", "-c=y", "-q"}));
  EXPECT_TRUE(claims("goose", {"status", "-dir", "m"}));
  EXPECT_FALSE(claims("goose", {"status", "dir"}));
  EXPECT_TRUE(claims("golang-migrate", {"force", "-path=m", "3"}));
  EXPECT_FALSE(claims("golang-migrate", {"force", "-1"}));
  EXPECT_FALSE(claims("prisma", {"status", "--schema", "x"}));
}

class CourseTest : public testing::Test {
 protected:
  CourseTest() {
    std::string pattern = (fs::temp_directory_path() / "bascule-test-XXXXXX").string();
    request_.directory = ::mkdtemp(pattern.data());
  }
  ~CourseTest() override { fs::remove_all(request_.directory); }
  void put(const std::string& name, const std::string& text) const {
    const fs::path path = fs::path(request_.directory) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  /// The course from nothing, a move a word with the states around it.
  std::string chart(const std::string& target) {
    auto project = open_project(request_);
    if (!project) return project.error().code;
    Diagnostics diagnostics;
    (*project)->read_revisions(diagnostics);
    if (diagnostics.has_errors()) return diagnostics.list().front().code;
    Sequence& sequence = *(*project)->sequence();
    if (!sequence.read(nullptr)) return "unread";
    auto course = sequence.chart({model::Direction::kUpgrade, target}, {"postgresql", false});
    if (!course) return course.error().all().list().front().code;
    std::string out;
    for (const Move& move : course->moves)
      out += move.id + "(" + move.state_before + " > " + move.state_after + ": " + join(move.history, "; ") + ") ";
    return out;
  }
  OpenRequest request_;
};

TEST_F(CourseTest, Dbmate) {
  put("db/migrations/2_b.sql", "-- migrate:up\nB;\n-- migrate:down\n");
  put("db/migrations/10_a.sql", "-- migrate:up\nA;\n-- migrate:down\n");
  // dbmate's order is that of the files' names.
  EXPECT_EQ(chart("head"),
            "10(none > 10 (1 row): insert into \"schema_migrations\" (version) values ('10')) "
            "2(10 (1 row) > 10 (2 rows): insert into \"schema_migrations\" (version) values ('2')) ");
  EXPECT_EQ(chart("+3"), "invalid-target");
  EXPECT_EQ(chart("7"), "unknown-version");
  put("db/migrations/3_c.sql", "-- migrate:up\n");
  EXPECT_EQ(chart("head"), "missing-down-section");
  put("db/migrations/2_c.sql", "-- migrate:up\n");
  EXPECT_EQ(chart("head"), "duplicate-version");
}

TEST_F(CourseTest, Goose) {
  put("00002_b.sql", "-- +goose Up\nB;\n");
  put("00010_a.sql", "-- +goose Up\nA;\n");
  EXPECT_EQ(chart("00002"),
            "2(none > 2 (2 rows): INSERT INTO goose_db_version (version_id, is_applied) VALUES (2, true)) ");
  put("00011_c.go", "package x");
  EXPECT_EQ(chart("head"), "migration-is-code");
}

TEST_F(CourseTest, GolangMigrate) {
  put("migrations/1_a.up.sql", "A;\n");
  put("migrations/3_b.up.sql", "B;\n");
  EXPECT_EQ(chart("head"),
            "1(none > 1: TRUNCATE \"schema_migrations\"; "
            "INSERT INTO \"schema_migrations\" (version, dirty) VALUES (1, false)) "
            "3(1 > 3: TRUNCATE \"schema_migrations\"; "
            "INSERT INTO \"schema_migrations\" (version, dirty) VALUES (3, false)) ");
}

}  // namespace
}  // namespace bascule::formats
