#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// A table in use that the query reads; null: none is.
const QualifiedName* read_from(const StatementContext& context, const QualifiedName& into) {
  for (const dialects::Touch& touch : context.statement.meaning.touches)
    if (touch.kind == dialects::Touch::Kind::kRead && !model::same_name(touch.relation, into) &&
        model::find_table(context.before, touch.relation) != nullptr && !context.harmless(touch.relation))
      return &touch.relation;
  return nullptr;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const std::string& kind = context.statement.meaning.statement_kind;
  if (kind != "insert" && kind != "with" && kind != "replace") return;
  const auto change = row_change(context.statement);
  if (!change || !change->from_query || change->bounded_query) return;
  // backfill-with-ddl says what is worse.
  if (context.chain.dialect->name() != "sqlite" && !held_locks(context).empty()) return;
  const QualifiedName* source = read_from(context, change->table);
  if (source == nullptr) return;
  sink.add(
      rule, *source,
      "all rows of " + display(*source) + " are copied to " + display(change->table) + " in one transaction",
      "what is written to " + display(*source) + " while it runs is not in the copy, and a failure undoes all of it",
      named(context.chain, change->table, {{"source", spelled(context.chain, *source)}}));
}

}  // namespace

const Rule kInsertSelect{
    .id = "insert-select",
    .group = Group::kData,
    .level = Level::kNote,
    .databases = kPostgres | kSqlite,
    .title = "A whole table is copied in one transaction",
    .catches = "INSERT ... SELECT without WHERE or LIMIT from a table that is in use.",
    .why =
        "The copy is one long transaction: vacuum cannot clean up meanwhile, replicas fall behind, and rows that the "
        "application writes to the source after the statement has begun are missing from the copy. On SQLite nobody "
        "else writes to the file. A trigger that copies new rows, and batches for the old ones, leave no gap.",
    .safe_sql =
        "-- outside of a transaction: repeat for the next range of keys until all are done\n"
        "INSERT INTO {table} SELECT ... FROM {source} WHERE id BETWEEN 1 AND 5000 ON CONFLICT DO NOTHING;",
    .safe_alembic =
        "with op.get_context().autocommit_block():  # each batch is a transaction of its own\n"
        "    op.execute(\n"
        "        \"INSERT INTO {table} SELECT ... FROM {source} WHERE id BETWEEN 1 AND 5000\"\n"
        "        \" ON CONFLICT DO NOTHING\"\n"
        "    )",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "CREATE TABLE archive (id bigint PRIMARY KEY);\n"
        "-- migration: copy\n"
        "INSERT INTO archive (id) SELECT id FROM orders;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "CREATE TABLE archive (id bigint PRIMARY KEY);\n"
        "-- migration: copy\n"
        "INSERT INTO archive (id) SELECT id FROM orders WHERE id BETWEEN 1 AND 5000;\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
