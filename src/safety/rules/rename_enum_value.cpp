#include <algorithm>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* rename : context.all<model::RenameEnumValue>()) {
    const auto users = users_of_type(context, rename->type);
    const bool known = std::any_of(context.before.enums.begin(), context.before.enums.end(),
                                   [&](const auto& one) { return model::same_name(one.name, rename->type); });
    if (known && users.empty()) continue;  // no table in use has a column of it
    std::vector<std::string> tables;
    for (const auto* table : users) tables.push_back(display(table->name));
    sink.add(
        rule, users.empty() ? QualifiedName{} : users.front()->name,
        "value '" + rename->value + "' of " + display(rename->type) +
            " is renamed while the release that is "
            "running still writes and compares '" +
            rename->value + "'",
        "its statements fail with \"invalid input value for enum\"" +
            (tables.empty() ? std::string() : "; columns of " + enumeration(tables) + " have this type"),
        named(context.chain, users.empty() ? QualifiedName{} : users.front()->name,
              {{"type", spelled(context.chain, rename->type)},
               {"value", rename->value},
               {"new_value", rename->new_value},
               {"column", users.empty() ? "" : spelled(context.chain, *column_of(*users.front(), rename->type))}}));
  }
}

}  // namespace

const Rule kRenameEnumValue{
    .id = "rename-enum-value",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A value of an enum is renamed under the application",
    .catches = "ALTER TYPE ... RENAME VALUE on a type that a table in use has a column of.",
    .why =
        "It takes no lock on any table (measured on PostgreSQL 11 to 18) and changes what every row says at once. A "
        "running release that sends the old value gets an error, and does not know the new one when it reads it.",
    .safe_sql =
        "-- migration 1: the new value beside the old one\n"
        "ALTER TYPE {type} ADD VALUE '{new_value}' AFTER '{value}';\n"
        "-- deploy a release that understands both and writes the new one; migration 2, in batches:\n"
        "UPDATE {table} SET {column} = '{new_value}' WHERE {column} = '{value}' AND id BETWEEN 1 AND 5000;",
    .bad =
        "CREATE TYPE state AS ENUM ('new', 'done');\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n"
        "-- migration: rename\n"
        "ALTER TYPE state RENAME VALUE 'done' TO 'finished';\n",
    .good =
        "CREATE TYPE state AS ENUM ('new', 'done');\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n"
        "-- migration: add\n"
        "ALTER TYPE state ADD VALUE 'finished' AFTER 'done';\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
