#include <array>
#include <string_view>
#include <utility>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

using Words = std::pair<std::string_view, std::string_view>;
constexpr auto kOpaque =
    std::to_array<Words>({{"do", "a DO block"}, {"call", "a procedure"}, {"execute", "a prepared statement"}});

/// What hides the statement's work: "a DO block does"; empty: nothing.
std::string hidden(const StatementView& statement) {
  for (const auto& [kind, words] : kOpaque)
    if (statement.meaning.statement_kind == kind) return std::string(words);
  if (!statement.meaning.parsed && !statement.impact.known) return "a statement";
  return {};
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const std::string words = hidden(context.statement);
  if (words.empty()) return;
  for (const StatementView* earlier : earlier_in_revision(context))
    if (hidden(*earlier) == words) return;  // once a migration
  if (!context.statement.meaning.parsed)
    sink.add(rule, {}, "this statement could not be read: it was not judged",
             "its locks, scans and rewrites are not known");
  else
    sink.add(rule, {}, "what " + words + " does is not seen: it was not judged",
             "its statements are run by the server alone, and may take any lock");
}

}  // namespace

const Rule kOpaqueSql{
    .id = "opaque-sql",
    .group = Group::kTransactions,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "Statements that cannot be seen",
    .catches =
        "DO blocks, CALL and EXECUTE, and statements that could not be read at all. Each of them is told once a "
        "migration.",
    .why =
        "What runs inside of them is decided by the server while they run. Locks, scans and rewrites of theirs are "
        "missing from everything that is said about the migration, and the schema may not be what it seems afterwards.",
    .safe_sql =
        "-- write the statements themselves, with IF EXISTS or IF NOT EXISTS where that is what the block is for",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: block\n"
        "DO $$ BEGIN ALTER TABLE users ADD COLUMN phone text; EXCEPTION WHEN duplicate_column THEN NULL; END $$;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: statement\n"
        "ALTER TABLE users ADD COLUMN IF NOT EXISTS phone text;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
