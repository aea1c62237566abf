#include <utility>

#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Where rows are not copied, no other spelling lets writes go on.
constexpr std::string_view kNoWayAround =
    "-- a quiet hour, with a bound on the wait for the metadata lock, behind which everybody queues\n"
    "SET STATEMENT lock_wait_timeout = 5 FOR ALTER TABLE {table} ...;\n"
    "-- or change a copy of {table} with a tool that follows its writes: pt-online-schema-change, gh-ost";

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context) || adds_foreign_key(context)) return;
  const plan::LockUse* lock = altering_lock(context);
  if (lock == nullptr || !(lock->blocks.writes || lock->blocks.reads)) return;
  const plan::Impact& impact = context.statement.impact;
  // A rename alone is locked for a moment only.
  if (impact.rewrites.empty() && impact.index_builds.empty() && !lock->why.starts_with("the statement asks")) return;
  const std::string table = display(lock->relation);
  Finding finding;
  // A column that nothing speaks of may have that type already.
  for (const std::string& one : impact.assumptions)
    if (one.find("its type is not known") != std::string::npos) finding.level = Level::kNote;
  finding.table = lock->relation;
  finding.message = statement_name(context.statement) + " keeps " +
                    (lock->blocks.reads ? "reads of and writes to " : "writes to ") + table + " waiting while " +
                    (impact.rewrites.empty() ? "an index is built" : "the table is written anew");
  finding.why = "it takes ALGORITHM=" + impact.algorithm + " and " + lock->mode;
  if (!lock->why.empty()) finding.why += " (" + lock->why + ")";
  if (const std::string why = why_so(impact); !why.empty()) finding.why += ": " + why;
  const Names names = named(context.chain, lock->relation);
  if (impact.algorithm != "COPY") finding.help = other_way(context.chain, rule, names, kNoWayAround);
  sink.add(rule, std::move(finding), names);
}

}  // namespace

const Rule kAlterBlocksWrites{
    .id = "alter-blocks-writes",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kMariadb,
    .title = "An ALTER copies a table, or builds an index, while writes wait",
    .catches =
        "ALTER TABLE, CREATE INDEX and DROP INDEX on a table in use that need LOCK=SHARED or LOCK=EXCLUSIVE, or ask "
        "for "
        "it: a column's type or character set changes, an ENUM's values move, a VARCHAR gets shorter or grows past 255 "
        "bytes, a CHECK, a STORED column or a default like uuid() is added, AUTO_INCREMENT, FULLTEXT and SPATIAL "
        "indexes, ALGORITHM=COPY.",
    .why =
        "With ALGORITHM=COPY the server writes every row into a new table, and INSERT, UPDATE and DELETE wait for as "
        "long as that takes; replicas do the same once more behind it. What needs a copy and what does not was "
        "measured on MariaDB 10.11; since 11.2 most copies let writes go on (from its manual, not measured).",
    .safe_sql =
        "-- 1. a column beside the old one; fails rather than copies\n"
        "ALTER TABLE {table} ADD COLUMN ... , ALGORITHM=INSTANT;\n"
        "-- 2. deploy a release that writes both; then fill it in batches, each a transaction of its own\n"
        "UPDATE {table} SET ... WHERE id BETWEEN 1 AND 5000;\n"
        "-- 3. deploy a release that uses the new one only, then drop the old one\n"
        "ALTER TABLE {table} DROP COLUMN ... , ALGORITHM=INSTANT;\n"
        "-- or change a copy of {table} with a tool that follows its writes: pt-online-schema-change, gh-ost",
    .bad =
        "CREATE TABLE orders (id INT PRIMARY KEY, total INT);\n"
        "-- migration: wider\n"
        "ALTER TABLE orders MODIFY total BIGINT;\n",
    .good =
        "CREATE TABLE orders (id INT PRIMARY KEY, note VARCHAR(20));\n"
        "-- migration: longer\n"
        "ALTER TABLE orders MODIFY note VARCHAR(200), ALGORITHM=INSTANT;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
