#include "lab/predict.h"

#include <map>
#include <utility>

#include "model/apply.h"
#include "model/lookup.h"
#include "syntax/sql/statements.h"

namespace bascule::lab {

namespace {

bool tables_are_there(const model::Schema& schema, const dialects::Understood& understood) {
  for (const dialects::Touch& touch : understood.touches)
    if (touch.kind == dialects::Touch::Kind::kAlter && model::find_table(schema, touch.relation) == nullptr)
      return false;
  return true;
}

void replay_one(model::Schema& schema, std::string_view statement, const dialects::Dialect& dialect) {
  const dialects::Understood understood = dialect.understand(statement);
  if (understood.changes_nothing || (understood.if_table_exists && !tables_are_there(schema, understood))) return;
  for (const model::Operation& operation : understood.operations) {
    if (std::holds_alternative<model::RawSql>(operation)) continue;
    if (model::apply(schema, operation)) dialect.complete(schema, operation);
  }
}

class Summing {
 public:
  void add(const plan::Impact& impact) {
    if (!impact.known) effect.trouble.emplace_back("not known");
    if (effect.refused.empty()) effect.refused = impact.refused;
    for (const plan::LockUse& lock : impact.locks) add(lock);
    add(effect.rewrites, impact.rewrites);
    add(effect.scans, impact.scans);
    add(effect.index_builds, impact.index_builds, false);
    for (const QualifiedName& relation : impact.creates) {
      effect.creates.insert(shown(relation));
      former_.erase(shown(relation));
    }
    if (impact.transaction == plan::TransactionNeed::kForbidden) effect.transaction_forbidden = true;
    if (impact.waits_for_transactions) effect.waits_for_transactions = true;
  }

  /// Later statements call by a new name what had another one before.
  void renamed(const dialects::Understood& understood) {
    for (const model::Operation& operation : understood.operations)
      if (const auto* rename = std::get_if<model::RenameTable>(&operation)) {
        const std::string old_name = shown(rename->table);
        if (!former_.contains(old_name) && made_here(old_name)) continue;
        former_[shown(QualifiedName{rename->table.schema, rename->new_name})] = name_before(old_name);
        former_.erase(old_name);
      }
  }

  Effect effect;

 private:
  void add(const plan::LockUse& lock) {
    const std::string name = shown(lock.relation);
    if (strength(lock.mode) == 0 || !(lock.blocks == blocks(lock.mode)))
      effect.trouble.push_back("the lock on " + name + " is not what its mode says: " + lock.mode);
    if (!made_here(name)) add_lock(effect, label(name_before(name), lock.kind), lock.mode);
  }
  void add(std::set<std::string>& into, const std::vector<plan::Work>& works, bool of_before = true) {
    for (const plan::Work& work : works) {
      const std::string name = shown(work.relation);
      if (!of_before || !made_here(name)) into.insert(name_before(name));
    }
  }
  /// Made by an earlier statement of the case: nobody waits for it, and it holds no rows that matter.
  bool made_here(const std::string& name) const { return effect.creates.contains(name) && !former_.contains(name); }
  std::string name_before(const std::string& name) const {
    const auto known = former_.find(name);
    return known == former_.end() ? name : known->second;
  }

  std::map<std::string, std::string> former_;  ///< names of now to names of before the first statement
};

}  // namespace

void replay(model::Schema& schema, std::string_view script, const dialects::Dialect& dialect) {
  for (const auto& statement : dialect.split(script).statements)
    if (statement.kind == syntax::sql::SpanKind::kStatement) replay_one(schema, statement.text, dialect);
}

Effect predict(std::string_view statements, model::Schema schema, const dialects::Dialect& dialect,
               const dialects::Server& server) {
  Summing summing;
  for (const auto& statement : dialect.split(statements).statements) {
    summing.add(dialect.impact(statement.text, schema, server));
    summing.renamed(dialect.understand(statement.text));
    replay_one(schema, statement.text, dialect);
  }
  return std::move(summing.effect);
}

}  // namespace bascule::lab
