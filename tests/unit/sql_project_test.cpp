// Plain SQL projects: a file's header and sections, its statements, the table of heads, which format is meant.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "formats/heads_table.h"
#include "formats/open.h"
#include "formats/sql/revision_file.h"
#include "formats/sql_script.h"

namespace bascule::formats {
namespace {

namespace fs = std::filesystem;

SourceFilePtr file_of(const std::string& text) { return std::make_shared<const SourceFile>("m.sql", text); }

std::string codes(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& one : diagnostics.list()) out += one.code + " ";
  return out;
}

/// "CREATE ...@3" a statement; "!" before it: outside of the transaction.
std::string told(const Statements& statements) {
  std::string out = codes(statements.diagnostics);
  for (const model::AuthoredOperation& one : statements.operations)
    out += (one.autocommit ? "!" : "") + std::get<model::RawSql>(one.operation).sql + "@" +
           std::to_string(one.where.span.begin.line) + "|";
  return out;
}
std::string told(const std::string& text, const std::string& dialect = "postgresql",
                 Grouping grouping = Grouping::kInTransaction) {
  const SourceFilePtr file = file_of(text);
  return told(statements_of({file, 0, text.size()}, dialect, grouping));
}

TEST(SqlScript, StatementsHaveTheirPlaces) {
  EXPECT_EQ(told("SELECT 1;\n\n-- c\nSELECT ';' ;"), "SELECT 1@1|SELECT ';'@4|");
  const SourceFilePtr file = file_of("one\ntwo\n  SELECT 1;\nrest");
  EXPECT_EQ(told(statements_of({file, 8, 20}, "sqlite", Grouping::kOutside)), "!SELECT 1@3|");
  EXPECT_EQ(told("SELECT 'x"), "unclosed-sql ");
  EXPECT_EQ(told(""), "");
}

TEST(SqlScript, TransactionsOfTheirOwn) {
  EXPECT_EQ(told("BEGIN;\nSELECT 1;\nCOMMIT;"), "SELECT 1@2|");
  EXPECT_EQ(told("start transaction;SELECT 1;end work;"), "SELECT 1@1|");
  EXPECT_EQ(told("BEGIN IMMEDIATE;SELECT 1;COMMIT;", "sqlite"), "SELECT 1@1|");
  EXPECT_EQ(told("BEGIN;SELECT 1;COMMIT;SELECT 2;"), "!BEGIN;SELECT 1;COMMIT;SELECT 2;@1|");
  EXPECT_EQ(told("BEGIN ISOLATION LEVEL SERIALIZABLE;COMMIT;"), "!BEGIN ISOLATION LEVEL SERIALIZABLE;COMMIT;@1|");
  EXPECT_EQ(told("SAVEPOINT a;ROLLBACK TO a;"), "SAVEPOINT a@1|ROLLBACK TO a@1|");
  EXPECT_EQ(told("SELECT 1;ROLLBACK;"), "!SELECT 1;ROLLBACK;@1|");
}

TEST(SqlScript, TogetherOnlyWherePostgresMakesATransactionOfIt) {
  EXPECT_EQ(told("SELECT 1;SELECT 2;", "postgresql", Grouping::kTogether), "!SELECT 1;SELECT 2;@1|");
  EXPECT_EQ(told("SELECT 1;", "postgresql", Grouping::kTogether), "!SELECT 1@1|");
  EXPECT_EQ(told("SELECT 1;SELECT 2;", "sqlite", Grouping::kTogether), "!SELECT 1@1|!SELECT 2@1|");
}

TEST(SqlScript, Marks) {
  const std::string text =
      "-- migrate:upper\n -- migrate:up\n-- migrate:up transaction:false\r\nx\n--migrate:down\n-- migrate:down";
  const auto marks = section_marks(text);
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0].direction, model::Direction::kUpgrade);
  EXPECT_TRUE(without_transaction(marks[0].options));
  EXPECT_EQ(text.substr(marks[0].body_begin, 2), "x\n");
  EXPECT_EQ(marks[1].direction, model::Direction::kDowngrade);
  EXPECT_FALSE(without_transaction(marks[1].options));
  EXPECT_EQ(marks[2].body_begin, text.size());
}

