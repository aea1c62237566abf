// Objects that the model knows by name and text, and what renames or moves things of any kind.
#include <algorithm>
#include <utility>

#include "base/overload.h"
#include "model/apply_parts.h"
#include "model/lookup.h"
#include "model/sql_words.h"

namespace bascule::model {

namespace {

bool is_view(ObjectKind kind) { return kind == ObjectKind::kView || kind == ObjectKind::kMaterializedView; }

/// A signature that was not said means any.
bool is_object(const SchemaObject& object, ObjectKind kind, const QualifiedName& name, const QualifiedName& on_table,
               const std::string& signature) {
  return object.kind == kind && same_name(object.name, name) &&
         (on_table.name.empty() || same_name(object.on_table, on_table)) &&
         (signature.empty() || object.signature.empty() || object.signature == signature);
}

std::string described(ObjectKind kind) {
  const std::string_view noun = object_noun(kind);
  return noun.empty() ? "object" : std::string(noun);
}

/// A type as this one of its columns has it, under its new name.
struct RenameType {
  const QualifiedName& from;
  const QualifiedName& to;

  Type of(const Type& type) const { return std::visit(*this, type); }
  Type operator()(const ScalarType& type) const { return type; }
  Type operator()(const NativeType& type) const {
    NativeType renamed = type;
    renamed.sql = renamed_text(type.sql);
    return renamed;
  }
  Type operator()(const EnumType& type) const {
    EnumType renamed = type;
    if (type.native && same_name(type.name, from)) renamed.name = to;
    return renamed;
  }
  Type operator()(const DomainType& type) const { return same_name(type.name, from) ? DomainType{to} : type; }
  Type operator()(const RawType& type) const { return RawType{renamed_text(type.sql)}; }
  Type operator()(const Box<ArrayType>& type) const {
    return Box<ArrayType>(ArrayType{of(type->item), type->dimensions});
  }
  Type operator()(const Box<VariantType>& type) const {
    VariantType renamed = *type;
    renamed.base = of(renamed.base);
    for (auto& [dialect, variant] : renamed.by_dialect) variant = of(variant);
    return Box<VariantType>(std::move(renamed));
  }

