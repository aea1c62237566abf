#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// The index's columns that may be NULL, as far as the schema tells.
std::vector<Identifier> nullable_columns(const model::Table& table, const Identifier& index_name) {
  std::vector<Identifier> found;
  const model::Index* index = model::find_index(table, index_name);
  const auto columns = index == nullptr ? std::nullopt : plain_columns(*index);
  for (const auto& name : columns.value_or(std::vector<Identifier>{}))
    if (const model::Column* column = model::find_column(table, name); column != nullptr && column->nullable)
      found.push_back(name);
  return found;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddConstraint>()) {
    const auto* key = std::get_if<model::PrimaryKey>(&add->constraint);
    if (key == nullptr || key->postgresql_using_index.empty() || context.harmless(add->table)) continue;
    const model::Table* table = model::find_table(context.before, add->table);
    if (table == nullptr || !plan::scans(context.statement.impact, add->table)) continue;
    const auto columns = nullable_columns(*table, key->postgresql_using_index);
    std::vector<std::string> texts;
    for (const auto& column : columns) texts.push_back(column.text());
    sink.add(rule, add->table,
             "ADD PRIMARY KEY USING INDEX stops " + stopped(context, add->table, kAccessExclusive) +
                 " while every row is checked for NULL",
             (texts.empty() ? "its columns become NOT NULL" : enumeration(texts) + " may be NULL so far") + "; " +
                 holds(context, add->table, kAccessExclusive) + " while it reads the whole table",
             named(context.chain, add->table,
                   {{"column", columns.empty() ? "" : spelled(context.chain, columns.front())},
                    {"constraint",
                     columns.empty() ? "" : name_or(context.chain, {}, add->table, {columns.front()}, "not_null")}}));
  }
}

}  // namespace

const Rule kPkIndexNullable{
    .id = "pk-index-nullable",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A primary key is made of an index over columns that may be NULL",
    .catches =
        "ADD PRIMARY KEY USING INDEX where a column of the index is not NOT NULL, and no valid CHECK proves that it "
        "holds no NULL.",
    .why =
        "The key makes its columns NOT NULL, and proves it by reading every row under ACCESS EXCLUSIVE: what USING "
        "INDEX was to avoid. PostgreSQL 12 and later skip the reading if the column is NOT NULL or a valid CHECK "
        "(column IS NOT NULL) is there; 18 refuses a column whose NOT NULL is NOT VALID. Measured on 11 to 18.",
    .safe_sql =
        "-- migration 1\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IS NOT NULL) NOT VALID;\n"
        "-- migration 2, in a transaction of its own: nobody waits\n"
        "ALTER TABLE {table} VALIDATE CONSTRAINT {constraint};\n"
        "-- migration 3: reads nothing any more\n"
        "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;\n"
        "ALTER TABLE {table} DROP CONSTRAINT {constraint};\n"
        "-- then the key USING INDEX",
    .safe_alembic =
        "# revision 1\n"
        "op.create_check_constraint('{constraint}', '{table}', '{column} IS NOT NULL', postgresql_not_valid=True)\n"
        "# revision 2, in a transaction of its own: nobody waits\n"
        "op.execute(\"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}\")\n"
        "# revision 3: reads nothing any more\n"
        "op.alter_column('{table}', '{column}', nullable=False)\n"
        "op.drop_constraint('{constraint}', '{table}')\n"
        "# then the key USING INDEX",
    .bad =
        "CREATE TABLE events (id bigint);\n"
        "CREATE UNIQUE INDEX events_pkey ON events (id);\n"
        "-- migration: key\n"
        "ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;\n",
    .good =
        "CREATE TABLE events (id bigint NOT NULL);\n"
        "CREATE UNIQUE INDEX events_pkey ON events (id);\n"
        "-- migration: key\n"
        "ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY USING INDEX events_pkey;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
