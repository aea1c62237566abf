// Rebuilds a table of a SQLite file as one batch says, for tests that compare the outcome with Alembic's.
// Usage: sqlite_rebuild_driver FILE < batch.json. Prints {"statements": [...]} or {"error": ..., "help": ...}; exit 1
// then.
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "db/url.h"
#include "dialects/sqlite/sqlite.h"
#include "model/operation.h"

namespace {

using nlohmann::json;
using namespace bascule;  // NOLINT(google-build-using-namespace): a test's tool

Identifier identifier(const json& value) {
  return value.is_null() ? Identifier() : Identifier(value.get<std::string>());
}

std::vector<Identifier> identifiers(const json& values) {
  std::vector<Identifier> found;
  for (const json& value : values) found.push_back(identifier(value));
  return found;
}

const std::map<std::string, model::ScalarKind> kKinds = {{"Boolean", model::ScalarKind::kBoolean},
                                                         {"Integer", model::ScalarKind::kInteger},
                                                         {"BigInteger", model::ScalarKind::kBigInteger},
                                                         {"Numeric", model::ScalarKind::kNumeric},
                                                         {"Float", model::ScalarKind::kFloat},
                                                         {"String", model::ScalarKind::kString},
                                                         {"Text", model::ScalarKind::kText},
                                                         {"Date", model::ScalarKind::kDate},
                                                         {"DateTime", model::ScalarKind::kDateTime},
                                                         {"LargeBinary", model::ScalarKind::kLargeBinary},
                                                         {"JSON", model::ScalarKind::kJson},
                                                         {"Uuid", model::ScalarKind::kUuid}};

/// ["String", 20], ["Numeric", 10, 2], ["Boolean", {"name": "n", "create_constraint": true}]
model::Type type(const json& spec) {
  model::ScalarType scalar{.kind = kKinds.at(spec.at(0))};
  if (spec.size() > 1 && spec[1].is_object()) {
    scalar.constraint_name = identifier(spec[1].value("name", json()));
    scalar.create_constraint = spec[1].value("create_constraint", false);
  } else if (scalar.kind == model::ScalarKind::kNumeric && spec.size() > 2) {
    scalar.precision = spec[1].get<int>();
    scalar.scale = spec[2].get<int>();
  } else if (spec.size() > 1) {
    scalar.length = spec[1].get<int>();
  }
  return scalar;
}

model::Expression text(const json& sql) { return model::TextExpr{sql.get<std::string>()}; }

std::vector<model::Constraint> type_checks(const std::string& column, const json& spec) {
  if (spec.size() < 2 || !spec[1].is_object() || !spec[1].value("create_constraint", false)) return {};
  return {
      model::CheckConstraint{.name = identifier(spec[1].value("name", json())), .sql = text(column + " IN (0, 1)")}};
}

model::Column column(const json& spec) {
  model::Column made{.name = identifier(spec.at("name")), .type = type(spec.at("type"))};
  made.nullable = spec.value("nullable", true);
  if (spec.contains("default")) made.server_default = text(spec["default"]);
  return made;
}

model::Constraint constraint(const json& spec) {
  const std::string kind = spec.at("kind");
  const Identifier name = identifier(spec.value("name", json()));
  if (kind == "unique") return model::UniqueConstraint{.name = name, .columns = identifiers(spec.at("columns"))};
  if (kind == "primary") return model::PrimaryKey{.name = name, .columns = identifiers(spec.at("columns"))};
  if (kind == "check") return model::CheckConstraint{.name = name, .sql = text(spec.at("sql"))};
  model::ForeignKey key{.name = name, .columns = identifiers(spec.at("columns"))};
  key.referent.name = identifier(spec.at("referent"));
  key.referent_columns = identifiers(spec.at("referent_columns"));
  key.on_delete = spec.value("ondelete", "");
  return key;
}

model::Index index(const json& spec) {
  model::Index made{.name = identifier(spec.at("name"))};
  made.unique = spec.value("unique", false);
  for (const json& element : spec.at("columns"))
    made.elements.push_back({model::ColumnExpr{{}, identifier(element)}, ""});
  return made;
}

model::BatchItem item(const json& spec, const QualifiedName& table) {
  const std::string op = spec.at("op");
  if (op == "add_column") {
    model::AddColumn add{.table = table, .column = column(spec)};
    add.constraints = type_checks(spec.at("name"), spec.at("type"));
    add.insert_before = identifier(spec.value("insert_before", json()));
    add.insert_after = identifier(spec.value("insert_after", json()));
    return add;
  }
  if (op == "drop_column") return model::DropColumn{.table = table, .column = identifier(spec.at("name"))};
  if (op == "alter_column") {
    model::AlterColumn alter{.table = table, .column = identifier(spec.at("name"))};
    if (spec.contains("new_name")) alter.new_name = identifier(spec["new_name"]);
    if (spec.contains("type")) alter.type = type(spec["type"]);
    if (spec.contains("type"))
      alter.type_constraints = type_checks(spec.value("new_name", spec["name"].get<std::string>()), spec["type"]);
    if (spec.contains("existing_type")) alter.existing_type = type(spec["existing_type"]);
    if (spec.contains("nullable")) alter.nullable = spec["nullable"].get<bool>();
    if (spec.contains("default")) {
      alter.server_default = spec["default"].is_null() ? model::DefaultChange(model::DropDefault{})
                                                       : model::DefaultChange(text(spec["default"]));
    }
    return alter;
  }
  if (op == "add_constraint") return model::AddConstraint{.table = table, .constraint = constraint(spec)};
  if (op == "drop_constraint") return model::DropConstraint{.table = table, .name = identifier(spec.at("name"))};
  if (op == "create_index") return model::CreateIndex{.table = table, .index = index(spec)};
  if (op == "drop_index") return model::DropIndex{.table = table, .name = {table.schema, identifier(spec.at("name"))}};
  throw std::invalid_argument("no such op: " + op);
}

model::BatchAlter batch(const json& spec) {
  model::BatchAlter made;
  made.table = {identifier(spec.value("schema", json())), identifier(spec.at("table"))};
  for (const json& one : spec.at("items")) made.items.push_back(item(one, made.table));
  if (spec.contains("naming")) made.naming = spec["naming"].get<model::NamingConvention>();
  for (const json& one : spec.value("table_args", json::array())) made.table_constraints.push_back(constraint(one));
  for (const json& one : spec.value("reflect_args", json::array())) made.reflect_columns.push_back(column(one));
  for (const json& one : spec.value("partial_reordering", json::array()))
    made.partial_reordering.push_back(identifiers(one));
  return made;
}

int report(const std::string& error, const std::string& help) {
  std::cout << json{{"error", error}, {"help", help}} << '\n';
  return 1;
}

int run(const std::string& path) {
  const json spec = json::parse(std::cin);
  auto opened = dialects::sqlite_dialect().connect(db::Url{.dialect = "sqlite", .database = path}, {});
  if (!opened) return report(opened.error().message, opened.error().hint);
  db::Connection& connection = **opened;
  for (const json& one : spec.value("before", json::array()))
    if (auto done = db::execute_one(connection, one); !done) return report(done.error().message, done.error().hint);
  auto expansion = dialects::sqlite_dialect().expand(batch(spec), &connection);
  if (!expansion) {
    if (const auto* refused = std::get_if<dialects::Unsupported>(&expansion.error()))
      return report(refused->message, refused->help);
    return report(std::get<db::DbError>(expansion.error()).message, "");
  }
  std::vector<std::string> statements = {connection.begin_sql(db::TransactionStart::kWrite)};
  statements.insert(statements.end(), expansion->statements.begin(), expansion->statements.end());
  statements.insert(statements.end(), expansion->before_commit.begin(), expansion->before_commit.end());
  statements.push_back("COMMIT");
  if (auto done = connection.execute(statements); !done)
    return report(done.error().error.message, statements.at(done.error().failed_at));
  std::cout << json{{"statements", statements}} << '\n';
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  try {
    return run(arguments[1]);
  } catch (const std::exception& problem) {
    return report(problem.what(), "");
  }
}
