#include "dialects/postgres/locks_schema.h"

#include <algorithm>

#include "dialects/postgres/auto_names.h"
#include "dialects/postgres/canonical.h"
#include "dialects/postgres/postgres.h"
#include "dialects/postgres/render.h"
#include "model/sql_words.h"

namespace bascule::dialects::postgres {

namespace {

bool has_index(const model::Constraint& constraint) {
  return std::holds_alternative<model::PrimaryKey>(constraint) ||
         std::holds_alternative<model::UniqueConstraint>(constraint) ||
         std::holds_alternative<model::ExcludeConstraint>(constraint);
}

bool is_child_of(const model::Table& child, const model::Table& table) {
  const auto& of = child.postgresql;
  if (of.partition_of.name.empty() && of.inherits.empty()) return false;
  if (!of.partition_of.name.empty() && model::same_name(of.partition_of, table.name)) return true;
  return std::any_of(of.inherits.begin(), of.inherits.end(),
                     [&](const QualifiedName& parent) { return model::same_name(parent, table.name); });
}

/// What the name of an index calls the elements, as PostgreSQL chooses them: joined by "_".
std::string element_names(const IndexFact& fact) {
  std::string names;
  const auto add = [&](const std::string& name) { names += (names.empty() ? "" : "_") + name; };
  if (fact.index == nullptr) {
    for (const auto& column : key_columns(fact)) add(column.text());
    return names;
  }
  for (const auto& element : fact.index->elements) {
    if (const auto* column = plain_column(element.sql)) {
      add(column->text());
      continue;
    }
    const auto words = model::sql_words(SchemaFacts::sql_of(element.sql));
    std::size_t first = 0;
    while (first < words.size() && words[first].is("(")) ++first;
    const bool call = first + 1 < words.size() && words[first].is_name() && words[first + 1].is("(");
    add(call ? words[first].text : "expr");
  }
  for (const auto& column : fact.index->postgresql.include) add(column.text());
  return names;
}

}  // namespace

SchemaFacts::SchemaFacts(const model::Schema& schema) : schema_(schema) {
  for (const auto& object : schema.objects) {
    if (object.kind != model::ObjectKind::kMaterializedView) continue;
    model::Table& made = materialized_.emplace_back();
    made.name = object.name;
    made.indexes = object.indexes;
  }
}

const model::Table* SchemaFacts::materialized(const QualifiedName& name) const {
  for (const auto& one : materialized_)
    if (model::same_name(one.name, name)) return &one;
  return nullptr;
}

bool SchemaFacts::is_materialized(const model::Table& of) const {
  return std::any_of(materialized_.begin(), materialized_.end(), [&](const model::Table& one) { return &one == &of; });
}

std::vector<const model::Table*> SchemaFacts::ancestry(const model::Table& of) const {
  std::vector<const model::Table*> line = {&of};
  for (std::size_t i = 0; i < line.size() && line.size() < 64; ++i) {
    const auto add = [&](const QualifiedName& name) {
      const model::Table* parent = name.name.empty() ? nullptr : table(name);
      if (parent != nullptr && std::find(line.begin(), line.end(), parent) == line.end()) line.push_back(parent);
    };
    add(line[i]->postgresql.partition_of);
    for (const auto& parent : line[i]->postgresql.inherits) add(parent);
  }
  return line;
}

std::vector<const model::Table*> SchemaFacts::children(const model::Table& of) const {
  std::vector<const model::Table*> found;
  for (const auto& one : schema_.tables)
    if (&one != &of && is_child_of(one, of)) found.push_back(&one);
  return found;
}

std::vector<const model::Table*> SchemaFacts::descendants(const model::Table& of) const {
  std::vector<const model::Table*> found = children(of);
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const auto* one : children(*found[i]))
      if (one != &of && std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
  return found;
}

const model::Table* SchemaFacts::default_partition(const model::Table& of) const {
  for (const auto& one : schema_.tables) {
    const auto& part = one.postgresql;
    if (part.partition_of.name.empty() || !model::same_name(part.partition_of, of.name)) continue;
    if (part.partition_bound == "DEFAULT" || part.partition_bound == "default") return &one;
  }
  return nullptr;
}

std::vector<const model::Table*> SchemaFacts::with_rows(const model::Table& of, bool only) const {
  std::vector<const model::Table*> found;
  if (!partitioned(of)) found.push_back(&of);
  if (only) return found;
  for (const auto* one : descendants(of))
    if (!partitioned(*one)) found.push_back(one);
  return found;
}

const model::Column* SchemaFacts::column(const model::Table& of, const Identifier& name) const {
  if (const auto* found = model::find_column(of, name)) return found;
  if (!is_partition(of) && of.postgresql.inherits.empty()) return nullptr;
  for (const auto* one : ancestry(of))
    if (const auto* found = model::find_column(*one, name)) return found;
  return nullptr;
}

std::vector<const model::Constraint*> SchemaFacts::constraints(const model::Table& of) const {
  std::vector<const model::Constraint*> found;
  for (const auto* one : ancestry(of)) {
    for (const auto& constraint : one->constraints) {
      const auto* check = std::get_if<model::CheckConstraint>(&constraint);
      const bool shared = one == &of || (check != nullptr ? !check->no_inherit : is_partition(of));
      const auto& name = model::constraint_name(constraint);
      const bool known = std::any_of(found.begin(), found.end(), [&](const model::Constraint* there) {
        return !name.empty() && model::constraint_name(*there) == name;
      });
      if (shared && !known) found.push_back(&constraint);
    }
  }
  return found;
}

const model::Constraint* SchemaFacts::constraint(const model::Table& of, const Identifier& name) const {
  for (const auto* one : constraints(of))
    if (model::constraint_name(*one) == name) return one;
  return nullptr;
}

bool SchemaFacts::not_null(const model::Table& of, const Identifier& name) const {
  for (const auto* one : ancestry(of)) {
    const auto* found = model::find_column(*one, name);
    if (found != nullptr && !found->nullable) return true;
    const auto* key = model::primary_key(*one);
    if (key != nullptr && (one == &of || is_partition(of)) && model::contains(key->columns, name)) return true;
  }
  return false;
}

const model::Column* SchemaFacts::not_null_named(const model::Table& of, const Identifier& name) {
  for (const auto& one : of.columns) {
    if (one.not_null && one.not_null->name == name) return &one;
    if (!one.not_null && !one.nullable && object_name(of.name.name.text(), one.name.text(), "not_null") == name.text())
      return &one;
  }
  return nullptr;
}

IndexFact SchemaFacts::of_index(const model::Table& of, const model::Index& index) const {
  return {{of.name.schema, index.name}, &of, &index, nullptr, partitioned(of), false};
}

std::string SchemaFacts::part_name(const model::Table& part, const IndexFact& whole,
                                   const std::vector<IndexFact>& there) const {
  std::string label = "idx";
  std::string columns = element_names(whole);
  if (whole.constraint != nullptr) {
    label = "key";
    if (std::holds_alternative<model::PrimaryKey>(*whole.constraint)) {
      label = "pkey";
      columns.clear();
    }
    if (std::holds_alternative<model::ExcludeConstraint>(*whole.constraint)) label = "excl";
  }
  const std::string base = label;
  for (int i = 0;; ++i) {
    std::string name = object_name(part.name.name.text(), columns, i == 0 ? base : base + std::to_string(i));
    const bool taken =
        std::any_of(there.begin(), there.end(), [&](const IndexFact& fact) { return fact.name.name.text() == name; });
    if (!taken) return name;
  }
}

std::vector<IndexFact> SchemaFacts::indexes(const model::Table& of) const {
  std::vector<IndexFact> found;
  for (const auto& constraint : of.constraints) {
    if (!has_index(constraint)) continue;
    IndexFact fact{
        {of.name.schema, model::constraint_name(constraint)}, &of, nullptr, &constraint, partitioned(of), false};
    if (fact.name.name.empty()) fact.name.name = Identifier(part_name(of, fact, found));
    found.push_back(std::move(fact));
  }
  for (const auto& index : of.indexes) found.push_back(of_index(of, index));
  if (!is_partition(of)) return found;
  const model::Table* whole = table(of.postgresql.partition_of);
  if (whole == nullptr || whole == &of) return found;
  for (const auto& above : indexes(*whole)) {
    if (above.index != nullptr && above.index->postgresql.only_here) continue;
    const bool known = std::any_of(found.begin(), found.end(), [&](const IndexFact& fact) {
      return fact.constraint != nullptr && above.constraint != nullptr &&
             fact.constraint->index() == above.constraint->index() && key_columns(fact) == key_columns(above);
    });
    if (known) continue;
    IndexFact fact = above;
    fact.table = &of;
    fact.partitioned = partitioned(of);
    fact.of_whole = true;
    fact.name = {of.name.schema, Identifier(part_name(of, above, found))};
    found.push_back(std::move(fact));
  }
  return found;
}

std::optional<IndexFact> SchemaFacts::part_of_index(const IndexFact& whole, const model::Table& part) const {
  for (auto& fact : indexes(part))
    if (fact.of_whole && fact.index == whole.index && fact.constraint == whole.constraint) return std::move(fact);
  return std::nullopt;
}

std::optional<IndexFact> SchemaFacts::index(const QualifiedName& name) const {
  const auto here = [&](const model::Table& of, const Identifier& index) {
    return index == name.name && model::same_name({of.name.schema, index}, name);
  };
  for (const auto& one : schema_.tables) {
    for (const auto& index : one.indexes)
      if (here(one, index.name)) return of_index(one, index);
    for (const auto& constraint : one.constraints)
      if (has_index(constraint) && here(one, model::constraint_name(constraint)))
        return IndexFact{{one.name.schema, name.name}, &one, nullptr, &constraint, partitioned(one), false};
  }
  for (const auto& one : materialized_)
    for (const auto& index : one.indexes)
      if (here(one, index.name)) return of_index(one, index);
  for (const auto& one : schema_.tables) {
    if (!is_partition(one)) continue;
    for (auto& fact : indexes(one))
      if (fact.name.name == name.name && model::same_name(fact.name, name)) return std::move(fact);
  }
  return std::nullopt;
}

std::vector<KeyFact> SchemaFacts::keys_of(const model::Table& of) const {
  std::vector<KeyFact> found;
  for (const auto* one : ancestry(of)) {
    if (one != &of && !is_partition(of)) break;
    for (const auto& constraint : one->constraints)
      if (const auto* key = std::get_if<model::ForeignKey>(&constraint)) found.push_back({one, key});
  }
  return found;
}

std::vector<KeyFact> SchemaFacts::keys_to(const model::Table& of) const {
  std::vector<const model::Table*> targets = {&of};
  if (is_partition(of)) targets = ancestry(of);
  std::vector<KeyFact> found;
  for (const auto& one : schema_.tables)
    for (const auto& constraint : one.constraints) {
      const auto* key = std::get_if<model::ForeignKey>(&constraint);
      if (key == nullptr) continue;
      for (const auto* target : targets)
        if (model::same_name(key->referent, target->name)) found.push_back({&one, key});
    }
  return found;
}

std::vector<QualifiedName> SchemaFacts::owned_sequences(const model::Table& of, const Identifier* only) const {
  std::vector<QualifiedName> found;
  for (const auto& one : schema_.sequences)
    if (!one.owned_by.name.empty() && model::same_name(one.owned_by, of.name) &&
        (only == nullptr || one.owned_by_column == *only))
      found.push_back(one.name);
  for (const auto& one : of.columns)
    if (one.identity && (only == nullptr || one.name == *only))
      found.push_back({of.name.schema, Identifier(object_name(of.name.name.text(), one.name.text(), "seq"))});
  return found;
}

std::vector<const model::SchemaObject*> SchemaFacts::objects_on(const model::Table& of, model::ObjectKind kind) const {
  std::vector<const model::SchemaObject*> found;
  for (const auto& one : schema_.objects)
    if (one.kind == kind && model::same_name(one.on_table, of.name)) found.push_back(&one);
  return found;
}

const model::SchemaObject* SchemaFacts::object(model::ObjectKind kind, const QualifiedName& name) const {
  for (const auto& one : schema_.objects)
    if (one.kind == kind && model::same_name(one.name, name)) return &one;
  return nullptr;
}

const model::SchemaObject* SchemaFacts::view(const QualifiedName& name) const {
  if (const auto* found = object(model::ObjectKind::kView, name)) return found;
  return object(model::ObjectKind::kMaterializedView, name);
}

std::vector<const model::SchemaObject*> SchemaFacts::views_on(const QualifiedName& relation) const {
  std::vector<const model::SchemaObject*> found;
  std::vector<Identifier> names = {relation.name};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const auto& one : schema_.objects) {
      if (one.kind != model::ObjectKind::kView && one.kind != model::ObjectKind::kMaterializedView) continue;
      if (std::find(found.begin(), found.end(), &one) != found.end() || one.name.name == names[i]) continue;
      if (one.definition.find(names[i].text()) == std::string::npos) continue;
      if (!model::mentions_name(one.definition, names[i])) continue;
      found.push_back(&one);
      names.push_back(one.name.name);
    }
  }
  return found;
}

