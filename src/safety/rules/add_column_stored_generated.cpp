#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddColumn>()) {
    const model::Column& column = add->column;
    if (!column.computed || context.harmless(add->table) || !writes_anew(context, add->table)) continue;
    sink.add(rule, add->table,
             "ADD COLUMN " + column.name.text() + " computes a value for every row of " + display(add->table) +
                 ": the table is written anew, and nobody reads it meanwhile",
             "a stored generated column is a part of each row; " + holds(context, add->table, kAccessExclusive) +
                 " until the last one is written",
             named(context.chain, add->table,
                   {{"column", spelled(context.chain, column.name)},
                    {"type", type_text(context.chain, column.type)},
                    {"expression", spelled(context.chain, column.computed->sql)}}));
  }
}

}  // namespace

const Rule kAddColumnStoredGenerated{
    .id = "add-column-stored-generated",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A stored generated column rewrites the table",
    .catches = "ADD COLUMN ... GENERATED ALWAYS AS (...) STORED on a table that is in use.",
    .why =
        "The value is written into every row at once: the table and all its indexes are built anew under ACCESS "
        "EXCLUSIVE (measured on PostgreSQL 12 to 18). PostgreSQL 18 can compute the value when it is read (VIRTUAL), "
        "which changes the catalogue only.",
    .safe_sql =
        "-- PostgreSQL 18 and later: nothing is written\n"
        "ALTER TABLE {table} ADD COLUMN {column} {type} GENERATED ALWAYS AS ({expression}) VIRTUAL;\n"
        "-- before: a plain column that a trigger keeps right, filled in batches by a later migration\n"
        "ALTER TABLE {table} ADD COLUMN {column} {type};\n"
        "CREATE FUNCTION {table}_{column}() RETURNS trigger LANGUAGE plpgsql AS\n"
        "  $$ BEGIN NEW.{column} := ...; RETURN NEW; END $$;\n"
        "CREATE TRIGGER {table}_{column} BEFORE INSERT OR UPDATE ON {table}\n"
        "  FOR EACH ROW EXECUTE FUNCTION {table}_{column}();",
    .safe_alembic =
        "# PostgreSQL 18 and later: nothing is written\n"
        "op.add_column('{table}', sa.Column('{column}', ..., sa.Computed(\"{expression}\", persisted=False)))\n"
        "# before: a plain column that a trigger keeps right, filled in batches by a later revision\n"
        "op.add_column('{table}', sa.Column('{column}', ..., nullable=True))\n"
        "op.execute(\"\"\"\n"
        "    CREATE FUNCTION {table}_{column}() RETURNS trigger LANGUAGE plpgsql AS\n"
        "      $$ BEGIN NEW.{column} := ...; RETURN NEW; END $$\n"
        "\"\"\")\n"
        "op.execute(\"\"\"\n"
        "    CREATE TRIGGER {table}_{column} BEFORE INSERT OR UPDATE ON {table}\n"
        "      FOR EACH ROW EXECUTE FUNCTION {table}_{column}()\n"
        "\"\"\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, price numeric, quantity integer);\n"
        "-- migration: total\n"
        "ALTER TABLE orders ADD COLUMN total numeric GENERATED ALWAYS AS (price * quantity) STORED;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, price numeric, quantity integer);\n"
        "-- migration: total\n"
        "ALTER TABLE orders ADD COLUMN total numeric;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
