#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/keep_alike.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [drop, table] : changes<model::DropColumn>(context)) {
    // A column of this deployment's own is nobody else's: a step on the way.
    if (context.is_new(*table) || is_new_column(context, *table, drop->column)) continue;
    for (const StatementView& earlier : context.chain.statements) {
      if (&earlier == &context.statement) break;
      if (!deployed_together(context.chain, earlier, context.statement) || !reads_column(earlier, *table, drop->column))
        continue;
      const std::string column = drop->column.text();
      sink.add(
          rule, *table,
          "column " + column + " of " + display(*table) +
              " is carried over and dropped in one deployment: the release that is running still writes to it",
          "what it writes after that (" + place_of(earlier) + ") is lost, and once the column is gone its queries fail",
          named(context.chain, *table,
                {{"column", spelled(context.chain, drop->column)},
                 {"new_column", spelled(context.chain, Identifier(drop->column.text() + "_new"))}}));
      break;
    }
  }
}

}  // namespace

const Rule kCopiedColumnDropped{
    .id = "copied-column-dropped",
    .group = Group::kColumns,
    .level = Level::kError,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A column is copied and dropped in one deployment",
    .catches =
        "A migration (with --pending and --since: all that run together) copies a column's values elsewhere, or finds "
        "rows by them (UPDATE, INSERT ... SELECT), and then drops it. Columns that it has added itself are not meant.",
    .why =
        "That the values are copied says that they are in use. The release that is running writes to the old column "
        "until it is replaced: rows that it changes after the copy keep their old value in the new place, and when the "
        "column is gone, each of its queries fails. A copy and a drop belong into different deployments, with a "
        "trigger that keeps both places alike in between.",
    .safe_sql =
        "-- migration 1 (expand): both columns, kept alike\n"
        "ALTER TABLE {table} ADD COLUMN {new_column} ...;\n" BASCULE_KEEP_ALIKE_SQL
        "-- migration 2: copy the rows that are there, in batches\n"
        "UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000;\n"
        "-- deploy a release that uses {new_column} only; migration 3 (contract), in a later deployment:\n"
        "DROP TRIGGER {table}_{new_column} ON {table};\n"
        "ALTER TABLE {table} DROP COLUMN {column};",
    .safe_alembic =
        "# revision 1 (expand): both columns, kept alike\n"
        "op.add_column('{table}', sa.Column('{new_column}', ..., nullable=True))\n" BASCULE_KEEP_ALIKE_ALEMBIC
        "# revision 2: copy the rows that are there, in batches\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000\")\n"
        "# deploy a release that uses {new_column} only; revision 3 (contract), in a later deployment:\n"
        "op.execute(\"DROP TRIGGER {table}_{new_column} ON {table}\")\n"
        "op.drop_column('{table}', '{column}')",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text, full_name text);\n"
        "-- migration: name\n"
        "UPDATE users SET full_name = name;\n"
        "ALTER TABLE users DROP COLUMN name;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text, full_name text);\n"
        "-- migration: copy\n"
        "UPDATE users SET full_name = name WHERE id < 1000;\n"
        "-- migration: drop, a deployment later\n"
        "ALTER TABLE users DROP COLUMN name;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
