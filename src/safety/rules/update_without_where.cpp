#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto change = row_change(context.statement);
  if (!change || change->kind != RowChange::Kind::kUpdate || context.harmless(change->table)) return;
  const bool sqlite = context.chain.dialect->name() == "sqlite";
  // Under a lock that reads or writes wait for, backfill-with-ddl says all there is to say.
  if (!touches_every_row(context, *change) || (!sqlite && !held_locks(context).empty())) return;
  const std::string table = display(change->table);
  sink.add(rule, change->table, "UPDATE changes every row of " + table + " in one transaction",
           sqlite
               ? "the whole file is locked against other writers until the last row is written"
               : "each row is locked from its change to the end of the transaction: whoever writes to one waits, and "
                 "each leaves a dead copy behind",
           named(context.chain, change->table, assigned_column(context.chain, *change)));
}

}  // namespace

const Rule kUpdateWithoutWhere{
    .id = "update-without-where",
    .group = Group::kData,
    .level = Level::kWarning,
    .databases = kPostgres | kSqlite | kMariadb,
    .title = "A whole table is updated in one transaction",
    .catches =
        "UPDATE without WHERE, with one that is always true, or WHERE column IS NULL for a column that the same run "
        "has just added without a default.",
    .why =
        "Every row stays locked until the transaction ends, and is written a second time: the table grows by its own "
        "size, vacuum cannot clean up meanwhile, replicas fall behind, and a failure at the last row undoes all of it. "
        "SQLite lets nobody else write to the file. Batches of a few thousand rows, each a transaction of its own, "
        "disturb nobody and can be taken up again. If the value is the same for all rows, a default on ADD COLUMN "
        "costs nothing.",
    .safe_sql =
        "-- outside of a transaction: repeat for the next range of keys until all are done\n"
        "UPDATE {table} SET {column} = ... WHERE id BETWEEN 1 AND 5000 AND {column} IS NULL;",
    .safe_alembic =
        "with op.get_context().autocommit_block():  # each batch is a transaction of its own\n"
        "    last = op.get_bind().scalar(sa.text(\"SELECT max(id) FROM {table}\")) or 0\n"
        "    for first in range(0, last + 1, 5000):\n"
        "        op.execute(\n"
        "            sa.text(\n"
        "                \"UPDATE {table} SET {column} = ...\"\n"
        "                \" WHERE id >= :first AND id < :first + 5000 AND {column} IS NULL\"\n"
        "            ).bindparams(first=first)\n"
        "        )",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY, status text);\n"
        "-- migration: fill\n"
        "UPDATE users SET status = 'active';\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY, status text);\n"
        "-- migration: fill\n"
        "UPDATE users SET status = 'active' WHERE id BETWEEN 1 AND 5000 AND status IS NULL;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
