#include <utility>

#include "safety/mariadb_words.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const plan::LockUse* lock = altering_lock(context);
  const plan::Impact& impact = context.statement.impact;
  if (lock == nullptr || lock->blocks.writes || impact.rewrites.empty()) return;
  Finding finding;
  finding.table = lock->relation;
  finding.message = statement_name(context.statement) + " writes all of " + display(lock->relation) +
                    " anew, while reads and " + "writes go on";
  finding.why = why_so(impact);
  sink.add(rule, std::move(finding), named(context.chain, lock->relation));
}

}  // namespace

const Rule kAlterRebuildsTable{
    .id = "alter-rebuilds-table",
    .group = Group::kTables,
    .level = Level::kNote,
    .databases = kMariadb,
    .title = "InnoDB writes a table anew behind its users' backs",
    .catches =
        "ALGORITHM=INPLACE that rebuilds a table in use: NULL becomes NOT NULL or the other way, a primary key is "
        "added "
        "or replaced, ENGINE=InnoDB, FORCE, ROW_FORMAT, a column that comes together with an index.",
    .why =
        "Nobody is kept waiting, but the table is read and written whole: twice its space, a log of the changes "
        "meanwhile "
        "(innodb_online_alter_log_max_size: it fails when that is full), and replicas that stand still for as long, "
        "because they begin when the statement has ended. INSTANT changes do none of it: keep them in statements of "
        "their own.",
    .safe_sql =
        "-- a quiet hour, after a look at the table's size:\n"
        "SELECT data_length + index_length FROM information_schema.tables WHERE table_name = '{table}';\n"
        "-- what is instant apart from what is not, each with its algorithm\n"
        "ALTER TABLE {table} ADD COLUMN ..., ALGORITHM=INSTANT;\n"
        "ALTER TABLE {table} ADD INDEX ..., ALGORITHM=NOCOPY, LOCK=NONE;",
    .bad =
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(120));\n"
        "-- migration: required\n"
        "ALTER TABLE users MODIFY email VARCHAR(120) NOT NULL;\n",
    .good =
        "CREATE TABLE users (id INT PRIMARY KEY, email VARCHAR(120));\n"
        "-- migration: index\n"
        "ALTER TABLE users ADD INDEX users_email (email), ALGORITHM=NOCOPY, LOCK=NONE;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
