#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/keep_alike.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Why the change of this column writes rows; other actions of the ALTER TABLE have causes of their own.
std::string cause_of(const StatementContext& context, const Identifier& column) {
  for (const std::string& cause : context.statement.impact.causes)
    if (cause.starts_with(column.text() + " from ") || cause.starts_with(column.text() + " becomes ")) return cause;
  return "values of the two types are not stored alike";
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* alter : context.all<model::AlterColumn>()) {
    if (!alter->type || context.harmless(alter->table) || !writes_anew(context, alter->table)) continue;
    const std::string type = type_text(context.chain, *alter->type);
    const model::Table* table = model::find_table(context.before, alter->table);
    const model::Column* column = table == nullptr ? nullptr : model::find_column(*table, alter->column);
    const std::string old = column == nullptr ? std::string() : type_text(context.chain, column->type);
    const std::string cause = cause_of(context, alter->column);
    sink.add(
        rule, alter->table,
        "column " + alter->column.text() + (old.empty() ? "" : " from " + old) + " to " + type + ": all of " +
            display(alter->table) + " is written anew, and nobody reads it meanwhile",
        cause + "; " + holds(context, alter->table, kAccessExclusive) + " until the table and its indexes are written",
        named(context.chain, alter->table,
              {{"column", spelled(context.chain, alter->column)},
               {"type", type},
               {"new_column", spelled(context.chain, Identifier(alter->column.text() + "_new"))}}));
    return;
  }
}

}  // namespace

const Rule kChangeColumnType{
    .id = "change-column-type",
    .group = Group::kColumns,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A change of type rewrites the table",
    .catches =
        "ALTER COLUMN ... TYPE between types whose values are not stored alike (integer to bigint, text to "
        "varchar(n), json to jsonb ...), or that depends on the session's TimeZone.",
    .why =
        "The table and all its indexes are written anew under ACCESS EXCLUSIVE: SELECT waits too, for as long as "
        "it takes. Changes that PostgreSQL does without touching a row are not reported: varchar(50) to varchar(100) "
        "or text, a larger numeric precision with the same scale, and timestamp to timestamptz in a session whose "
        "TimeZone is UTC. Arrays are rewritten even where their elements would not be. While two columns are kept "
        "alike, "
        "every value has to fit into both types: a write that one of them cannot hold (a number beyond integer, a text "
        "that is too long, a word that is no date) fails. So the new release keeps to what the old type holds until "
        "the "
        "old release is gone and the trigger with it; and where the new type is the narrower one, look first which "
        "rows "
        "and writers do not fit.",
    .safe_sql =
        "-- migration 1 (expand): a new column, kept right by a trigger; until it goes, writes fail whose value does "
        "not\n"
        "-- fit into both types\n"
        "ALTER TABLE {table} ADD COLUMN {new_column} {type};\n" BASCULE_KEEP_ALIKE_SQL
        "-- migration 2, outside of a transaction: repeat for the next range of keys until all are done\n"
        "UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000;\n"
        "-- deploy a release that reads and writes {new_column}, but nothing yet that {column} cannot hold;\n"
        "-- migration 3 (contract), once the old release is gone; from then on {new_column} takes all of its type:\n"
        "DROP TRIGGER {table}_{new_column} ON {table};\n"
        "ALTER TABLE {table} DROP COLUMN {column};",
    .safe_alembic =
        "# revision 1 (expand): a new column, kept right by a trigger; until it goes, writes fail whose value does "
        "not\n"
        "# fit into both types\n"
        "op.add_column('{table}', sa.Column('{new_column}', ..., nullable=True))\n" BASCULE_KEEP_ALIKE_ALEMBIC
        "# revision 2: batches, each a transaction of its own\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"UPDATE {table} SET {new_column} = {column} WHERE id BETWEEN 1 AND 5000\")\n"
        "# deploy a release that reads and writes {new_column}, but nothing yet that {column} cannot hold;\n"
        "# revision 3 (contract), once the old release is gone; from then on {new_column} takes all of its type:\n"
        "op.execute(\"DROP TRIGGER {table}_{new_column} ON {table}\")\n"
        "op.drop_column('{table}', '{column}')",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, quantity integer);\n"
        "-- migration: bigger\n"
        "ALTER TABLE orders ALTER COLUMN quantity TYPE bigint;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(50));\n"
        "-- migration: longer\n"
        "ALTER TABLE orders ALTER COLUMN code TYPE varchar(100);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
