#include "dialects/sqlite/render.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "base/overload.h"
#include "base/text.h"
#include "dialects/identifiers.h"
#include "dialects/sqlite/keywords.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects::sqlite {

namespace {

std::string if_exists(bool yes) { return yes ? "IF EXISTS " : ""; }
std::string if_not_exists(bool yes) { return yes ? "IF NOT EXISTS " : ""; }

/// The way out of what SQLite cannot alter in place.
std::string batch_help(const QualifiedName& table, std::string_view call) {
  return fmt::format("rebuild the table: with op.batch_alter_table(\"{}\") as batch_op: batch_op.{}", table.name.text(),
                     call);
}

struct ConstraintCall {
  std::string_view operator()(const model::PrimaryKey&) const { return "create_primary_key(...)"; }
  std::string_view operator()(const model::UniqueConstraint&) const { return "create_unique_constraint(...)"; }
  std::string_view operator()(const model::ForeignKey&) const { return "create_foreign_key(...)"; }
  std::string_view operator()(const model::CheckConstraint&) const { return "create_check_constraint(...)"; }
  std::string_view operator()(const model::ExcludeConstraint&) const { return "create_exclude_constraint(...)"; }
};
static_assert(kCovers<ConstraintCall, model::Constraint>);

struct ConstraintNoun {
  std::string_view operator()(const model::PrimaryKey&) const { return "a primary key"; }
  std::string_view operator()(const model::UniqueConstraint&) const { return "a unique constraint"; }
  std::string_view operator()(const model::ForeignKey&) const { return "a foreign key"; }
  std::string_view operator()(const model::CheckConstraint&) const { return "a check constraint"; }
  std::string_view operator()(const model::ExcludeConstraint&) const { return "an exclusion constraint"; }
};
static_assert(kCovers<ConstraintNoun, model::Constraint>);

std::string option(const model::Column& column, const std::string& key) {
  const auto found = column.sqlite_options.find(key);
  return found == column.sqlite_options.end() ? std::string() : found->second;
}

std::string on_conflict(const std::string& action) { return action.empty() ? action : " ON CONFLICT " + action; }

const model::Column* find_column(const model::Table& table, const Identifier& name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const model::Column& column) { return column.name == name; });
  return found == table.columns.end() ? nullptr : &*found;
}

bool has_foreign_key(const model::Table& table, const Identifier& column) {
  return std::any_of(table.constraints.begin(), table.constraints.end(), [&](const model::Constraint& item) {
    const auto* key = std::get_if<model::ForeignKey>(&item);
    return key != nullptr && std::find(key->columns.begin(), key->columns.end(), column) != key->columns.end();
  });
}

/// SQLite wants parentheses around a default that is an expression; SQLAlchemy tells one by its text: it does not begin
/// with a quote or a parenthesis, and it holds anything but letters, digits and underscores.
bool default_needs_parentheses(std::string_view sql) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  const auto first = std::find_if_not(sql.begin(), sql.end(), is_space);
  if (first != sql.end() && (*first == '\'' || *first == '"' || *first == '(')) return false;
  return std::any_of(sql.begin(), sql.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && static_cast<unsigned char>(c) < 0x80;
  });
}

/// A CHECK that comes with the column's type (Boolean, Enum). Outside a rebuild Alembic leaves it out on SQLite.
bool brought_by_type(const model::Constraint& constraint, const model::Column& column) {
  const auto* check = std::get_if<model::CheckConstraint>(&constraint);
  if (check == nullptr) return false;
  const auto& type = model::resolve_variant(column.type, "sqlite");
  if (const auto* scalar = std::get_if<model::ScalarType>(&type))
    return scalar->create_constraint && (scalar->constraint_name.empty() || scalar->constraint_name == check->name);
  if (const auto* choice = std::get_if<model::EnumType>(&type)) return choice->create_constraint;
  return false;
}

}  // namespace

bool key_in_column(const model::Table& table, const model::PrimaryKey& key, const Dialect& dialect) {
  if (!table.sqlite.autoincrement || key.columns.size() != 1) return false;
  const auto* column = find_column(table, key.columns.front());
  return column != nullptr && is_integer(column->type, dialect) && !has_foreign_key(table, column->name);
}

