// What op.* and batch_op.* record. Expectations follow Alembic 1.20.1 with SQLAlchemy 2.1.9 (measured with as_sql).
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/overload.h"
#include "formats/alembic/evaluate_revision.h"

namespace bascule::formats::alembic {
namespace {

using model::Operation;

const model::NamingConvention kConvention = {{"ix", "ix_%(table_name)s_%(column_0_N_name)s"},
                                             {"uq", "uq_%(table_name)s_%(column_0_name)s"},
                                             {"ck", "ck_%(table_name)s_%(constraint_name)s"},
                                             {"fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"},
                                             {"pk", "pk_%(table_name)s"}};

/// Runs the body of an upgrade().
class Upgrade {
 public:
  explicit Upgrade(const std::string& body, const std::string& dialect = "postgresql",
                   const model::NamingConvention& naming = {}) {
    std::string text =
        "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n\n\ndef "
        "upgrade():\n    pass\n";
    std::size_t start = 0;
    while (start < body.size()) {
      const std::size_t end = std::min(body.find('\n', start), body.size());
      text += "    " + body.substr(start, end - start) + "\n";
      start = end + 1;
    }
    Modules modules(naming);
    const std::map<std::string, std::string> environment;
    evaluation_ = evaluate_file(std::make_shared<const SourceFile>("x.py", text), "rev", model::Direction::kUpgrade,
                                {dialect, false}, {modules, environment, {}});
  }
  /// "" or "code: message". Warnings are no errors.
  std::string error() const {
    if (!evaluation_.diagnostics.has_errors()) return "";
    const Diagnostic& first = evaluation_.diagnostics.list()[0];
    return first.code + ": " + first.message;
  }
  std::string code() const { return evaluation_.diagnostics.empty() ? "" : evaluation_.diagnostics.list()[0].code; }
  /// "line: what" of the rows that it needs; "" for none.
  std::string needs() const {
    if (!evaluation_.needs_rows) return "";
    return std::to_string(evaluation_.needs_rows->location.span.begin.line) + ": " + evaluation_.needs_rows->what;
  }
  std::uint32_t error_line() const { return evaluation_.diagnostics.list()[0].location.span.begin.line; }
  const std::vector<model::AuthoredOperation>& all() const { return evaluation_.operations; }
  std::string names() const {
    std::string out;
    for (const auto& item : evaluation_.operations)
      out += std::string(model::operation_name(item.operation)) + " " + model::operation_subject(item.operation) + "; ";
    return out;
  }
  template <class T>
  const T& get(std::size_t index = 0) const {
    static const T kNone{};
    if (index >= all().size() || !std::holds_alternative<T>(all()[index].operation)) {
      ADD_FAILURE() << "no such operation: " << names() << error();
      return kNone;
    }
    return std::get<T>(all()[index].operation);
  }

