// What is made besides tables and indexes: enums, domains, sequences, and objects that are known by name and text.
#include <algorithm>

#include "dialects/postgres/understand.h"

namespace bascule::dialects::postgres {

using model::ObjectKind;

void Understanding::create_object(ObjectKind kind, QualifiedName name, Node node, std::string signature,
                                  QualifiedName on_table) {
  model::CreateObject made;
  made.object.kind = kind;
  made.object.name = std::move(name);
  made.object.on_table = std::move(on_table);
  made.object.signature = std::move(signature);
  made.object.definition = text_.slice(whole());
  made.or_replace = node["replace"].flag();
  made.if_not_exists = node["if_not_exists"].flag();
  say(std::move(made));
}

void Understanding::create_function(Node node) {
  const auto kind = node["is_procedure"].flag() ? ObjectKind::kProcedure : ObjectKind::kFunction;
  create_object(kind, name_of(node["funcname"]), node, signature(node["parameters"]));
}

/// CREATE AGGREGATE, COLLATION, OPERATOR, TYPE (a base type or a shell), TEXT SEARCH ...
void Understanding::define(Node node) {
  const auto kind = object_kind(node["kind"].text());
  if (!kind || *kind == ObjectKind::kOperator) return unsay();
  std::string arguments;
  if (*kind == ObjectKind::kAggregate) {
    if (node["oldstyle"].flag()) return unsay();
    arguments = signature(node["args"].item(0)["List"]["items"]);
  }
  create_object(*kind, name_of(node["defnames"]), node, std::move(arguments));
}

void Understanding::create_enum(Node node) {
  model::CreateEnum made;
  made.type.name = name_of(node["typeName"]);
  const Node labels = node["vals"];
  for (std::size_t i = 0; i < labels.size(); ++i)
    made.type.values.emplace_back(labels.item(i)["String"]["sval"].text());
  say(std::move(made));
}

void Understanding::alter_enum(Node node) {
  const QualifiedName type = name_of(node["typeName"]);
  const std::string value(node["newVal"].text());
  if (node["oldVal"]) return say(model::RenameEnumValue{type, std::string(node["oldVal"].text()), value});
  model::AddEnumValue made{.type = type, .value = value, .if_not_exists = node["skipIfNewValExists"].flag()};
  const std::string neighbour(node["newValNeighbor"].text());
  (node["newValIsAfter"].flag() ? made.after : made.before) = neighbour;
  say(std::move(made));
}

void Understanding::create_domain(Node node) {
  model::CreateDomain made;
  made.name = name_of(node["domainname"]);
  made.type = type(node["typeName"]);
  if (node["collClause"]) made.collation = collation(node["collClause"]);
  const Node constraints = node["constraints"];
  bool sayable = true;
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    const Node held = constraints.item(i)["Constraint"];
    const Node kind = held["contype"];
    if (kind.is("CONSTR_DEFAULT")) {
      const Range clause = clause_of(node, i);
      const std::size_t keyword = text_.find_word(clause, "DEFAULT");
      made.server_default = model::TextExpr{text_.slice({keyword + 1, clause.end})};
    } else if (kind.is("CONSTR_NOTNULL")) {
      made.not_null = true;
    } else if (kind.is("CONSTR_CHECK") && !made.check) {
      made.check = parenthesized_after(held, "CHECK");
      made.constraint_name = identifier(held["conname"]);
    } else if (!kind.is("CONSTR_NULL")) {
      sayable = false;  // several CHECKs
    }
  }
  // The model's one name would go to NOT NULL, which stands first.
  if (made.not_null.value_or(false) && !made.constraint_name.empty()) sayable = false;
  if (!sayable) return create_object(ObjectKind::kDomain, made.name, node);
  say(std::move(made));
}

void Understanding::create_sequence(Node node) {
  model::CreateSequence made;
  made.sequence.name = relation(node["sequence"]);
  made.sequence.options = sequence_options(node["options"], &made.sequence);
  made.if_not_exists = node["if_not_exists"].flag();
  if (!node["sequence"]["relpersistence"].is("p")) return unsay();
  say(std::move(made));
}

void Understanding::create_table_as(Node node) {
  if (!node["objtype"].is("OBJECT_MATVIEW")) return table_of_query(node["into"], node["if_not_exists"].flag());
  create_object(ObjectKind::kMaterializedView, relation(node["into"]["rel"]), node);
}

/// CREATE TABLE ... AS, SELECT ... INTO: there is a table, and its columns are the query's.
void Understanding::table_of_query(Node into, bool if_not_exists) {
  model::CreateTable made;
  made.table.name = relation(into["rel"]);
  made.if_not_exists = if_not_exists;
  if (into["rel"]["relpersistence"].is("t")) made.table.prefixes.emplace_back("TEMPORARY");
  if (into["rel"]["relpersistence"].is("u")) made.table.prefixes.emplace_back("UNLOGGED");
  incomplete();
  say(std::move(made));
}

void Understanding::comment(Node node) {
  std::optional<std::string> text;
  if (node["comment"]) text = std::string(node["comment"].text());
  const Node names = node["object"]["List"]["items"];
  const auto part = [&](std::size_t from_end) {
    return from_end < names.size() ? identifier(names.item(names.size() - 1 - from_end)["String"]["sval"])
                                   : Identifier();
  };
  const Node kind = node["objtype"];
  if (kind.is("OBJECT_TABLE") && names.size() <= 2) return say(model::SetTableComment{{part(1), part(0)}, text});
  if (kind.is("OBJECT_COLUMN") && names.size() <= 3 && names.size() >= 2)
    return say(model::SetColumnComment{{part(2), part(1)}, part(0), text});
  if (kind.is("OBJECT_TABCONSTRAINT") && names.size() <= 3)
    return say(model::SetConstraintComment{{part(2), part(1)}, part(0), text});
  unsay();
}

}  // namespace bascule::dialects::postgres
