#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Why this column writes every row; empty: it does not.
std::string cause_of(const StatementContext& context, const model::Column& column) {
  for (const std::string& cause : context.statement.impact.causes) {
    const bool of_domain = cause.starts_with("the domain ") || cause.starts_with("the default of the domain ");
    if (of_domain && cause.find(" " + type_text(context.chain, column.type) + " ") != std::string::npos) return cause;
    if (!of_domain && column.server_default && cause.starts_with("the default ")) return cause;
  }
  return {};
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddColumn>()) {
    const model::Column& column = add->column;
    // Columns that number or compute themselves have rules of their own.
    if (column.identity || column.computed || column.autoincrement) continue;
    if (context.harmless(add->table) || !writes_anew(context, add->table)) continue;
    const std::string table = display(add->table);
    const std::string cause = cause_of(context, column);
    if (cause.empty()) continue;  // another action of the same ALTER TABLE writes it anew
    sink.add(rule, add->table,
             "ADD COLUMN " + column.name.text() + " writes all of " + table + " anew, and nobody reads it meanwhile",
             cause + "; " + holds(context, add->table, kAccessExclusive) + " until every row is written",
             named(context.chain, add->table,
                   {{"column", spelled(context.chain, column.name)},
                    {"type", type_text(context.chain, column.type)},
                    {"default", column.server_default ? spelled(context.chain, *column.server_default) : "..."}}));
    return;
  }
}

}  // namespace

const Rule kAddColumnRewritingDefault{
    .id = "add-column-rewriting-default",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A new column's default rewrites the table",
    .catches =
        "ADD COLUMN with a default that is computed anew for every row (clock_timestamp(), random(), "
        "gen_random_uuid(), nextval()), or of a domain that has a constraint.",
    .why =
        "Since PostgreSQL 11 a default that is the same for all rows is stored once and costs nothing: constants, "
        "now(), current_date and current_user are fine. A volatile one is written into every row: the table and all "
        "its indexes are built anew under ACCESS EXCLUSIVE, and SELECT waits like everybody else. A domain with NOT "
        "NULL or CHECK does the same on every version that was measured (11 to 18), even with a constant default.",
    .safe_sql =
        "-- migration 1: old rows stay NULL, new ones get the default\n"
        "ALTER TABLE {table} ADD COLUMN {column} {type};\n"
        "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default};\n"
        "-- migration 2, outside of a transaction: repeat for the next range of keys until all are done\n"
        "UPDATE {table} SET {column} = {default} WHERE id BETWEEN 1 AND 5000 AND {column} IS NULL;\n"
        "-- migration 3, if it has to be NOT NULL: CHECK ... NOT VALID, VALIDATE, SET NOT NULL",
    .safe_alembic =
        "# revision 1: old rows stay NULL, new ones get the default\n"
        "op.add_column('{table}', sa.Column('{column}', ..., nullable=True))\n"
        "op.alter_column('{table}', '{column}', server_default=sa.text(\"{default}\"))\n"
        "# revision 2: batches, each a transaction of its own\n"
        "with op.get_context().autocommit_block():\n"
        "    last = op.get_bind().scalar(sa.text(\"SELECT max(id) FROM {table}\")) or 0\n"
        "    for first in range(0, last + 1, 5000):\n"
        "        op.execute(\n"
        "            sa.text(\n"
        "                \"UPDATE {table} SET {column} = {default}\"\n"
        "                \" WHERE id >= :first AND id < :first + 5000 AND {column} IS NULL\"\n"
        "            ).bindparams(first=first)\n"
        "        )",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: token\n"
        "ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: created_at\n"
        "ALTER TABLE orders ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();\n"
        "-- migration: token\n"
        "ALTER TABLE orders ADD COLUMN token uuid;\n"
        "ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