const model::Domain* SchemaFacts::domain(std::string_view type) const {
  for (const auto& one : schema_.domains)
    if (type == one.name.name.text() || type == display(one.name)) return &one;
  return nullptr;
}

bool SchemaFacts::is_enum(std::string_view type) const {
  return std::any_of(schema_.enums.begin(), schema_.enums.end(), [&](const model::EnumType& one) {
    return type == one.name.name.text() || type == display(one.name);
  });
}

const model::Sequence* SchemaFacts::sequence(const QualifiedName& name) const {
  for (const auto& one : schema_.sequences)
    if (model::same_name(one.name, name)) return &one;
  return nullptr;
}

std::string SchemaFacts::spelled(const model::Type& type) {
  const auto sql = postgres_dialect().type(type);
  return sql ? canonical_type(*sql).sql : std::string();
}

std::string SchemaFacts::sql_of(const model::Expression& expression) {
  if (const auto* text = std::get_if<model::TextExpr>(&expression)) return text->sql;
  const auto sql = postgres_dialect().expression(expression);
  return sql ? *sql : std::string();
}

const Identifier* plain_column(const model::Expression& element) {
  if (const auto* column = std::get_if<model::ColumnExpr>(&element)) return &column->column;
  if (const auto* unary = std::get_if<Box<model::UnaryExpr>>(&element))
    return (*unary)->postfix ? plain_column((*unary)->operand) : nullptr;
  if (const auto* collated = std::get_if<Box<model::CollateExpr>>(&element)) return plain_column((*collated)->operand);
  return nullptr;
}

