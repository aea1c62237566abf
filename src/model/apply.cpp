#include "model/apply.h"

#include <algorithm>
#include <utility>

#include "base/overload.h"
#include "model/apply_parts.h"
#include "model/lookup.h"

namespace bascule::model {

namespace {

/// Makes one of a list's kind (an enum, a domain, a sequence).
template <class Thing>
Applied make(std::vector<Thing>& list, Thing thing, bool if_not_exists, const char* what) {
  for (const Thing& one : list)
    if (same_name(one.name, thing.name)) return if_not_exists ? Applied() : Applied(exists(what, display(thing.name)));
  list.push_back(std::move(thing));
  return {};
}

template <class Thing>
Applied drop(std::vector<Thing>& list, const QualifiedName& name, bool if_exists, const char* what) {
  const auto gone = std::erase_if(list, [&](const Thing& one) { return same_name(one.name, name); });
  if (gone == 0 && !if_exists) return missing(what, display(name));
  return {};
}

/// DROP TYPE ... CASCADE takes the columns of that type along.
void drop_columns_of_type(Schema& schema, const QualifiedName& type) {
  std::vector<DropColumn> columns;
  for (const Table& table : schema.tables) {
    for (const Column& column : table.columns) {
      const auto* held = std::get_if<EnumType>(&column.type);
      const auto* domain = std::get_if<DomainType>(&column.type);
      if ((held != nullptr && held->native && same_name(held->name, type)) ||
          (domain != nullptr && same_name(domain->name, type)))
        columns.push_back(DropColumn{table.name, column.name, true, true});
    }
  }
  for (const DropColumn& one : columns) static_cast<void>(drop_column(schema, one));
}

struct Effect {
  Schema& schema;

