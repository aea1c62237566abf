#include "model/diff.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "model/diff_parts.h"

namespace bascule::model {

namespace {

using TableMap = std::unordered_map<std::string, const Table*>;

TableMap by_name(const std::vector<Table>& tables) {
  TableMap map;
  map.reserve(tables.size());
  for (const Table& table : tables) map.emplace(name_key(table.name), &table);
  return map;
}

/// Whether some table in the list is a part of this one, all the way up.
bool part_of_any(const Table& table, const TableMap& going, const TableMap& all) {
  const Table* at = &table;
  while (!at->postgresql.partition_of.name.empty()) {
    const std::string parent = name_key(at->postgresql.partition_of);
    if (going.contains(parent)) return true;
    const auto found = all.find(parent);
    if (found == all.end()) return false;
    at = found->second;
  }
  return false;
}

/// Tables ordered so that those that one needs come before it; what cannot be (a circle of keys) keeps its order.
class Ordering {
 public:
  explicit Ordering(const TableMap& members) : members_(members) {}

  std::vector<const Table*> of(const std::vector<Table>& tables) {
    for (const Table& table : tables)
      if (members_.contains(name_key(table.name))) visit(table);
    return std::move(ordered_);
  }

 private:
  void visit(const Table& table) {
    if (!seen_.insert(name_key(table.name)).second) return;
    need(table.postgresql.partition_of);
    for (const QualifiedName& parent : table.postgresql.inherits) need(parent);
    for (const Constraint& item : table.constraints)
      if (const auto* key = std::get_if<ForeignKey>(&item)) need(key->referent);
    ordered_.push_back(&table);
  }
  void need(const QualifiedName& name) {
    if (name.name.empty()) return;
    const auto found = members_.find(name_key(name));
    if (found != members_.end()) visit(*found->second);
  }

  const TableMap& members_;
  std::set<std::string> seen_;
  std::vector<const Table*> ordered_;
};

void append(std::vector<Operation>& all, std::vector<Operation>& stage) {
  all.insert(all.end(), std::make_move_iterator(stage.begin()), std::make_move_iterator(stage.end()));
}

}  // namespace

void create_tables(const Schema& from, const Schema& to, Stages& stages) {
  const TableMap old = by_name(from.tables);
  TableMap fresh = by_name(to.tables);
  std::erase_if(fresh, [&](const auto& one) { return old.contains(one.first); });
  std::set<std::string> made;
  for (const Table* table : Ordering(fresh).of(to.tables)) {
    made.insert(name_key(table->name));
    CreateTable create{*table};
    // A key to a table that comes later is added later; so is what is not valid: in CREATE TABLE, PostgreSQL takes the
    // words and then counts the constraint as valid.
    std::erase_if(create.table.constraints, [&](const Constraint& item) {
      const auto* key = std::get_if<ForeignKey>(&item);
      const auto* check = std::get_if<CheckConstraint>(&item);
      const bool not_valid = (key != nullptr && key->not_valid) || (check != nullptr && check->not_valid);
      if (key == nullptr && !not_valid) return false;
      const std::string referent = key == nullptr ? std::string() : name_key(key->referent);
      if (!not_valid && (made.contains(referent) || !fresh.contains(referent))) return false;
      stages.add_keys.emplace_back(AddConstraint{table->name, item});
      return true;
    });
    stages.tables.emplace_back(std::move(create));
  }
}

void drop_tables(const Schema& from, const Schema& to, Stages& stages) {
  const TableMap all = by_name(from.tables);
  const TableMap kept = by_name(to.tables);
  TableMap going = all;
  std::erase_if(going, [&](const auto& one) { return kept.contains(one.first); });
  std::vector<const Table*> order = Ordering(going).of(from.tables);
  std::reverse(order.begin(), order.end());  // those that refer to others go before them
  std::set<std::string> gone;
  for (const Table* table : order) {
    gone.insert(name_key(table->name));
    if (part_of_any(*table, going, all)) continue;  // goes with the whole
    for (const Constraint& item : table->constraints) {
      const auto* key = std::get_if<ForeignKey>(&item);
      if (key == nullptr || key->name.empty() || same_name(key->referent, table->name)) continue;
      const std::string referent = name_key(key->referent);
      // Part of a circle: the other table would go first.
      if (gone.contains(referent))
        stages.drop_keys.emplace_back(DropConstraint{table->name, key->name, ConstraintKind::kForeignKey});
    }
    stages.drop_tables.emplace_back(DropTable{table->name});
  }
}

std::vector<Operation> diff(const Schema& from, const Schema& to) {
  Stages stages;
  std::set<std::string> changed_tables;
  diff_types(from, to, stages);
  create_tables(from, to, stages);
  const TableMap old = by_name(from.tables);
  for (const Table& table : to.tables) {
    const auto found = old.find(name_key(table.name));
    if (found != old.end() && !(*found->second == table)) diff_table(*found->second, table, stages, changed_tables);
  }
  drop_tables(from, to, stages);
  diff_objects(from, to, changed_tables, stages);

  std::vector<Operation> all;
  for (auto* stage : {&stages.spaces, &stages.drop_objects, &stages.drop_keys, &stages.drop_parts, &stages.types,
                      &stages.early_objects, &stages.tables, &stages.columns, &stages.drop_columns, &stages.add_parts,
                      &stages.add_keys, &stages.comments, &stages.drop_tables, &stages.drop_types, &stages.objects,
                      &stages.view_indexes, &stages.drop_spaces})
    append(all, *stage);
  return all;
}

}  // namespace bascule::model
