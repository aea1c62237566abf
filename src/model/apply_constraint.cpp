// Constraints and indexes.
#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/overload.h"
#include "model/apply_parts.h"
#include "model/lookup.h"

namespace bascule::model {

namespace {

struct KindOf {
  ConstraintKind operator()(const PrimaryKey&) const { return ConstraintKind::kPrimaryKey; }
  ConstraintKind operator()(const UniqueConstraint&) const { return ConstraintKind::kUnique; }
  ConstraintKind operator()(const ForeignKey&) const { return ConstraintKind::kForeignKey; }
  ConstraintKind operator()(const CheckConstraint&) const { return ConstraintKind::kCheck; }
  ConstraintKind operator()(const ExcludeConstraint&) const { return ConstraintKind::kExclude; }
};
static_assert(kCovers<KindOf, Constraint>);

bool is_meant(const Constraint& item, const DropConstraint& operation) {
  // A table has one primary key: its kind is name enough.
  if (operation.name.empty())
    return operation.kind == ConstraintKind::kPrimaryKey && std::holds_alternative<PrimaryKey>(item);
  return constraint_name(item) == operation.name;
}

/// Where the indexes of a table or a materialized view are kept; null: there is neither.
std::vector<Index>* indexes_of(Schema& schema, const QualifiedName& name) {
  if (Table* table = find_table(schema, name)) return &table->indexes;
  for (SchemaObject& object : schema.objects)
    if (object.kind == ObjectKind::kMaterializedView && same_name(object.name, name)) return &object.indexes;
  return nullptr;
}

}  // namespace

Column* column_of_not_null(Table& table, const Identifier& name) {
  for (Column& column : table.columns)
    if (!name.empty() && column.not_null && column.not_null->name == name) return &column;
  return nullptr;
}

void settle_primary_key(Table& table) {
  const PrimaryKey* key = primary_key(table);
  if (key == nullptr) return;
  for (Column& column : table.columns)
    if (contains(key->columns, column.name)) column.nullable = false;
}

Index settled(Index index) {
  index.postgresql.concurrently = false;
  return index;
}

namespace {

/// USING INDEX: the index becomes the key's, under the key's name, and is none of the table's own any more.
template <class Key>
void take_index(Table& table, Key& key) {
  if (key.postgresql_using_index.empty()) return;
  const auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                                  [&](const Index& index) { return index.name == key.postgresql_using_index; });
  if (found == table.indexes.end()) return;
  std::vector<Identifier> columns;
  for (const IndexElement& element : found->elements) {
    const auto* column = std::get_if<ColumnExpr>(&element.sql);
    if (column == nullptr) return;
    columns.push_back(column->column);
  }
  key.columns = std::move(columns);
  key.postgresql_include = found->postgresql.include;
  if constexpr (std::is_same_v<Key, UniqueConstraint>)
    key.nulls_not_distinct = found->postgresql.nulls_not_distinct.value_or(false);
  if (key.name.empty()) key.name = found->name;
  key.postgresql_using_index = Identifier();
  table.indexes.erase(found);
}

}  // namespace

Applied add_constraint(Schema& schema, const AddConstraint& operation) {
  BASCULE_TRY_ASSIGN(Table * table, table_in(schema, operation.table));
  const Identifier& name = constraint_name(operation.constraint);
  if (!name.empty() && find_constraint(*table, name) != nullptr)
    return operation.if_not_exists ? Applied() : Applied(exists("constraint", member_name(operation.table, name)));
  if (std::holds_alternative<PrimaryKey>(operation.constraint) && primary_key(*table) != nullptr)
    return exists("primary key", display(operation.table));
  for (const Identifier& column : constraint_columns(operation.constraint)) BASCULE_TRY(column_in(*table, column));
  table->constraints.push_back(operation.constraint);
  if (auto* unique = std::get_if<UniqueConstraint>(&table->constraints.back())) take_index(*table, *unique);
  if (auto* primary = std::get_if<PrimaryKey>(&table->constraints.back())) take_index(*table, *primary);
  settle_primary_key(*table);
  return {};
}

Applied drop_constraint(Schema& schema, const DropConstraint& operation) {
  Table* table = find_table(schema, operation.table);
  if (table == nullptr) return operation.if_exists ? Applied() : Applied(missing("table", display(operation.table)));
  const auto found = std::find_if(table->constraints.begin(), table->constraints.end(),
                                  [&](const Constraint& item) { return is_meant(item, operation); });
  if (Column* column = found == table->constraints.end() ? column_of_not_null(*table, operation.name) : nullptr) {
    column->nullable = true;
    column->not_null.reset();
    return {};
  }
  if (found == table->constraints.end())
    return operation.if_exists ? Applied()
                               : Applied(missing("constraint", member_name(operation.table, operation.name)));
  const Constraint dropped = *found;
  table->constraints.erase(found);
  for (const QualifiedName& name : descendants(schema, operation.table)) {
    std::erase_if(find_table(schema, name)->constraints, [&](const Constraint& item) {
      return std::holds_alternative<CheckConstraint>(item) && constraint_name(item) == constraint_name(dropped);
    });
  }
  const ConstraintKind kind = std::visit(KindOf{}, dropped);
  if (!operation.cascade || (kind != ConstraintKind::kPrimaryKey && kind != ConstraintKind::kUnique)) return {};
  const std::vector<Identifier> columns = constraint_columns(dropped);
  for (Table& other : schema.tables)
    std::erase_if(other.constraints, [&](const Constraint& item) {
      const auto* key = std::get_if<ForeignKey>(&item);
      return key != nullptr && same_name(key->referent, operation.table) && key->referent_columns == columns;
    });
  return {};
}

Applied create_index(Schema& schema, const CreateIndex& operation) {
  std::vector<Index>* indexes = indexes_of(schema, operation.table);
  if (indexes == nullptr) return missing("table", display(operation.table));
  const bool known = std::any_of(indexes->begin(), indexes->end(), [&](const Index& index) {
    return !index.name.empty() && index.name == operation.index.name;
  });
  if (known) return operation.if_not_exists ? Applied() : Applied(exists("index", operation.index.name.text()));
  indexes->push_back(settled(operation.index));
  return {};
}

Applied drop_index(Schema& schema, const DropIndex& operation) {
  const auto drop_from = [&](auto& holder) {
    if (!same_name(QualifiedName{holder.name.schema, operation.name.name}, operation.name)) return false;
    return std::erase_if(holder.indexes, [&](const Index& index) { return index.name == operation.name.name; }) > 0;
  };
  if (std::any_of(schema.tables.begin(), schema.tables.end(), drop_from)) return {};
  if (std::any_of(schema.objects.begin(), schema.objects.end(), drop_from)) return {};
  if (operation.if_exists) return {};
  return missing("index", display(operation.name));
}

}  // namespace bascule::model