  Applied operator()(const CreateTable& o) const { return create_table(schema, o); }
  Applied operator()(const DropTable& o) const { return drop_table(schema, o); }
  Applied operator()(const RenameTable& o) const {
    return rename_table(schema, o.table, QualifiedName{o.table.schema, o.new_name});
  }
  Applied operator()(const AddColumn& o) const { return add_column(schema, o); }
  Applied operator()(const DropColumn& o) const { return drop_column(schema, o); }
  Applied operator()(const AlterColumn& o) const { return alter_column(schema, o); }
  Applied operator()(const AddConstraint& o) const { return add_constraint(schema, o); }
  Applied operator()(const DropConstraint& o) const { return drop_constraint(schema, o); }
  Applied operator()(const CreateIndex& o) const { return create_index(schema, o); }
  Applied operator()(const DropIndex& o) const { return drop_index(schema, o); }
  Applied operator()(const SetTableComment& o) const {
    BASCULE_TRY_ASSIGN(Table * table, table_in(schema, o.table));
    table->comment = o.comment;
    return {};
  }
  Applied operator()(const SetColumnComment& o) const {
    BASCULE_TRY_ASSIGN(Table * table, table_in(schema, o.table));
    BASCULE_TRY_ASSIGN(Column * column, column_in(*table, o.column));
    column->comment = o.comment;
    return {};
  }
  Applied operator()(const SetConstraintComment& o) const {
    BASCULE_TRY_ASSIGN(Table * table, table_in(schema, o.table));
    Constraint* constraint = find_constraint(*table, o.constraint);
    if (constraint == nullptr) return missing("constraint", member_name(o.table, o.constraint));
    std::visit([&](auto& item) { item.comment = o.comment; }, *constraint);
    return {};
  }
  Applied operator()(const CreateEnum& o) const { return make(schema.enums, o.type, o.if_not_exists, "type"); }
  Applied operator()(const DropEnum& o) const {
    BASCULE_TRY(drop(schema.enums, o.name, o.if_exists, "type"));
    if (o.cascade) drop_columns_of_type(schema, o.name);
    return {};
  }
  Applied operator()(const CreateDomain& o) const {
    return make(schema.domains,
                Domain{o.name, o.type, o.collation, o.server_default, o.constraint_name, o.not_null, o.check},
                o.if_not_exists, "domain");
  }
  Applied operator()(const DropDomain& o) const {
    BASCULE_TRY(drop(schema.domains, o.name, o.if_exists, "domain"));
    if (o.cascade) drop_columns_of_type(schema, o.name);
    return {};
  }
  Applied operator()(const CreateSequence& o) const {
    return make(schema.sequences, o.sequence, o.if_not_exists, "sequence");
  }
  Applied operator()(const DropSequence& o) const { return drop(schema.sequences, o.name, o.if_exists, "sequence"); }
  Applied operator()(const InsertRows&) const { return {}; }
  Applied operator()(const UpdateRows&) const { return {}; }
  Applied operator()(const DeleteRows&) const { return {}; }
  Applied operator()(const RenameConstraint& o) const {
    BASCULE_TRY_ASSIGN(Table * table, table_in(schema, o.table));
    Constraint* constraint = find_constraint(*table, o.name);
    if (constraint == nullptr) return missing("constraint", member_name(o.table, o.name));
    set_constraint_name(*constraint, o.new_name);
    return {};
  }
  Applied operator()(const ValidateConstraint& o) const {
    BASCULE_TRY_ASSIGN(Table * table, table_in(schema, o.table));
    Constraint* constraint = find_constraint(*table, o.name);
    if (Column* column = constraint == nullptr ? column_of_not_null(*table, o.name) : nullptr) {
      column->not_null->not_valid = false;
      return {};
    }
    if (constraint == nullptr) return missing("constraint", member_name(o.table, o.name));
    if (auto* key = std::get_if<ForeignKey>(constraint)) key->not_valid = false;
    if (auto* check = std::get_if<CheckConstraint>(constraint)) check->not_valid = false;
    return {};
  }
  Applied operator()(const AddEnumValue& o) const {
    BASCULE_TRY_ASSIGN(EnumType * type, enum_in(o.type));
    auto& values = type->values;
    if (std::find(values.begin(), values.end(), o.value) != values.end())
      return o.if_not_exists ? Applied() : Applied(exists("value", display(o.type) + "." + o.value));
    auto place = values.end();
    if (const std::string& neighbour = o.before.empty() ? o.after : o.before; !neighbour.empty()) {
      place = std::find(values.begin(), values.end(), neighbour);
      if (place == values.end()) return missing("value", display(o.type) + "." + neighbour);
      if (o.before.empty()) ++place;
    }
    values.insert(place, o.value);
    return {};
  }
  Applied operator()(const RenameEnumValue& o) const {
    BASCULE_TRY_ASSIGN(EnumType * type, enum_in(o.type));
    const auto found = std::find(type->values.begin(), type->values.end(), o.value);
    if (found == type->values.end()) return missing("value", display(o.type) + "." + o.value);
    *found = o.new_value;
    return {};
  }
  Applied operator()(const AttachPartition& o) const { return attach_partition(schema, o); }
  Applied operator()(const DetachPartition& o) const { return detach_partition(schema, o); }
  Applied operator()(const TruncateTables&) const { return {}; }
  Applied operator()(const SetTableOption&) const { return {}; }  // the model knows its kind only
  Applied operator()(const CreateObject& o) const { return create_object(schema, o); }
  Applied operator()(const DropObject& o) const { return drop_object(schema, o); }
  Applied operator()(const RenameObject& o) const { return rename_object(schema, o); }
  Applied operator()(const MoveToSchema& o) const { return move_to_schema(schema, o); }
  Applied operator()(const RawSql&) const { return failure(ApplyProblem{ApplyProblem::Kind::kNotApplied, "SQL", ""}); }
  Applied operator()(const BatchAlter& o) const {
    Schema changed = schema;  // all of it or nothing
    const Effect effect{changed};
    QualifiedName table = o.table;
    for (const BatchItem& item : o.items) {
      BASCULE_TRY(std::visit(effect, item));
      if (const auto* renamed = std::get_if<RenameTable>(&item)) table.name = renamed->new_name;
    }
    if (o.recreate == Recreate::kAlways) {
      for (const Constraint& constraint : o.table_constraints) BASCULE_TRY(effect(AddConstraint{table, constraint}));
      for (const Index& index : o.table_indexes) BASCULE_TRY(effect(CreateIndex{table, index}));
    }
    schema = std::move(changed);
    return {};
  }

 private:
  Result<EnumType*, ApplyProblem> enum_in(const QualifiedName& name) const {
    for (EnumType& type : schema.enums)
      if (same_name(type.name, name)) return &type;
    return missing("type", display(name));
  }
};
static_assert(kCovers<Effect, Operation>);

}  // namespace

Result<Table*, ApplyProblem> table_in(Schema& schema, const QualifiedName& name) {
  if (Table* table = find_table(schema, name)) return table;
  return missing("table", display(name));
}

std::string member_name(const QualifiedName& table, const Identifier& name) {
  return display(table) + "." + name.text();
}

Result<Column*, ApplyProblem> column_in(Table& table, const Identifier& name) {
  if (Column* column = find_column(table, name)) return column;
  return missing("column", member_name(table.name, name));
}

std::string problem_text(const ApplyProblem& problem) {
  switch (problem.kind) {
    case ApplyProblem::Kind::kMissing:
      return "there is no " + problem.what + " " + problem.where;
    case ApplyProblem::Kind::kExists:
      return "there is a " + problem.what + " " + problem.where + " already";
    case ApplyProblem::Kind::kNotApplied:
      return "what this SQL changes is not known";
  }
  return "";
}

Result<void, ApplyProblem> apply(Schema& schema, const Operation& operation) {
  return std::visit(Effect{schema}, operation);
}

}  // namespace bascule::model
