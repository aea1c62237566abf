// Which steps an authored operation becomes, in which order, in or out of the transaction (order measured with
// Alembic 1.20.1), and which batches rebuild a table on SQLite.
#include <gtest/gtest.h>

#include "planner/lower.h"
#include "render_support.h"

namespace bascule {
namespace {

using namespace render_test;  // NOLINT: test helpers

model::AuthoredOperation authored(model::Operation operation, bool autocommit = false) {
  return {std::move(operation), {}, "op.something", autocommit};
}

/// The steps' statements; a rebuild as "<rebuild>"; refusals as "!! code: message"; "@out" where outside a transaction.
std::vector<std::string> lowered(const dialects::Dialect& dialect, model::Operation operation,
                                 bool autocommit = false) {
  Diagnostics diagnostics;
  const auto steps = planner::lower({authored(std::move(operation), autocommit)}, dialect, diagnostics);
  std::vector<std::string> lines;
  for (const auto& step : steps) {
    const auto* statement = std::get_if<plan::Statement>(&step.action);
    lines.push_back((statement == nullptr ? "<rebuild>" : statement->sql) + (step.in_transaction ? "" : " @out"));
    EXPECT_EQ(step.cause.operation, "op.something");
  }
  for (const auto& item : diagnostics.list()) lines.push_back("!! " + item.code + ": " + item.message);
  return lines;
}

std::vector<std::string> postgres(model::Operation operation) {
  return lowered(dialects::postgres_dialect(), std::move(operation));
}
std::vector<std::string> sqlite(model::Operation operation) {
  return lowered(dialects::sqlite_dialect(), std::move(operation));
}
using Lines = std::vector<std::string>;

model::Index index_on(std::string name, std::string column_name) {
  model::Index index;
  index.name = id(std::move(name));
  index.elements = {{col(std::move(column_name)), ""}};
  return index;
}

TEST(LowerCreateTable, TableIndexesComments) {
  model::CreateTable create;
  create.table.name = named("t");
  create.table.comment = "tab";
  create.table.columns = {column("x", integer())};
  create.table.columns[0].comment = "it's";
  create.table.indexes = {index_on("ix_t_x", "x")};
  EXPECT_EQ(postgres(create), (Lines{"CREATE TABLE t (\n    x INTEGER\n)", "CREATE INDEX ix_t_x ON t (x)",
                                     "COMMENT ON TABLE t IS 'tab'", "COMMENT ON COLUMN t.x IS 'it''s'"}));
  EXPECT_EQ(sqlite(create), (Lines{"CREATE TABLE t (\n\tx INTEGER\n)", "CREATE INDEX ix_t_x ON t (x)"}));
}

model::AddColumn column_with_everything() {
  model::AddColumn add;
  add.table = named("t");
  add.column = column("x", integer());
  add.column.comment = "cc";
  model::ForeignKey key;
  key.name = id("f");
  key.columns = {id("x")};
  key.referent = named("u");
  key.referent_columns = {id("id")};
  add.constraints = {key};
  add.indexes = {index_on("ix_t_x", "x")};
  return add;
}

TEST(LowerAddColumn, ColumnConstraintsIndexesComment) {
  EXPECT_EQ(
      postgres(column_with_everything()),
      (Lines{"ALTER TABLE t ADD COLUMN x INTEGER", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES u (id)",
             "CREATE INDEX ix_t_x ON t (x)", "COMMENT ON COLUMN t.x IS 'cc'"}));
  EXPECT_EQ(sqlite(column_with_everything()),
            (Lines{"ALTER TABLE t ADD COLUMN x INTEGER", "CREATE INDEX ix_t_x ON t (x)",
                   "!! unsupported-on-sqlite: SQLite cannot add a foreign key to an existing table ('t')"}));
  auto inlined = column_with_everything();
  inlined.inline_references = true;
  EXPECT_EQ(sqlite(inlined),
            (Lines{"ALTER TABLE t ADD COLUMN x INTEGER REFERENCES u (id)", "CREATE INDEX ix_t_x ON t (x)"}));
}

TEST(LowerAlterColumn, AlembicsOrder) {
  model::EnumType before;
  before.name = named("e1");
  before.values = {"a"};
  before.native = false;
  before.create_constraint = true;
  model::AlterColumn alter;
  alter.table = named("t");
  alter.column = id("x");
  alter.existing_type = before;
  alter.type = text_of(model::ScalarKind::kString, 1);
  alter.new_name = id("y");
  alter.nullable = false;
  alter.server_default = lit(std::string("z"));
  alter.comment.emplace().text = "q";
  model::CheckConstraint check;
  check.name = id("e");
  check.sql = sql("x IN ('a', 'b')");
  alter.type_constraints = {check};
  EXPECT_EQ(postgres(alter),
            (Lines{"ALTER TABLE t DROP CONSTRAINT e1", "ALTER TABLE t ALTER COLUMN x TYPE VARCHAR(1)",
                   "ALTER TABLE t ALTER COLUMN x SET NOT NULL", "ALTER TABLE t ALTER COLUMN x SET DEFAULT 'z'",
                   "COMMENT ON COLUMN t.x IS 'q'", "ALTER TABLE t RENAME x TO y",
                   "ALTER TABLE t ADD CONSTRAINT e CHECK (x IN ('a', 'b'))"}));
}

TEST(LowerTransactions, ConcurrentlyRunsOutside) {
  model::CreateIndex create{named("t"), index_on("i", "a"), false};
  create.index.postgresql.concurrently = true;
  EXPECT_EQ(postgres(create), Lines{"CREATE INDEX CONCURRENTLY i ON t (a) @out"});
  EXPECT_EQ(sqlite(create), Lines{"CREATE INDEX i ON t (a)"});
  EXPECT_EQ(lowered(dialects::sqlite_dialect(), create, true), Lines{"CREATE INDEX i ON t (a) @out"});
  EXPECT_EQ(postgres(model::RawSql{"CREATE INDEX CONCURRENTLY idx_users_email ON users (email)"}),
            Lines{"CREATE INDEX CONCURRENTLY idx_users_email ON users (email) @out"});
  EXPECT_EQ(postgres(model::RawSql{"UPDATE t SET a = 1; VACUUM t"}), (Lines{"UPDATE t SET a = 1", "VACUUM t @out"}));
}

model::BatchAlter batch(std::vector<model::BatchItem> items, model::Recreate recreate = model::Recreate::kAuto) {
  model::BatchAlter made;
  made.table = named("t");
  made.items = std::move(items);
  made.recreate = recreate;
  return made;
}

model::AddColumn plain_column() {
  model::AddColumn add;
  add.table = named("t");
  add.column = column("x", integer());
  return add;
}

TEST(LowerBatch, RebuildsWhereAlembicDoes) {
  const auto rebuilds = [](model::BatchItem item) {
    return dialects::sqlite_dialect().rebuilds(batch({std::move(item)}));
  };
  auto add = plain_column();
  EXPECT_FALSE(rebuilds(add));
  add.column.server_default = lit(std::string("5"));
  add.indexes = {index_on("ix_t_x", "x")};
  EXPECT_FALSE(rebuilds(add));
  add.column.server_default = sql("5");
  EXPECT_TRUE(rebuilds(add));
  add = plain_column();
  add.column.computed = model::Computed{sql("1"), false};
  EXPECT_FALSE(rebuilds(add));
  add.column.computed->persisted = true;
  EXPECT_TRUE(rebuilds(add));
  add = plain_column();
  add.constraints = {model::CheckConstraint{id(""), sql("x>0"), {}, false, false, {}}};
  EXPECT_FALSE(rebuilds(add));
  auto flag = scalar(model::ScalarKind::kBoolean);
  flag.create_constraint = true;
  add.column.type = flag;
  EXPECT_TRUE(rebuilds(add));
  EXPECT_TRUE(rebuilds(column_with_everything()));
  EXPECT_FALSE(rebuilds(model::CreateIndex{named("t"), index_on("i", "a"), false}));
  EXPECT_FALSE(rebuilds(model::DropIndex{named("t"), named("i"), false, false}));
  EXPECT_TRUE(rebuilds(model::DropColumn{named("t"), id("a"), false}));
  EXPECT_TRUE(rebuilds(model::SetTableComment{named("t"), "a"}));
  EXPECT_FALSE(dialects::sqlite_dialect().rebuilds(batch({})));
  EXPECT_TRUE(dialects::sqlite_dialect().rebuilds(batch({}, model::Recreate::kAlways)));
  EXPECT_FALSE(dialects::postgres_dialect().rebuilds(batch({plain_column()}, model::Recreate::kAlways)));
}

TEST(LowerBatch, InPlaceOrRebuild) {
  const auto both = batch({plain_column(), model::DropColumn{named("t"), id("a"), false}});
  EXPECT_EQ(sqlite(both), Lines{"<rebuild>"});
  const Lines in_place = {"ALTER TABLE t ADD COLUMN x INTEGER", "ALTER TABLE t DROP COLUMN a"};
  EXPECT_EQ(postgres(both), in_place);
  auto never = both;
  never.recreate = model::Recreate::kNever;
  EXPECT_EQ(sqlite(never), in_place);
  auto placed = plain_column();
  placed.insert_after = id("b");
  EXPECT_EQ(
      postgres(batch({placed})).back(),
      "!! unsupported-on-postgresql: column 'x' has insert_before or insert_after, but the table is altered in place");
}

TEST(LowerDiagnostics, AllAreCollected) {
  Diagnostics diagnostics;
  model::AlterColumn alter;
  alter.table = named("t");
  alter.column = id("x");
  alter.nullable = false;
  planner::lower(
      {authored(alter), authored(model::DropConstraint{named("t"), id("f"), model::ConstraintKind::kUnknown, false})},
      dialects::sqlite_dialect(), diagnostics);
  ASSERT_EQ(diagnostics.list().size(), 2U);
  EXPECT_EQ(diagnostics.list()[0].message, "SQLite cannot change the nullability of an existing column ('t.x')");
  EXPECT_EQ(diagnostics.list()[0].help,
            "rebuild the table: with op.batch_alter_table(\"t\") as batch_op: batch_op.alter_column(\"x\", ...)");
}

}  // namespace
}  // namespace bascule
