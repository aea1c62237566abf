#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {
namespace {

Identifier id(std::string text) { return Identifier(std::move(text)); }

model::AlterColumn rename(std::string from, std::string to) {
  model::AlterColumn alter;
  alter.column = id(std::move(from));
  alter.new_name = id(std::move(to));
  return alter;
}
model::AlterColumn set_nullable(std::string column, bool nullable) {
  model::AlterColumn alter;
  alter.column = id(std::move(column));
  alter.nullable = nullable;
  return alter;
}
model::DropColumn drop(std::string column) { return {.column = id(std::move(column))}; }
model::ScalarType integer() { return {.kind = model::ScalarKind::kInteger}; }

class SqliteRebuild : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = sqlite_dialect().connect(db::Url{.dialect = "sqlite", .database = ":memory:"}, {});
    ASSERT_TRUE(opened);
    connection_ = std::move(*opened);
  }
  void run(const std::string& sql) {
    const auto done = db::execute_one(*connection_, sql);
    ASSERT_TRUE(done) << sql << ": " << done.error().message;
  }
  std::string value(const std::string& sql) {
    const auto got = connection_->query(sql);
    if (!got) return "error: " + got.error().message;
    std::string text;
    for (const auto& row : got->rows)
      for (const auto& cell : row) text += (text.empty() ? "" : "|") + cell.value_or("NULL");
    return text;
  }
  model::BatchAlter batch(std::vector<model::BatchItem> items, std::string table = "t") {
    model::BatchAlter made;
    made.table.name = id(std::move(table));
    made.items = std::move(items);
    return made;
  }
  /// What went wrong; empty if nothing.
  std::string rebuild(const model::BatchAlter& batch) {
    const auto statements = sqlite_dialect().expand(batch, connection_.get());
    if (!statements) {
      if (const auto* refused = std::get_if<Unsupported>(&statements.error()))
        return refused->message + " | " + refused->help;
      return std::get<db::DbError>(statements.error()).message;
    }
    run("BEGIN");
    std::vector<std::string> all = statements->statements;
    all.insert(all.end(), statements->before_commit.begin(), statements->before_commit.end());
    const auto done = connection_->execute(all);
    if (!done) {
      connection_->rollback();
      return done.error().error.message;
    }
    run("COMMIT");
    return "";
  }
  std::string master(const std::string& name) {
    return value("SELECT sql FROM sqlite_master WHERE name = '" + name + "'");
  }

  std::unique_ptr<db::Connection> connection_;
};

TEST_F(SqliteRebuild, StatementsInAlembicsOrder) {
  run("CREATE TABLE t (id INTEGER NOT NULL, a VARCHAR(20), PRIMARY KEY (id)); CREATE INDEX i ON t (a);");
  auto alter = set_nullable("a", false);
  alter.type = model::ScalarType{.kind = model::ScalarKind::kInteger};
  const auto statements = sqlite_dialect().expand(batch({alter}), connection_.get());
  ASSERT_TRUE(statements);
  EXPECT_EQ(statements->statements,
            (std::vector<std::string>{
                "CREATE TABLE _alembic_tmp_t (\n\tid INTEGER NOT NULL, \n\ta INTEGER NOT NULL, \n\tPRIMARY KEY (id)\n)",
                "INSERT INTO _alembic_tmp_t (id, a) SELECT id, CAST(a AS INTEGER) FROM t", "DROP TABLE t",
                "ALTER TABLE _alembic_tmp_t RENAME TO t", "CREATE INDEX i ON t (a)"}));
}

TEST_F(SqliteRebuild, SaysWhatExists) {
  run("CREATE TABLE t (a INT, b INT, CONSTRAINT u_ab UNIQUE (a, b), UNIQUE (b)); CREATE INDEX i ON t (a);");
  EXPECT_EQ(rebuild(batch({model::DropConstraint{.name = id("u_a")}})),
            "No such constraint: 'u_a' on the table 't' | did you mean 'u_ab'? its constraints are: 'u_ab'; 1 without "
            "a name: say how "
            "they would be named with batch_alter_table(..., naming_convention={...})");
  EXPECT_EQ(rebuild(batch({model::DropConstraint{.name = id("i")}})),
            "No such constraint: 'i' on the table 't' | it is an index: batch_op.drop_index(\"i\")");
  EXPECT_EQ(rebuild(batch({model::DropIndex{.name = {{}, id("u_ab")}}})),
            "No such index: 'u_ab' on the table 't' | it is a constraint: batch_op.drop_constraint(\"u_ab\")");
  EXPECT_EQ(rebuild(batch({drop("c")})), "the table 't' has no column 'c' | its columns are: 'a', 'b'");
  EXPECT_EQ(rebuild(batch({drop("a"), drop("b")})), "no column would be left in 't' | drop the table: op.drop_table");
  EXPECT_EQ(rebuild(batch({drop("a")}, "tt")).substr(0, 28), "there is no table 'tt' in th");
  EXPECT_EQ(rebuild(batch({model::DropConstraint{.name = id("x"), .if_exists = true}})), "");
}

