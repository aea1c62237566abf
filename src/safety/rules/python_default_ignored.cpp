#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (context.revision.python_defaults.empty() || on_way_down(context)) return;
  const auto look_at = [&](const QualifiedName& table, const model::Column& column) {
    const bool ignored = context.revision.python_defaults.contains(display(table) + "." + column.name.text()) ||
                         context.revision.python_defaults.contains(table.name.text() + "." + column.name.text());
    // Without a default a NOT NULL column fails on a table in use: add-column-required says so.
    const bool told = !context.is_new(table) && !column.nullable && !context.all<model::AddColumn>().empty();
    if (!ignored || column.server_default || told) return;
    sink.add(rule, table,
             "default= of column " + column.name.text() + " of " + display(table) +
                 " is no default of the database: no row gets it from this migration",
             "Alembic leaves default= out of the DDL; only an INSERT through a model that has it too would use it",
             named(context.chain, table, {{"column", column.name.text()}}));
  };
  for (const auto* create : context.all<model::CreateTable>())
    for (const auto& column : create->table.columns) look_at(create->table.name, column);
  for (const auto* add : context.all<model::AddColumn>()) look_at(add->table, add->column);
}

}  // namespace

const Rule kPythonDefaultIgnored{
    .id = "python-default-ignored",
    .group = Group::kColumns,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A default that the database never sees",
    .catches = "sa.Column(..., default=...) in an Alembic revision, without server_default.",
    .why =
        "default= is a value that SQLAlchemy's ORM puts into its own INSERTs. The DDL does not have it: rows that are "
        "there keep NULL, and INSERTs by anybody else fail or leave NULL.",
    .safe_sql = "ALTER TABLE {table} ADD COLUMN {column} ... DEFAULT ...;",
    .safe_alembic = "op.add_column('{table}', sa.Column('{column}', ..., server_default=sa.text('...')))",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: active\n"
        "-- default= users.active\n"
        "ALTER TABLE users ADD COLUMN active boolean;  -- sa.Column('active', sa.Boolean(), default=True)\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: active\n"
        "ALTER TABLE users ADD COLUMN active boolean DEFAULT true;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