std::string SqliteRenderer::column_definition(const model::Column& column, const model::Table* table) {
  const std::size_t problems_before = problem_count();
  std::string sql = name(column.name) + " " + type(column.type);
  if (column.server_default) {
    const std::string value = default_expression(*column.server_default);
    sql += default_needs_parentheses(value) ? " DEFAULT (" + value + ")" : " DEFAULT " + value;
  }
  if (!column.nullable) sql += " NOT NULL" + on_conflict(option(column, "on_conflict_not_null"));
  if (table != nullptr)
    for (const auto& item : table->constraints)
      if (const auto* key = std::get_if<model::PrimaryKey>(&item);
          key != nullptr && key_in_column(*table, *key, dialect()) && key->columns.front() == column.name)
        sql += " PRIMARY KEY" + on_conflict(option(column, "on_conflict_primary_key")) + " AUTOINCREMENT";
  if (column.computed) {
    sql += " GENERATED ALWAYS AS (" + expression(column.computed->sql) + ")";
    if (column.computed->persisted) sql += *column.computed->persisted ? " STORED" : " VIRTUAL";
  }
  blame_column(column.name, problems_before);
  return sql;
}

struct ConstraintSpeller {
  SqliteRenderer& r;
  const model::Table& table;

  /// A one-column constraint's ON CONFLICT may stand with its column.
  std::string conflict(const std::string& own, const std::vector<Identifier>& columns, const std::string& key) const {
    if (!own.empty() || columns.size() != 1) return on_conflict(own);
    const auto* column = find_column(table, columns.front());
    return column == nullptr ? std::string() : on_conflict(option(*column, key));
  }

  std::string operator()(const model::PrimaryKey& key) const {
    if (key.columns.empty() || key_in_column(table, key, r.dialect())) return {};
    return r.constraint_preamble(key.name) + "PRIMARY KEY (" + r.names(key.columns) + ")" + r.deferral(key.deferral) +
           conflict(key.sqlite_on_conflict, key.columns, "on_conflict_primary_key");
  }
  std::string operator()(const model::UniqueConstraint& unique) const {
    return r.constraint_preamble(unique.name) + "UNIQUE (" + r.names(unique.columns) + ")" +
           r.deferral(unique.deferral) + conflict(unique.sqlite_on_conflict, unique.columns, "on_conflict_unique");
  }
  std::string operator()(const model::ForeignKey& key) const {
    // SQLite's keys stay within one database file; SQLAlchemy leaves out those that would not.
    if (!(key.referent.schema == table.name.schema)) return {};
    std::string sql = r.constraint_preamble(key.name) + "FOREIGN KEY(" + r.names(key.columns) + ") REFERENCES " +
                      r.name(key.referent.name);
    if (!key.referent_columns.empty()) sql += " (" + r.names(key.referent_columns) + ")";
    return sql + r.foreign_key_options(key);
  }
  std::string operator()(const model::CheckConstraint& check) const {
    return r.constraint_preamble(check.name) + r.check_body(check) + r.deferral(check.deferral);
  }
  std::string operator()(const model::ExcludeConstraint& exclude) const {
    return r.unsupported(
        fmt::format("the exclusion constraint '{}' belongs to PostgreSQL; SQLite has none", exclude.name.text()),
        "guard it: if op.get_context().dialect.name == \"postgresql\":");
  }
};
static_assert(kCovers<ConstraintSpeller, model::Constraint>);

std::string SqliteRenderer::constraint(const model::Constraint& constraint, const model::Table& table) {
  return std::visit(ConstraintSpeller{*this, table}, constraint);
}

Statements SqliteRenderer::operator()(const model::CreateTable& operation) {
  const auto& table = operation.table;
  std::vector<std::string> lines;
  for (const auto& column : table.columns) lines.push_back(column_definition(column, &table));
  const auto add = [&](const model::Constraint& item) {
    if (std::string sql = constraint(item, table); !sql.empty()) lines.push_back(std::move(sql));
  };
  for (const auto& item : table.constraints)
    if (std::holds_alternative<model::PrimaryKey>(item)) add(item);
  for (const auto& item : table.constraints)
    if (!std::holds_alternative<model::PrimaryKey>(item)) add(item);
  std::string sql = "CREATE ";
  for (const auto& prefix : table.prefixes) sql += prefix + " ";
  sql += "TABLE " + if_not_exists(operation.if_not_exists) + name(table.name) + " (";
  if (!lines.empty()) sql += "\n\t" + join(lines, ", \n\t");
  sql += "\n)";
  if (!table.sqlite.with_rowid) sql += "\n WITHOUT ROWID";
  if (table.sqlite.strict) sql += table.sqlite.with_rowid ? "\n STRICT" : ",\n STRICT";
  return {sql};
}

