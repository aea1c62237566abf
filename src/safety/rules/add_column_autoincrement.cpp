#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddColumn>()) {
    const model::Column& column = add->column;
    if (!column.identity && !column.autoincrement) continue;
    if (context.harmless(add->table) || !writes_anew(context, add->table)) continue;
    const std::string table = display(add->table);
    sink.add(rule, add->table,
             "ADD COLUMN " + column.name.text() + " numbers every row of " + table +
                 ": the table is written anew, and nobody reads it meanwhile",
             std::string(column.identity ? "an identity column" : "a serial column") +
                 " takes the next number for each row; " + holds(context, add->table, kAccessExclusive) +
                 " until the last one has its own",
             named(context.chain, add->table,
                   {{"column", spelled(context.chain, column.name)},
                    {"sequence",
                     spelled(context.chain, Identifier(add->table.name.text() + "_" + column.name.text() + "_seq"))}}));
  }
}

}  // namespace

const Rule kAddColumnAutoincrement{
    .id = "add-column-autoincrement",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A new column numbers the rows that are there",
    .catches = "ADD COLUMN of a serial, bigserial or identity type on a table that is in use.",
    .why =
        "Each row needs a number of its own, so the whole table and all its indexes are written anew under ACCESS "
        "EXCLUSIVE. Measured on PostgreSQL 11 to 18: identity columns rewrite exactly as serial ones do.",
    .safe_sql =
        "-- migration 1: new rows get numbers, old ones stay NULL\n"
        "CREATE SEQUENCE {sequence};\n"
        "ALTER TABLE {table} ADD COLUMN {column} bigint;\n"
        "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT nextval('{sequence}');\n"
        "ALTER SEQUENCE {sequence} OWNED BY {table}.{column};\n"
        "-- migration 2, outside of a transaction: repeat for the next range of keys until all are done\n"
        "UPDATE {table} SET {column} = nextval('{sequence}') WHERE id BETWEEN 1 AND 5000 AND {column} IS NULL;",
    .safe_alembic =
        "# revision 1: new rows get numbers, old ones stay NULL\n"
        "op.execute(\"CREATE SEQUENCE {sequence}\")\n"
        "op.add_column('{table}', sa.Column('{column}', sa.BigInteger(), nullable=True))\n"
        "op.alter_column('{table}', '{column}', server_default=sa.text(\"nextval('{sequence}')\"))\n"
        "op.execute(\"ALTER SEQUENCE {sequence} OWNED BY {table}.{column}\")\n"
        "# revision 2: batches, each a transaction of its own\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\n"
        "        \"UPDATE {table} SET {column} = nextval('{sequence}')\"\n"
        "        \" WHERE id BETWEEN 1 AND 5000 AND {column} IS NULL\"\n"
        "    )",
    .bad =
        "CREATE TABLE orders (id uuid PRIMARY KEY);\n"
        "-- migration: number\n"
        "ALTER TABLE orders ADD COLUMN number bigserial;\n",
    .good =
        "CREATE TABLE orders (id uuid PRIMARY KEY);\n"
        "-- migration: number\n"
        "CREATE SEQUENCE orders_number_seq;\n"
        "ALTER TABLE orders ADD COLUMN number bigint;\n"
        "ALTER TABLE orders ALTER COLUMN number SET DEFAULT nextval('orders_number_seq');\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
