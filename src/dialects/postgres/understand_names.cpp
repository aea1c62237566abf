// Objects by their names: DROP, ALTER ... RENAME, ALTER ... SET SCHEMA.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialects/postgres/postgres.h"
#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

using model::ObjectKind;

namespace {

struct KindOf {
  std::string_view object_type;
  ObjectKind kind;
};

constexpr auto kKinds = std::to_array<KindOf>({
    {"OBJECT_TABLE", ObjectKind::kTable},
    {"OBJECT_INDEX", ObjectKind::kIndex},
    {"OBJECT_SEQUENCE", ObjectKind::kSequence},
    {"OBJECT_TYPE", ObjectKind::kType},
    {"OBJECT_DOMAIN", ObjectKind::kDomain},
    {"OBJECT_VIEW", ObjectKind::kView},
    {"OBJECT_MATVIEW", ObjectKind::kMaterializedView},
    {"OBJECT_FUNCTION", ObjectKind::kFunction},
    {"OBJECT_PROCEDURE", ObjectKind::kProcedure},
    {"OBJECT_AGGREGATE", ObjectKind::kAggregate},
    {"OBJECT_TRIGGER", ObjectKind::kTrigger},
    {"OBJECT_EVENT_TRIGGER", ObjectKind::kEventTrigger},
    {"OBJECT_POLICY", ObjectKind::kPolicy},
    {"OBJECT_RULE", ObjectKind::kRule},
    {"OBJECT_EXTENSION", ObjectKind::kExtension},
    {"OBJECT_SCHEMA", ObjectKind::kSchema},
    {"OBJECT_COLLATION", ObjectKind::kCollation},
    {"OBJECT_OPERATOR", ObjectKind::kOperator},
    {"OBJECT_STATISTIC_EXT", ObjectKind::kStatistics},
    {"OBJECT_PUBLICATION", ObjectKind::kPublication},
    {"OBJECT_FOREIGN_TABLE", ObjectKind::kForeignTable},
    {"OBJECT_FOREIGN_SERVER", ObjectKind::kForeignServer},
});

/// Whether this kind is named after the table that it sits on: "trigger ON table".
bool sits_on_table(ObjectKind kind) {
  return kind == ObjectKind::kTrigger || kind == ObjectKind::kPolicy || kind == ObjectKind::kRule;
}

/// Sizes are no part of a function's identity.
model::Type without_size(model::Type type) {
  if (auto* scalar = std::get_if<model::ScalarType>(&type)) {
    scalar->length.reset();
    scalar->precision.reset();
    scalar->scale.reset();
  }
  if (auto* array = std::get_if<Box<model::ArrayType>>(&type)) (**array).item = without_size((**array).item);
  return type;
}

/// A type of DDL as pg_get_function_identity_arguments() spells it.
std::string format_type(std::string_view spelled) {
  if (spelled.find('"') != std::string_view::npos) return std::string(spelled);
  std::string lower = to_lower_ascii(spelled);
  if (lower.rfind("varchar", 0) == 0) return "character varying" + lower.substr(7);
  if (lower.rfind("char", 0) == 0 && lower.rfind("character", 0) != 0) return "character" + lower.substr(4);
  return lower;
}

}  // namespace

std::optional<ObjectKind> object_kind(std::string_view object_type) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindOf& known) { return known.object_type == object_type; });
  return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

/// "(integer, text)": what a function takes, in the types' own spelling; OUT and TABLE parameters are no part of it.
std::string Understanding::signature(Node parameters) {
  std::vector<std::string> types;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Node parameter = parameters.item(i)["FunctionParameter"];
    const Node mode = parameter["mode"];
    if (mode.is("FUNC_PARAM_OUT") || mode.is("FUNC_PARAM_TABLE")) continue;
    const auto spelled = postgres_dialect().type(without_size(type(parameter["argType"])));
    if (!spelled)
      unsay();
    else
      types.push_back(format_type(*spelled));
  }
  return "(" + join(types, ", ") + ")";
}

