#include <string>
#include <vector>

#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

std::string word_of(RowChange::Kind kind) {
  switch (kind) {
    case RowChange::Kind::kInsert:
      return "INSERT";
    case RowChange::Kind::kUpdate:
      return "UPDATE";
    case RowChange::Kind::kDelete:
      return "DELETE";
    case RowChange::Kind::kMerge:
      return "MERGE";
    case RowChange::Kind::kCopy:
      return "COPY";
  }
  return {};
}

/// An earlier statement has moved rows of the same table under the same transaction's locks, and was reported.
bool told_before(const StatementContext& context, const std::vector<Held>& held, const QualifiedName& table) {
  bool locked = false;
  for (const StatementView* earlier : context.earlier_in_transaction()) {
    if (locked) {
      const auto change = row_change(*earlier);
      if (change && model::same_name(change->table, table) && moves_rows(context, *change)) return true;
    }
    locked = locked || earlier == held.front().by;
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const auto held = held_locks(context);
  if (held.empty()) return;
  const auto change = row_change(context.statement);
  if (!change || !moves_rows(context, *change) || told_before(context, held, change->table)) return;
  // The lock that keeps out most, the first of them.
  const Held* worst = &held.front();
  for (const Held& one : held)
    if (one.lock->blocks.reads && !worst->lock->blocks.reads) worst = &one;
  const std::string table = display(worst->lock->relation);
  const std::string word = word_of(change->kind);
  sink.add(rule, change->table,
           (worst->lock->blocks.reads ? "nobody can read " : "nobody can write to ") + table + " until this " + word +
               " of " + display(change->table) + " is done",
           "the lock that " + deed(*worst->by) + " took (" + place_of(*worst->by) + "), " + worst->lock->mode + " on " +
               table + ", is held to the end of the transaction",
           named(context.chain, change->table, assigned_column(context.chain, *change)));
}

}  // namespace

const Rule kBackfillWithDdl{
    .id = "backfill-with-ddl",
    .group = Group::kData,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "Rows are filled in under the lock of a schema change",
    .catches =
        "An UPDATE or DELETE that is not bounded by a key, INSERT ... SELECT, MERGE or COPY behind a statement of the "
        "same transaction that has taken a lock against reads or writes of a table in use. One finding a transaction "
        "and table that is filled.",
    .why =
        "ADD COLUMN takes a millisecond, but its ACCESS EXCLUSIVE lock is held to the end of the transaction. An "
        "UPDATE behind it in the same migration turns that into as long as the UPDATE takes: nobody even reads the "
        "table meanwhile.",
    .safe_sql =
        "-- migration 1: the schema change alone\n"
        "ALTER TABLE {table} ADD COLUMN {column} ...;\n"
        "-- migration 2, outside of a transaction: repeat for the next range of keys until all are done\n"
        "UPDATE {table} SET {column} = ... WHERE id BETWEEN 1 AND 5000 AND {column} IS NULL;\n"
        "-- migration 3: what needs every row to be filled (NOT NULL, constraints)",
    .safe_alembic =
        "# revision 1: the schema change alone\n"
        "op.add_column('{table}', sa.Column('{column}', ..., nullable=True))\n"
        "# revision 2: batches, each a transaction of its own\n"
        "with op.get_context().autocommit_block():\n"
        "    last = op.get_bind().scalar(sa.text(\"SELECT max(id) FROM {table}\")) or 0\n"
        "    for first in range(0, last + 1, 5000):\n"
        "        op.execute(\n"
        "            sa.text(\n"
        "                \"UPDATE {table} SET {column} = ...\"\n"
        "                \" WHERE id >= :first AND id < :first + 5000 AND {column} IS NULL\"\n"
        "            ).bindparams(first=first)\n"
        "        )\n"
        "# revision 3: what needs every row to be filled (NOT NULL, constraints)",
    .bad =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "BEGIN;\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "UPDATE users SET phone = '' WHERE phone IS NULL;\n"
        "COMMIT;\n",
    .good =
        "CREATE TABLE users (id bigint PRIMARY KEY);\n"
        "-- migration: phone\n"
        "ALTER TABLE users ADD COLUMN phone text;\n"
        "-- migration: fill\n"
        "UPDATE users SET phone = '' WHERE id BETWEEN 1 AND 5000 AND phone IS NULL;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
