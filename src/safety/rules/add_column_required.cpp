#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Known to hold no row.
bool is_empty(const Chain& chain, const QualifiedName& table) {
  const plan::TableFacts* facts = chain.live == nullptr ? nullptr : plan::find_facts(*chain.live, table);
  return facts != nullptr && facts->rows == 0;
}

/// The migration itself has removed all rows before.
bool emptied_before(const StatementContext& context, const QualifiedName& table) {
  for (const StatementView* earlier : earlier_in_revision(context)) {
    for (const model::Operation& operation : earlier->meaning.operations)
      if (const auto* truncate = std::get_if<model::TruncateTables>(&operation))
        for (const QualifiedName& one : truncate->tables)
          if (model::same_name(one, table)) return true;
    const auto change = row_change(*earlier);
    if (change && change->kind == RowChange::Kind::kDelete && model::same_name(change->table, table) &&
        (!change->where || always_true(*change->where)))
      return true;
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [add, table] : changes<model::AddColumn>(context)) {
    const model::Column& column = add->column;
    if (column.nullable || column.server_default || column.identity || column.computed || column.autoincrement)
      continue;
    // A primary key says NOT NULL by itself; what a key costs is said elsewhere.
    if (context.is_new(*table) || is_empty(context.chain, *table) || emptied_before(context, *table)) continue;
    // A domain may bring a default along.
    if (std::holds_alternative<model::DomainType>(column.type)) continue;
    sink.add(rule, *table,
             "ADD COLUMN " + column.name.text() + " NOT NULL without a default fails as soon as " + display(*table) +
                 " has a row",
             "the rows that are there would hold NULL in it",
             named(context.chain, *table,
                   {{"column", spelled(context.chain, column.name)}, {"type", type_text(context.chain, column.type)}}));
  }
}

}  // namespace

const Rule kAddColumnRequired{
    .id = "add-column-required",
    .group = Group::kColumns,
    .level = Level::kError,
    .databases = kPostgres | kSqlite,
    .title = "A new column must not be NULL and has no default",
    .catches = "ADD COLUMN ... NOT NULL without a default, on a table that is in use.",
    .why =
        "PostgreSQL and SQLite refuse it when the table has a single row. On an empty table it passes, and then every "
        "INSERT of the release that is still running fails, because it does not name the column. A default that is the "
        "same for all rows costs nothing since PostgreSQL 11.",
    .safe_sql =
        "-- with a value that is right for the rows that are there: no row is written\n"
        "ALTER TABLE {table} ADD COLUMN {column} {type} NOT NULL DEFAULT ...;\n"
        "-- or without one: fill it in batches, then make it NOT NULL in a later migration\n"
        "ALTER TABLE {table} ADD COLUMN {column} {type};",
    .safe_alembic =
        "# with a value that is right for the rows that are there: no row is written\n"
        "op.add_column('{table}', sa.Column('{column}', ..., server_default=..., nullable=False))\n"
        "# or without one: fill it in batches, then make it NOT NULL in a later revision\n"
        "op.add_column('{table}', sa.Column('{column}', ..., nullable=True))",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text NOT NULL;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text NOT NULL DEFAULT '';\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