Statements SqliteRenderer::operator()(const model::DropTable& operation) {
  return {"DROP TABLE " + if_exists(operation.if_exists) + name(operation.table)};
}

Statements SqliteRenderer::operator()(const model::RenameTable& operation) {
  return {"ALTER TABLE " + name(operation.table) + " RENAME TO " + name(operation.new_name)};
}

Statements SqliteRenderer::operator()(const model::AddColumn& operation) {
  if (operation.if_not_exists) unsupported("SQLite has no ADD COLUMN IF NOT EXISTS", "leave if_not_exists out");
  std::string sql =
      "ALTER TABLE " + name(operation.table) + " ADD COLUMN " + column_definition(operation.column, nullptr);
  for (const auto& item : operation.constraints) {
    if (brought_by_type(item, operation.column)) continue;
    if (const auto* check = std::get_if<model::CheckConstraint>(&item)) {
      sql += " " + constraint_preamble(check->name) + check_body(*check) + deferral(check->deferral);
    } else if (const auto* key = std::get_if<model::ForeignKey>(&item)) {
      sql += " REFERENCES " + name(key->referent.name);  // inline_references: Alembic writes no name here
      if (!key->referent_columns.empty()) sql += " (" + names(key->referent_columns) + ")";
      sql += foreign_key_options(*key);
    }
  }
  return {sql};
}

Statements SqliteRenderer::operator()(const model::DropColumn& operation) {
  if (operation.if_exists) unsupported("SQLite has no DROP COLUMN IF EXISTS", "leave if_exists out");
  return {"ALTER TABLE " + name(operation.table) + " DROP COLUMN " + name(operation.column)};
}

Statements SqliteRenderer::operator()(const model::AlterColumn& operation) {
  if (operation.type || operation.nullable || operation.server_default) {
    std::vector<std::string> what;
    if (operation.type) what.emplace_back("type");
    if (operation.nullable) what.emplace_back("nullability");
    if (operation.server_default) what.emplace_back("default");
    unsupported(fmt::format("SQLite cannot change the {} of an existing column ('{}.{}')", join(what, " or the "),
                            operation.table.name.text(), operation.column.text()),
                batch_help(operation.table, fmt::format("alter_column(\"{}\", ...)", operation.column.text())));
  }
  if (!operation.new_name) return {};  // a comment: SQLite keeps none
  return {"ALTER TABLE " + name(operation.table) + " RENAME COLUMN " + name(operation.column) + " TO " +
          name(*operation.new_name)};
}

Statements SqliteRenderer::operator()(const model::AddConstraint& operation) {
  if (const auto* exclude = std::get_if<model::ExcludeConstraint>(&operation.constraint)) {
    ConstraintSpeller{*this, {}}(*exclude);
    return {};
  }
  unsupported(fmt::format("SQLite cannot add {} to an existing table ('{}')",
                          std::visit(ConstraintNoun{}, operation.constraint), operation.table.name.text()),
              batch_help(operation.table, std::visit(ConstraintCall{}, operation.constraint)));
  return {};
}

Statements SqliteRenderer::operator()(const model::DropConstraint& operation) {
  unsupported(fmt::format("SQLite cannot drop a constraint ('{}') of an existing table ('{}')", operation.name.text(),
                          operation.table.name.text()),
              batch_help(operation.table, fmt::format("drop_constraint(\"{}\")", operation.name.text())));
  return {};
}

Statements SqliteRenderer::operator()(const model::CreateIndex& operation) {
  const auto& index = operation.index;
  if (index.name.empty()) unsupported("an index needs a name", "give create_index its name");
  std::vector<std::string> elements;
  for (const auto& element : index.elements) elements.push_back(expression(element.sql));
  // The index's name carries the schema; its table is in the same one.
  std::string sql = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  sql += if_not_exists(operation.if_not_exists) + name(QualifiedName{operation.table.schema, index.name}) + " ON " +
         name(operation.table.name) + " (" + join(elements, ", ") + ")";
  if (index.sqlite.where) sql += " WHERE " + expression(*index.sqlite.where);
  return {sql};
}

