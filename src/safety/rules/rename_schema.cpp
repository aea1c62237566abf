#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A table of the schema, for the example.
std::string table_in(const StatementContext& context, const Identifier& schema) {
  for (const model::Table& table : context.before.tables)
    if (table.name.schema == schema) return spelled(context.chain, table.name.name);
  return "each_table";
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* rename : context.all<model::RenameObject>()) {
    if (rename->kind != model::ObjectKind::kSchema) continue;
    const std::string old = rename->name.name.text();
    sink.add(rule, {}, "schema " + old + " is renamed while the release that is running still calls it " + old,
             "every query of its tables by that name, and every search_path with it, fails from then on",
             {{"schema", spelled(context.chain, rename->name.name)},
              {"new_schema", spelled(context.chain, rename->new_name)},
              {"one_table", table_in(context, rename->name.name)}});
  }
}

}  // namespace

const Rule kRenameSchema{
    .id = "rename-schema",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A schema is renamed under the application",
    .catches = "ALTER SCHEMA ... RENAME TO.",
    .why =
        "It takes no lock on any table (measured on PostgreSQL 11 to 18), so that it happens at once, in the middle of "
        "everything: the running release does not find its tables any more, and the new one does not find them before.",
    .safe_sql =
        "-- migration 1: a schema of the new name, with views of the old one's tables (they can be written to)\n"
        "CREATE SCHEMA {new_schema};\n"
        "CREATE VIEW {new_schema}.{one_table} AS SELECT * FROM {schema}.{one_table};\n"
        "-- deploy a release that uses {new_schema} only; migration 2, in one transaction:\n"
        "DROP VIEW {new_schema}.{one_table};\n"
        "ALTER TABLE {schema}.{one_table} SET SCHEMA {new_schema};",
    .bad =
        "CREATE SCHEMA shop;\n"
        "CREATE TABLE shop.orders (id bigint PRIMARY KEY);\n"
        "-- migration: rename\n"
        "ALTER SCHEMA shop RENAME TO store;\n",
    .good =
        "CREATE SCHEMA shop;\n"
        "CREATE TABLE shop.orders (id bigint PRIMARY KEY);\n"
        "-- migration: views\n"
        "CREATE SCHEMA store;\n"
        "CREATE VIEW store.orders AS SELECT * FROM shop.orders;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