 private:
  Evaluation evaluation_;
};

std::string columns_of(const std::vector<Identifier>& columns) {
  std::string out;
  for (const Identifier& column : columns) out += (out.empty() ? "" : ",") + column.text();
  return out;
}

std::string text_of(const model::Constraint& constraint) {
  return std::visit(
      Overload{
          [](const model::PrimaryKey& c) { return "pk " + c.name.text() + "(" + columns_of(c.columns) + ")"; },
          [](const model::UniqueConstraint& c) { return "uq " + c.name.text() + "(" + columns_of(c.columns) + ")"; },
          [](const model::ForeignKey& c) {
            return "fk " + c.name.text() + "(" + columns_of(c.columns) + ")->" + display(c.referent) + "(" +
                   columns_of(c.referent_columns) + ")";
          },
          [](const model::CheckConstraint& c) { return "ck " + c.name.text(); },
          [](const model::ExcludeConstraint& c) { return "ex " + c.name.text(); }},
      constraint);
}

/// "id! auto, b; pk pk_t(id); ix ix_t_b": a column with ! is NOT NULL.
std::string text_of(const model::Table& table) {
  std::string out;
  for (const model::Column& column : table.columns)
    out += column.name.text() + (column.nullable ? "" : "!") + (column.autoincrement ? " auto" : "") + ", ";
  for (const model::Constraint& constraint : table.constraints) out += text_of(constraint) + "; ";
  for (const model::Index& index : table.indexes) out += (index.unique ? "ux " : "ix ") + index.name.text() + "; ";
  return out;
}

std::string table(const std::string& arguments, const std::string& dialect = "postgresql",
                  const model::NamingConvention& naming = {}) {
  const Upgrade run("op.create_table('t', " + arguments + ")", dialect, naming);
  if (!run.error().empty()) return run.error();
  for (const auto& item : run.all())
    if (const auto* made = std::get_if<model::CreateTable>(&item.operation)) return text_of(made->table);
  return "nothing";
}

TEST(CreateTable, PrimaryKeys) {
  EXPECT_EQ(table("sa.Column('a', sa.Integer, primary_key=True)"), "a! auto, pk (a); ");
  EXPECT_EQ(table("sa.Column('a', sa.Integer), sa.PrimaryKeyConstraint('a', name='p')"), "a! auto, pk p(a); ");
  EXPECT_EQ(table("sa.Column('b', sa.Integer, primary_key=True), sa.Column('a', sa.Integer, primary_key=True), "
                  "sa.PrimaryKeyConstraint('a', 'b', name='foo')"),
            "b!, a!, pk foo(a,b); ");
  EXPECT_EQ(table("sa.Column('b', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), "
                  "sa.PrimaryKeyConstraint('a', name='foo')"),
            "b!, a! auto, pk foo(a); ");
  EXPECT_EQ(table("sa.Column('a', sa.Integer, primary_key=True, nullable=True)"), "a auto, pk (a); ");
  EXPECT_EQ(table("sa.Column('a', sa.Integer), sa.PrimaryKeyConstraint()"), "a, ");
  EXPECT_EQ(table("sa.Column('a', sa.Integer, primary_key=True), sa.PrimaryKeyConstraint(name='x')"),
            "a! auto, pk x(a); ");
  EXPECT_EQ(table("sa.Column('a', sa.Integer), sa.PrimaryKeyConstraint('zz')").substr(0, 15), "unknown-column:");
}

TEST(CreateTable, SelfNumbering) {
  const auto a = [](const std::string& rest) { return table("sa.Column('a', " + rest + ")"); };
  EXPECT_EQ(a("sa.BigInteger(), primary_key=True"), "a! auto, pk (a); ");
  EXPECT_EQ(a("sa.Integer, sa.ForeignKey('x.id'), primary_key=True"), "a!, pk (a); fk (a)->x(id); ");
  EXPECT_EQ(a("sa.Integer, sa.ForeignKey('x.id'), primary_key=True, autoincrement='ignore_fk'"),
            "a! auto, pk (a); fk (a)->x(id); ");
  EXPECT_EQ(a("sa.Integer, primary_key=True, autoincrement=False"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.Integer, primary_key=True, server_default='5'"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.Integer, primary_key=True, autoincrement=True, server_default='5'"), "a! auto, pk (a); ");
  EXPECT_EQ(a("sa.Integer, primary_key=True, default=5"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.Integer, sa.Sequence('s'), primary_key=True"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.Integer, sa.Identity(), primary_key=True"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.String, primary_key=True"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.Numeric(10, 0), primary_key=True, autoincrement=True"), "a!, pk (a); ");
  EXPECT_EQ(a("sa.Integer, autoincrement=True"), "a, ");
  EXPECT_EQ(a("sa.Integer, autoincrement=True), sa.Column('b', sa.Integer), sa.PrimaryKeyConstraint('a', 'b'"),
            "a! auto, b!, pk (a,b); ");
  EXPECT_EQ(a("sa.String, primary_key=True, autoincrement=True").substr(0, 15), "invalid-schema:");
}

TEST(CreateTable, NamesAndIndexes) {
  const std::string all =
      "sa.Column('id', sa.Integer), sa.Column('u', sa.Integer, unique=True, index=True), "
      "sa.Column('i', sa.Integer, sa.ForeignKey('s.x.id'), index=True), sa.PrimaryKeyConstraint('id'), "
      "sa.UniqueConstraint('u', 'i'), sa.CheckConstraint('u>1', name='pos'), sa.CheckConstraint('u>1', "
      "name=op.f('pos'))";
  EXPECT_EQ(table(all, "postgresql", kConvention),
            "id! auto, u, i, pk pk_t(id); uq uq_t_u(u,i); ck ck_t_pos; ck pos; fk fk_t_i_x(i)->s.x(id); ux ix_t_u; ix "
            "ix_t_i; ");
  EXPECT_EQ(
      table(all + ", sa.Index('foo', 'u'), schema='sch'"),
      "id! auto, u, i, pk (id); uq (u,i); ck pos; ck pos; fk (i)->s.x(id); ux ix_sch_t_u; ix ix_sch_t_i; ix foo; ");
}

TEST(CreateTable, KeysAreNotNames) {
  EXPECT_EQ(table("sa.Column('x', sa.Integer, key='y'), sa.UniqueConstraint('y'), sa.Index('ix', 'y')"),
            "x, uq (x); ix ix; ");
  EXPECT_EQ(table("sa.Column('x', sa.Integer, key='y'), sa.UniqueConstraint('x')").substr(0, 15), "unknown-column:");
}

TEST(CreateTable, UseAlterIsLeftOutWhereAlterExists) {
  const std::string both = "sa.Column('p', sa.Integer, sa.ForeignKey('t.id', use_alter=True, name='f'))";
  EXPECT_EQ(table(both), "p, ");
  EXPECT_EQ(table(both, "sqlite"), "p, fk f(p)->t(id); ");
  EXPECT_EQ(Upgrade("op.create_table('t', " + both + ")").code(), "foreign-key-left-out")
      << "said, not done in silence";
  EXPECT_EQ(Upgrade("op.create_table('t', " + both + ")\nop.create_foreign_key('f', 't', 't', ['p'], ['id'])").code(),
            "")
      << "added by hand";
}

TEST(CreateTable, TypeChecks) {
  const std::string both =
      "sa.Column('e', sa.Enum('a', 'b', name='en', native_enum=False, create_constraint=True)), "
      "sa.Column('b', sa.Boolean(create_constraint=True, name='bb'))";
  EXPECT_EQ(table(both, "postgresql", kConvention), "e, b, ck ck_t_en; ");
  EXPECT_EQ(table(both, "sqlite", kConvention), "e, b, ck ck_t_en; ck ck_t_bb; ");
  EXPECT_EQ(table("sa.Column('b', sa.Boolean(create_constraint=True))", "sqlite", kConvention).substr(0, 14),
            "name-required:");
}

TEST(CreateTable, Refusals) {
  EXPECT_EQ(table("sa.Column('a', sa.Integer), sa.Column('a', sa.Integer)").substr(0, 17), "duplicate-column:");
  EXPECT_EQ(table("sa.Column('a')").substr(0, 15), "invalid-schema:");
  EXPECT_EQ(table("sa.Column('a', sa.Integer, server_default=5)").substr(0, 15), "invalid-schema:");
  EXPECT_EQ(Upgrade("op.create_table('t', sa.Column('x', sa.Integer), foo='x')").code(), "unknown-option");
  EXPECT_EQ(Upgrade("op.create_unique_constraint('" + std::string(64, 'x') + "', 't', ['a'])").code(),
            "identifier-too-long");
  EXPECT_EQ(Upgrade("op.create_index(None, 't', [sa.text('x')])", "postgresql", {{"ix", "%(constraint_name)s"}}).code(),
            "name-required");
}

TEST(CreateTable, EnumsAreMadeOnce) {
  const Upgrade run(
      "e = sa.Enum('a', 'b', name='en')\nop.create_table('t', sa.Column('e', e), sa.Column('e2', e))\n"
      "op.create_table('t2', sa.Column('e', e))\nop.add_column('t', sa.Column('f', sa.Enum('x', name='other')))");
  EXPECT_EQ(run.names(), "create_enum en; create_table t; create_enum en; create_table t2; add_column t.f; ")
      << run.error();
  EXPECT_FALSE(run.get<model::CreateEnum>(0).if_not_exists);
  EXPECT_TRUE(run.get<model::CreateEnum>(2).if_not_exists);
  EXPECT_EQ(Upgrade("op.create_table('t', sa.Column('e', sa.Enum('a', name='en')))", "sqlite").names(),
            "create_table t; ");
}

TEST(AddColumn, BringsItsConstraints) {
  const Upgrade run(
      "op.add_column('t', sa.Column('d', sa.Integer, sa.ForeignKey('x.id'), nullable=False, unique=True), schema='s')",
      "postgresql", kConvention);
  const auto& added = run.get<model::AddColumn>();
  EXPECT_EQ(display(added.table), "s.t");
  EXPECT_FALSE(added.column.nullable);
  ASSERT_EQ(added.constraints.size(), 2U);
  EXPECT_EQ(text_of(added.constraints[0]), "uq uq_t_d(d)");
  EXPECT_EQ(text_of(added.constraints[1]), "fk fk_t_d_x(d)->x(id)");
  EXPECT_TRUE(Upgrade("op.add_column('t', sa.Column('a', sa.Integer, primary_key=True))")
                  .get<model::AddColumn>()
                  .column.autoincrement);
  EXPECT_FALSE(Upgrade("op.add_column('t', sa.Column('a', sa.Integer, autoincrement=True))")
                   .get<model::AddColumn>()
                   .column.autoincrement);
}

TEST(AddColumn, BothArgumentSpellings) {
  const Upgrade run(
      "op.add_column(column=sa.Column('a', sa.Integer), table_name='t')\nop.drop_column('t', column_name='a')\n"
      "op.create_foreign_key(constraint_name='f', source_table='t', referent_table='u', local_cols=['a'], "
      "remote_cols=['b'])");
  EXPECT_EQ(run.names(), "add_column t.a; drop_column t.a; add_constraint t.f; ") << run.error();
}

TEST(AlterColumn, Defaults) {
  const Upgrade run(
      "op.alter_column('t', 'a', server_default=None)\nop.alter_column('t', 'a', server_default=sa.text('now()'), "
      "nullable=False)\n"
      "op.alter_column('t', 'a', comment=None, existing_type=sa.Integer())\n"
      "op.alter_column('t', 'a', new_column_name='b', type_=sa.Text(), postgresql_using='a::text')");
  ASSERT_EQ(run.all().size(), 4U) << run.error();
  EXPECT_TRUE(std::holds_alternative<model::DropDefault>(*run.get<model::AlterColumn>(0).server_default));
  EXPECT_EQ(run.get<model::AlterColumn>(1).nullable, false);
  EXPECT_TRUE(run.get<model::AlterColumn>(2).comment && !run.get<model::AlterColumn>(2).comment->text);
  EXPECT_FALSE(run.get<model::AlterColumn>(2).server_default);
  EXPECT_EQ(run.get<model::AlterColumn>(3).postgresql_using, "a::text");
  EXPECT_EQ(run.get<model::AlterColumn>(3).new_name->text(), "b");
}

TEST(AlterColumn, TheOldTypesCheckGoes) {
  const std::string arguments =
      "'c', type_=sa.Boolean(create_constraint=True, name='nm'), "
      "existing_type=sa.Enum('a', name='old', create_constraint=True, native_enum=False))";
  const std::string body = "op.alter_column('t', " + arguments;
  EXPECT_EQ(Upgrade(body).names(), "drop_constraint t.old; alter_column t.c; ");
  EXPECT_EQ(Upgrade(body, "sqlite").names(), "alter_column t.c; ");
  const Upgrade batch("with op.batch_alter_table('t') as b:\n    b.alter_column(" + arguments, "sqlite");
  ASSERT_EQ(batch.get<model::BatchAlter>().items.size(), 2U) << batch.error();
}

TEST(Indexes, OptionsAndExpressions) {
  const Upgrade run(
      "op.create_index('i', 't', ['a', sa.text('lower(b)'), sa.desc('d')], unique=True, postgresql_ops={'a': "
      "'text_ops'}, "
      "postgresql_where=sa.text('a > 1'), postgresql_include=['z'], postgresql_with={'fillfactor': 50}, "
      "postgresql_using='gin', postgresql_concurrently=True, sqlite_where='x', mysql_length=5, if_not_exists=True)\n"
      "op.drop_index('i', table_name='t', schema='s', if_exists=True, postgresql_concurrently=True, "
      "postgresql_where='x')");
  const auto& made = run.get<model::CreateIndex>(0);
  EXPECT_TRUE(made.if_not_exists && made.index.unique && made.index.postgresql.concurrently);
  ASSERT_EQ(made.index.elements.size(), 3U);
  EXPECT_EQ(made.index.elements[0].opclass, "text_ops");
  EXPECT_EQ(made.index.postgresql.with[0].second, "50");
  EXPECT_TRUE(made.index.sqlite.where);
  const auto& dropped = run.get<model::DropIndex>(1);
  EXPECT_EQ(display(dropped.name), "s.i");
  EXPECT_TRUE(dropped.concurrently && dropped.if_exists);
  EXPECT_EQ(Upgrade("op.create_index('i', 't', ['a'], postgresql_bar=1)").code(), "unknown-option");
}

TEST(Constraints, NamesAndKinds) {
  const Upgrade run(
      "op.create_unique_constraint(None, 't', ['a', 'b'])\nop.create_primary_key(None, 't', ['a'])\n"
      "op.create_check_constraint('foo', 't', 'x > 1')\nop.create_check_constraint(op.f('foo'), 't', 'x > 1')\n"
      "op.drop_constraint('foo', 't', type_='check')\nop.drop_constraint('foo', 't')\nop.drop_constraint(None, 't', "
      "'primary')",
      "postgresql", kConvention);
  EXPECT_EQ(run.names(),
            "add_constraint t.uq_t_a; add_constraint t.pk_t; add_constraint t.ck_t_foo; add_constraint t.foo; "
            "drop_constraint t.ck_t_foo; drop_constraint t.foo; drop_constraint t.pk_t; ")
      << run.error();
  EXPECT_EQ(Upgrade("op.drop_constraint(None, 't')").code(), "name-required");
  EXPECT_EQ(Upgrade("op.create_foreign_key('a', 't', 'u', ['a'], ['b', 'c'])").code(), "invalid-schema");
}

TEST(Batch, GathersItsItems) {
  const Upgrade run(
      "with op.batch_alter_table('t', schema='s', recreate='always', table_args=(sa.UniqueConstraint('a', name='q'),)) "
      "as b:\n"
      "    b.add_column(sa.Column('x', sa.Integer), insert_after='a')\n    b.drop_column('y')\n"
      "    b.create_index(b.f('ix'), ['x'])\n    b.create_foreign_key('f', 'u', ['x'], ['id'])\n"
      "    b.execute('select 1')\n    b.alter_column('z', new_column_name='w')");
  EXPECT_EQ(run.names(), "raw_sql ; batch_alter_table s.t; ") << run.error();
  const auto& batch = run.get<model::BatchAlter>(1);
  ASSERT_EQ(batch.items.size(), 5U);
  EXPECT_EQ(std::get<model::AddColumn>(batch.items[0]).insert_after.text(), "a");
  EXPECT_EQ(display(std::get<model::CreateIndex>(batch.items[2]).table), "s.t");
  EXPECT_EQ(batch.recreate, model::Recreate::kAlways);
  EXPECT_EQ(text_of(batch.table_constraints.at(0)), "uq q(a)");
  EXPECT_EQ(Upgrade("with op.batch_alter_table('t') as b:\n    pass").names(), "");
  EXPECT_EQ(Upgrade("with op.batch_alter_table('t') as b:\n    b.create_table('x')").code(), "unknown-operation");
}

TEST(Execute, TextAndStatements) {
  const Upgrade run(
      "op.execute('select 1')\nop.execute(sa.text('select :x').bindparams(x=\"a'b\"))\n"
      "op.execute(sa.DDL('create foo %% bar'))\nop.execute(\"select '\\\\:x'\")\n"
      "t = op.create_table('t', sa.Column('c', sa.Integer), sa.Column('d', sa.Integer, default=7))\n"
      "op.execute(t.delete().where(t.c.c == 1))\nop.bulk_insert(t, [{'c': 5}])");
  EXPECT_EQ(run.error(), "");
  EXPECT_EQ(run.get<model::RawSql>(1).sql, "select 'a''b'");
  EXPECT_EQ(run.get<model::RawSql>(2).sql, "create foo % bar");
  EXPECT_EQ(run.get<model::RawSql>(3).sql, "select ':x'");
  EXPECT_EQ(run.get<model::InsertRows>(6).statement.columns.size(), 2U);
  EXPECT_EQ(Upgrade("op.execute(5)").code(), "not-executable");
}

TEST(Context, AutocommitAndDialect) {
  const Upgrade run(
      "with op.get_context().autocommit_block():\n    op.execute('a')\nif op.get_bind().dialect.name == "
      "'postgresql':\n    op.execute('b')\n"
      "if not op.get_context().as_sql:\n    op.get_bind().execute(sa.text('c'))");
  ASSERT_EQ(run.all().size(), 3U) << run.error();
  EXPECT_TRUE(run.all()[0].autocommit);
  EXPECT_FALSE(run.all()[1].autocommit);
  EXPECT_EQ(run.all()[1].written_as, "op.execute");
}

TEST(Context, WhatNeedsTheDatabaseIsKnownUpToThatPlace) {
  const Upgrade loop(
      "op.execute('a')\nfor row in op.get_bind().execute(sa.text('select 1')):\n    op.execute('x')\nop.execute('b')");
  EXPECT_EQ(loop.error(), "");
  EXPECT_EQ(loop.all().size(), 2U);
  EXPECT_EQ(loop.needs(), "9: the result of connection.execute");
  EXPECT_EQ(Upgrade("sa.inspect(op.get_bind())").needs(), "8: sqlalchemy.inspect(...)");
  EXPECT_EQ(Upgrade("from sqlalchemy.orm import Session\nSession(bind=op.get_bind())").needs(), "");
  EXPECT_EQ(Upgrade("try:\n    op.execute('a')\nexcept Exception:\n    pass").needs(),
            "9: whether op.execute succeeds");
  EXPECT_EQ(Upgrade("try:\n    op.execute('a')\nexcept Exception:\n    raise").needs(), "");
  EXPECT_EQ(Upgrade("try:\n    op.execute('a')\nexcept KeyError:\n    pass").needs(), "");
  // What is wrong besides stays wrong.
  EXPECT_EQ(Upgrade("n = op.get_bind().scalar(sa.text('select 1'))\nif n: pass\nop.creat_table('x')").code(),
            "opaque-value");
  EXPECT_EQ(Upgrade("op.invoke(1)").code(), "unsupported-operation");
  const Upgrade typo("op.creat_table('x')");
  EXPECT_EQ(typo.code(), "unknown-operation");
  EXPECT_EQ(typo.error_line(), 8U);
}

TEST(Expressions, AreBounded) {
  // Each of these would double, or grow one level, at every turn.
  EXPECT_EQ(Upgrade("x = sa.text('a')\nfor i in range(40):\n    x = sa.and_(x, x)").code(), "too-large");
  EXPECT_EQ(Upgrade("x = sa.func.f(1)\nfor i in range(40):\n    x = sa.func.f(x, x)").code(), "too-large");
  EXPECT_EQ(Upgrade("x = sa.column('a')\nfor i in range(20000):\n    x = x - 1").code(), "too-deep");
  const Upgrade deep(
      "x = sa.column('a')\nfor i in range(1500):\n    x = x - 1\nop.execute(sa.delete(sa.table('t')).where(x))");
  EXPECT_EQ(deep.error(), "");
  EXPECT_EQ(deep.all().size(), 1U);
}

TEST(Functions, MissingAndInjected) {
  Modules modules({});
  const std::map<std::string, std::string> environment;
  const auto run = [&](const std::string& text, model::Direction direction) {
    return evaluate_file(std::make_shared<const SourceFile>("x.py", text), "rev", direction, {"sqlite", false},
                         {modules, environment, {}});
  };
  const auto missing = run("x = 1\n", model::Direction::kDowngrade);
  ASSERT_EQ(missing.diagnostics.list().size(), 1U);
  EXPECT_EQ(missing.diagnostics.list()[0].code, "no-downgrade-function");
  const auto injected = run("def upgrade(op, tables, tester):\n    op.drop_table('x')\n", model::Direction::kUpgrade);
  EXPECT_EQ(injected.operations.size(), 1U);
}

}  // namespace
}  // namespace bascule::formats::alembic