Statements SqliteRenderer::operator()(const model::DropIndex& operation) {
  return {"DROP INDEX " + if_exists(operation.if_exists) + name(operation.name)};
}

// SQLite keeps no comments and has no types to create.
Statements SqliteRenderer::operator()(const model::SetTableComment&) { return {}; }
Statements SqliteRenderer::operator()(const model::SetColumnComment&) { return {}; }
Statements SqliteRenderer::operator()(const model::SetConstraintComment&) { return {}; }
Statements SqliteRenderer::operator()(const model::CreateEnum&) { return {}; }
Statements SqliteRenderer::operator()(const model::DropEnum&) { return {}; }

Statements SqliteRenderer::operator()(const model::CreateDomain& operation) {
  unsupported(fmt::format("the domain '{}' belongs to PostgreSQL; SQLite has no domains", display(operation.name)),
              "guard it: if op.get_context().dialect.name == \"postgresql\":");
  return {};
}

Statements SqliteRenderer::operator()(const model::DropDomain& operation) {
  unsupported(fmt::format("the domain '{}' belongs to PostgreSQL; SQLite has no domains", display(operation.name)),
              "guard it: if op.get_context().dialect.name == \"postgresql\":");
  return {};
}

Statements SqliteRenderer::operator()(const model::CreateSequence& operation) {
  unsupported(fmt::format("SQLite has no sequences ('{}')", display(operation.sequence.name)),
              "guard it: if op.get_context().dialect.name == \"postgresql\":");
  return {};
}

Statements SqliteRenderer::operator()(const model::DropSequence& operation) {
  unsupported(fmt::format("SQLite has no sequences ('{}')", display(operation.name)),
              "guard it: if op.get_context().dialect.name == \"postgresql\":");
  return {};
}

Statements SqliteRenderer::operator()(const model::InsertRows& operation) { return insert(operation.statement); }
Statements SqliteRenderer::operator()(const model::UpdateRows& operation) { return {update(operation.statement)}; }
Statements SqliteRenderer::operator()(const model::DeleteRows& operation) { return {delete_rows(operation.statement)}; }
Statements SqliteRenderer::operator()(const model::RawSql& operation) { return {operation.sql}; }

Statements SqliteRenderer::operator()(const model::BatchAlter&) {
  BASCULE_CHECK(false, "a batch is lowered to its items or to a rebuild before it is rendered");
  return {};
}

std::string SqliteRenderer::function(const model::FunctionExpr& function) {
  const std::string lower = to_lower_ascii(function.name);
  if (lower == "now" && function.arguments.empty()) return "CURRENT_TIMESTAMP";
  if (lower == "localtimestamp" && function.arguments.empty()) return "DATETIME(CURRENT_TIMESTAMP, 'localtime')";
  if (lower == "char_length") return Renderer::function(model::FunctionExpr{"length", function.arguments});
  return Renderer::function(function);
}

std::string SqliteRenderer::binary(const model::BinaryExpr& binary) {
  const auto is = [&](std::string_view op) { return iequals_ascii(binary.op, op); };
  if (is("ILIKE") || is("NOT ILIKE"))
    return "lower(" + expression(binary.left) + ") " + (is("ILIKE") ? "LIKE" : "NOT LIKE") + " lower(" +
           expression(binary.right) + ")";
  const auto as = [&](const char* op) { return Renderer::binary(model::BinaryExpr{op, binary.left, binary.right}); };
  if (is("IS DISTINCT FROM")) return as("IS NOT");
  if (is("IS NOT DISTINCT FROM")) return as("IS");
  if (is("~")) return as("REGEXP");
  if (is("!~")) return as("NOT REGEXP");
  return Renderer::binary(binary);
}

std::string SqliteRenderer::empty_list_test(const model::BinaryExpr& binary) {
  const std::string test = operand(binary.left, "IN") + (iequals_ascii(binary.op, "IN") ? " IN " : " NOT IN ") +
                           "(SELECT 1 FROM (SELECT 1) WHERE 1!=1)";
  return iequals_ascii(binary.op, "IN") ? test : "(" + test + ")";
}

}  // namespace bascule::dialects::sqlite
