#include <algorithm>

#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

bool is_invalid(const StatementContext& context, const model::CreateIndex& create) {
  if (const model::Table* table = model::find_table(context.before, create.table))
    if (const model::Index* index = model::find_index(*table, create.index.name); index != nullptr)
      return index->postgresql.invalid;
  const plan::LiveFacts* live = context.chain.live;
  const QualifiedName name{create.table.schema, create.index.name};
  return live != nullptr && std::any_of(live->invalid_indexes.begin(), live->invalid_indexes.end(),
                                        [&](const QualifiedName& one) { return model::same_name(one, name); });
}

/// The same revision drops an index of this name first.
bool dropped_before(const StatementContext& context, const Identifier& index) {
  for (const StatementView& statement : context.chain.statements) {
    if (&statement == &context.statement) return false;
    if (statement.revision != context.statement.revision) continue;
    for (const auto& operation : statement.meaning.operations)
      if (const auto* drop = std::get_if<model::DropIndex>(&operation); drop != nullptr && drop->name.name == index)
        return true;
  }
  return false;
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  for (const auto* create : context.all<model::CreateIndex>()) {
    if (create->index.name.empty() || dropped_before(context, create->index.name)) continue;
    const std::string index = create->index.name.text();
    const Names names =
        named(context.chain, create->table,
              {{"index", spelled(context.chain, create->index.name)},
               {"columns", spelled(context.chain, plain_columns(create->index).value_or(std::vector<Identifier>{}))}});
    if (is_invalid(context, *create)) {
      sink.add(rule, create->table,
               create->if_not_exists
                   ? "CREATE INDEX IF NOT EXISTS does nothing: an index " + index + " is there, and it is invalid"
                   : "CREATE INDEX fails: an invalid index " + index + " is there",
               "a concurrent build that failed left it behind: queries do not use it, writes keep it", names);
    } else if (create->if_not_exists && create->index.postgresql.concurrently && !context.harmless(create->table)) {
      Finding finding;
      finding.level = Level::kNote;
      finding.table = create->table;
      finding.message = "if a build of " + index + " fails, running this again leaves the invalid index as it is";
      finding.why =
          "CREATE INDEX CONCURRENTLY that fails leaves an invalid index; IF NOT EXISTS then takes it for the "
          "index that is wanted and reports success";
      sink.add(rule, std::move(finding), names);
    }
  }
}

}  // namespace

const Rule kInvalidIndexLeft{
    .id = "invalid-index-left",
    .group = Group::kIndexes,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "An invalid index is taken for the index that is wanted",
    .catches =
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS, which skips an invalid index that an earlier attempt left; with a "
        "database to look at, every CREATE INDEX whose name such an index has.",
    .why =
        "A concurrent build that is cancelled, or runs into lock_timeout or a duplicate, leaves an index with "
        "indisvalid = false. Queries do not use it, writes maintain it, and if it is unique it may already reject "
        "rows. With IF NOT EXISTS the next attempt says \"already exists, skipping\", ends well, and the index stays "
        "invalid: measured on PostgreSQL 11 to 18.",
    .safe_sql =
        "-- outside of a transaction; run again as often as needed\n"
        "DROP INDEX CONCURRENTLY IF EXISTS {index};\n"
        "CREATE INDEX CONCURRENTLY {index} ON {table} ({columns});",
    .safe_alembic =
        "with op.get_context().autocommit_block():\n"
        "    op.drop_index('{index}', table_name='{table}', postgresql_concurrently=True, if_exists=True)\n"
        "    op.create_index('{index}', '{table}', [{columns}], postgresql_concurrently=True)",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_user ON orders (user_id);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\n"
        "-- migration: index\n"
        "DROP INDEX CONCURRENTLY IF EXISTS orders_user;\n"
        "CREATE INDEX CONCURRENTLY orders_user ON orders (user_id);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
