#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;  // short, and whoever goes back is in a hurry
  for (const auto* drop : context.all<model::DropIndex>()) {
    if (drop->concurrently) continue;
    const model::Table* known = table_of_index(context.before, drop->name);
    const QualifiedName table = known != nullptr ? known->name : drop->table.value_or(QualifiedName{});
    // As far as we can tell there is no such index; with no schema at all we cannot.
    if (known == nullptr && drop->if_exists && !context.before.tables.empty()) continue;
    // A partitioned index cannot be dropped CONCURRENTLY: there is nothing better to write.
    if (context.harmless(table) || (known != nullptr && !known->postgresql.partition_by.empty())) continue;
    // The transaction has what it would wait for.
    if (!table.name.empty() && held_exclusively(context, table)) continue;
    const std::string name = table.name.empty() ? "the table of " + display(drop->name) : display(table);
    sink.add(
        rule, table,
        "DROP INDEX " + display(drop->name) + " stops reads of and writes to " + name + " while it waits for its turn",
        "it needs ACCESS EXCLUSIVE on " + name +
            ": it waits for every open transaction that uses the table, and everybody who comes later waits "
            "behind it",
        named(context.chain, table, {{"index", spelled(context.chain, drop->name)}}));
  }
}

}  // namespace

const Rule kDropIndexNotConcurrent{
    .id = "drop-index-not-concurrent",
    .group = Group::kIndexes,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "An index is dropped while reads and writes wait",
    .catches = "DROP INDEX without CONCURRENTLY on a table that is in use.",
    .why =
        "DROP INDEX takes ACCESS EXCLUSIVE on the table as well as on the index. The work is short, the wait is not: "
        "it queues behind the longest open transaction that uses the table, and every later SELECT queues behind it. "
        "CONCURRENTLY takes SHARE UPDATE EXCLUSIVE, which lets reads and writes pass, and waits without blocking. It "
        "cannot be used for the index of a constraint, nor for that of a partitioned table. Measured alike on "
        "PostgreSQL 11 to 18.",
    .safe_sql =
        "-- outside of a transaction, in a migration of its own\n"
        "DROP INDEX CONCURRENTLY {index};",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.drop_index('{index}', table_name='{table}', postgresql_concurrently=True)",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "CREATE INDEX orders_user ON orders (user_id);\n"
        "-- migration: drop\n"
        "DROP INDEX orders_user;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "CREATE INDEX orders_user ON orders (user_id);\n"
        "-- migration: drop\n"
        "DROP INDEX CONCURRENTLY orders_user;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
