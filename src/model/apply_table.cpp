// Tables as a whole: made, dropped, renamed, made parts of one another.
#include <algorithm>
#include <utility>

#include "model/apply_parts.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::model {

namespace {

bool inherits_from(const Table& table, const QualifiedName& parent) {
  if (!table.postgresql.partition_of.name.empty() && same_name(table.postgresql.partition_of, parent)) return true;
  return std::any_of(table.postgresql.inherits.begin(), table.postgresql.inherits.end(),
                     [&](const QualifiedName& one) { return same_name(one, parent); });
}

/// The columns of its parents that the table does not name itself come first.
void inherit_columns(const Schema& schema, Table& table) {
  std::vector<Column> inherited;
  const auto take = [&](const QualifiedName& name) {
    const Table* parent = find_table(schema, name);
    if (parent == nullptr) return;
    for (const Column& column : parent->columns) {
      const bool known =
          std::any_of(inherited.begin(), inherited.end(), [&](const Column& one) { return one.name == column.name; });
      if (known || find_column(table, column.name) != nullptr) continue;
      inherited.push_back(column);
      inherited.back().comment.reset();
      inherited.back().identity.reset();
      if (!column.autoincrement) continue;
      // The child has no sequence of its own: it draws from its parent's.
      inherited.back().autoincrement = false;
      for (const Sequence& sequence : schema.sequences)
        if (!sequence.owned_by.name.empty() && same_name(sequence.owned_by, name) &&
            sequence.owned_by_column == column.name)
          inherited.back().server_default = TextExpr{"nextval('" + display(sequence.name) + "')"};
    }
  };
  for (const QualifiedName& parent : table.postgresql.inherits) take(parent);
  if (!table.postgresql.partition_of.name.empty()) take(table.postgresql.partition_of);
  table.columns.insert(table.columns.begin(), inherited.begin(), inherited.end());
}

void forget_table(Schema& schema, const QualifiedName& name, bool cascade) {
  std::vector<QualifiedName> parts;
  for (const Table& table : schema.tables) {
    const bool part = !table.postgresql.partition_of.name.empty() && same_name(table.postgresql.partition_of, name);
    if (part || (cascade && inherits_from(table, name))) parts.push_back(table.name);
  }
  for (const QualifiedName& part : parts) forget_table(schema, part, cascade);
  std::erase_if(schema.tables, [&](const Table& table) { return same_name(table.name, name); });
  std::erase_if(schema.sequences, [&](const Sequence& sequence) {
    return !sequence.owned_by.name.empty() && same_name(sequence.owned_by, name);
  });
  std::erase_if(schema.objects, [&](const SchemaObject& object) {
    return !object.on_table.name.empty() && same_name(object.on_table, name);
  });
  if (!cascade) return;
  for (Table& table : schema.tables)
    std::erase_if(table.constraints, [&](const Constraint& item) {
      const auto* key = std::get_if<ForeignKey>(&item);
      return key != nullptr && same_name(key->referent, name);
    });
  drop_views_of(schema, name);
}

}  // namespace

std::vector<QualifiedName> descendants(const Schema& schema, const QualifiedName& table) {
  std::vector<QualifiedName> found;
  for (const Table& one : schema.tables) {
    if (!inherits_from(one, table)) continue;
    found.push_back(one.name);
    for (QualifiedName& below : descendants(schema, one.name)) found.push_back(std::move(below));
  }
  return found;
}

Applied create_table(Schema& schema, const CreateTable& operation) {
  if (find_table(schema, operation.table.name) != nullptr)
    return operation.if_not_exists ? Applied() : Applied(exists("table", display(operation.table.name)));
  Table table = operation.table;
  inherit_columns(schema, table);
  settle_primary_key(table);
  for (Index& index : table.indexes) index = settled(std::move(index));
  for (Column& column : table.columns)
    if (column.identity) column.nullable = false;
  schema.tables.push_back(std::move(table));
  return {};
}

Applied drop_table(Schema& schema, const DropTable& operation) {
  if (find_table(schema, operation.table) == nullptr)
    return operation.if_exists ? Applied() : Applied(missing("table", display(operation.table)));
  const QualifiedName name = operation.table;
  forget_table(schema, name, operation.cascade);
  return {};
}

Applied rename_table(Schema& schema, const QualifiedName& old, const QualifiedName& new_name) {
  const QualifiedName from = old;
  if (find_table(schema, from) == nullptr) return missing("table", display(from));
  if (find_table(schema, new_name) != nullptr) return exists("table", display(new_name));
  const auto follow = [&](QualifiedName& name) {
    if (!name.name.empty() && same_name(name, from)) name = new_name;
  };
  for (Table& table : schema.tables) {
    follow(table.name);
    follow(table.postgresql.partition_of);
    for (QualifiedName& parent : table.postgresql.inherits) follow(parent);
    for (Constraint& item : table.constraints)
      if (auto* key = std::get_if<ForeignKey>(&item)) follow(key->referent);
  }
  for (Sequence& sequence : schema.sequences) follow(sequence.owned_by);
  for (SchemaObject& object : schema.objects) {
    follow(object.on_table);
    // A view's text names its tables; the server keeps it by their identity.
    if (object.kind == ObjectKind::kView || object.kind == ObjectKind::kMaterializedView)
      object.definition = rename_in_text(object.definition, from.name, new_name.name);
  }
  return {};
}

Applied attach_partition(Schema& schema, const AttachPartition& operation) {
  BASCULE_TRY(table_in(schema, operation.table));
  BASCULE_TRY_ASSIGN(Table * partition, table_in(schema, operation.partition));
  partition->postgresql.partition_of = operation.table;
  partition->postgresql.partition_bound = operation.bound;
  return {};
}

Applied detach_partition(Schema& schema, const DetachPartition& operation) {
  BASCULE_TRY_ASSIGN(const Table* parent, table_in(schema, operation.table));
  BASCULE_TRY_ASSIGN(Table * partition, table_in(schema, operation.partition));
  partition->postgresql.partition_of = {};
  partition->postgresql.partition_bound.clear();
  for (const Column& column : parent->columns)
    if (find_column(*partition, column.name) == nullptr) partition->columns.push_back(column);
  // What it had because the whole had it stays, under names of its own: a part's index is named after the part.
  for (Constraint item : parent->constraints) {
    if (has_like(partition->constraints, item)) continue;
    const bool index = std::holds_alternative<PrimaryKey>(item) || std::holds_alternative<UniqueConstraint>(item);
    if (index) set_constraint_name(item, Identifier());
    partition->constraints.push_back(std::move(item));
  }
  for (Index index : parent->indexes) {
    if (has_like(partition->indexes, index)) continue;
    index.name = Identifier();
    partition->indexes.push_back(std::move(index));
  }
  return {};
}

}  // namespace bascule::model
