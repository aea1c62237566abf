#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddEnumValue>()) {
    if (!add->before.empty() || !add->after.empty()) continue;
    sink.add(rule, {}, "value '" + add->value + "' of " + display(add->type) + " sorts after all others",
             "neither BEFORE nor AFTER says where it belongs",
             {{"type", spelled(context.chain, add->type)}, {"value", add->value}});
  }
}

}  // namespace

const Rule kEnumValueUnordered{
    .id = "enum-value-unordered",
    .group = Group::kTables,
    .level = Level::kOff,
    .databases = kPostgres,
    .title = "A new value of an enum is put at the end without saying so",
    .catches = "ALTER TYPE ... ADD VALUE without BEFORE or AFTER.",
    .why =
        "ORDER BY and comparisons of an enum follow the order of its values, and that order cannot be changed "
        "afterwards. Switched off unless asked for.",
    .safe_sql = "ALTER TYPE {type} ADD VALUE '{value}' AFTER '...';",
    .bad =
        "CREATE TYPE size AS ENUM ('small', 'large');\n"
        "-- migration: add\n"
        "ALTER TYPE size ADD VALUE 'medium';\n",
    .good =
        "CREATE TYPE size AS ENUM ('small', 'large');\n"
        "-- migration: add\n"
        "ALTER TYPE size ADD VALUE 'medium' AFTER 'small';\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
