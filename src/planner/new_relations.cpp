#include "planner/new_relations.h"

#include "model/lookup.h"

namespace bascule::planner {

bool NewRelations::has(const QualifiedName& name) const { return keys_.contains(model::name_key(name)); }

bool NewRelations::has(const plan::LockUse& lock) const {
  // A new index of an old table keeps out whoever plans a query of that table.
  if (lock.kind == plan::RelationKind::kIndex && !lock.of_table.name.empty()) return has(lock.of_table);
  return has(lock.relation) || (!lock.of_table.name.empty() && has(lock.of_table));
}

bool NewRelations::has(const QualifiedName& table, const Identifier& column) const {
  return has(table) || columns_.contains({model::name_key(table), column});
}

void NewRelations::note(const plan::Impact& impact, const model::Schema& before) {
  for (const QualifiedName& name : impact.creates)
    if (model::find_table(before, name) == nullptr) keys_.insert(model::name_key(name));
}

void NewRelations::note(const model::Operation& operation, const model::Schema& before) {
  if (const auto* added = std::get_if<model::AddColumn>(&operation)) {
    const model::Table* table = model::find_table(before, added->table);
    const bool there = table != nullptr && model::find_column(*table, added->column.name) != nullptr;
    if (!there) columns_.insert({model::name_key(added->table), added->column.name});
  } else if (const auto* changed = std::get_if<model::AlterColumn>(&operation);
             changed != nullptr && changed->new_name) {
    const std::string key = model::name_key(changed->table);
    if (columns_.erase({key, changed->column}) > 0) columns_.insert({key, *changed->new_name});
  } else if (const auto* gone = std::get_if<model::DropColumn>(&operation)) {
    columns_.erase({model::name_key(gone->table), gone->column});
  } else if (const auto* created = std::get_if<model::CreateTable>(&operation)) {
    if (model::find_table(before, created->table.name) == nullptr) keys_.insert(model::name_key(created->table.name));
  } else if (const auto* renamed = std::get_if<model::RenameTable>(&operation)) {
    const QualifiedName now{renamed->table.schema, renamed->new_name};
    if (has(renamed->table)) keys_.insert(model::name_key(now));
    std::set<std::pair<std::string, Identifier>> moved;
    for (const auto& [key, column] : columns_)
      if (key == model::name_key(renamed->table)) moved.insert({model::name_key(now), column});
    columns_.merge(moved);
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
