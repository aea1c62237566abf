#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto change = row_change(context.statement);
  if (!change || change->kind != RowChange::Kind::kDelete || context.is_new(change->table)) return;
  if (!touches_every_row(context, *change)) return;
  const std::string table = display(change->table);
  sink.add(rule, change->table, "DELETE removes every row of " + table + " in one transaction",
           "no way down brings them back, and each row stays locked to the end of the transaction",
           named(context.chain, change->table));
}

}  // namespace

const Rule kDeleteWithoutWhere{
    .id = "delete-without-where",
    .group = Group::kData,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A whole table is deleted",
    .catches = "DELETE without WHERE, or with one that is always true, from a table that was there before.",
    .why =
        "The rows are gone. As a rule a WHERE was forgotten, or the table is a large one and the statement holds a "
        "lock on each of its rows, checks every foreign key that refers to them, and fills the log with them.",
    .safe_sql =
        "-- the rows that are meant, in batches, outside of a transaction\n"
        "DELETE FROM {table} WHERE id BETWEEN 1 AND 5000 AND ...;",
    .safe_alembic =
        "with op.get_context().autocommit_block():  # the rows that are meant, in batches\n"
        "    op.execute(\"DELETE FROM {table} WHERE id BETWEEN 1 AND 5000 AND ...\")",
    .bad =
        "CREATE TABLE events (id bigint PRIMARY KEY, kind text);\n"
        "-- migration: clear\n"
        "DELETE FROM events;\n",
    .good =
        "CREATE TABLE events (id bigint PRIMARY KEY, kind text);\n"
        "-- migration: clear\n"
        "DELETE FROM events WHERE id BETWEEN 1 AND 5000 AND kind = 'ping';\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
