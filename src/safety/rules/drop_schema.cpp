#include <algorithm>

#include "base/text.h"
#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

std::vector<std::string> tables_in(const model::Schema& schema, const Identifier& name) {
  std::vector<std::string> found;
  for (const model::Table& table : schema.tables)
    if (table.name.schema == name || (table.name.schema.empty() && name.text() == "public"))
      found.push_back(table.name.name.text());
  return found;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  constexpr std::size_t kNamed = 5;
  if (on_way_down(context)) return;
  for (const auto* drop : context.all<model::DropObject>()) {
    // Without CASCADE the server refuses while something is in it.
    if (drop->kind != model::ObjectKind::kSchema || !drop->cascade) continue;
    auto tables = tables_in(context.before, drop->name.name);
    const bool made_here =
        std::any_of(context.before.objects.begin(), context.before.objects.end(), [&](const model::SchemaObject& one) {
          return one.kind == model::ObjectKind::kSchema && one.name.name == drop->name.name;
        });
    if (tables.empty() && made_here) continue;
    const std::size_t count = tables.size();
    if (count > kNamed) tables.resize(kNamed);
    std::string which = enumeration(tables);
    if (count > kNamed) which = join(tables, ", ") + " ...";
    sink.add(rule, {},
             "DROP SCHEMA " + drop->name.name.text() + " CASCADE drops " +
                 (count == 0 ? "all that is in it" : counted(count, "table") + " with their rows"),
             count == 0 ? "what is in it cannot be told from the migrations" : "it holds " + which,
             {{"schema", spelled(context.chain, drop->name.name)}});
  }
}

}  // namespace

const Rule kDropSchema{
    .id = "drop-schema",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A schema is dropped with everything in it",
    .catches = "DROP SCHEMA ... CASCADE, unless the migrations show that no table is in it.",
    .why =
        "All tables of the schema go with their rows, and foreign keys, views and functions elsewhere that use them, "
        "without being named. ACCESS EXCLUSIVE is held on all of them and on the tables at the other end of their "
        "foreign keys.",
    .safe_sql =
        "-- drop what is in it by name, each after the release that stops using it; then\n"
        "DROP SCHEMA {schema} RESTRICT;",
    .bad =
        "CREATE SCHEMA audit;\n"
        "CREATE TABLE audit.log (id bigint PRIMARY KEY);\n"
        "-- migration: drop\n"
        "DROP SCHEMA audit CASCADE;\n",
    .good =
        "CREATE SCHEMA audit;\n"
        "-- migration: drop\n"
        "DROP SCHEMA audit RESTRICT;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
