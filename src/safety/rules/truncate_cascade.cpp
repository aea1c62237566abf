#include <algorithm>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  for (const auto* truncate : context.all<model::TruncateTables>()) {
    if (!truncate->cascade || truncate->tables.empty()) continue;
    std::vector<std::string> named_tables;
    bool all_known = true;
    for (const auto& table : truncate->tables) {
      named_tables.push_back(display(table));
      all_known = all_known && model::find_table(context.before, table) != nullptr;
    }
    std::vector<std::string> others;
    for (const auto& lock : context.statement.impact.locks) {
      if (lock.kind != plan::RelationKind::kTable || context.is_new(lock.relation)) continue;
      const bool part = std::any_of(truncate->tables.begin(), truncate->tables.end(), [&](const QualifiedName& table) {
        return is_part_of(context.before, lock.relation, table);
      });
      if (!part) others.push_back(display(lock.relation));
    }
    if (others.empty() && all_known && context.statement.impact.known) continue;  // nothing refers to them
    sink.add(rule, truncate->tables.front(),
             others.empty() ? "TRUNCATE ... CASCADE empties every table that refers to " + enumeration(named_tables)
                            : "TRUNCATE ... CASCADE empties " + enumeration(others) + ", which it does not name",
             "foreign keys lead from there to " + enumeration(named_tables) +
                 "; CASCADE follows them, whatever their ON DELETE says",
             {{"tables", enumeration(named_tables)}});
  }
}

}  // namespace

const Rule kTruncateCascade{
    .id = "truncate-cascade",
    .group = Group::kTables,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "TRUNCATE empties tables that it does not name",
    .catches = "TRUNCATE ... CASCADE, unless no other table refers to those that are named.",
    .why =
        "Every table with a foreign key to the truncated ones is emptied as well, and those that refer to them in "
        "turn: all rows, not only those that refer to something, and even where ON DELETE says RESTRICT or SET NULL. "
        "All of them are held under ACCESS EXCLUSIVE.",
    .safe_sql =
        "-- name every table that is to be emptied: the server refuses if one is forgotten\n"
        "TRUNCATE {tables};",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n"
        "-- migration: empty\n"
        "TRUNCATE users CASCADE;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id));\n"
        "-- migration: empty\n"
        "TRUNCATE orders;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