 private:
  std::string renamed_text(const std::string& sql) const {
    const auto spelled = [](const QualifiedName& name) {
      return (name.schema.empty() || name.schema.text() == "public" ? "" : name_text(name.schema) + ".") +
             name_text(name.name);
    };
    const std::string old = spelled(from);
    const std::string brackets = sql.ends_with("[]") ? "[]" : "";
    return sql == old + brackets || sql == "public." + old + brackets ? spelled(to) + brackets : sql;
  }
};
static_assert(kCovers<RenameType, Type>);

void rename_type(Schema& schema, const QualifiedName& from, const QualifiedName& to) {
  const RenameType renaming{from, to};
  for (Table& table : schema.tables)
    for (Column& column : table.columns) column.type = renaming.of(column.type);
  for (Domain& domain : schema.domains) domain.type = renaming.of(domain.type);
}

/// Defaults speak of sequences by name: nextval('users_id_seq').
void rename_sequence(Schema& schema, const QualifiedName& from, const QualifiedName& to) {
  for (Table& table : schema.tables) {
    for (Column& column : table.columns) {
      auto* text = column.server_default ? std::get_if<TextExpr>(&*column.server_default) : nullptr;
      if (text == nullptr || text->sql.find("nextval") == std::string::npos) continue;
      const std::string old = "'" + display(from) + "'";
      if (const auto at = text->sql.find(old); at != std::string::npos)
        text->sql.replace(at, old.size(), "'" + display(to) + "'");
    }
  }
}

template <class Thing>
bool rename_one(std::vector<Thing>& list, const QualifiedName& from, const QualifiedName& to) {
  for (Thing& one : list) {
    if (!same_name(one.name, from)) continue;
    one.name = to;
    return true;
  }
  return false;
}

Applied rename_index(Schema& schema, const QualifiedName& from, const Identifier& to) {
  for (Table& table : schema.tables) {
    if (!same_name(QualifiedName{table.name.schema, from.name}, from)) continue;
    for (Index& index : table.indexes) {
      if (index.name == from.name) {
        index.name = to;
        return {};
      }
    }
    // A key's index has the key's name.
    if (Constraint* constraint = find_constraint(table, from.name)) {
      set_constraint_name(*constraint, to);
      return {};
    }
  }
  for (SchemaObject& object : schema.objects) {
    if (!same_name(QualifiedName{object.name.schema, from.name}, from)) continue;
    for (Index& index : object.indexes) {
      if (index.name != from.name) continue;
      index.name = to;
      return {};
    }
  }
  return missing("index", display(from));
}

/// Renames or moves what has a list of its own or is an object.
Applied give_name(Schema& schema, ObjectKind kind, const QualifiedName& from, const QualifiedName& on_table,
                  const QualifiedName& to) {
  if (kind == ObjectKind::kTable) return rename_table(schema, from, to);
  if (kind == ObjectKind::kSequence && rename_one(schema.sequences, from, to)) {
    rename_sequence(schema, from, to);
    return {};
  }
  if ((kind == ObjectKind::kType || kind == ObjectKind::kDomain) &&
      (rename_one(schema.enums, from, to) || rename_one(schema.domains, from, to))) {
    rename_type(schema, from, to);
    return {};
  }
  bool found = false;
  for (SchemaObject& object : schema.objects) {
    if (!is_object(object, kind, from, on_table, "")) continue;
    object.name = to;
    object.definition = rename_in_text(object.definition, from.name, to.name);
    found = true;
  }
  // ALTER TABLE renames views too.
  if (!found) return missing(described(kind), display(from));
  return {};
}

}  // namespace

void drop_views_of(Schema& schema, const QualifiedName& name) {
  std::vector<QualifiedName> gone;
  std::erase_if(schema.objects, [&](const SchemaObject& object) {
    if (!is_view(object.kind) || same_name(object.name, name) || !mentions_name(object.definition, name.name))
      return false;
    gone.push_back(object.name);
    return true;
  });
  for (const QualifiedName& view : gone) drop_views_of(schema, view);
}

Applied create_object(Schema& schema, const CreateObject& operation) {
  const SchemaObject& made = operation.object;
  for (SchemaObject& object : schema.objects) {
    const bool same = object.kind == made.kind && same_name(object.name, made.name) &&
                      same_name(object.on_table, made.on_table) && object.signature == made.signature;
    if (!same) continue;
    if (operation.if_not_exists) return {};
    if (!operation.or_replace) return exists(described(made.kind), display(made.name));
    object = made;
    return {};
  }
  schema.objects.push_back(made);
  return {};
}

Applied drop_object(Schema& schema, const DropObject& operation) {
  const auto sequence_or_type = [&](auto& list, auto drop) {
    for (const auto& one : list)
      if (same_name(one.name, operation.name)) return model::apply(schema, drop);
    return operation.if_exists ? Applied() : Applied(missing(described(operation.kind), display(operation.name)));
  };
  if (operation.kind == ObjectKind::kTable)
    return drop_table(schema, DropTable{operation.name, operation.if_exists, operation.cascade});
  if (operation.kind == ObjectKind::kIndex)
    return drop_index(schema, DropIndex{std::nullopt, operation.name, operation.if_exists, false});
  if (operation.kind == ObjectKind::kSequence)
    return sequence_or_type(schema.sequences, DropSequence{operation.name, operation.if_exists, operation.cascade});
  const auto is_it = [&](const SchemaObject& object) {
    return is_object(object, operation.kind, operation.name, operation.on_table, operation.signature);
  };
  if (std::none_of(schema.objects.begin(), schema.objects.end(), is_it)) {
    if (operation.kind == ObjectKind::kType)
      return sequence_or_type(schema.enums, DropEnum{operation.name, operation.if_exists, operation.cascade});
    if (operation.kind == ObjectKind::kDomain)
      return sequence_or_type(schema.domains, DropDomain{operation.name, operation.if_exists, operation.cascade});
    return operation.if_exists ? Applied() : Applied(missing(described(operation.kind), display(operation.name)));
  }
  const DropObject dropped = operation;
  std::erase_if(schema.objects, is_it);
  if (is_view(dropped.kind)) {
    std::erase_if(schema.objects, [&](const SchemaObject& object) {
      return !object.on_table.name.empty() && same_name(object.on_table, dropped.name);
    });
  }
  if (!dropped.cascade) return {};
  if (is_view(dropped.kind)) drop_views_of(schema, dropped.name);
  if (dropped.kind == ObjectKind::kFunction) {
    std::erase_if(schema.objects, [&](const SchemaObject& object) {
      return object.kind == ObjectKind::kTrigger &&
             object.definition.find(dropped.name.name.text()) != std::string::npos;
    });
  }
  if (dropped.kind == ObjectKind::kSchema) {
    const Identifier& gone = dropped.name.name;
    const auto inside = [&](const auto& one) { return one.name.schema == gone; };
    std::vector<QualifiedName> tables;
    for (const Table& table : schema.tables)
      if (inside(table)) tables.push_back(table.name);
    for (const QualifiedName& table : tables) static_cast<void>(drop_table(schema, DropTable{table, true, true}));
    std::erase_if(schema.enums, inside);
    std::erase_if(schema.domains, inside);
    std::erase_if(schema.sequences, inside);
    std::erase_if(schema.objects, inside);
  }
  return {};
}

Applied rename_object(Schema& schema, const RenameObject& operation) {
  if (operation.kind == ObjectKind::kIndex) return rename_index(schema, operation.name, operation.new_name);
  const QualifiedName from = operation.name;
  BASCULE_TRY(
      give_name(schema, operation.kind, from, operation.on_table, QualifiedName{from.schema, operation.new_name}));
  if (operation.kind == ObjectKind::kSchema) {
    const auto follow = [&](QualifiedName& name) {
      if (!name.name.empty() && name.schema == from.name) name.schema = operation.new_name;
    };
    for (Table& table : schema.tables) {
      follow(table.name);
      for (Constraint& item : table.constraints)
        if (auto* key = std::get_if<ForeignKey>(&item)) follow(key->referent);
    }
    for (EnumType& type : schema.enums) follow(type.name);
    for (Domain& domain : schema.domains) follow(domain.name);
    for (Sequence& sequence : schema.sequences) {
      follow(sequence.name);
      follow(sequence.owned_by);
    }
    for (SchemaObject& object : schema.objects) {
      follow(object.name);
      follow(object.on_table);
    }
  }
  return {};
}

Applied move_to_schema(Schema& schema, const MoveToSchema& operation) {
  const QualifiedName from = operation.name;
  const QualifiedName to{operation.new_schema, from.name};
  BASCULE_TRY(give_name(schema, operation.kind, from, {}, to));
  if (operation.kind == ObjectKind::kTable)
    for (Sequence& sequence : schema.sequences)
      if (!sequence.owned_by.name.empty() && same_name(sequence.owned_by, to))
        sequence.name.schema = operation.new_schema;
  return {};
}

}  // namespace bascule::model
