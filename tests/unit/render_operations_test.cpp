// One operation at a time on both databases; expected SQL measured with Alembic 1.20.1 (`alembic upgrade --sql`).
#include <gtest/gtest.h>

#include "render_support.h"

namespace bascule {
namespace {

using namespace render_test;  // NOLINT: test helpers
using enum model::ScalarKind;

model::PrimaryKey primary_key(std::vector<Identifier> columns) {
  model::PrimaryKey key;
  key.columns = std::move(columns);
  return key;
}

model::ForeignKey foreign_key(std::string name, std::string column, QualifiedName referent,
                              std::string referent_column) {
  model::ForeignKey key;
  key.name = id(std::move(name));
  key.columns = {id(std::move(column))};
  key.referent = std::move(referent);
  key.referent_columns = {id(std::move(referent_column))};
  return key;
}

model::UniqueConstraint unique(std::string name, std::vector<Identifier> columns) {
  model::UniqueConstraint constraint;
  constraint.name = id(std::move(name));
  constraint.columns = std::move(columns);
  return constraint;
}

model::CheckConstraint check(std::string name, std::string text) {
  model::CheckConstraint constraint;
  constraint.name = id(std::move(name));
  constraint.sql = sql(std::move(text));
  return constraint;
}

model::CreateTable simple_table() {
  model::CreateTable create;
  create.table.name = named("t");
  create.table.columns = {column("id", integer()), column("x", integer())};
  create.table.columns[0].nullable = false;
  create.table.columns[0].autoincrement = true;
  create.table.constraints = {primary_key({id("id")})};
  return create;
}

TEST(RenderCreateTable, TextOnSqliteIsSqlAlchemysToTheByte) {
  const auto rendered = dialects::sqlite_dialect().render(simple_table());
  ASSERT_TRUE(rendered);
  EXPECT_EQ(*rendered, std::vector<std::string>{
                           "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\tx INTEGER, \n\tPRIMARY KEY (id)\n)"});
}

TEST(RenderCreateTable, SerialsAndKeys) {
  EXPECT_EQ(on_postgres(simple_table()), "CREATE TABLE t ( id SERIAL NOT NULL, x INTEGER, PRIMARY KEY (id) )");
  auto create = simple_table();
  create.table.columns[0].type = scalar(kBigInteger);
  create.table.columns[1].type = scalar(kSmallInteger);
  create.table.columns[1].autoincrement = true;
  EXPECT_EQ(on_postgres(create), "CREATE TABLE t ( id BIGSERIAL NOT NULL, x SMALLSERIAL, PRIMARY KEY (id) )");
  create.table.columns[0].type = scalar(kNumeric);
  EXPECT_EQ(on_postgres(create), "CREATE TABLE t ( id NUMERIC NOT NULL, x SMALLSERIAL, PRIMARY KEY (id) )");
}

TEST(RenderCreateTable, KeysThatAlembicNeverMakes) {
  auto create = simple_table();
  auto key = foreign_key("fkx", "x", named("u"), "id");
  key.use_alter = true;
  create.table.constraints.emplace_back(key);
  EXPECT_EQ(on_postgres(create), "CREATE TABLE t ( id SERIAL NOT NULL, x INTEGER, PRIMARY KEY (id) )");
  EXPECT_EQ(on_sqlite(create),
            "CREATE TABLE t ( id INTEGER NOT NULL, x INTEGER, PRIMARY KEY (id), "
            "CONSTRAINT fkx FOREIGN KEY(x) REFERENCES u (id) )");
}

TEST(RenderCreateTable, PostgresqlOptions) {
  model::CreateTable create;
  auto& table = create.table;
  create.if_not_exists = true;
  table.name = named("s", "t");
  table.prefixes = {"TEMPORARY"};
  auto k = column("k", scalar(kSmallInteger));
  k.identity.emplace();
  k.identity->always = true;
  k.identity->options.start = 1;
  k.identity->options.cycle = true;
  auto g = column("g", integer());
  g.computed = model::Computed{sql("id+1"), true};
  auto v = column("v", integer());
  v.computed = model::Computed{sql("id+1"), false};
  table.columns = {k, g, v};
  table.postgresql.inherits = {named("A"), named("b")};
  table.postgresql.partition_by = "RANGE (id)";
  table.postgresql.using_method = "heap";
  table.postgresql.with = {{"fillfactor", "70"}, {"x", "true"}};
  table.postgresql.on_commit = "preserve_rows";
  table.postgresql.tablespace = id("TS");
  table.sqlite.with_rowid = false;
  table.sqlite.strict = true;
  EXPECT_EQ(
      on_postgres(create),
      "CREATE TEMPORARY TABLE IF NOT EXISTS s.t ( k SMALLINT GENERATED ALWAYS AS IDENTITY (START WITH 1 CYCLE) NULL, "
      "g INTEGER GENERATED ALWAYS AS (id+1) STORED, v INTEGER GENERATED ALWAYS AS (id+1) VIRTUAL ) "
      "INHERITS (\"A\", b) PARTITION BY RANGE (id) USING heap WITH (fillfactor = 70, x = true) "
      "ON COMMIT PRESERVE ROWS TABLESPACE \"TS\"");
  EXPECT_EQ(on_sqlite(create),
            "CREATE TEMPORARY TABLE IF NOT EXISTS s.t ( k SMALLINT, g INTEGER GENERATED ALWAYS AS (id+1) STORED, "
            "v INTEGER GENERATED ALWAYS AS (id+1) VIRTUAL ) WITHOUT ROWID, STRICT");
}

TEST(RenderCreateTable, SqliteOptions) {
  auto create = simple_table();
  auto& table = create.table;
  table.sqlite.autoincrement = true;
  table.columns[0].sqlite_options["on_conflict_primary_key"] = "FAIL";
  table.columns[1].nullable = false;
  table.columns[1].sqlite_options["on_conflict_not_null"] = "IGNORE";
  table.columns[1].sqlite_options["on_conflict_unique"] = "REPLACE";
  auto both = unique("", {id("id"), id("x")});
  both.sqlite_on_conflict = "ROLLBACK";
  both.deferral.deferrable = true;
  table.constraints.emplace_back(both);
  table.constraints.emplace_back(unique("", {id("x")}));
  EXPECT_EQ(on_sqlite(create),
            "CREATE TABLE t ( id INTEGER NOT NULL PRIMARY KEY ON CONFLICT FAIL AUTOINCREMENT, "
            "x INTEGER NOT NULL ON CONFLICT IGNORE, UNIQUE (id, x) DEFERRABLE ON CONFLICT ROLLBACK, "
            "UNIQUE (x) ON CONFLICT REPLACE )");
  // A key with a foreign key on it stays a constraint of the table.
  table.constraints.emplace_back(foreign_key("", "id", named("u"), "id"));
  EXPECT_NE(on_sqlite(create).find("PRIMARY KEY (id) ON CONFLICT FAIL"), std::string::npos);
}

TEST(RenderCreateTable, KeysIntoOtherDatabaseFiles) {
  model::CreateTable create;
  create.table.name = named("s", "t");
  create.table.columns = {column("id", integer())};
  create.table.constraints = {foreign_key("", "id", named("u"), "id"), foreign_key("", "id", named("s", "u"), "id")};
  EXPECT_EQ(on_sqlite(create), "CREATE TABLE s.t ( id INTEGER, FOREIGN KEY(id) REFERENCES u (id) )");
}

TEST(RenderConstraints, OnPostgresql) {
  const auto added = [](model::Constraint constraint) {
    return on_postgres(model::AddConstraint{named("s", "t"), std::move(constraint), false});
  };
  auto key = foreign_key("f", "a", named("s2", "u"), "b");
  key.on_delete = "cascade";
  key.on_update = "SET NULL";
  key.match = "FULL";
  key.deferral = {true, "DEFERRED"};
  key.not_valid = true;
  EXPECT_EQ(added(key),
            "ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s2.u (b) MATCH FULL ON DELETE cascade "
            "ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED NOT VALID");
  key.on_delete = "CASCADE; DROP TABLE t";
  EXPECT_EQ(added(key), "!! ondelete cannot be 'CASCADE; DROP TABLE t'");
  EXPECT_EQ(added(primary_key({id("a"), id("B")})), "ALTER TABLE s.t ADD PRIMARY KEY (a, \"B\")");
  auto distinct = unique("q", {id("a")});
  distinct.nulls_not_distinct = true;
  distinct.postgresql_include = {id("z")};
  EXPECT_EQ(added(distinct), "ALTER TABLE s.t ADD CONSTRAINT q UNIQUE NULLS NOT DISTINCT (a) INCLUDE (z)");
  auto positive = check("p", "x > 0");
  positive.no_inherit = true;
  positive.not_valid = true;
  EXPECT_EQ(added(positive), "ALTER TABLE s.t ADD CONSTRAINT p CHECK (x > 0) NO INHERIT NOT VALID");
  model::ExcludeConstraint exclude;
  exclude.name = id("e");
  exclude.using_method = "GIST";
  exclude.elements = {{col("a"), "=", "gist_int4_ops"},
                      {sql("tsrange(b,c)"), "&&", ""},
                      {op("+", col("a"), lit(std::int64_t{1})), "=", ""}};
  exclude.where = sql("a>1");
  exclude.deferral.deferrable = false;
  EXPECT_EQ(added(exclude),
            "ALTER TABLE s.t ADD CONSTRAINT e EXCLUDE USING gist (a gist_int4_ops WITH =, tsrange(b,c) WITH &&, "
            "(a + 1) WITH =) WHERE (a>1) NOT DEFERRABLE");
}

TEST(RenderConstraints, RefusedOnSqlite) {
  const auto refused = dialects::sqlite_dialect().render(
      model::AddConstraint{named("t"), foreign_key("f", "a", named("u"), "b"), false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "SQLite cannot add a foreign key to an existing table ('t')");
  EXPECT_EQ(refused.error().help,
            "rebuild the table: with op.batch_alter_table(\"t\") as batch_op: batch_op.create_foreign_key(...)");
  EXPECT_EQ(on_sqlite(model::DropConstraint{named("t"), id("f"), model::ConstraintKind::kUnknown, false}),
            "!! SQLite cannot drop a constraint ('f') of an existing table ('t')");
}

TEST(RenderAddColumn, WithItsChecks) {
  model::AddColumn add;
  add.table = named("t");
  add.column = column("x", integer());
  add.constraints = {check("ck", "x>0")};
  EXPECT_EQ(on_postgres(add), "ALTER TABLE t ADD COLUMN x INTEGER CONSTRAINT ck CHECK (x>0)");
  EXPECT_EQ(on_sqlite(add), "ALTER TABLE t ADD COLUMN x INTEGER CONSTRAINT ck CHECK (x>0)");
  // Alembic leaves out the CHECK that a type brings, outside a rebuild on SQLite.
  auto flag = scalar(kBoolean);
  flag.create_constraint = true;
  flag.constraint_name = id("ck");
  add.column.type = flag;
  EXPECT_EQ(on_sqlite(add), "ALTER TABLE t ADD COLUMN x BOOLEAN");
  auto key = foreign_key("f", "x", named("u"), "id");
  key.on_delete = "CASCADE";
  add.constraints = {key};
  EXPECT_EQ(on_postgres(add), "ALTER TABLE t ADD COLUMN x BOOLEAN REFERENCES u (id) ON DELETE CASCADE");
  EXPECT_EQ(on_sqlite(add), "ALTER TABLE t ADD COLUMN x BOOLEAN REFERENCES u (id) ON DELETE CASCADE");
  add.if_not_exists = true;
  EXPECT_EQ(on_postgres(add), "ALTER TABLE t ADD COLUMN IF NOT EXISTS x BOOLEAN REFERENCES u (id) ON DELETE CASCADE");
  EXPECT_EQ(on_sqlite(add), "!! SQLite has no ADD COLUMN IF NOT EXISTS");
}

TEST(RenderAlterColumn, OneChangeAtATime) {
  const auto changed = [](auto apply) {
    model::AlterColumn alter;
    alter.table = named("s", "t");
    alter.column = id("x");
    apply(alter);
    return std::pair(on_postgres(alter), on_sqlite(alter));
  };
  using model::AlterColumn;
  using Both = std::pair<std::string, std::string>;
  EXPECT_EQ(changed([](AlterColumn& a) { a.new_name = id("y"); }),
            Both("ALTER TABLE s.t RENAME x TO y", "ALTER TABLE s.t RENAME COLUMN x TO y"));
  EXPECT_EQ(changed([](AlterColumn& a) {
              a.type = integer();
              a.postgresql_using = "x::integer";
            }),
            Both("ALTER TABLE s.t ALTER COLUMN x TYPE INTEGER USING x::integer",
                 "!! SQLite cannot change the type of an existing column ('t.x')"));
  EXPECT_EQ(changed([](AlterColumn& a) { a.nullable = false; }).first, "ALTER TABLE s.t ALTER COLUMN x SET NOT NULL");
  EXPECT_EQ(changed([](AlterColumn& a) { a.nullable = true; }).first, "ALTER TABLE s.t ALTER COLUMN x DROP NOT NULL");
  EXPECT_EQ(changed([](AlterColumn& a) { a.comment.emplace().text = "it's"; }),
            Both("COMMENT ON COLUMN s.t.x IS 'it''s'", ""));
  EXPECT_EQ(changed([](AlterColumn& a) { a.comment.emplace(); }).first, "COMMENT ON COLUMN s.t.x IS NULL");
  EXPECT_EQ(changed([](AlterColumn& a) { a.server_default = model::Expression(call("now")); }).first,
            "ALTER TABLE s.t ALTER COLUMN x SET DEFAULT now()");
  EXPECT_EQ(changed([](AlterColumn& a) { a.server_default = model::DropDefault{}; }).first,
            "ALTER TABLE s.t ALTER COLUMN x DROP DEFAULT");
  model::Identity third;
  third.always = true;
  third.options.start = 3;
  model::Identity first;
  first.options.start = 1;
  first.options.increment = 5;
  EXPECT_EQ(changed([&](AlterColumn& a) { a.server_default = third; }).first,
            "ALTER TABLE s.t ALTER COLUMN x ADD GENERATED ALWAYS AS IDENTITY (START WITH 3)");
  EXPECT_EQ(changed([&](AlterColumn& a) {
              a.server_default = third;
              a.existing_server_default = first;
            }).first,
            "ALTER TABLE s.t ALTER COLUMN x SET GENERATED ALWAYS SET START WITH 3");
  EXPECT_EQ(changed([&](AlterColumn& a) {
              a.server_default = model::DropDefault{};
              a.existing_server_default = first;
            }).first,
            "ALTER TABLE s.t ALTER COLUMN x DROP IDENTITY");
  EXPECT_EQ(changed([](AlterColumn& a) {
              a.server_default = model::Computed{sql("1"), true};
            }).first,
            "!! PostgreSQL cannot make column 'x' generated, or stop it from being so");
}

TEST(RenderIndex, EveryOption) {
  model::CreateIndex create;
  create.table = named("s", "t");
  create.if_not_exists = true;
  auto& index = create.index;
  index.name = id("i");
  index.unique = true;
  index.elements = {{col("a"), "int4_ops"}, {sql("lower(b)"), ""}};
  index.postgresql.concurrently = true;
  index.postgresql.using_method = "BTREE";
  index.postgresql.include = {id("c")};
  index.postgresql.nulls_not_distinct = true;
  index.postgresql.with = {{"fillfactor", "70"}};
  index.postgresql.tablespace = id("TS");
  index.postgresql.where = sql("a>1");
  index.sqlite.where = sql("a>2");
  EXPECT_EQ(on_postgres(create),
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON s.t USING btree (a int4_ops, lower(b)) INCLUDE (c) "
            "NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE \"TS\" WHERE a>1");
  EXPECT_EQ(on_sqlite(create), "CREATE UNIQUE INDEX IF NOT EXISTS s.i ON t (a, lower(b)) WHERE a>2");
  EXPECT_EQ(on_postgres(model::DropIndex{named("t"), named("s", "i"), true, true}),
            "DROP INDEX CONCURRENTLY IF EXISTS s.i");
  EXPECT_EQ(on_sqlite(model::DropIndex{named("t"), named("s", "i"), true, true}), "DROP INDEX IF EXISTS s.i");
}

TEST(RenderIndex, ExpressionsAreGroupedOnPostgresql) {
  const auto indexed = [](model::Expression expression, std::string opclass = "") {
    model::CreateIndex create;
    create.table = named("t");
    create.index.name = id("i");
    create.index.elements = {{std::move(expression), std::move(opclass)}};
    const auto cut = [](const std::string& text) { return text.substr(std::string("CREATE INDEX i ON t ").size()); };
    return std::pair(cut(on_postgres(create)), cut(on_sqlite(create)));
  };
  using Both = std::pair<std::string, std::string>;
  const auto sum = [] { return op("+", col("a"), lit(std::int64_t{1})); };
  EXPECT_EQ(indexed(postfix("DESC", col("a"))), Both("(a DESC)", "(a DESC)"));
  EXPECT_EQ(indexed(postfix("NULLS LAST", postfix("DESC", col("B")))),
            Both("(\"B\" DESC NULLS LAST)", "(\"B\" DESC NULLS LAST)"));
  EXPECT_EQ(indexed(call("lower", {col("B")})), Both("(lower(\"B\"))", "(lower(\"B\"))"));
  EXPECT_EQ(indexed(sum()), Both("((a + 1))", "(a + 1)"));
  EXPECT_EQ(indexed(postfix("DESC", sum())), Both("((a + 1) DESC)", "(a + 1 DESC)"));
  EXPECT_EQ(indexed(Box<model::CollateExpr>({col("B"), "C"})),
            Both("((\"B\" COLLATE \"C\"))", "(\"B\" COLLATE \"C\")"));
  EXPECT_EQ(indexed(postfix("DESC", col("B")), "text_pattern_ops").first, "(\"B\" text_pattern_ops DESC)");
  EXPECT_EQ(indexed(sql("a desc")), Both("(a desc)", "(a desc)"));
}

TEST(RenderNamedThings, TypesDomainsSequences) {
  model::CreateEnum create;
  create.type.name = named("s", "E");
  create.type.values = {"a'b", "c"};
  EXPECT_EQ(on_postgres(create), "CREATE TYPE s.\"E\" AS ENUM ('a''b', 'c')");
  EXPECT_EQ(on_sqlite(create), "");
  create.if_not_exists = true;
  EXPECT_EQ(
      on_postgres(create),
      "DO $bascule$ BEGIN IF pg_catalog.to_regtype('s.\"E\"') IS NULL THEN CREATE TYPE s.\"E\" AS ENUM ('a''b', 'c'); "
      "END IF; END $bascule$");
  create.type.values = {"$bascule$"};
  EXPECT_EQ(on_postgres(create).substr(0, 13), "DO $bascule_$");
  EXPECT_EQ(on_postgres(model::DropEnum{named("e"), true}), "DROP TYPE IF EXISTS e");

  model::CreateDomain domain;
  domain.name = named("d");
  domain.type = integer();
  domain.collation = "C";
  domain.server_default = lit(std::string("5"));
  domain.constraint_name = id("cn");
  domain.not_null = true;
  domain.check = sql("VALUE > 0");
  EXPECT_EQ(on_postgres(domain),
            "CREATE DOMAIN d AS INTEGER COLLATE \"C\" DEFAULT '5' CONSTRAINT cn NOT NULL CHECK (VALUE > 0)");
  EXPECT_EQ(on_sqlite(domain), "!! the domain 'd' belongs to PostgreSQL; SQLite has no domains");

  model::CreateSequence sequence;
  sequence.sequence.name = named("x", "s");
  auto& options = sequence.sequence.options;
  options.data_type = scalar(kBigInteger);
  options.start = 3;
  options.increment = 2;
  options.minimum = 1;
  options.maximum = 9;
  options.cache = 5;
  options.cycle = true;
  EXPECT_EQ(on_postgres(sequence),
            "CREATE SEQUENCE x.s AS BIGINT INCREMENT BY 2 START WITH 3 MINVALUE 1 MAXVALUE 9 CACHE 5 CYCLE");
  EXPECT_EQ(on_sqlite(sequence), "!! SQLite has no sequences ('x.s')");
}

TEST(RenderRows, InsertUpdateDelete) {
  model::InsertRows insert;
  insert.statement.table = named("t");
  insert.statement.columns = {id("a"), id("b")};
  for (int row = 0; row < 501; ++row)
    insert.statement.rows.push_back(
        {lit(std::int64_t{row}), row == 0 ? lit(std::string("x%")) : lit(model::NullValue{})});
  const auto statements = dialects::postgres_dialect().render(insert);
  ASSERT_TRUE(statements);
  ASSERT_EQ(statements->size(), 2U);
  EXPECT_TRUE(statements->front().starts_with("INSERT INTO t (a, b) VALUES (0, 'x%'), (1, NULL), "));
  EXPECT_EQ(statements->back(), "INSERT INTO t (a, b) VALUES (500, NULL)");

  model::UpdateRows update;
  update.statement.table = named("s", "T");
  update.statement.assignments = {{id("b"), lit(std::string("x"))}, {id("c"), op("+", col("c"), lit(std::int64_t{1}))}};
  update.statement.where = op("=", model::ColumnExpr{named("s", "T"), id("a")}, lit(std::int64_t{1}));
  EXPECT_EQ(on_postgres(update), "UPDATE s.\"T\" SET b='x', c=c + 1 WHERE s.\"T\".a = 1");
  model::DeleteRows rows;
  rows.statement.table = named("T");
  EXPECT_EQ(on_sqlite(rows), "DELETE FROM \"T\"");
}

TEST(RenderRawSql, AsItStands) {
  EXPECT_EQ(on_sqlite(model::RawSql{"SELECT 1; SELECT 2"}), "SELECT 1; SELECT 2");
  EXPECT_EQ(dialects::postgres_dialect().render(model::RawSql{"SELECT 1; SELECT 2"})->size(), 1U);
  // What PostgreSQL refuses in a transaction goes alone: several statements in one text would be one transaction.
  EXPECT_EQ(
      dialects::postgres_dialect().render(model::RawSql{"CREATE INDEX CONCURRENTLY i ON t (a); SELECT 2"})->size(), 2U);
}

TEST(OutsideTransaction, RecognisedByTheirFirstWords) {
  const auto outside = [](const char* text) {
    return dialects::postgres_dialect().outside_transaction(model::RawSql{text});
  };
  for (const char* text :
       {"CREATE INDEX CONCURRENTLY i ON t (a)",
        "\n -- why\n /* a /* b */ */ create unique index concurrently i on t (a)", "DROP INDEX CONCURRENTLY i",
        "REINDEX INDEX CONCURRENTLY i", "REINDEX (VERBOSE) TABLE CONCURRENTLY t", "REINDEX DATABASE d", "VACUUM",
        "vacuum analyze t", "ALTER SYSTEM SET x = 1", "CREATE DATABASE d", "DROP TABLESPACE x",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"})
    EXPECT_TRUE(outside(text)) << text;
  for (const char* text : {"CREATE INDEX i ON t (a)", "CREATE INDEX \"concurrently\" ON t (a)",
                           "ALTER TYPE e ADD VALUE 'x'", "SELECT 'VACUUM'", "-- VACUUM\nSELECT 1", "REINDEX TABLE t",
                           "CREATE TABLE vacuum (a int)", "ALTER TABLE t DETACH PARTITION p", ""})
    EXPECT_FALSE(outside(text)) << text;
  EXPECT_FALSE(dialects::sqlite_dialect().outside_transaction(model::RawSql{"VACUUM"}));
}

}  // namespace
}  // namespace bascule