Understanding::Named Understanding::named(std::string_view object_type, Node object) {
  Named found;
  const auto kind = object_kind(object_type);
  if (const Node one = object["String"]) {
    found.name = {{}, identifier(one["sval"])};
  } else if (const Node type_name = object["TypeName"]) {
    found.name = name_of(type_name["names"]);
    if (type_name["arrayBounds"] || type_name["typmods"]) unsay();
  } else if (const Node routine = object["ObjectWithArgs"]) {
    found.name = name_of(routine["objname"]);
    if (!routine["args_unspecified"].flag()) found.signature = signature(routine["objfuncargs"]);
  } else {
    const Node names = object["List"]["items"];
    const auto part = [&](std::size_t from_end) {
      return from_end < names.size() ? identifier(names.item(names.size() - 1 - from_end)["String"]["sval"])
                                     : Identifier();
    };
    if (kind && sits_on_table(*kind)) {
      found.name = {{}, part(0)};
      found.on_table = {part(2), part(1)};
      if (names.size() > 3 || names.size() < 2) unsay();
    } else {
      found.name = {part(1), part(0)};
      if (names.size() > 2 || names.size() == 0) unsay();
    }
  }
  return found;
}

void Understanding::drop(Node node) {
  const auto type = node["removeType"].text();
  const auto kind = object_kind(type);
  // An operator's signature has holes (NONE), which the model's does not.
  if (!kind || *kind == ObjectKind::kOperator) return unsay();
  const bool if_exists = node["missing_ok"].flag();
  const bool cascade = node["behavior"].is("DROP_CASCADE");
  const Node objects = node["objects"];
  for (std::size_t i = 0; i < objects.size(); ++i) {
    Named object = named(type, objects.item(i));
    if (*kind == ObjectKind::kTable)
      say(model::DropTable{.table = object.name, .if_exists = if_exists, .cascade = cascade});
    else if (*kind == ObjectKind::kIndex)
      say(model::DropIndex{
          .name = object.name, .if_exists = if_exists, .concurrently = node["concurrent"].flag(), .cascade = cascade});
    else if (*kind == ObjectKind::kSequence)
      say(model::DropSequence{.name = object.name, .if_exists = if_exists, .cascade = cascade});
    else if (*kind == ObjectKind::kDomain)
      say(model::DropDomain{.name = object.name, .if_exists = if_exists, .cascade = cascade});
    else
      say(model::DropObject{.kind = *kind,
                            .name = object.name,
                            .on_table = object.on_table,
                            .signature = object.signature,
                            .if_exists = if_exists,
                            .cascade = cascade});
  }
}

void Understanding::rename(Node node) {
  const auto type = node["renameType"].text();
  const Identifier new_name = identifier(node["newname"]);
  const Node on = node["relation"];
  if (node["missing_ok"].flag()) out_.if_table_exists = true;
  if (type == "OBJECT_COLUMN") {
    if (!node["relationType"].is("OBJECT_TABLE")) return unsay();
    return say(model::AlterColumn{.table = relation(on), .column = identifier(node["subname"]), .new_name = new_name});
  }
  if (type == "OBJECT_TABCONSTRAINT")
    return say(model::RenameConstraint{relation(on), identifier(node["subname"]), new_name});
  if (type == "OBJECT_TABLE") return say(model::RenameTable{relation(on), new_name});
  const auto kind = object_kind(type);
  if (!kind || *kind == ObjectKind::kOperator) return unsay();
  model::RenameObject made{.kind = *kind, .new_name = new_name};
  if (sits_on_table(*kind)) {
    made.name = {{}, identifier(node["subname"])};
    made.on_table = relation(on);
  } else if (on) {
    made.name = relation(on);
  } else if (node["object"]) {
    const Named object = named(type, node["object"]);
    made.name = object.name;
    made.signature = object.signature;
  } else {
    made.name = {{}, identifier(node["subname"])};  // a schema
  }
  say(std::move(made));
}

void Understanding::move_to_schema(Node node) {
  const auto type = node["objectType"].text();
  const auto kind = object_kind(type);
  if (!kind || *kind == ObjectKind::kOperator) return unsay();
  if (node["missing_ok"].flag()) out_.if_table_exists = true;
  model::MoveToSchema made{.kind = *kind, .new_schema = identifier(node["newschema"])};
  if (node["relation"]) {
    made.name = relation(node["relation"]);
  } else {
    const Named object = named(type, node["object"]);
    made.name = object.name;
    made.signature = object.signature;
  }
  say(std::move(made));
}

}  // namespace bascule::dialects::postgres
