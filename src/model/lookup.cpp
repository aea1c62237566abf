#include "model/lookup.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/overload.h"

namespace bascule::model {

namespace {

struct NameOfConstraint {
  const Identifier& operator()(const PrimaryKey& c) const { return c.name; }
  const Identifier& operator()(const UniqueConstraint& c) const { return c.name; }
  const Identifier& operator()(const ForeignKey& c) const { return c.name; }
  const Identifier& operator()(const CheckConstraint& c) const { return c.name; }
  const Identifier& operator()(const ExcludeConstraint& c) const { return c.name; }
};
static_assert(kCovers<NameOfConstraint, Constraint>);

struct ColumnsOfConstraint {
  std::vector<Identifier> operator()(const PrimaryKey& c) const { return c.columns; }
  std::vector<Identifier> operator()(const UniqueConstraint& c) const { return c.columns; }
  std::vector<Identifier> operator()(const ForeignKey& c) const { return c.columns; }
  std::vector<Identifier> operator()(const CheckConstraint&) const { return {}; }
  std::vector<Identifier> operator()(const ExcludeConstraint&) const { return {}; }
};
static_assert(kCovers<ColumnsOfConstraint, Constraint>);

constexpr std::string_view kSearchPath = "public";

const std::string& schema_of(const QualifiedName& name) {
  static const std::string kNone;
  return name.schema.text() == kSearchPath ? kNone : name.schema.text();
}

/// The member of a list that a test accepts; null if there is none.
template <class List, class Test>
auto* find_in(List& list, Test test) {
  const auto found = std::find_if(list.begin(), list.end(), test);
  return found == list.end() ? nullptr : &*found;
}

/// Names of one schema mostly differ at their ends.
bool same_text(const std::string& a, const std::string& b) {
  return a.size() == b.size() && (a.empty() || (a.back() == b.back() && a == b));
}

/// A statement asks for the same few tables again and again: where the last one was found is looked at first.
template <class Tables>
auto* find_table_in(Tables& tables, const QualifiedName& name) {
  thread_local std::size_t last = 0;
  if (last < tables.size() && same_name(tables[last].name, name)) return &tables[last];
  auto* found = find_in(tables, [&](const Table& table) { return same_name(table.name, name); });
  if (found != nullptr) last = static_cast<std::size_t>(found - tables.data());
  return found;
}

}  // namespace

bool same_name(const QualifiedName& a, const QualifiedName& b) {
  return same_text(a.name.text(), b.name.text()) && schema_of(a) == schema_of(b);
}

std::string name_key(const QualifiedName& name) {
  const std::string& schema = schema_of(name);
  return schema.empty() ? name.name.text() : schema + '\0' + name.name.text();
}

const Table* find_table(const Schema& schema, const QualifiedName& name) { return find_table_in(schema.tables, name); }
Table* find_table(Schema& schema, const QualifiedName& name) { return find_table_in(schema.tables, name); }
const Column* find_column(const Table& table, const Identifier& name) {
  return find_in(table.columns, [&](const Column& column) { return column.name == name; });
}
Column* find_column(Table& table, const Identifier& name) {
  return find_in(table.columns, [&](const Column& column) { return column.name == name; });
}
const Constraint* find_constraint(const Table& table, const Identifier& name) {
  return find_in(table.constraints, [&](const Constraint& item) { return constraint_name(item) == name; });
}
Constraint* find_constraint(Table& table, const Identifier& name) {
  return find_in(table.constraints, [&](const Constraint& item) { return constraint_name(item) == name; });
}
const Index* find_index(const Table& table, const Identifier& name) {
  return find_in(table.indexes, [&](const Index& index) { return index.name == name; });
}
const PrimaryKey* primary_key(const Table& table) {
  for (const Constraint& item : table.constraints)
    if (const auto* key = std::get_if<PrimaryKey>(&item)) return key;
  return nullptr;
}

const Identifier& constraint_name(const Constraint& constraint) { return std::visit(NameOfConstraint{}, constraint); }

void set_constraint_name(Constraint& constraint, Identifier name) {
  std::visit([&](auto& item) { item.name = std::move(name); }, constraint);
}

std::vector<Identifier> constraint_columns(const Constraint& constraint) {
  return std::visit(ColumnsOfConstraint{}, constraint);
}

bool has_like(const std::vector<Constraint>& constraints, const Constraint& one) {
  return std::any_of(constraints.begin(), constraints.end(), [&](const Constraint& other) {
    return other.index() == one.index() && constraint_columns(other) == constraint_columns(one) &&
           (!std::holds_alternative<CheckConstraint>(one) || constraint_name(other) == constraint_name(one));
  });
}

bool has_like(const std::vector<Index>& indexes, const Index& one) {
  return std::any_of(indexes.begin(), indexes.end(), [&](const Index& other) {
    return other.unique == one.unique && other.elements == one.elements &&
           other.postgresql.where == one.postgresql.where;
  });
}

bool contains(const std::vector<Identifier>& names, const Identifier& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void sort_lists(Schema& schema) {
  const auto by_name = [](const auto& a, const auto& b) {
    return std::pair(schema_of(a.name), a.name.name.text()) < std::pair(schema_of(b.name), b.name.name.text());
  };
  std::stable_sort(schema.tables.begin(), schema.tables.end(), by_name);
  std::stable_sort(schema.enums.begin(), schema.enums.end(), by_name);
  std::stable_sort(schema.domains.begin(), schema.domains.end(), by_name);
  std::stable_sort(schema.sequences.begin(), schema.sequences.end(), by_name);
  std::stable_sort(schema.objects.begin(), schema.objects.end(), [](const SchemaObject& a, const SchemaObject& b) {
    const auto key = [](const SchemaObject& o) {
      return std::tuple(o.kind, name_key(o.name), name_key(o.on_table), o.signature);
    };
    return key(a) < key(b);
  });
  const auto by_index_name = [](const Index& a, const Index& b) { return a.name.text() < b.name.text(); };
  for (SchemaObject& object : schema.objects)
    std::stable_sort(object.indexes.begin(), object.indexes.end(), by_index_name);
  for (Table& table : schema.tables) {
    std::stable_sort(table.constraints.begin(), table.constraints.end(), [](const Constraint& a, const Constraint& b) {
      return std::pair(a.index(), constraint_name(a).text()) < std::pair(b.index(), constraint_name(b).text());
    });
    std::stable_sort(table.indexes.begin(), table.indexes.end(), by_index_name);
  }
}

}  // namespace bascule::model
