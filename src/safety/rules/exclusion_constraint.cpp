#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  for (const auto* add : context.all<model::AddConstraint>()) {
    const auto* exclude = std::get_if<model::ExcludeConstraint>(&add->constraint);
    if (exclude == nullptr || context.harmless(add->table)) continue;
    sink.add(rule, add->table,
             "ADD EXCLUDE stops " + stopped(context, add->table, kAccessExclusive) +
                 " until its index is built and every row is compared",
             holds(context, add->table, kAccessExclusive) + " while it reads the whole table twice",
             named(context.chain, add->table,
                   {{"constraint", name_or(context.chain, exclude->name, add->table, {}, "excl")}}));
  }
}

}  // namespace

const Rule kExclusionConstraint{
    .id = "exclusion-constraint",
    .group = Group::kConstraints,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "An exclusion constraint is added to a table in use",
    .catches = "ADD CONSTRAINT ... EXCLUDE on a table that is in use.",
    .why =
        "Its index is built, and every row compared with the others, under ACCESS EXCLUSIVE: SELECT waits too. There "
        "is "
        "no NOT VALID for it, no concurrent build and no USING INDEX, in any version up to PostgreSQL 18.",
    .safe_sql =
        "-- a quiet hour, with a bound on the wait, so that a queue does not build up behind it\n"
        "SET lock_timeout = '2s';\n"
        "ALTER TABLE {table} ADD CONSTRAINT {constraint} EXCLUDE ...;\n"
        "-- or, for a large table: a new table that has it, filled in batches, then renamed into place",
    .bad =
        "CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange);\n"
        "-- migration: exclude\n"
        "ALTER TABLE bookings ADD CONSTRAINT bookings_overlap EXCLUDE USING gist (during WITH &&);\n",
    .good =
        "-- migration: bookings\n"
        "CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange,\n"
        "  CONSTRAINT bookings_overlap EXCLUDE USING gist (during WITH &&));\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