TEST_F(SqliteRebuild, OfflineNeedsTheTable) {
  auto alter = batch({set_nullable("a", false)});
  auto refused = sqlite_dialect().expand(alter, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_NE(std::get<Unsupported>(refused.error()).help.find("copy_from"), std::string::npos);
  alter.copy_from = model::Table{.name = {{}, id("t")}, .columns = {model::Column{.name = id("a"), .type = integer()}}};
  const auto statements = sqlite_dialect().expand(alter, nullptr);
  ASSERT_TRUE(statements);
  EXPECT_EQ(statements->statements.at(0), "CREATE TABLE _alembic_tmp_t (\n\ta INTEGER NOT NULL\n)");
}

TEST_F(SqliteRebuild, SwapsNames) {
  run("CREATE TABLE t (a INT, b INT, CONSTRAINT c CHECK (a < b)); CREATE VIEW v AS SELECT a FROM t; INSERT INTO t "
      "VALUES (1, 2);");
  EXPECT_EQ(rebuild(batch({rename("a", "b"), rename("b", "a")})), "");
  EXPECT_EQ(value("SELECT b, a FROM t"), "1|2");
  EXPECT_NE(master("t").find("CHECK (b < a)"), std::string::npos);
}

TEST_F(SqliteRebuild, AnAttachedDatabase) {
  run("ATTACH ':memory:' AS \"o o\"; CREATE TABLE \"o o\".t (a INT UNIQUE, b INT); CREATE INDEX \"o o\".i ON t (b);"
      "CREATE TRIGGER \"o o\".tr AFTER INSERT ON t BEGIN SELECT 1; END; CREATE TABLE \"o o\".child (x INT REFERENCES t "
      "(a));"
      "INSERT INTO \"o o\".t VALUES (1, 2); CREATE TABLE t (other);");
  auto change = batch({set_nullable("a", false)});
  change.table.schema = id("o o");
  EXPECT_EQ(rebuild(change), "");
  EXPECT_EQ(value("SELECT group_concat(type || ' ' || name) FROM (SELECT * FROM \"o o\".sqlite_master ORDER BY name)"),
            "table child,index i,index sqlite_autoindex_t_1,table t,trigger tr");
  EXPECT_EQ(value("SELECT * FROM \"o o\".t"), "1|2");
  EXPECT_EQ(master("t"), "CREATE TABLE t (other)");
}

TEST_F(SqliteRebuild, RenamesTheTableToo) {
  run("CREATE TABLE t (a INT PRIMARY KEY); CREATE TABLE child (x INT REFERENCES t (a)); INSERT INTO t VALUES (1); "
      "INSERT INTO child VALUES (1);");
  EXPECT_EQ(rebuild(batch({set_nullable("a", false), model::RenameTable{.new_name = id("New")}})), "");
  EXPECT_EQ(value("SELECT \"table\" FROM pragma_foreign_key_list('child')"), "New");
}

TEST_F(SqliteRebuild, ChecksForeignKeysThatWereInOrder) {
  run("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INT, b INT REFERENCES p (id)); INSERT INTO t VALUES "
      "(7, 8);");
  model::ForeignKey key{.name = id("k"), .columns = {id("a")}};
  key.referent.name = id("p");
  key.referent_columns = {id("id")};
  EXPECT_EQ(rebuild(batch({model::AddConstraint{.constraint = key}})), "") << "b was broken before";
  run("UPDATE t SET a = NULL, b = NULL; CREATE TABLE c (x INT REFERENCES t (a)); INSERT INTO p VALUES (1);");
  EXPECT_EQ(rebuild(batch({set_nullable("a", true)})), "") << "c refers to a column that is not unique";
  run("DROP TABLE c; DELETE FROM t; DELETE FROM p; INSERT INTO t VALUES (NULL, NULL); CREATE TABLE d (x INT REFERENCES "
      "p (id));"
      "INSERT INTO p VALUES (5); INSERT INTO d VALUES (5);");
  auto to_text = batch({drop("id"), model::AddColumn{.column = {.name = id("id"), .type = integer()}}}, "p");
  EXPECT_NE(rebuild(to_text), "") << "d's parent is gone";
  EXPECT_EQ(value("SELECT id FROM p"), "5");
}

TEST_F(SqliteRebuild, SeesWhatAnInterruptedRunLeft) {
  run("CREATE TABLE t (a INT); CREATE TABLE _alembic_tmp_t (a INT)");
  EXPECT_EQ(rebuild(batch({set_nullable("a", false)})),
            "the table '_alembic_tmp_t' is in the way: an interrupted rebuild of 't' has left it behind | check that "
            "'t' has all its "
            "rows, then: DROP TABLE \"_alembic_tmp_t\"");
}

TEST_F(SqliteRebuild, RefusesViewsAndVirtualTables) {
  run("CREATE VIEW t AS SELECT 1 AS a");
  EXPECT_EQ(rebuild(batch({drop("a")})).substr(0, 47), "the table 't' cannot be rebuilt: it is a view |");
}

TEST_F(SqliteRebuild, CircularOrderIsRefused) {
  run("CREATE TABLE t (a INT, b INT)");
  auto change = batch({set_nullable("a", false)});
  change.partial_reordering = {{id("a"), id("b")}, {id("b"), id("a")}};
  EXPECT_EQ(rebuild(change).substr(0, 41), "the wished order of the columns of 't' go");
}

TEST_F(SqliteRebuild, LongNamesAreCutAsAlembicDoes) {
  const std::string name = "ünïcödé_" + std::string(60, 'x');
  run("CREATE TABLE \"" + name + "\" (a INT); INSERT INTO \"" + name + "\" VALUES (1)");
  EXPECT_EQ(rebuild(batch({set_nullable("a", false)}, name)), "");
  EXPECT_EQ(value("SELECT count(*) FROM \"" + name + "\""), "1");
}

TEST_F(SqliteRebuild, TriggersOnDroppedColumnsGo) {
  run("CREATE TABLE t (a INT, b INT); CREATE TRIGGER x AFTER UPDATE ON t BEGIN SELECT new.b; END;"
      "CREATE TRIGGER y AFTER UPDATE ON t BEGIN SELECT new.a; END;");
  EXPECT_EQ(rebuild(batch({drop("b")})), "");
  EXPECT_EQ(value("SELECT name FROM sqlite_master WHERE type = 'trigger'"), "y");
}

}  // namespace
}  // namespace bascule::dialects
