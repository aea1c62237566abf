// What: short ways to make schemas for the tests of model/, and a generator of random ones.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/lookup.h"
#include "model/operation.h"

namespace bascule::model_test {

inline Identifier id(std::string text) { return Identifier(std::move(text)); }
inline QualifiedName named(std::string name) { return {Identifier(), id(std::move(name))}; }
inline model::Type type(std::string sql) { return model::NativeType{"postgresql", std::move(sql), ""}; }
inline model::Expression text(std::string sql) { return model::TextExpr{std::move(sql)}; }

inline model::Column column(std::string name, std::string spelled = "integer", bool nullable = true) {
  model::Column made;
  made.name = id(std::move(name));
  made.type = type(std::move(spelled));
  made.nullable = nullable;
  return made;
}
inline model::PrimaryKey primary_on(std::string name, std::vector<Identifier> columns) {
  model::PrimaryKey key;
  key.name = id(std::move(name));
  key.columns = std::move(columns);
  return key;
}
inline model::UniqueConstraint unique(std::string name, std::vector<Identifier> columns) {
  model::UniqueConstraint made;
  made.name = id(std::move(name));
  made.columns = std::move(columns);
  return made;
}
inline model::ForeignKey foreign_key(std::string name, std::string from, std::string table, std::string to) {
  model::ForeignKey key;
  key.name = id(std::move(name));
  key.columns = {id(std::move(from))};
  key.referent = named(std::move(table));
  key.referent_columns = {id(std::move(to))};
  return key;
}
inline model::CheckConstraint check(std::string name, std::string sql) {
  model::CheckConstraint made;
  made.name = id(std::move(name));
  made.sql = text(std::move(sql));
  return made;
}
inline model::Index index(std::string name, std::vector<std::string> columns) {
  model::Index made;
  made.name = id(std::move(name));
  for (std::string& one : columns)
    made.elements.push_back(model::IndexElement{model::ColumnExpr{{}, id(std::move(one))}, ""});
  return made;
}
inline model::SchemaObject view(std::string name, std::string query) {
  model::SchemaObject object;
  object.kind = model::ObjectKind::kView;
  object.definition = "CREATE VIEW " + name + " AS " + std::move(query);
  object.name = named(std::move(name));
  return object;
}

/// users(id, email) and orders(id, user_id -> users.id), with what hangs on them.
inline model::Schema shop() {
  model::Schema schema;
  model::Table users;
  users.name = named("users");
  users.columns = {column("id", "integer", false), column("email", "text"), column("age")};
  users.constraints = {primary_on("users_pkey", {id("id")}), unique("users_email_key", {id("email")}),
                       check("users_age_check", "age > 0")};
  users.indexes = {index("ix_users_age", {"age"})};
  model::Table orders;
  orders.name = named("orders");
  orders.columns = {column("id", "integer", false), column("user_id")};
  orders.constraints = {primary_on("orders_pkey", {id("id")}),
                        foreign_key("orders_user_id_fkey", "user_id", "users", "id")};
  schema.tables = {users, orders};
  return schema;
}

/// Columns have no order that operations could change: for comparing.
inline model::Schema sorted(model::Schema schema) {
  model::sort_lists(schema);
  for (model::Table& table : schema.tables)
    std::sort(table.columns.begin(), table.columns.end(),
              [](const auto& a, const auto& b) { return a.name.text() < b.name.text(); });
  return schema;
}

/// Random schemas over a small set of names, so that two of them have much in common and much that differs.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  model::Schema schema() {
    model::Schema made;
    for (const char* name : {"a", "b", "c", "d"})
      if (chance(70)) made.tables.push_back(table(name));
    for (model::Table& one : made.tables) add_keys(one, made);
    for (const char* name : {"mood", "size"}) {
      if (!chance(60)) continue;
      model::EnumType values;
      values.name = named(name);
      for (const char* value : {"x", "y", "z"})
        if (chance(70)) values.values.emplace_back(value);
      made.enums.push_back(std::move(values));
    }
    for (const char* name : {"s", "t"}) {
      if (!chance(50)) continue;
      model::Sequence sequence;
      sequence.name = named(name);
      if (chance(50)) sequence.options.start = 5;
      made.sequences.push_back(std::move(sequence));
    }
    for (const char* name : {"v", "w"}) {
      if (made.tables.empty() || !chance(50)) continue;
      const model::Table& over = made.tables[pick(made.tables.size())];
      made.objects.push_back(view(name, "SELECT " + over.columns[0].name.text() + " FROM " + over.name.name.text()));
    }
    return made;
  }

 private:
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  std::size_t pick(std::size_t count) { return random_() % count; }

  model::Table table(const std::string& name) {
    model::Table made;
    made.name = named(name);
    made.columns.push_back(column("id", "integer", false));
    made.constraints.push_back(primary_on(name + "_pkey", {id("id")}));
    for (const char* one : {"p", "q", "r"}) {
      if (!chance(70)) continue;
      model::Column made_column = column(one, chance(50) ? "text" : "integer", chance(60));
      if (chance(30))
        made_column.server_default = text(chance(50) ? "0" : "1");
      else if (chance(20))
        made_column.identity.emplace().always = chance(50);
      else if (chance(20))
        made_column.computed = model::Computed{text(chance(50) ? "id + 1" : "id"), true};
      if (made_column.identity) made_column.nullable = false;
      if (chance(20)) made_column.comment = chance(50) ? "one" : "two";
      made.columns.push_back(made_column);
      if (chance(30)) made.constraints.push_back(unique(name + "_" + one + "_key", {id(one)}));
      if (chance(30)) made.constraints.push_back(check(name + "_" + one + "_check", std::string(one) + " > id"));
      if (chance(30)) made.indexes.push_back(index("ix_" + name + "_" + one, {one}));
    }
    if (chance(30)) made.comment = chance(50) ? "one" : "two";
    return made;
  }

  void add_keys(model::Table& from, const model::Schema& schema) {
    for (const model::Table& to : schema.tables)
      if (chance(30))
        from.constraints.push_back(
            foreign_key(from.name.name.text() + "_" + to.name.name.text() + "_fkey", "id", to.name.name.text(), "id"));
  }

  std::mt19937 random_;
};

}  // namespace bascule::model_test
