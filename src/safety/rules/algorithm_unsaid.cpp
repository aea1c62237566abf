#include <utility>

#include "dialects/mariadb/statement.h"
#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const plan::LockUse* lock = altering_lock(context);
  const plan::Impact& impact = context.statement.impact;
  if (lock == nullptr || lock->blocks.writes || impact.algorithm == "COPY") return;
  const dialects::mariadb::Statement read = dialects::mariadb::read_statement(context.statement.sql);
  if (!read.wishes.algorithm.empty() || read.wishes.lock == "NONE") return;
  Finding finding;
  finding.table = lock->relation;
  finding.message = statement_name(context.statement) + " of " + display(lock->relation) +
                    " says no ALGORITHM: where " + impact.algorithm +
                    " is not possible the server copies the table, and writes wait";
  finding.why = "as far as the migrations tell it is " + impact.algorithm +
                " here; another version, sql_mode or a table that differs makes it a copy, without a word";
  sink.add(rule, std::move(finding), named(context.chain, lock->relation, {{"algorithm", impact.algorithm}}));
}

}  // namespace

const Rule kAlgorithmUnsaid{
    .id = "algorithm-unsaid",
    .group = Group::kTables,
    .level = Level::kOff,
    .databases = kMariadb,
    .title = "An ALTER does not say which algorithm it counts on",
    .catches =
        "ALTER TABLE, CREATE INDEX and DROP INDEX on a table in use that are INSTANT, NOCOPY or INPLACE, and name "
        "neither ALGORITHM nor LOCK=NONE.",
    .why =
        "The server takes the best algorithm that it can, and falls to COPY under LOCK=SHARED without a word: in an "
        "older "
        "version, for a table with a FULLTEXT index, in ROW_FORMAT=COMPRESSED, where sql_mode is not strict. With the "
        "algorithm said the statement fails at once instead, and nothing has happened.",
    .safe_sql =
        "ALTER TABLE {table} ... , ALGORITHM={algorithm};  -- fails rather than copies\n"
        "ALTER TABLE {table} ... , LOCK=NONE;              -- or: whatever it takes, but writes go on",
    .bad =
        "CREATE TABLE orders (id INT PRIMARY KEY);\n"
        "-- migration: note\n"
        "ALTER TABLE orders ADD COLUMN note TEXT;\n",
    .good =
        "CREATE TABLE orders (id INT PRIMARY KEY);\n"
        "-- migration: note\n"
        "ALTER TABLE orders ADD COLUMN note TEXT, ALGORITHM=INSTANT;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
