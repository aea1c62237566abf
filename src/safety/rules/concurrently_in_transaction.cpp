#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  const StatementView& statement = context.statement;
  if (statement.transaction == 0 || statement.impact.transaction != plan::TransactionNeed::kForbidden) return;
  const QualifiedName table =
      statement.meaning.touches.empty() ? QualifiedName{} : statement.meaning.touches.front().relation;
  std::string words = deed(statement);
  if (statement.impact.concurrent) words += " CONCURRENTLY";
  sink.add(rule, table, words + " fails inside a transaction, and this one runs in one",
           "the server refuses it: it commits on its own while it works",
           named(context.chain, table, {{"statement", std::string(statement.sql)}}));
}

}  // namespace

const Rule kConcurrentlyInTransaction{
    .id = "concurrently-in-transaction",
    .group = Group::kIndexes,
    .level = Level::kError,
    .databases = kPostgres,
    .title = "A statement that cannot run in a transaction runs in one",
    .catches =
        "CREATE INDEX, DROP INDEX, REINDEX or DETACH PARTITION with CONCURRENTLY, VACUUM, ALTER SYSTEM, CREATE "
        "DATABASE "
        "and their like inside BEGIN and COMMIT, or in a migration that is sent as one transaction; on PostgreSQL 11 "
        "also ALTER TYPE ... ADD VALUE.",
    .why =
        "These statements work in several transactions of their own. The server answers \"cannot run inside a "
        "transaction block\", and the migration fails. The same happens when several statements are sent in one "
        "message, which makes them one transaction.",
    .safe_sql =
        "-- in a migration of its own, without BEGIN and COMMIT\n"
        "{statement};",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"\"\"{statement}\"\"\")",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "BEGIN;\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