TEST(SqlRevisionFile, Header) {
  Diagnostics diagnostics;
  const auto read = sql::read_revision_file(
      file_of("-- What it does\n-- revision: b2\n-- revises: a1, a2\n-- branch-labels: x,y\n-- Depends-On: c\n"
              "-- author: somebody\n-- transaction: off\n\n-- migrate:down\nD\n-- migrate:up\nU\n"),
      diagnostics);
  ASSERT_TRUE(read) << codes(diagnostics);
  EXPECT_EQ(read->revision.id, "b2");
  EXPECT_EQ(read->revision.message, "What it does");
  EXPECT_EQ(read->revision.down_revisions, (std::vector<std::string>{"a1", "a2"}));
  EXPECT_EQ(read->revision.branch_labels, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(read->revision.depends_on, std::vector<std::string>{"c"});
  EXPECT_EQ(read->revision.location.span.begin.line, 2U);
  ASSERT_TRUE(read->up && read->down);
  EXPECT_TRUE(read->up->outside && read->down->outside);
  EXPECT_EQ(read->down->end - read->down->begin, 2U);
  EXPECT_EQ(read->up->end - read->up->begin, 2U);
}

TEST(SqlRevisionFile, TransactionOfOneSection) {
  Diagnostics diagnostics;
  const auto read = sql::read_revision_file(
      file_of("-- revision: a\n-- revises:\n-- migrate:up\nU;\n-- transaction: off\n-- migrate:down\nD;\n"),
      diagnostics);
  ASSERT_TRUE(read) << codes(diagnostics);
  EXPECT_TRUE(read->revision.down_revisions.empty());
  EXPECT_TRUE(read->up->outside);
  EXPECT_FALSE(read->down->outside);
}

TEST(SqlRevisionFile, WrongHeaders) {
  const auto wrong = [](const std::string& text) {
    Diagnostics diagnostics;
    const bool read = sql::read_revision_file(file_of(text), diagnostics).has_value();
    return codes(diagnostics) + (read ? "read" : "");
  };
  EXPECT_EQ(wrong("SELECT 1;"), "incomplete-revision-header ");
  EXPECT_EQ(wrong("-- revision: a\n"), "incomplete-revision-header ");
  EXPECT_EQ(wrong("-- revision:\n-- revises: none\n"), "incomplete-revision-header ");
  EXPECT_EQ(wrong("-- revision: a\n-- revise: b\n-- revises: b"), "unknown-header ");
  EXPECT_EQ(wrong("-- revision: a\n-- revision: b\n-- revises: c"), "invalid-revision-header ");
  EXPECT_EQ(wrong("\xEF\xBB\xBF-- revision: a\r\n-- revises: none\r\n"), "read");
}

TEST(SqlRevisionFile, Sections) {
  EXPECT_EQ(codes(sql::check_sections(file_of("-- revision: a\n"))), "missing-up-section ");
  EXPECT_EQ(codes(sql::check_sections(file_of("X;\n-- migrate:up\n"))), "statement-outside-section ");
  EXPECT_EQ(codes(sql::check_sections(file_of("-- migrate:up\n-- migrate:up\n"))), "several-sections ");
  EXPECT_EQ(codes(sql::check_sections(file_of("-- migrate:down\n-- migrate:up\n"))), "");
}

TEST(SqlRevisionFile, WhatIsWrittenIsRead) {
  NewRevision fresh;
  fresh.id = "b";
  fresh.message = "two\nlines: -- migrate:up";
  fresh.down_revisions = {"a", "c"};
  fresh.branch_labels = {"x"};
  fresh.create_date = "2026-01-01 00:00:00";
  Diagnostics diagnostics;
  const SourceFilePtr file = file_of(sql::revision_text(fresh));
  const auto read = sql::read_revision_file(file, diagnostics);
  ASSERT_TRUE(read) << codes(diagnostics);
  EXPECT_EQ(read->revision.id, "b");
  EXPECT_EQ(read->revision.message, "two lines: -- migrate:up");
  EXPECT_EQ(read->revision.down_revisions, fresh.down_revisions);
  EXPECT_EQ(read->revision.create_date, fresh.create_date);
  EXPECT_TRUE(sql::check_sections(file).empty());
}

TEST(HeadsTable, KeepsTimesWhereThereIsAColumn) {
  const HeadsTable table({"bascule_revisions", "", "revision", 255, "applied_at"});
  EXPECT_EQ(table.create_sql(),
            "CREATE TABLE bascule_revisions (\n    revision VARCHAR(255) NOT NULL,\n"
            "    applied_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,\n"
            "    CONSTRAINT bascule_revisions_pkc PRIMARY KEY (revision)\n)");
  EXPECT_EQ(table.id_column()->length, 255U);
}

class FormatTest : public testing::Test {
 protected:
  FormatTest() {
    std::string pattern = (fs::temp_directory_path() / "bascule-test-XXXXXX").string();
    request_.directory = ::mkdtemp(pattern.data());
  }
  ~FormatTest() override { fs::remove_all(request_.directory); }
  void put(const std::string& name, const std::string& text) const {
    const fs::path path = fs::path(request_.directory) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::string found() const {
    std::string out;
    for (const std::string& one : detect_formats(request_)) out += one + " ";
    return out;
  }
  OpenRequest request_;
};

TEST_F(FormatTest, EachToolsFolderIsItsOwn) {
  EXPECT_EQ(found(), "");
  put("migrations/001.sql", "-- revision: 001\n-- revises: none\n-- migrate:up\n");
  EXPECT_EQ(found(), "sql ");
  fs::remove_all(request_.directory + "/migrations");
  put("db/migrations/001_a.sql", "-- migrate:up\n-- migrate:down\n");
  EXPECT_EQ(found(), "dbmate ");
  put("db/migrations/001_a.sql", "-- +goose Up\n");
  EXPECT_EQ(found(), "goose ");
  fs::remove_all(request_.directory + "/db");
  put("migrations/1_a.up.sql", "SELECT 1;\n");
  EXPECT_EQ(found(), "golang-migrate ");
  fs::remove_all(request_.directory + "/migrations");
  put("migrations/V1__a.sql", "SELECT 1;\n");
  put("migrations/notes.sql", "SELECT 1;\n");
  EXPECT_EQ(found().find("sql "), std::string::npos);
  EXPECT_EQ(found().find("goose"), std::string::npos);
}

TEST_F(FormatTest, TheSettingsDecide) {
  put("bascule.toml", "format = \"dbmate\"\n");
  put("migrations/1_a.up.sql", "SELECT 1;\n");
  EXPECT_EQ(found(), "dbmate ");
  put("bascule.toml", "format = \"nothing\"\n");
  EXPECT_EQ(open_project(request_).error().code, "unknown-format");
}

}  // namespace
}  // namespace bascule::formats
