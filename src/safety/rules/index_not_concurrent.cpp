#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, Report& report) {
  for (const auto* create : context.all<model::CreateIndex>()) {
    if (create->index.postgresql.concurrently || context.harmless(create->table)) continue;
    const std::string table = display(create->table);
    report.add(rule, create->table, "CREATE INDEX keeps all writes to " + table + " waiting until the index is built",
               "it holds SHARE on " + table + " while it reads the whole table",
               {{"index", create->index.name.text()}});
  }
}

}  // namespace

const Rule kIndexNotConcurrent{
    .id = "index-not-concurrent",
    .group = Group::kIndexes,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "An index is built while writes wait",
    .catches = "CREATE INDEX without CONCURRENTLY on a table that is in use.",
    .why =
        "The build holds SHARE on the table from its first row to its last: INSERT, UPDATE and DELETE wait, SELECT "
        "goes on. Even IF NOT EXISTS on an index that is there waits for that lock.",
    .safe_sql =
        "-- outside of a transaction, in a migration of its own\n"
        "CREATE INDEX CONCURRENTLY {index} ON {table} (...);",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.create_index('{index}', '{table}', [...], postgresql_concurrently=True)",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
