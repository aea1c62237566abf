#include "model/lookup.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr std::string_view kUniqueSql =
    "-- outside of a transaction, in a migration of its own\n"
    "CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({columns});";
constexpr std::string_view kUniqueAlembic =
    "with op.get_context().autocommit_block():\n"
    "    op.create_index('{index}', '{table}', [{columns}], unique=True, postgresql_concurrently=True)";

constexpr std::string_view kPartitionedSql =
    "-- an index on a partitioned table cannot be built CONCURRENTLY: build it on each partition, then join them\n"
    "CREATE INDEX {index} ON ONLY {table} ({columns});\n"
    "-- outside of a transaction, for every partition\n"
    "CREATE INDEX CONCURRENTLY {partition}_{index} ON {partition} ({columns});\n"
    "ALTER INDEX {index} ATTACH PARTITION {partition}_{index};";

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateIndex>()) {
    if (create->index.postgresql.concurrently || context.harmless(create->table)) continue;
    // ON ONLY a partitioned table, or IF NOT EXISTS and it does: nothing is read.
    if (!reads_whole(context, create->table)) continue;
    const auto columns = plain_columns(create->index);
    Finding finding;
    finding.table = create->table;
    finding.message = "CREATE INDEX stops " + stopped(context, create->table, kShare) + " until the index is built";
    finding.why = holds(context, create->table, kShare) + " while it reads the whole table";
    if (const auto held = held_exclusively(context, create->table)) {
      finding.message = "CREATE INDEX stops reads of and writes to " + display(create->table) +
                        " until the index is built and the transaction ends";
      finding.why = "the lock that " + deed(*held->by) + " took (" + place_of(*held->by) + "), " + held->lock->mode +
                    " on " + display(create->table) + ", is still held while it reads the whole table";
    }
    const Names names = named(context.chain, create->table,
                              {{"index", spelled(context.chain, create->index.name)},
                               {"columns", columns ? spelled(context.chain, *columns) : "..."},
                               {"partition", a_partition(context.chain, context.before, create->table)}});
    const model::Table* known = model::find_table(context.before, create->table);
    if (known != nullptr && !known->postgresql.partition_by.empty()) {
      finding.why += " and all of its partitions";
      finding.help = other_way(context.chain, rule, names, kPartitionedSql);
    } else if (create->index.unique) {
      finding.help = other_way(context.chain, rule, names, kUniqueSql, kUniqueAlembic);
    }
    sink.add(rule, std::move(finding), names);
  }
}

}  // namespace

const Rule kIndexNotConcurrent{
    .id = "index-not-concurrent",
    .group = Group::kIndexes,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "An index is built while writes wait",
    .catches = "CREATE INDEX without CONCURRENTLY on a table or materialized view that is in use.",
    .why =
        "The build holds SHARE on the table from its first row to its last: INSERT, UPDATE and DELETE wait, SELECT "
        "goes on; on a partitioned table the same holds for every partition. CONCURRENTLY reads the table twice and "
        "waits for transactions that are open, but keeps nobody out. Measured alike on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- outside of a transaction, in a migration of its own\n"
        "CREATE INDEX CONCURRENTLY {index} ON {table} ({columns});",
    .safe_alembic =
        "def upgrade():\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('{index}', '{table}', [{columns}], postgresql_concurrently=True)\n"
        "\n\n"
        "def downgrade():\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_index('{index}', table_name='{table}', postgresql_concurrently=True)",
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
