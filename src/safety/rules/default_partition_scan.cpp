#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void say(const StatementContext& context, const Rule& rule, FindingSink& sink, const QualifiedName& whole,
         const std::string& bound) {
  const model::Table* rest = default_partition(context.before, whole);
  if (rest == nullptr || !context.statement.impact.known) return;
  if (context.harmless(rest->name) || !scans_part_of(context, rest->name)) return;
  sink.add(rule, rest->name,
           deed(context.statement) + " stops " + stopped(context, rest->name, kAccessExclusive) +
               " while every row of it is compared with the new bound",
           holds(context, rest->name, kAccessExclusive) +
               ", the default partition, in which no row may belong to the new one; how many rows it holds decides how "
               "long",
           named(context.chain, whole, {{"default", spelled(context.chain, rest->name)}, {"bound", bound}}));
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* create : context.all<model::CreateTable>())
    if (!create->table.postgresql.partition_of.name.empty())
      say(context, rule, sink, create->table.postgresql.partition_of, create->table.postgresql.partition_bound);
  for (const auto* attach : context.all<model::AttachPartition>())
    say(context, rule, sink, attach->table, attach->bound);
}

}  // namespace

const Rule kDefaultPartitionScan{
    .id = "default-partition-scan",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "The default partition is read whole for a new one beside it",
    .catches =
        "CREATE TABLE ... PARTITION OF and ATTACH PARTITION beside a default partition that no valid CHECK keeps clear "
        "of "
        "the new bound.",
    .why =
        "No row of the default partition may belong to the new one: the server reads all of it, and holds ACCESS "
        "EXCLUSIVE on it meanwhile, so that nobody reads or writes what lies there. Whether that takes an instant or "
        "minutes is a matter of its rows alone, which files do not tell: with a database at hand (--url) a small one "
        "is "
        "left alone. A valid CHECK that excludes the bound spares the reading. Measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- migration 1: what the default partition does not hold, as a check ({bound})\n"
        "ALTER TABLE {default} ADD CONSTRAINT not_in_bound CHECK (NOT (...)) NOT VALID;\n"
        "-- migration 2, in a transaction of its own: nobody waits\n"
        "ALTER TABLE {default} VALIDATE CONSTRAINT not_in_bound;\n"
        "-- migration 3: the partition, and the check may go; the default partition is not read\n"
        "ALTER TABLE {default} DROP CONSTRAINT not_in_bound;",
    .bad =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "CREATE TABLE events_rest PARTITION OF events DEFAULT;\n"
        "-- migration: partition\n"
        "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    .good =
        "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);\n"
        "CREATE TABLE events_rest PARTITION OF events DEFAULT;\n"
        "ALTER TABLE events_rest ADD CONSTRAINT not_in_2024 CHECK (at < '2024-01-01');\n"
        "-- migration: partition\n"
        "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
