#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void look_at(const StatementContext& context, const Rule& rule, FindingSink& sink, const QualifiedName& table,
             const Identifier& column, const model::Type& type) {
  if (type_text(context.chain, type) != "json") return;
  sink.add(rule, table,
           "column " + column.text() + " of " + display(table) +
               " is of type json, which has no equality: DISTINCT, GROUP BY and UNION over it fail",
           "json keeps the text as it came; jsonb is compared, indexed and searched",
           named(context.chain, table, {{"column", spelled(context.chain, column)}}));
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateTable>())
    for (const auto& column : create->table.columns)
      look_at(context, rule, sink, create->table.name, column.name, column.type);
  for (const auto* add : context.all<model::AddColumn>())
    look_at(context, rule, sink, add->table, add->column.name, add->column.type);
  for (const auto* alter : context.all<model::AlterColumn>())
    if (alter->type) look_at(context, rule, sink, alter->table, alter->column, *alter->type);
}

}  // namespace

const Rule kAddJsonColumn{
    .id = "add-json-column",
    .group = Group::kColumns,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "A column is of type json",
    .catches = "A new column of type json, or one that becomes json.",
    .why =
        "json has no equality operator: SELECT DISTINCT, GROUP BY and UNION over the column fail, queries of the "
        "application that are there included once they select it. It cannot be indexed, and is parsed at every access. "
        "To change it into jsonb later rewrites the table under ACCESS EXCLUSIVE.",
    .safe_sql = "ALTER TABLE {table} ADD COLUMN {column} jsonb;",
    .safe_alembic = "op.add_column('{table}', sa.Column('{column}', postgresql.JSONB(), nullable=True))",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: settings\n"
        "ALTER TABLE users ADD COLUMN settings json;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: settings\n"
        "ALTER TABLE users ADD COLUMN settings jsonb;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
