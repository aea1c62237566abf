#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  const dialects::Server& server = context.chain.server;
  if (server.major != 14 || server.minor > 3 || server.version_assumed) return;
  if (server.minor == 0 && context.chain.live == nullptr) return;  // "14" says nothing about the minor version
  const StatementView& statement = context.statement;
  const bool reindex = statement.meaning.statement_kind == "reindex" && statement.impact.concurrent;
  Identifier index;
  bool create = false;
  for (const auto* one : context.all<model::CreateIndex>()) {
    if (!one->index.postgresql.concurrently) continue;
    create = true;
    index = one->index.name;
  }
  if (!reindex && !create) return;
  const QualifiedName table =
      statement.meaning.touches.empty() ? QualifiedName{} : statement.meaning.touches.front().relation;
  sink.add(rule, table,
           deed(statement) + " CONCURRENTLY may leave rows out of the index on PostgreSQL 14." +
               std::to_string(server.minor),
           "a bug of 14.0 to 14.3 loses rows that are written while the index is built; 14.4 has the fix",
           named(context.chain, table, {{"index", index.text()}}));
}

}  // namespace

const Rule kCicCorruptingVersion{
    .id = "cic-corrupting-version",
    .group = Group::kIndexes,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "The server has the bug that corrupts concurrently built indexes",
    .catches = "CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY on PostgreSQL 14.0 to 14.3.",
    .why =
        "In these versions rows that change while an index is built concurrently may be missing from it, silently: "
        "queries by the index then miss them. PostgreSQL 14.4 repaired it; indexes that were built before have to be "
        "built again.",
    .safe_sql =
        "-- upgrade the server to 14.4 or later, then check indexes that were built before\n"
        "CREATE EXTENSION IF NOT EXISTS amcheck;\n"
        "SELECT bt_index_check('{index}', true);",
    .bad =
        "-- server: 14.2\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .good =
        "-- server: 14.4\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
