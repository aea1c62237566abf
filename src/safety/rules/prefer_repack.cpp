#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const std::string& kind = context.statement.meaning.statement_kind;
  if (kind != "vacuum" && kind != "cluster") return;
  const auto locks = hard_locks(context);
  if (locks.empty() || (context.statement.impact.known && context.statement.impact.rewrites.empty())) return;
  const QualifiedName& table = locks.front()->relation;
  sink.add(rule, table,
           std::string(kind == "vacuum" ? "VACUUM FULL" : "CLUSTER") + " stops " +
               stopped(context, table, kAccessExclusive) + " while the table is written anew",
           holds(context, table, kAccessExclusive) + " until the table and all its indexes are written",
           named(context.chain, table));
}

}  // namespace

const Rule kPreferRepack{
    .id = "prefer-repack",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A table is compacted while reads and writes wait",
    .catches = "VACUUM FULL and CLUSTER of a table that is in use.",
    .why =
        "Both write the table and all its indexes anew under ACCESS EXCLUSIVE: SELECT waits for as long as it takes, "
        "and the disk has to hold both copies. VACUUM without FULL gives the space back to the table and keeps nobody "
        "out. Measured alike on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- mostly enough: space is used again by the table itself\n"
        "VACUUM (ANALYZE) {table};\n"
        "-- to shrink the file while everything goes on, from the shell: pg_repack --table={table}",
    .safe_alembic =
        "# mostly enough: space is used again by the table itself\n"
        "with op.get_context().autocommit_block():\n"
        "    op.execute(\"VACUUM (ANALYZE) {table}\")\n"
        "# to shrink the file while everything goes on, from the shell: pg_repack --table={table}",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: vacuum\n"
        "VACUUM FULL orders;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: vacuum\n"
        "VACUUM (ANALYZE) orders;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
