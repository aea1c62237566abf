#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

constexpr std::string_view kPartitionedSql =
    "-- a partitioned table takes no USING INDEX: build it on each partition, then join them\n"
    "CREATE UNIQUE INDEX {constraint} ON ONLY {table} ({columns});\n"
    "-- outside of a transaction, for every partition\n"
    "CREATE UNIQUE INDEX CONCURRENTLY {partition}_{constraint} ON {partition} ({columns});\n"
    "ALTER INDEX {constraint} ATTACH PARTITION {partition}_{constraint};";

void say(const StatementContext& context, const Rule& rule, FindingSink& sink, const QualifiedName& table,
         const model::UniqueConstraint& unique, std::string_view what) {
  Finding finding;
  finding.table = table;
  finding.message =
      std::string(what) + " stops " + stopped(context, table, kAccessExclusive) + " until its index is built";
  finding.why = holds(context, table, kAccessExclusive) + " while it reads the whole table";
  const Names names = named(context.chain, table,
                            {{"constraint", name_or(context.chain, unique.name, table, unique.columns, "key")},
                             {"columns", spelled(context.chain, unique.columns)},
                             {"partition", a_partition(context.chain, context.before, table)}});
  const model::Table* known = model::find_table(context.before, table);
  if (known != nullptr && !known->postgresql.partition_by.empty())
    finding.help = other_way(context.chain, rule, names, kPartitionedSql);
  sink.add(rule, std::move(finding), names);
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddConstraint>()) {
    const auto* unique = std::get_if<model::UniqueConstraint>(&add->constraint);
    if (unique == nullptr || !unique->postgresql_using_index.empty() || context.harmless(add->table)) continue;
    // ALTER TABLE ONLY of a partitioned table: an index without a file, and none of its partitions is looked at.
    if (!reads_whole(context, add->table)) continue;
    say(context, rule, sink, add->table, *unique, "ADD UNIQUE");
  }
  for (const auto* add : context.all<model::AddColumn>()) {
    if (context.harmless(add->table) || writes_anew(context, add->table)) continue;
    for (const auto& one : add->constraints)
      if (const auto* unique = std::get_if<model::UniqueConstraint>(&one))
        say(context, rule, sink, add->table, *unique, "ADD COLUMN ... UNIQUE");
  }
}

}  // namespace

const Rule kUniqueBuildsIndex{
    .id = "unique-builds-index",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A unique constraint builds its index while reads and writes wait",
    .catches = "ADD UNIQUE, or ADD COLUMN ... UNIQUE, without USING INDEX on a table that is in use.",
    .why =
        "The constraint's index is built under ACCESS EXCLUSIVE: unlike CREATE INDEX, which stops writes only, it "
        "stops SELECT too, for the whole build. An index that was built CONCURRENTLY becomes the constraint's in a "
        "moment. It has to be a plain B-tree on columns, not partial; partitioned tables take a unique index instead. "
        "Measured alike on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- migration 1, outside of a transaction\n"
        "CREATE UNIQUE INDEX CONCURRENTLY {constraint} ON {table} ({columns});\n"
        "-- migration 2\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} UNIQUE USING INDEX {constraint};",
    .safe_alembic =
        "# revision 1\n"
        "with op.get_context().autocommit_block():\n"
        "    op.create_index('{constraint}', '{table}', [{columns}], unique=True, postgresql_concurrently=True)\n"
        "# revision 2\n"
        "op.execute(\"ALTER TABLE {table} ADD CONSTRAINT {constraint} UNIQUE USING INDEX {constraint}\")",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: unique\n"
        "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE (email);\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
        "-- migration: index\n"
        "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);\n"
        "-- migration: unique\n"
        "ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
