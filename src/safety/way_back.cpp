#include "safety/way_back.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "model/diff.h"
#include "model/lookup.h"

namespace bascule::safety {

namespace {

void add_names(const model::Operation& operation, std::set<std::string>& names) {
  if (const auto* renamed = std::get_if<model::RenameTable>(&operation)) {
    names.insert(model::name_key(renamed->table));
    names.insert(model::name_key({renamed->table.schema, renamed->new_name}));
  } else if (const auto* moved = std::get_if<model::MoveToSchema>(&operation)) {
    names.insert(model::name_key(moved->name));
    names.insert(model::name_key({moved->new_schema, moved->name.name}));
  } else if (const auto* index = std::get_if<model::DropIndex>(&operation)) {
    if (index->table) names.insert(model::name_key(*index->table));
  } else if (const auto* column = std::get_if<model::AddColumn>(&operation)) {
    names.insert(model::name_key(column->table));
  }
}

/// How one difference is told: what it is of, and whether it is there or not.
struct Difference {
  std::string subject;
  bool too_much = false;
  bool too_little = false;
};

Difference difference_of(const model::Operation& operation) {
  const std::string_view name = model::operation_name(operation);
  const std::size_t verb_end = name.find('_');
  const std::string_view verb = name.substr(0, verb_end);
  std::string noun = verb_end == std::string_view::npos ? "" : replace_all(name.substr(verb_end + 1), "_", " ");
  if (const auto* made = std::get_if<model::CreateObject>(&operation)) noun = model::object_noun(made->object.kind);
  if (const auto* dropped = std::get_if<model::DropObject>(&operation)) noun = model::object_noun(dropped->kind);
  Difference out;
  out.subject = noun + " " + model::operation_subject(operation);
  out.too_much = verb == "create" || verb == "add";
  out.too_little = verb == "drop";
  return out;
}

void add_neighbours(const model::Table& table, const std::set<std::string>& names, std::set<std::string>& out) {
  const std::string own = model::name_key(table.name);
  const bool inside = names.contains(own);
  const auto link = [&](const QualifiedName& other) {
    if (other.name.empty()) return;
    const std::string key = model::name_key(other);
    if (inside)
      out.insert(key);
    else if (names.contains(key))
      out.insert(own);
  };
  for (const model::Constraint& constraint : table.constraints)
    if (const auto* key = std::get_if<model::ForeignKey>(&constraint)) link(key->referent);
  link(table.postgresql.partition_of);
  for (const QualifiedName& parent : table.postgresql.inherits) link(parent);
  if (!inside && std::any_of(table.indexes.begin(), table.indexes.end(), [&](const model::Index& index) {
        return names.contains(model::name_key({table.name.schema, index.name}));
      }))
    out.insert(own);
}

}  // namespace

std::set<std::string> named_in(const std::vector<const StatementView*>& statements) {
  std::set<std::string> names;
  for (const StatementView* statement : statements) {
    for (const dialects::Touch& touch : statement->meaning.touches) names.insert(model::name_key(touch.relation));
    for (const model::Operation& operation : statement->meaning.operations) add_names(operation, names);
  }
  return names;
}

std::set<std::string> with_neighbours(const model::Schema& schema, const std::set<std::string>& names) {
  std::set<std::string> out = names;
  for (const model::Table& table : schema.tables) add_neighbours(table, names, out);
  return out;
}

model::Schema part_of(const model::Schema& schema, const std::set<std::string>& names) {
  model::Schema out;
  out.enums = schema.enums;
  out.domains = schema.domains;
  out.objects = schema.objects;
  for (const model::Table& table : schema.tables)
    if (names.contains(model::name_key(table.name))) out.tables.push_back(table);
  for (const model::Sequence& sequence : schema.sequences)
    if (sequence.owned_by.name.empty() || names.contains(model::name_key(sequence.owned_by)))
      out.sequences.push_back(sequence);
  return out;
}

std::vector<std::string> left_over(const model::Schema& before, const model::Schema& afterwards,
                                   const dialects::Dialect& dialect) {
  std::vector<Difference> found;
  for (const model::Operation& operation : model::diff(dialect.canonical(before), dialect.canonical(afterwards))) {
    Difference one = difference_of(operation);
    const auto same =
        std::find_if(found.begin(), found.end(), [&](const Difference& other) { return other.subject == one.subject; });
    if (same == found.end()) {
      found.push_back(std::move(one));
    } else {
      same->too_much = same->too_much || one.too_much;
      same->too_little = same->too_little || one.too_little;
    }
  }
  std::vector<std::string> out;
  for (const Difference& one : found) {
    const char* how = one.too_much == one.too_little ? " is different"
                      : one.too_much                 ? " is left behind"
                                                     : " is missing";
    out.push_back(one.subject + how);
  }
  return out;
}

}  // namespace bascule::safety