std::vector<Identifier> key_columns(const IndexFact& fact) {
  std::vector<Identifier> columns;
  if (fact.constraint != nullptr) {
    columns = model::constraint_columns(*fact.constraint);
    if (const auto* exclude = std::get_if<model::ExcludeConstraint>(fact.constraint))
      for (const auto& element : exclude->elements)
        if (const auto* column = plain_column(element.sql)) columns.push_back(*column);
    return columns;
  }
  for (const auto& element : fact.index->elements)
    if (const auto* column = plain_column(element.sql)) columns.push_back(*column);
  return columns;
}

bool includes(const IndexFact& fact, const Identifier& column) {
  if (fact.index != nullptr) return model::contains(fact.index->postgresql.include, column);
  if (const auto* key = std::get_if<model::PrimaryKey>(fact.constraint))
    return model::contains(key->postgresql_include, column);
  if (const auto* key = std::get_if<model::UniqueConstraint>(fact.constraint))
    return model::contains(key->postgresql_include, column);
  return false;
}

bool mentions(const IndexFact& fact, const Identifier& column) {
  if (model::contains(key_columns(fact), column) || includes(fact, column)) return true;
  const auto speaks = [&](const auto& element) { return model::mentions_column(element.sql, column); };
  if (fact.index != nullptr) {
    const auto& index = *fact.index;
    return std::any_of(index.elements.begin(), index.elements.end(), speaks) ||
           (index.postgresql.where && model::mentions_column(*index.postgresql.where, column));
  }
  const auto* exclude = std::get_if<model::ExcludeConstraint>(fact.constraint);
  return exclude != nullptr && (std::any_of(exclude->elements.begin(), exclude->elements.end(), speaks) ||
                                (exclude->where && model::mentions_column(*exclude->where, column)));
}

bool has_expressions(const IndexFact& fact) {
  const auto expression = [](const auto& element) { return plain_column(element.sql) == nullptr; };
  if (fact.index != nullptr)
    return fact.index->postgresql.where.has_value() ||
           std::any_of(fact.index->elements.begin(), fact.index->elements.end(), expression);
  const auto* exclude = std::get_if<model::ExcludeConstraint>(fact.constraint);
  return exclude != nullptr &&
         (exclude->where.has_value() || std::any_of(exclude->elements.begin(), exclude->elements.end(), expression));
}

bool unique(const IndexFact& fact) {
  if (fact.index != nullptr) return fact.index->unique;
  return !std::holds_alternative<model::ExcludeConstraint>(*fact.constraint);
}

std::string access_method(const IndexFact& fact) {
  const auto* exclude = fact.constraint == nullptr ? nullptr : std::get_if<model::ExcludeConstraint>(fact.constraint);
  const std::string& method =
      fact.index != nullptr ? fact.index->postgresql.using_method : (exclude != nullptr ? exclude->using_method : "");
  return method.empty() ? "btree" : method;
}

}  // namespace bascule::dialects::postgres
