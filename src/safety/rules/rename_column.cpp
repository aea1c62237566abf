#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/mariadb_words.h"
#include "safety/rules/keep_alike.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr std::string_view kMariadbSql =
    "-- migration 1 (expand): both names\n"
    "ALTER TABLE {table} ADD COLUMN {new_column} ..., ALGORITHM=INSTANT;\n"
    "-- deploy a release that writes both and reads {column}; then fill {new_column} in batches:\n"
    "UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000;\n"
    "-- deploy a release that uses {new_column} only; migration 2 (contract), in a later deployment:\n"
    "ALTER TABLE {table} DROP COLUMN {column}, ALGORITHM=INSTANT;";

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto& [alter, table] : changes<model::AlterColumn>(context)) {
    if (!alter->new_name || *alter->new_name == alter->column || context.is_new(*table)) continue;
    if (is_new_column(context, *table, alter->column)) continue;
    const std::string column = alter->column.text();
    const Names names = named(
        context.chain, *table,
        {{"column", spelled(context.chain, alter->column)}, {"new_column", spelled(context.chain, *alter->new_name)}});
    Finding finding;
    finding.table = *table;
    if (on_mariadb(context.chain)) finding.help = other_way(context.chain, rule, names, kMariadbSql);
    finding.message = "column " + column + " of " + display(*table) +
                      " is renamed while the release that is running still calls it " + column;
    finding.why =
        "its queries fail from the moment of the rename until it is replaced, and the new release's fail before";
    sink.add(rule, std::move(finding), names);
  }
}

}  // namespace

const Rule kRenameColumn{
    .id = "rename-column",
    .group = Group::kColumns,
    .level = Level::kError,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A column is renamed under the application",
    .catches = "RENAME COLUMN on a table that was there before.",
    .why =
        "There is no moment at which both releases work: the old one does not know the new name, the new one not the "
        "old name. All queries that name the column fail in between, on every server of a rolling deployment.",
    .safe_sql =
        "-- migration 1 (expand): both names, kept alike\n"
        "ALTER TABLE {table} ADD COLUMN {new_column} ...;\n" BASCULE_KEEP_ALIKE_SQL
        "-- migration 2: copy the rows that are there, in batches\n"
        "UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000;\n"
        "-- deploy a release that uses {new_column} only; migration 3 (contract), in a later deployment:\n"
        "DROP TRIGGER {table}_{new_column} ON {table};\n"
        "ALTER TABLE {table} DROP COLUMN {column};\n"
        "-- or keep the column's name in the database, and map the new name to it in the application",
    .safe_alembic =
        "# revision 1 (expand): both names, kept alike\n"
        "op.add_column('{table}', sa.Column('{new_column}', ..., nullable=True))\n" BASCULE_KEEP_ALIKE_ALEMBIC
        "# revision 2: copy the rows that are there, in batches\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000\")\n"
        "# deploy a release that uses {new_column} only; revision 3 (contract), in a later deployment:\n"
        "op.execute(\"DROP TRIGGER {table}_{new_column} ON {table}\")\n"
        "op.drop_column('{table}', '{column}')\n"
        "# or keep the name in the database: {new_column} = mapped_column('{column}') in the model",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"
        "-- migration: rename\n"
        "ALTER TABLE users RENAME COLUMN name TO full_name;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);\n"
        "-- migration: expand\n"
        "ALTER TABLE users ADD COLUMN full_name text;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
