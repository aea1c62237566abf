#include <algorithm>
#include <array>
#include <variant>

#include "base/text.h"
#include "model/lookup.h"
#include "safety/look.h"
#include "safety/rules/list.h"

namespace bascule::safety::rules {

namespace {

/// Statements whose long work a rule of their own tells of.
constexpr auto kOwnRules = std::to_array<std::string_view>(
    {"reindex", "vacuum", "cluster", "refresh materialized view", "alter domain", "truncate"});

/// Whether a rule of its own tells of the operation's long work.
struct HasOwnRule {
  bool operator()(const model::CreateTable&) const { return true; }
  bool operator()(const model::AddColumn&) const { return true; }
  bool operator()(const model::AddConstraint&) const { return true; }
  bool operator()(const model::ValidateConstraint&) const { return true; }
  bool operator()(const model::CreateIndex&) const { return true; }
  bool operator()(const model::DropIndex&) const { return true; }
  bool operator()(const model::AttachPartition&) const { return true; }
  bool operator()(const model::InsertRows&) const { return true; }
  bool operator()(const model::UpdateRows&) const { return true; }
  bool operator()(const model::DeleteRows&) const { return true; }
  bool operator()(const model::BatchAlter&) const { return true; }
  bool operator()(const model::AlterColumn& alter) const { return alter.type || alter.nullable; }
  bool operator()(const model::TruncateTables&) const { return true; }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

bool told_elsewhere(const StatementContext& context) {
  const auto& meaning = context.statement.meaning;
  if (std::find(kOwnRules.begin(), kOwnRules.end(), meaning.statement_kind) != kOwnRules.end()) return true;
  return std::any_of(meaning.operations.begin(), meaning.operations.end(),
                     [](const model::Operation& operation) { return std::visit(HasOwnRule{}, operation); });
}

/// The work on a table in use; null: there is none worth a word.
const plan::Work* long_work(const StatementContext& context, const std::vector<plan::Work>& work) {
  const auto found = std::find_if(work.begin(), work.end(), [&](const plan::Work& one) {
    const bool table = one.kind == plan::RelationKind::kTable || one.kind == plan::RelationKind::kMaterializedView;
    return table && !context.harmless(one.relation);
  });
  return found == work.end() ? nullptr : &*found;
}

/// SET NOT NULL, as PostgreSQL 18 spells it with a name: what the parser of earlier versions does not read.
bool adds_not_null(const StatementView& statement) {
  if (statement.meaning.parsed) return false;
  const std::string sql = to_lower_ascii(statement.sql);
  return sql.find("add constraint") != std::string::npos && sql.find("not null") != std::string::npos;
}

/// ALTER INDEX ... SET TABLESPACE: every query of the table opens all of its indexes, to plan.
void check_index(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  for (const plan::Work& work : context.statement.impact.rewrites) {
    if (work.kind != plan::RelationKind::kIndex) continue;
    const auto& locks = context.statement.impact.locks;
    const auto lock = std::find_if(locks.begin(), locks.end(), [&](const plan::LockUse& one) {
      return one.kind == work.kind && model::same_name(one.relation, work.relation);
    });
    if (lock == locks.end() || !lock->blocks.reads) continue;
    const QualifiedName& table = lock->of_table;
    if (!table.name.empty() && context.harmless(table)) continue;
    const std::string of = table.name.empty() ? "the index's table" : display(table);
    sink.add(rule, table,
             "ALTER INDEX stops reads of and writes to " + of + " while " + display(work.relation) + " is copied",
             "it holds " + lock->mode + " on the index meanwhile, and every query of " + of +
                 " opens all of its indexes to be planned",
             named(context.chain, table));
    return;
  }
}

void check(const StatementContext& context, const Rule& rule, FindingSink& sink) {
  if (on_way_down(context)) return;
  const plan::Impact& impact = context.statement.impact;
  if (told_elsewhere(context)) return;
  if (context.statement.meaning.statement_kind == "alter index") return check_index(context, rule, sink);
  const plan::Work* rewrite = long_work(context, impact.rewrites);
  const plan::Work* scan = long_work(context, impact.scans);
  const auto locks = hard_locks(context);
  if (locks.empty() || (rewrite == nullptr && scan == nullptr)) return;
  const plan::Work& work = rewrite != nullptr ? *rewrite : *scan;
  const plan::LockUse* lock = plan::find_lock(impact, work.relation);
  if (lock == nullptr || !(lock->blocks.reads || lock->blocks.writes)) lock = locks.front();
  const QualifiedName& table = lock->relation;
  const std::string name = display(work.relation);
  Finding finding;
  finding.table = table;
  finding.message = deed(context.statement) + " stops " + stopped(context, table, kAccessExclusive) + " while " +
                    (work.relation == table ? "it" : name) + " is " +
                    (rewrite != nullptr ? "written anew" : "read whole");
  finding.why = "it holds " + lock->mode + " on " + display(table) + " meanwhile";
  if (!impact.causes.empty()) finding.why += ": " + join(impact.causes, "; ");
  const Names names = named(context.chain, table);
  if (adds_not_null(context.statement)) {
    finding.help = other_way(context.chain, rule, names,
                             "-- migration 1: new rows are checked from now on\n"
                             "ALTER TABLE {table} ADD CONSTRAINT ... NOT NULL ... NOT VALID;\n"
                             "-- migration 2, in a transaction of its own: checks the old rows, nobody waits\n"
                             "ALTER TABLE {table} VALIDATE CONSTRAINT ...;");
  }
  sink.add(rule, std::move(finding), names);
}

}  // namespace

const Rule kRewriteUnderLock{
    .id = "rewrite-under-lock",
    .group = Group::kTables,
    .level = Level::kWarning,
    .databases = kPostgres,
    .title = "A table is written or read whole under a lock",
    .catches =
        "Every statement that writes a table in use anew, or reads it whole, while it stops reads or writes, and that "
        "no other rule tells of: SET LOGGED and UNLOGGED, SET TABLESPACE (of an index too), SET ACCESS METHOD, SET "
        "EXPRESSION, ENFORCED constraints of PostgreSQL 18 ...",
    .why =
        "How long everybody waits is then a matter of the table's size. What is rewritten and what is not was measured "
        "on PostgreSQL 11 to 18: SET LOGGED, UNLOGGED and ACCESS METHOD write the table and all its indexes, SET "
        "TABLESPACE copies the file, SET EXPRESSION (17) computes a stored column anew for every row. An index that is "
        "copied under ACCESS EXCLUSIVE stops every query of its table, which opens all indexes to be planned: REINDEX "
        "(TABLESPACE ...) CONCURRENTLY (14) moves it while the table is used.",
    .safe_sql =
        "-- a quiet hour, alone in its transaction, with a bound on the wait\n"
        "SET LOCAL lock_timeout = '2s';\n"
        "-- or beside the table: a new one that is as it should be, kept right by a trigger, filled in batches,\n"
        "-- and renamed into place of {table} in one short transaction",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: unlogged\n"
        "ALTER TABLE orders SET UNLOGGED;\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
        "-- migration: fillfactor\n"
        "ALTER TABLE orders SET (fillfactor = 80);\n",
    .on_statement = check,
};

}  // namespace bascule::safety::rules
