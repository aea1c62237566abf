// Names: ALTER ... RENAME, ALTER ... SET SCHEMA.
#include <fmt/core.h>

#include "dialects/postgres/locks_parts.h"

namespace bascule::dialects::postgres {

using plan::RelationKind;

void LockModel::set_schema(Node node) {
  const auto object = node["objectType"].text();
  const QualifiedName name = relation_of(node["relation"]);
  refuse_missing_schema(identifier_of(node["newschema"]));
  if (object == "OBJECT_TABLE" || object == "OBJECT_FOREIGN_TABLE") {
    lock(name, RelationKind::kTable, Mode::kAccessExclusive);
    const auto* table = known(name);
    if (table == nullptr) return;
    for (const auto& sequence : facts_.owned_sequences(*table))
      lock(sequence, RelationKind::kSequence, Mode::kAccessExclusive, "the table's own sequence goes with it", name);
  } else if (object == "OBJECT_VIEW") {
    lock(name, RelationKind::kView, Mode::kAccessExclusive);
  } else if (object == "OBJECT_MATVIEW") {
    lock(name, RelationKind::kMaterializedView, Mode::kAccessExclusive);
  } else if (object == "OBJECT_SEQUENCE") {
    lock(name, RelationKind::kSequence, Mode::kAccessExclusive);
  }
}

void LockModel::rename(Node node) {
  const auto object = node["renameType"].text();
  Target target{relation_of(node["relation"]), nullptr, node["relation"] && !node["relation"]["inh"].flag(),
                Mode::kAccessExclusive};
  if (node["missing_ok"].flag() && !relation_exists(target.name) && !facts_.schema().tables.empty())
    return assume(display(target.name) + " is not known: taken as missing, and then nothing happens");
  if (object == "OBJECT_TABLE" || object == "OBJECT_FOREIGN_TABLE" || object == "OBJECT_TABCONSTRAINT" ||
      object == "OBJECT_COLUMN" || object == "OBJECT_TRIGGER" || object == "OBJECT_RULE" || object == "OBJECT_POLICY") {
    const auto relation = node["relationType"].text();
    target.table = facts_.table(target.name);
    if (target.table == nullptr) {
      if (const auto* view = facts_.view(target.name)) {
        return lock(target.name,
                    view->kind == model::ObjectKind::kView ? RelationKind::kView : RelationKind::kMaterializedView,
                    Mode::kAccessExclusive);
      }
      if (relation == "OBJECT_VIEW") return lock(target.name, RelationKind::kView, Mode::kAccessExclusive);
      if (const auto index = facts_.index(target.name)) return lock(*index, Mode::kAccessExclusive);
      if (relation == "OBJECT_TYPE" || relation == "OBJECT_ATTRIBUTE") return;
      known(target.name);
    } else {
      target.name = target.table->name;
    }
    lock(target.name, RelationKind::kTable, Mode::kAccessExclusive);
    const QualifiedName renamed{target.name.schema, identifier_of(node["newname"])};
    if (object == "OBJECT_TABLE" && relation_exists(renamed)) refuse("there is a " + display(renamed) + " already");
    if (object == "OBJECT_COLUMN") rename_column(node, target);
    if (object == "OBJECT_TABCONSTRAINT") rename_constraint(node, target);
    if (object == "OBJECT_TRIGGER" && target.table != nullptr && SchemaFacts::partitioned(*target.table) &&
        major() >= 15)
      lock_children(*target.table, Mode::kAccessExclusive);
  } else if (object == "OBJECT_INDEX") {
    const auto index = facts_.index(target.name);
    if (!index && facts_.table(target.name) != nullptr)
      return lock(target.name, RelationKind::kTable, Mode::kAccessExclusive);
    const bool by_table = node["relationType"].is("OBJECT_TABLE");
    lock(target.name, RelationKind::kIndex,
         major() >= 12 && !by_table ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive, {},
         index ? index->table->name : QualifiedName{});
  } else if (object == "OBJECT_SEQUENCE") {
    lock(target.name, RelationKind::kSequence, Mode::kAccessExclusive);
  } else if (object == "OBJECT_VIEW") {
    lock(target.name, RelationKind::kView, Mode::kAccessExclusive);
  } else if (object == "OBJECT_MATVIEW") {
    lock(target.name, RelationKind::kMaterializedView, Mode::kAccessExclusive);
  }
}

void LockModel::rename_column(Node node, const Target& target) {
  const Identifier column = identifier_of(node["subname"]);
  if (target.table == nullptr) return;
  has_column(target, column);
  const Identifier renamed = identifier_of(node["newname"]);
  if (facts_.column(*target.table, renamed) != nullptr)
    refuse(fmt::format("{} has a column {} already", display(target.name), renamed.text()));
  if (target.only && !facts_.children(*target.table).empty())
    refuse("a column is renamed in all tables that inherit it, or in none");
  if (SchemaFacts::is_partition(*target.table))
    refuse("a column of a partition is renamed in the partitioned table only");
  lock_children(*target.table, Mode::kAccessExclusive);
}

void LockModel::rename_constraint(Node node, const Target& target) {
  if (target.table == nullptr) return;
  const Identifier name = identifier_of(node["subname"]);
  const auto* constraint = facts_.constraint(*target.table, name);
  if (constraint == nullptr) {
    if (major() >= 18 && SchemaFacts::not_null_named(*target.table, name) != nullptr)
      return lock_children(*target.table, Mode::kAccessExclusive);
    refuse_missing(fmt::format("{} has no constraint {}", display(target.name), name.text()));
    return;
  }
  if (const auto* check = std::get_if<model::CheckConstraint>(constraint); check != nullptr && !check->no_inherit)
    return lock_children(*target.table, Mode::kAccessExclusive);
  if (std::holds_alternative<model::PrimaryKey>(*constraint) ||
      std::holds_alternative<model::UniqueConstraint>(*constraint) ||
      std::holds_alternative<model::ExcludeConstraint>(*constraint))
    lock({target.name.schema, name}, RelationKind::kIndex,
         major() >= 12 ? Mode::kShareUpdateExclusive : Mode::kAccessExclusive, "the constraint's index", target.name);
}

}  // namespace bascule::dialects::postgres
