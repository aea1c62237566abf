#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A statement of the same deployment has copied the column's values elsewhere: copied-column-dropped tells what is
/// wrong then.
bool was_copied(const StatementContext& context, const QualifiedName& table, const Identifier& column) {
  for (const StatementView& earlier : context.chain.statements) {
    if (&earlier == &context.statement) break;
    if (deployed_together(context.chain, earlier, context.statement) && reads_column(earlier, table, column))
      return true;
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [drop, table] : changes<model::DropColumn>(context)) {
    if (context.is_new(*table) || is_new_column(context, *table, drop->column)) continue;
    const model::Table* known = model::find_table(context.before, *table);
    // Nothing to drop: IF EXISTS, or the statement fails, which statement-refused tells.
    if (known != nullptr && model::find_column(*known, drop->column) == nullptr) continue;
    if (was_copied(context, *table, drop->column)) continue;
    const std::string column = drop->column.text();
    sink.add(rule, *table,
             "column " + column + " of " + display(*table) +
                 " goes with its values, and the release that is running may still name it",
             "every SELECT, INSERT or UPDATE that names " + column +
                 " fails from then on, and so does an ORM that loads whole rows",
             named(context.chain, *table, {{"column", spelled(context.chain, drop->column)}}));
  }
}

}  // namespace

const Rule kDropColumn{
    .id = "drop-column",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A column is dropped",
    .catches = "DROP COLUMN on a table that was there before.",
    .why =
        "The values are gone, and no way down brings them back. An ORM lists all columns that it knows in every "
        "SELECT and INSERT: the release that runs while the migration is deployed fails until it is replaced. "
        "On PostgreSQL the statement is short, but it waits for ACCESS EXCLUSIVE, on the referenced table as well if "
        "the column carries a foreign key. SQLite writes all rows anew.",
    .safe_sql =
        "-- 1. deploy a release that neither reads nor writes {column}\n"
        "-- 2. then, in a later migration:\n"
        "ALTER TABLE {table} DROP COLUMN {column};",
    .safe_alembic =
        "# 1. deploy a release whose models do not have {column}\n"
        "# 2. then, in a later revision:\n"
        "op.drop_column('{table}', '{column}')",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, nick text);\n"
        "-- migration: nick\n"
        "ALTER TABLE users DROP COLUMN nick;\n",
    .good =
        "-- migration: a table that nobody uses yet\n"
        "CREATE TABLE users (id bigint PRIMARY KEY, nick text);\n"
        "ALTER TABLE users DROP COLUMN nick;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
