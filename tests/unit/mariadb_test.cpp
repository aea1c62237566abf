// MariaDB: what a statement means, how operations are spelled (measured with Alembic 1.20.1, `alembic upgrade --sql`),
// and what versions other than the measured one change.
#include <gtest/gtest.h>

#include "dialects/mariadb/mariadb.h"
#include "model/apply.h"
#include "model/lookup.h"
#include "planner/lower.h"
#include "render_support.h"

namespace bascule {
namespace {

using namespace render_test;  // NOLINT: test helpers
using enum model::ScalarKind;

const dialects::Dialect& mariadb() { return dialects::mariadb_dialect(); }

std::vector<std::string> names_of(std::string_view sql) {
  std::vector<std::string> names;
  for (const auto& operation : mariadb().understand(sql).operations)
    names.emplace_back(model::operation_name(operation));
  return names;
}

model::Schema schema_of(std::string_view script) {
  model::Schema schema;
  for (const auto& statement : mariadb().split(script).statements)
    for (const auto& operation : mariadb().understand(statement.text).operations)
      if (model::apply(schema, operation)) mariadb().complete(schema, operation);
  return schema;
}

plan::Impact impact_of(std::string_view sql, int major, int minor) {
  dialects::Server server;
  server.major = major;
  server.minor = minor;
  return mariadb().impact(
      sql, schema_of("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, v VARCHAR(20)) ENGINE=InnoDB"), server);
}

/// The SQL that would be sent for an operation.
std::string sent(model::Operation operation) {
  Diagnostics diagnostics;
  std::string out;
  for (const auto& step : planner::lower({{std::move(operation), {}, "", false}}, mariadb(), diagnostics))
    out += (out.empty() ? "" : "; ") + std::get<plan::Statement>(step.action).sql;
  for (const auto& one : diagnostics.list()) out += "!! " + one.message;
  return out;
}

TEST(MariadbUnderstand, ReadsSeveralChangesOfOneStatement) {
  const std::vector<std::string> expected = {"add_column",     "drop_column",     "alter_column",
                                             "alter_column",   "create_index",    "drop_index",
                                             "add_constraint", "drop_constraint", "rename_table"};
  EXPECT_EQ(
      names_of("ALTER TABLE `a b` ADD COLUMN c INT COMMENT 'x, y' AFTER `d`, DROP e, MODIFY f ENUM('a', 'b') NOT "
               "NULL, RENAME COLUMN g TO h, ADD KEY (i), DROP INDEX j, ADD FOREIGN KEY (k) REFERENCES l (m), DROP "
               "FOREIGN KEY n, RENAME TO o, ALGORITHM=INPLACE"),
      expected);
}

TEST(MariadbUnderstand, LeavesWhatItDoesNotKnowAsItStands) {
  const auto meaning = mariadb().understand("ALTER TABLE t FROBNICATE a, ADD COLUMN b INT");
  EXPECT_FALSE(meaning.complete);
  EXPECT_EQ(names_of("CALL p()"), std::vector<std::string>{"raw_sql"});
  EXPECT_TRUE(mariadb().understand("SET NAMES utf8mb4").changes_nothing);
  EXPECT_TRUE(mariadb().understand("-- nothing").changes_nothing);
}

TEST(MariadbUnderstand, TakesAnyBytes) {
  for (const char* sql : {"ALTER",
                          "ALTER TABLE",
                          "ALTER TABLE t ADD",
                          "ALTER TABLE t ADD (",
                          "CREATE TABLE t (a",
                          "CREATE INDEX",
                          "DROP INDEX i ON",
                          "ALTER TABLE t MODIFY",
                          "CREATE TABLE t (a INT DEFAULT (",
                          "RENAME TABLE a TO",
                          "ALTER TABLE t ALGORITHM",
                          "CREATE TABLE t (KEY",
                          "'",
                          "`",
                          "/*!",
                          "DROP TABLE",
                          "TRUNCATE",
                          "OPTIMIZE TABLE",
                          "UPDATE",
                          "DELETE FROM",
                          "INSERT INTO"}) {
    static_cast<void>(mariadb().understand(sql));
    static_cast<void>(mariadb().impact(sql, {}, {}));
  }
}

TEST(MariadbUnderstand, KeepsWhatTheServerAddsByItself) {
  const model::Schema schema = schema_of(
      "CREATE TABLE p (id INT PRIMARY KEY);\n"
      "CREATE TABLE c (id INT, pid INT, FOREIGN KEY (pid) REFERENCES p (id), CHECK (id > 0)) ENGINE=MyISAM;\n"
      "ALTER TABLE c ENGINE=InnoDB;\n"
      "ALTER TABLE c ADD COLUMN d INT AFTER id, CONVERT TO CHARACTER SET utf8mb4");
  const model::Table* table = model::find_table(schema, named("c"));
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->columns[1].name.text(), "d");
  EXPECT_NE(model::find_constraint(*table, id("c_ibfk_1")), nullptr);
  EXPECT_NE(model::find_constraint(*table, id("CONSTRAINT_1")), nullptr);
  EXPECT_NE(model::find_index(*table, id("c_ibfk_1")), nullptr);
}

TEST(MariadbLocks, KnowsVersions) {
  EXPECT_EQ(impact_of("ALTER TABLE t ADD COLUMN z INT", 10, 11).algorithm, "INSTANT");
  EXPECT_EQ(impact_of("ALTER TABLE t ADD COLUMN z INT", 10, 2).algorithm, "INPLACE");
  EXPECT_EQ(impact_of("ALTER TABLE t DROP COLUMN a", 10, 3).algorithm, "INPLACE");
  EXPECT_EQ(impact_of("ALTER TABLE t ADD COLUMN z INT AFTER a", 10, 3).algorithm, "INPLACE");
  EXPECT_FALSE(impact_of("ALTER TABLE t RENAME COLUMN a TO z", 10, 4).refused.empty());
  const plan::Impact copy = impact_of("ALTER TABLE t MODIFY a BIGINT", 11, 4);
  EXPECT_EQ(copy.algorithm, "COPY");
  EXPECT_EQ(copy.locks.front().mode, "LOCK=NONE");
  EXPECT_EQ(impact_of("ALTER TABLE t MODIFY a BIGINT", 10, 11).locks.front().mode, "LOCK=SHARED");
}

TEST(MariadbRender, QuotesWithBackticks) {
  EXPECT_EQ(mariadb().quote(id("users")), "users");
  EXPECT_EQ(mariadb().quote(id("Order")), "`Order`");
  EXPECT_EQ(mariadb().quote(id("select")), "`select`");
  EXPECT_EQ(mariadb().quote(id("a`b")), "`a``b`");
}

TEST(MariadbRender, Types) {
  EXPECT_EQ(shown(mariadb().type(scalar(kBoolean))), "BOOL");
  EXPECT_EQ(shown(mariadb().type(text_of(kString, 20))), "VARCHAR(20)");
  EXPECT_EQ(shown(mariadb().type(scalar(kString))), "!! VARCHAR needs a length on MariaDB");
  EXPECT_EQ(shown(mariadb().type(scalar(kSqlTimestamp))), "TIMESTAMP NULL");
  EXPECT_EQ(shown(mariadb().type(scalar(kUuid))), "UUID");
  EXPECT_EQ(shown(dialects::mysql_dialect().type(scalar(kUuid))), "CHAR(32)");
  model::EnumType choice;
  choice.values = {"a", "it's"};
  EXPECT_EQ(shown(mariadb().type(choice)), "ENUM('a','it''s')");
}

TEST(MariadbRender, ColumnsAreChangedAsAWhole) {
  model::AlterColumn alter;
  alter.table = named("t1");
  alter.column = id("x");
  alter.type = text_of(kString, 5);
  alter.nullable = false;
  alter.server_default = model::DefaultChange(lit(model::Value(std::string("a"))));
  EXPECT_EQ(sent(alter), "ALTER TABLE t1 MODIFY x VARCHAR(5) NOT NULL DEFAULT 'a'");
  alter.new_name = id("y");
  alter.comment = model::AlterColumn::CommentChange{"z"};
  EXPECT_EQ(sent(alter), "ALTER TABLE t1 CHANGE x y VARCHAR(5) NOT NULL DEFAULT 'a' COMMENT 'z'");
  model::AlterColumn value;
  value.table = named("t1");
  value.column = id("x");
  value.server_default = model::DefaultChange(lit(model::Value(std::string("7"))));
  EXPECT_EQ(sent(value), "ALTER TABLE t1 ALTER COLUMN x SET DEFAULT '7'");
  value.server_default = model::DefaultChange(model::DropDefault{});
  EXPECT_EQ(sent(value), "ALTER TABLE t1 ALTER COLUMN x DROP DEFAULT");
  model::AlterColumn nullable;
  nullable.table = named("t1");
  nullable.column = id("x");
  nullable.nullable = true;
  EXPECT_EQ(sent(nullable), "!! MariaDB changes a column as a whole: its type is not said ('t1.x')");
}

TEST(MariadbRender, CommentsStandInTheirTable) {
  model::CreateTable create;
  create.table.name = named("users");
  model::Column number = column("id", integer());
  number.nullable = false;
  number.autoincrement = true;
  model::Column name = column("name", text_of(kString, 9));
  name.comment = "it's";
  create.table.columns = {number, name};
  model::PrimaryKey key;
  key.columns = {id("id")};
  create.table.constraints = {key};
  create.table.comment = "the users";
  EXPECT_EQ(
      shown(dialects::Rendered<std::vector<std::string>>(std::vector<std::string>{sent(create)})),
      "CREATE TABLE users ( id INTEGER NOT NULL AUTO_INCREMENT, name VARCHAR(9) COMMENT 'it''s', PRIMARY KEY (id) "
      ")COMMENT='the users'");
}

TEST(MariadbRender, DropsConstraintsByTheirKind) {
  using Kind = model::ConstraintKind;
  const auto drop = [](Kind kind) { return sent(model::DropConstraint{named("t1"), id("x"), kind}); };
  EXPECT_EQ(drop(Kind::kForeignKey), "ALTER TABLE t1 DROP FOREIGN KEY x");
  EXPECT_EQ(drop(Kind::kUnique), "ALTER TABLE t1 DROP INDEX x");
  EXPECT_EQ(drop(Kind::kPrimaryKey), "ALTER TABLE t1 DROP PRIMARY KEY");
  EXPECT_EQ(drop(Kind::kCheck), "ALTER TABLE t1 DROP CONSTRAINT x");
  EXPECT_EQ(drop(Kind::kUnknown), "!! the kind of the constraint 'x' is not said");
}

TEST(MariadbConnect, IsRefused) {
  const auto connection = mariadb().connect({}, {});
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().message, "running on MariaDB is not supported yet; lint is");
}

}  // namespace
}  // namespace bascule
