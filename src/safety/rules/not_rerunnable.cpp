#include <variant>

#include "base/overload.h"
#include "safety/look.h"
#include "safety/look_back.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Whether doing it a second time fails.
struct FailsTwice {
  bool operator()(const model::CreateTable& one) const { return !one.if_not_exists; }
  bool operator()(const model::DropTable& one) const { return !one.if_exists; }
  bool operator()(const model::RenameTable&) const { return true; }
  bool operator()(const model::AddColumn& one) const { return !one.if_not_exists; }
  bool operator()(const model::DropColumn& one) const { return !one.if_exists; }
  bool operator()(const model::AlterColumn& one) const { return one.new_name.has_value(); }
  bool operator()(const model::AddConstraint& one) const { return !one.if_not_exists; }
  bool operator()(const model::DropConstraint& one) const { return !one.if_exists; }
  bool operator()(const model::CreateIndex& one) const { return !one.if_not_exists; }
  bool operator()(const model::DropIndex& one) const { return !one.if_exists; }
  bool operator()(const model::CreateEnum& one) const { return !one.if_not_exists; }
  bool operator()(const model::AddEnumValue& one) const { return !one.if_not_exists; }
  bool operator()(const auto&) const { return false; }
};

/// Whether a statement behind it, outside of its transaction, may fail and leave it done.
bool something_follows(const Chain& chain, std::size_t at, std::size_t end) {
  for (std::size_t i = at + 1; i < end; ++i)
    if (!chain.statements[i].meaning.changes_nothing) return true;
  return false;
}

/// CREATE INDEX behind a DROP INDEX IF EXISTS of the same migration can be done as often as one likes.
bool made_anew(const RevisionContext& context, std::size_t at, const model::Operation& operation) {
  const auto* create = std::get_if<model::CreateIndex>(&operation);
  if (create == nullptr) return false;
  for (std::size_t i = context.revision.upgrade_begin; i < at; ++i)
    for (const model::Operation& earlier : context.chain.statements[i].meaning.operations)
      if (const auto* drop = std::get_if<model::DropIndex>(&earlier);
          drop != nullptr && drop->if_exists && drop->name.name == create->index.name)
        return true;
  return false;
}

void check(const RevisionContext& context, const Rule& rule, FindingSink& sink) {
  const Chain& chain = context.chain;
  for (std::size_t i = context.revision.upgrade_begin; i < context.revision.upgrade_end; ++i) {
    const StatementView& statement = chain.statements[i];
    if (statement.transaction != 0 || !something_follows(chain, i, context.revision.upgrade_end)) continue;
    for (const model::Operation& operation : statement.meaning.operations) {
      if (!std::visit(FailsTwice{}, operation) || made_anew(context, i, operation)) continue;
      const QualifiedName table =
          statement.meaning.touches.empty() ? QualifiedName{} : statement.meaning.touches.front().relation;
      sink.add(rule,
               finding_at(chain, statement, table,
                          "if a later statement fails, this one stays done, and the migration fails here when it is "
                          "run again",
                          deed(statement) + " runs outside of a transaction and has no IF [NOT] EXISTS"),
               {});
      return;
    }
  }
}

}  // namespace

const Rule kNotRerunnable{
    .id = "not-rerunnable",
    .group = Group::kTransactions,
    .level = Level::kNote,
    .databases = kPostgres,
    .title = "A migration that cannot be run again after a failure",
    .catches =
        "A statement outside of a transaction, with others behind it, that fails when it is done a second time. One "
        "finding a migration.",
    .why =
        "Outside of a transaction each statement is done for good. When a later one fails, the migration counts as not "
        "run, and its second run stops at the first thing that is there already. For CREATE INDEX CONCURRENTLY, IF NOT "
        "EXISTS is not the answer: it takes an invalid index for the one that is wanted.",
    .safe_sql =
        "-- one statement a migration; or forms that can be repeated:\n"
        "ALTER TABLE {table} ADD COLUMN IF NOT EXISTS ...;\n"
        "DROP INDEX CONCURRENTLY IF EXISTS ...;  -- what a failed build may have left\n"
        "CREATE INDEX CONCURRENTLY ... ON {table} (...);",
    .safe_alembic =
        "# one statement a revision; or forms that can be repeated:\n"
        "op.add_column('{table}', sa.Column(...), if_not_exists=True)\n"
        "with op.get_context().autocommit_block():\n"
        "    op.drop_index('...', postgresql_concurrently=True, if_exists=True)  # of a failed build\n"
        "    op.create_index('...', '{table}', [...], postgresql_concurrently=True)",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, a bigint, b bigint);\n"
        "-- migration: indexes\n"
        "CREATE INDEX CONCURRENTLY orders_a ON orders (a);\n"
        "CREATE INDEX CONCURRENTLY orders_b ON orders (b);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, a bigint, b bigint);\n"
        "-- migration: a\n"
        "CREATE INDEX CONCURRENTLY orders_a ON orders (a);\n"
        "-- migration: b\n"
        "CREATE INDEX CONCURRENTLY orders_b ON orders (b);\n",
    .on_revision = check,
};

}  // namespace bascule::safety::rules
