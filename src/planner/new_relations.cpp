#include "planner/new_relations.h"

#include "model/lookup.h"

namespace bascule::planner {

bool NewRelations::has(const QualifiedName& name) const { return keys_.contains(model::name_key(name)); }

bool NewRelations::has(const plan::LockUse& lock) const {
  // A new index of an old table keeps out whoever plans a query of that table.
  if (lock.kind == plan::RelationKind::kIndex && !lock.of_table.name.empty()) return has(lock.of_table);
  return has(lock.relation) || (!lock.of_table.name.empty() && has(lock.of_table));
}

void NewRelations::note(const plan::Impact& impact, const model::Schema& before) {
  for (const QualifiedName& name : impact.creates)
    if (model::find_table(before, name) == nullptr) keys_.insert(model::name_key(name));
}

void NewRelations::note(const model::Operation& operation, const model::Schema& before) {
  if (const auto* created = std::get_if<model::CreateTable>(&operation)) {
    if (model::find_table(before, created->table.name) == nullptr) keys_.insert(model::name_key(created->table.name));
  } else if (const auto* renamed = std::get_if<model::RenameTable>(&operation)) {
    if (has(renamed->table)) keys_.insert(model::name_key({renamed->table.schema, renamed->new_name}));
  } else if (const auto* moved = std::get_if<model::MoveToSchema>(&operation)) {
    if (has(moved->name)) keys_.insert(model::name_key({moved->new_schema, moved->name.name}));
  } else if (const auto* dropped = std::get_if<model::DropTable>(&operation)) {
    keys_.erase(model::name_key(dropped->table));
  }
}

bool is_strong(const plan::LockUse& lock) {
  return lock.blocks.reads || lock.blocks.writes || lock.blocks.locking_reads;
}

}  // namespace bascule::planner
