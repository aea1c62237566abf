#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateEnum>())
    sink.add(rule, {}, "no value of " + display(create->type.name) + " can be removed later",
             "an enum's values can be added and renamed, never removed",
             {{"type", spelled(context.chain, create->type.name)}});
}

}  // namespace

const Rule kCreateEnum{
    .id = "create-enum",
    .group = Group::kTables,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "An enum type is made",
    .catches = "CREATE TYPE ... AS ENUM.",
    .why =
        "Getting rid of a value means a new type and a change of every column of the old one, which rewrites their "
        "tables. A table of values with a foreign key, or a CHECK on a text column, changes without that. Switched off "
        "unless asked for.",
    .safe_sql =
        "CREATE TABLE {type}_values (value text PRIMARY KEY);\n"
        "-- and in place of columns of {type}\n"
        "ALTER TABLE ... ADD COLUMN ... text REFERENCES {type}_values (value);",
    .bad =
        "-- migration: type\n"
        "CREATE TYPE state AS ENUM ('new', 'done');\n",
    .good =
        "-- migration: type\n"
        "CREATE TABLE states (value text PRIMARY KEY);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
