// Enums, domains, sequences, and objects that are known by their text.
#include <algorithm>
#include <utility>

#include "model/diff_parts.h"
#include "model/sql_words.h"

namespace bascule::model {

namespace {

template <class Thing>
const Thing* find_named(const std::vector<Thing>& list, const QualifiedName& name) {
  for (const Thing& one : list)
    if (same_name(one.name, name)) return &one;
  return nullptr;
}

/// The labels that are new, each with its neighbour; nullopt: some have gone or changed their order.
std::optional<std::vector<Operation>> added_values(const EnumType& from, const EnumType& to) {
  std::vector<Operation> added;
  std::size_t at = 0;
  for (std::size_t i = 0; i < to.values.size(); ++i) {
    if (at < from.values.size() && from.values[at] == to.values[i]) {
      ++at;
      continue;
    }
    AddEnumValue value{to.name, to.values[i], "", ""};
    if (at < from.values.size()) value.before = from.values[at];
    added.emplace_back(std::move(value));
  }
  if (at < from.values.size()) return std::nullopt;
  return added;
}

/// Whether a column's type is this enum, or an array of it.
bool has_type(const Type& type, const QualifiedName& name) {
  if (const auto* held = std::get_if<EnumType>(&type)) return held->native && same_name(held->name, name);
  if (const auto* native = std::get_if<NativeType>(&type)) {
    const std::string spelled = (name.schema.empty() ? "" : name_text(name.schema) + ".") + name_text(name.name);
    return native->sql == spelled || native->sql == spelled + "[]";
  }
  if (const auto* array = std::get_if<Box<ArrayType>>(&type)) return has_type((*array)->item, name);
  return false;
}

RenameObject renaming(ObjectKind kind, const QualifiedName& name, const Identifier& new_name) {
  RenameObject rename;
  rename.kind = kind;
  rename.name = name;
  rename.new_name = new_name;
  return rename;
}

/// PostgreSQL takes no value away: the old type steps aside, columns change over to the new one.
void remake_enum(const Schema& from, const Schema& to, const EnumType& type, Stages& stages) {
  const Identifier old_name(type.name.name.text() + "__old");
  stages.types.emplace_back(renaming(ObjectKind::kType, type.name, old_name));
  stages.types.emplace_back(CreateEnum{type});
  for (const Table& table : to.tables) {
    const Table* old = find_table(from, table.name);
    if (old == nullptr) continue;
    for (const Column& column : table.columns) {
      const Column* before = find_column(*old, column.name);
      if (before == nullptr || !has_type(column.type, type.name) || !has_type(before->type, type.name)) continue;
      AlterColumn change;
      change.table = table.name;
      change.column = column.name;
      AlterColumn without_default = change;
      if (before->server_default) {
        without_default.server_default = DropDefault{};
        stages.types.emplace_back(without_default);
      }
      change.type = column.type;
      const bool array =
          !std::holds_alternative<EnumType>(column.type) && (std::holds_alternative<Box<ArrayType>>(column.type) ||
                                                             std::get<NativeType>(column.type).sql.ends_with("[]"));
      const std::string schema = type.name.schema.empty() ? "" : name_text(type.name.schema) + ".";
      change.postgresql_using = name_text(column.name) + "::text" + (array ? "[]" : "") + "::" + schema +
                                name_text(type.name.name) + (array ? "[]" : "");
      stages.types.emplace_back(change);
      if (before->server_default) {
        AlterColumn with_default = without_default;
        with_default.server_default = DefaultChange(*before->server_default);
        stages.types.emplace_back(with_default);
      }
    }
  }
  stages.drop_types.emplace_back(DropEnum{QualifiedName{type.name.schema, old_name}});
}

/// Whether the sequence comes and goes with its column: then it needs no operation of its own.
bool goes_with_column(const Schema& schema, const Schema& other, const Sequence& sequence) {
  if (sequence.owned_by.name.empty()) return false;
  const Table* table = find_table(schema, sequence.owned_by);
  const Column* column = table == nullptr ? nullptr : find_column(*table, sequence.owned_by_column);
  if (column == nullptr) return false;
  const Table* other_table = find_table(other, sequence.owned_by);
  const Column* other_column = other_table == nullptr ? nullptr : find_column(*other_table, sequence.owned_by_column);
  return other_column == nullptr;
}

const Sequence* sequence_of(const Schema& schema, const Sequence& like) {
  for (const Sequence& one : schema.sequences)
    if (!one.owned_by.name.empty() && same_name(one.owned_by, like.owned_by) &&
        one.owned_by_column == like.owned_by_column)
      return &one;
  return nullptr;
}

bool same_object(const SchemaObject& a, const SchemaObject& b) {
  return a.kind == b.kind && same_name(a.name, b.name) && same_name(a.on_table, b.on_table) &&
         a.signature == b.signature;
}
const SchemaObject* find_object(const Schema& schema, const SchemaObject& like) {
  for (const SchemaObject& one : schema.objects)
    if (same_object(one, like)) return &one;
  return nullptr;
}

bool is_view(ObjectKind kind) { return kind == ObjectKind::kView || kind == ObjectKind::kMaterializedView; }
bool is_space(ObjectKind kind) { return kind == ObjectKind::kSchema || kind == ObjectKind::kExtension; }
bool is_function(ObjectKind kind) {
  return kind == ObjectKind::kFunction || kind == ObjectKind::kProcedure || kind == ObjectKind::kAggregate;
}

/// Whether both are made by the same words, whatever indexes they have.
bool made_alike(SchemaObject a, const SchemaObject& b) {
  a.indexes = b.indexes;
  return a == b;
}

/// Indexes of a materialized view that stays.
void diff_view_indexes(const SchemaObject& from, const SchemaObject& to, std::vector<Operation>& out) {
  const auto has = [](const SchemaObject& object, const Index& index) {
    return std::find(object.indexes.begin(), object.indexes.end(), index) != object.indexes.end();
  };
  for (const Index& index : from.indexes)
    if (!has(to, index)) out.emplace_back(DropIndex{from.name, QualifiedName{from.name.schema, index.name}});
  for (const Index& index : to.indexes)
    if (!has(from, index)) out.emplace_back(CreateIndex{to.name, index});
}

Operation drop_of(const SchemaObject& object) {
  return DropObject{object.kind, object.name, object.on_table, object.signature};
}

/// Whether a table's own text calls the function.
bool needs_function(const Table& table, const std::string& name) {
  const auto in = [&](const Expression& expression) {
    const auto* text = std::get_if<TextExpr>(&expression);
    if (text != nullptr) return text->sql.find(name) != std::string::npos;
    const auto* call = std::get_if<Box<FunctionExpr>>(&expression);
    return call != nullptr && (*call)->name == name;
  };
  for (const Column& column : table.columns)
    if ((column.server_default && in(*column.server_default)) || (column.computed && in(column.computed->sql)))
      return true;
  for (const Constraint& item : table.constraints)
    if (const auto* check = std::get_if<CheckConstraint>(&item); check != nullptr && in(check->sql)) return true;
  for (const Index& index : table.indexes)
    for (const IndexElement& element : index.elements)
      if (in(element.sql)) return true;
  return false;
}

}  // namespace

void diff_types(const Schema& from, const Schema& to, Stages& stages) {
  for (const EnumType& type : to.enums) {
    const EnumType* old = find_named(from.enums, type.name);
    if (old == nullptr) {
      stages.types.emplace_back(CreateEnum{type});
    } else if (old->values != type.values) {
      if (auto added = added_values(*old, type))
        stages.types.insert(stages.types.end(), added->begin(), added->end());
      else
        remake_enum(from, to, type, stages);
    }
  }
  for (const EnumType& type : from.enums)
    if (find_named(to.enums, type.name) == nullptr) stages.drop_types.emplace_back(DropEnum{type.name});

  const auto create = [](const Domain& d) {
    return CreateDomain{d.name, d.type, d.collation, d.server_default, d.constraint_name, d.not_null, d.check};
  };
  for (const Domain& domain : to.domains) {
    const Domain* old = find_named(from.domains, domain.name);
    if (old != nullptr && *old == domain) continue;
    if (old != nullptr) stages.types.emplace_back(DropDomain{domain.name});
    stages.types.emplace_back(create(domain));
  }
  for (const Domain& domain : from.domains)
    if (find_named(to.domains, domain.name) == nullptr) stages.drop_types.emplace_back(DropDomain{domain.name});

  for (const Sequence& sequence : to.sequences) {
    if (goes_with_column(to, from, sequence)) continue;
    const Sequence* old = find_named(from.sequences, sequence.name);
    if (old != nullptr && *old == sequence) continue;
    if (old == nullptr && !sequence.owned_by.name.empty()) {
      const Sequence* same_place = sequence_of(from, sequence);
      if (same_place != nullptr && find_named(to.sequences, same_place->name) == nullptr &&
          same_place->name.schema == sequence.name.schema) {
        stages.types.emplace_back(renaming(ObjectKind::kSequence, same_place->name, sequence.name.name));
        continue;
      }
    }
    if (old != nullptr) stages.types.emplace_back(DropSequence{sequence.name});
    stages.types.emplace_back(CreateSequence{sequence});
  }
  for (const Sequence& sequence : from.sequences) {
    if (find_named(to.sequences, sequence.name) != nullptr || goes_with_column(from, to, sequence)) continue;
    const Sequence* same_place = sequence.owned_by.name.empty() ? nullptr : sequence_of(to, sequence);
    if (same_place != nullptr && find_named(from.sequences, same_place->name) == nullptr &&
        same_place->name.schema == sequence.name.schema)
      continue;  // renamed above
    stages.drop_types.emplace_back(DropSequence{sequence.name});
  }
}

void diff_objects(const Schema& from, const Schema& to, const std::set<std::string>& changed_tables, Stages& stages) {
  std::vector<Identifier> unsettled;  // what views may stand on that changes
  for (const std::string& key : changed_tables) unsettled.emplace_back(key.substr(key.find('\0') + 1));
  const auto stands_on_change = [&](const SchemaObject& object) {
    return std::any_of(unsettled.begin(), unsettled.end(),
                       [&](const Identifier& name) { return mentions_name(object.definition, name); });
  };
  std::vector<const SchemaObject*> making;
  std::vector<const SchemaObject*> dropping;
  for (const SchemaObject& object : from.objects) {
    const SchemaObject* now = find_object(to, object);
    const bool again = is_view(object.kind) && stands_on_change(object);
    if (now != nullptr && made_alike(*now, object) && !again) {
      diff_view_indexes(object, *now, stages.view_indexes);
      continue;
    }
    // A view on this view goes with it, for a while.
    if (is_view(object.kind)) unsettled.push_back(object.name.name);
    dropping.push_back(&object);
  }
  for (const SchemaObject& object : to.objects) {
    const SchemaObject* old = find_object(from, object);
    if (old == nullptr || std::find(dropping.begin(), dropping.end(), old) != dropping.end()) making.push_back(&object);
  }
  // What goes with its table needs no operation of its own.
  const auto gone_with_table = [&](const SchemaObject& object) {
    return !object.on_table.name.empty() && find_table(from, object.on_table) != nullptr &&
           find_table(to, object.on_table) == nullptr;
  };
  std::stable_partition(dropping.begin(), dropping.end(), [](const SchemaObject* o) { return is_function(o->kind); });
  for (auto at = dropping.rbegin(); at != dropping.rend(); ++at) {
    if (gone_with_table(**at)) continue;
    (is_space((*at)->kind) ? stages.drop_spaces : stages.drop_objects).push_back(drop_of(**at));
  }
  for (const SchemaObject* made : making) {
    SchemaObject plain = *made;
    for (Index& index : plain.indexes) stages.view_indexes.emplace_back(CreateIndex{plain.name, std::move(index)});
    plain.indexes.clear();
    const SchemaObject* object = &plain;
    const bool early = is_function(object->kind) &&
                       std::any_of(to.tables.begin(), to.tables.end(),
                                   [&](const Table& table) { return needs_function(table, object->name.name.text()); });
    if (is_space(object->kind))
      stages.spaces.emplace_back(CreateObject{*object});
    else if (early)
      stages.early_objects.emplace_back(CreateObject{*object});
    else
      stages.objects.emplace_back(CreateObject{*object});
  }
  // Functions before what calls them.
  std::stable_partition(stages.objects.begin(), stages.objects.end(), [](const Operation& operation) {
    return is_function(std::get<CreateObject>(operation).object.kind);
  });
}

}  // namespace bascule::model
