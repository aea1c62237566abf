#include "dialects/sqlite/ddl_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dialects/sqlite/rebuild_text.h"

namespace bascule::dialects::sqlite {
namespace {

std::vector<std::string> texts(std::string_view sql) {
  std::vector<std::string> found;
  for (const Token& token : tokenize(sql)) found.push_back(token.text);
  return found;
}

TEST(SqliteTokens, NamesStringsNumbersComments) {
  EXPECT_EQ(texts("a \"b\"\"c\" [d e] `f``g` 'h''i' x'00' 1.5e-3 0x1e+2 -- no\n<= /* no */ ;"),
            (std::vector<std::string>{"a", "b\"c", "d e", "f`g", "'h''i'", "x'00'", "1.5e-3", "0x1e", "+", "2", "<",
                                      "=", ";"}));
  EXPECT_EQ(texts("'open"), (std::vector<std::string>{"'open"}));
  EXPECT_EQ(texts("\"open"), (std::vector<std::string>{"open"}));
  EXPECT_EQ(texts("[open"), (std::vector<std::string>{"open"}));
  EXPECT_EQ(texts("/* open"), (std::vector<std::string>{}));
}

TEST(SqliteReader, ReadsColumns) {
  const auto table = read_create_table(
      "CREATE TABLE IF NOT EXISTS main.\"T\" (id INTEGER NOT NULL ON CONFLICT IGNORE PRIMARY KEY ON CONFLICT FAIL "
      "AUTOINCREMENT,"
      " a DECIMAL ( 10 , 2 ) DEFAULT -1.5 COLLATE NOCASE, b, c TEXT DEFAULT (lower('X') /* ) */ -- )\n) NULL,"
      " d INT GENERATED ALWAYS AS (a + ')') STORED, e AS (1) VIRTUAL) WITHOUT ROWID, STRICT");
  ASSERT_TRUE(table) << table.error();
  ASSERT_EQ(table->columns.size(), 6u);
  const auto type = [&](std::size_t at) { return std::get<model::RawType>(table->columns[at].column.type).sql; };
  const auto text = [](const model::Expression& sql) { return std::get<model::TextExpr>(sql).sql; };
  EXPECT_FALSE(table->columns[0].column.nullable);
  EXPECT_EQ(table->columns[0].column.sqlite_options.at("on_conflict_not_null"), "IGNORE");
  EXPECT_EQ(type(1), "DECIMAL ( 10 , 2 )");
  EXPECT_EQ(text(*table->columns[1].column.server_default), "-1.5");
  EXPECT_EQ(table->columns[1].collation, "NOCASE");
  EXPECT_EQ(type(2), "");
  EXPECT_EQ(text(*table->columns[3].column.server_default), "(lower('X'))");
  EXPECT_EQ(type(4), "INT");
  EXPECT_EQ(text(table->columns[4].column.computed->sql), "a + ')'");
  EXPECT_EQ(table->columns[4].column.computed->persisted, true);
  EXPECT_EQ(table->columns[5].column.computed->persisted, false);
  EXPECT_TRUE(table->options.autoincrement);
  EXPECT_TRUE(table->options.strict);
  EXPECT_FALSE(table->options.with_rowid);
}

TEST(SqliteReader, ReadsConstraints) {
  const auto table = read_create_table(
      "CREATE TABLE t (a INT CONSTRAINT u UNIQUE ON CONFLICT REPLACE CONSTRAINT k CHECK (a > 0) CONSTRAINT r "
      "REFERENCES p ON DELETE "
      "SET NULL ON UPDATE NO ACTION MATCH FULL NOT DEFERRABLE INITIALLY IMMEDIATE, b TEXT,"
      " CONSTRAINT [p k] PRIMARY KEY (a, b COLLATE NOCASE DESC) ON CONFLICT ROLLBACK CHECK (b <> '),('),"
      " FOREIGN KEY (a, b) REFERENCES \"q q\" (x, y) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)");
  ASSERT_TRUE(table) << table.error();
  ASSERT_EQ(table->constraints.size(), 6u);
  const auto& inline_key = std::get<model::ForeignKey>(table->constraints[2].value);
  EXPECT_EQ(inline_key.name.text(), "r");
  EXPECT_TRUE(inline_key.referent_columns.empty());
  EXPECT_EQ(inline_key.on_delete, "SET NULL");
  EXPECT_EQ(inline_key.on_update, "");
  EXPECT_EQ(inline_key.match, "FULL");
  EXPECT_EQ(inline_key.deferral.deferrable, false);
  const auto& primary = std::get<model::PrimaryKey>(table->constraints[3].value);
  EXPECT_EQ(primary.name.text(), "p k");
  EXPECT_EQ(primary.sqlite_on_conflict, "ROLLBACK");
  EXPECT_EQ(table->constraints[3].suffixes, (std::vector<std::string>{"", "COLLATE NOCASE DESC"}));
  const auto& key = std::get<model::ForeignKey>(table->constraints[5].value);
  EXPECT_EQ(key.referent.name.text(), "q q");
  EXPECT_EQ(key.deferral.initially, "DEFERRED");
}

TEST(SqliteReader, RefusesWhatIsNoTable) {
  EXPECT_EQ(read_create_table("CREATE VIRTUAL TABLE f USING fts5(a)").error(), "it is a virtual table");
  EXPECT_EQ(read_create_table("CREATE VIEW v AS SELECT 1").error(), "it is a view");
  for (const char* broken :
       {"", "CREATE", "CREATE TABLE t", "CREATE TABLE t (", "CREATE TABLE t (a", "CREATE TABLE t (a CHECK (",
        "CREATE TABLE t (a DEFAULT", "CREATE TABLE t (a,)", "CREATE TABLE t (a REFERENCES",
        "CREATE TABLE t (PRIMARY KEY (a", "CREATE TABLE t (a) x"}) {
    EXPECT_FALSE(read_create_table(broken)) << broken;
  }
}

TEST(SqliteText, RenamesOnlyColumns) {
  const Renames names = {{"a", "z z"}, {"text", "words"}};
  EXPECT_EQ(rename_columns("t.A > a(1) AND CAST(\"a\" AS text) = 'a' || text COLLATE text", "t", names),
            "\"z z\" > a(1) AND CAST(\"z z\" AS text) = 'a' || words COLLATE text");
  EXPECT_EQ(rename_in_index("CREATE INDEX a ON a (b, a DESC) WHERE a > 0", names),
            "CREATE INDEX a ON a (b, \"z z\" DESC) WHERE \"z z\" > 0");
  EXPECT_EQ(rename_in_trigger("CREATE TRIGGER a AFTER UPDATE OF b, a ON a BEGIN UPDATE o SET a = new.a; END", names),
            "CREATE TRIGGER a AFTER UPDATE OF b, \"z z\" ON a BEGIN UPDATE o SET a = new.\"z z\"; END");
  EXPECT_FALSE(mentions_column("'a' > b", "a"));
  EXPECT_TRUE(index_mentions_column("CREATE INDEX i ON t (lower(a))", "A"));
  EXPECT_FALSE(index_mentions_column("CREATE INDEX a ON a (b)", "a"));
  EXPECT_TRUE(is_membership_test("\"a\" IN (0, 1)", "a"));
  EXPECT_FALSE(is_membership_test("a IN (0, 1) OR (b)", "a"));
  EXPECT_EQ(in_schema("CREATE UNIQUE INDEX i ON t (a)", "\"x y\""), "CREATE UNIQUE INDEX \"x y\".i ON t (a)");
}

}  // namespace
}  // namespace bascule::dialects::sqlite
