#include "dialects/mariadb/render.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "base/overload.h"
#include "base/text.h"
#include "dialects/mariadb/tokens.h"

namespace bascule::dialects::mariadb {

namespace {

std::string if_exists(bool yes) { return yes ? "IF EXISTS " : ""; }
std::string if_not_exists(bool yes) { return yes ? "IF NOT EXISTS " : ""; }

const char* const kGuard = "guard it: if op.get_context().dialect.name == \"postgresql\":";

bool is_function_call(const model::Expression& expression) {
  return std::holds_alternative<Box<model::FunctionExpr>>(expression);
}

}  // namespace

std::string MariadbRenderer::column_definition(const model::Column& column) {
  const std::size_t problems_before = problem_count();
  std::string sql = name(column.name) + " " + type(column.type);
  if (!column.nullable && sql.ends_with(" NULL")) sql.resize(sql.size() - 5);
  if (column.computed) {
    sql += " GENERATED ALWAYS AS (" + expression(column.computed->sql) + ")";
    if (column.computed->persisted) sql += *column.computed->persisted ? " STORED" : " VIRTUAL";
  }
  if (!column.nullable) sql += " NOT NULL";
  if (column.comment) sql += comment(*column.comment);
  if (column.autoincrement && !column.server_default) {
    sql += " AUTO_INCREMENT";
  } else if (column.server_default) {
    const std::string value = default_expression(*column.server_default);
    sql += is_function_call(*column.server_default) ? " DEFAULT (" + value + ")" : " DEFAULT " + value;
  }
  blame_column(column.name, problems_before);
  return sql;
}

struct ConstraintSpeller {
  MariadbRenderer& r;

  std::string operator()(const model::PrimaryKey& key) const {
    if (key.columns.empty()) return {};
    return r.constraint_preamble(key.name) + "PRIMARY KEY (" + r.names(key.columns) + ")";
  }
  std::string operator()(const model::UniqueConstraint& unique) const {
    return r.constraint_preamble(unique.name) + "UNIQUE (" + r.names(unique.columns) + ")";
  }
  std::string operator()(const model::ForeignKey& key) const {
    std::string sql = r.constraint_preamble(key.name) + "FOREIGN KEY(" + r.names(key.columns) + ") REFERENCES " +
                      r.name(key.referent);
    if (!key.referent_columns.empty()) sql += " (" + r.names(key.referent_columns) + ")";
    return sql + r.foreign_key_options(key);
  }
  std::string operator()(const model::CheckConstraint& check) const {
    return r.constraint_preamble(check.name) + r.check_body(check);
  }
  std::string operator()(const model::ExcludeConstraint& exclude) const {
    return r.unsupported(
        fmt::format("the exclusion constraint '{}' belongs to PostgreSQL; MariaDB has none", exclude.name.text()),
        kGuard);
  }
};
static_assert(kCovers<ConstraintSpeller, model::Constraint>);

std::string MariadbRenderer::constraint(const model::Constraint& constraint) {
  return std::visit(ConstraintSpeller{*this}, constraint);
}

Statements MariadbRenderer::operator()(const model::CreateTable& operation) {
  const auto& table = operation.table;
  std::vector<std::string> lines;
  for (const auto& column : table.columns) lines.push_back(column_definition(column));
  for (const bool keys : {true, false})
    for (const auto& item : table.constraints)
      if (std::holds_alternative<model::PrimaryKey>(item) == keys)
        if (std::string sql = constraint(item); !sql.empty()) lines.push_back(std::move(sql));
  std::string sql = "CREATE ";
  for (const auto& prefix : table.prefixes) sql += prefix + " ";
  sql += "TABLE " + if_not_exists(operation.if_not_exists) + name(table.name) + " (";
  if (!lines.empty()) sql += "\n\t" + join(lines, ", \n\t");
  sql += "\n)";
  if (table.comment) sql += "COMMENT=" + text(*table.comment);
  return {sql};
}

Statements MariadbRenderer::operator()(const model::DropTable& operation) {
  return {"DROP TABLE " + if_exists(operation.if_exists) + name(operation.table)};
}

Statements MariadbRenderer::operator()(const model::RenameTable& operation) {
  return {"ALTER TABLE " + name(operation.table) + " RENAME TO " + name(operation.new_name)};
}

Statements MariadbRenderer::operator()(const model::AddColumn& operation) {
  std::string sql = "ALTER TABLE " + name(operation.table) + " ADD COLUMN " + if_not_exists(operation.if_not_exists) +
                    column_definition(operation.column);
  for (const auto& item : operation.constraints) {
    if (const auto* check = std::get_if<model::CheckConstraint>(&item)) {
      sql += " " + constraint_preamble(check->name) + check_body(*check);
    } else if (const auto* key = std::get_if<model::ForeignKey>(&item)) {
      sql += " REFERENCES " + name(key->referent);
      if (!key->referent_columns.empty()) sql += " (" + names(key->referent_columns) + ")";
      sql += foreign_key_options(*key);
    } else if (std::holds_alternative<model::PrimaryKey>(item)) {
      sql += " PRIMARY KEY";
    }
  }
  return {sql};
}

Statements MariadbRenderer::operator()(const model::DropColumn& operation) {
  return {"ALTER TABLE " + name(operation.table) + " DROP COLUMN " + if_exists(operation.if_exists) +
          name(operation.column)};
}

std::string MariadbRenderer::changed_default(const model::DefaultChange& change) {
  if (std::holds_alternative<model::DropDefault>(change)) return {};
  if (const auto* value = std::get_if<model::Expression>(&change)) return " DEFAULT " + default_expression(*value);
  if (const auto* computed = std::get_if<model::Computed>(&change)) {
    std::string sql = " GENERATED ALWAYS AS (" + expression(computed->sql) + ")";
    if (computed->persisted) sql += *computed->persisted ? " STORED" : " VIRTUAL";
    return sql;
  }
  return unsupported("MariaDB has no identity columns", "use autoincrement=True");
}

std::string MariadbRenderer::changed_column(const model::AlterColumn& operation) {
  const auto& type = operation.type ? operation.type : operation.existing_type;
  if (!type)
    return unsupported(fmt::format("MariaDB changes a column as a whole: its type is not said ('{}.{}')",
                                   operation.table.name.text(), operation.column.text()),
                       "say what the column is: op.alter_column(..., existing_type=..., existing_nullable=...)");
  std::string sql = this->type(*type);
  const bool nullable = operation.nullable.value_or(operation.existing_nullable.value_or(true));
  if (sql.ends_with(" NULL")) sql.resize(sql.size() - 5);
  sql += nullable ? " NULL" : " NOT NULL";
  if (operation.autoincrement.value_or(false)) sql += " AUTO_INCREMENT";
  const auto& value = operation.server_default ? operation.server_default : operation.existing_server_default;
  if (value) sql += changed_default(*value);
  const auto& comment_said = operation.comment ? operation.comment->text : operation.existing_comment;
  if (comment_said) sql += comment(*comment_said);
  return sql;
}

Statements MariadbRenderer::operator()(const model::AlterColumn& operation) {
  const std::string begin = "ALTER TABLE " + name(operation.table) + " ";
  const auto* value = operation.server_default ? std::get_if<model::Expression>(&*operation.server_default) : nullptr;
  const bool whole = operation.nullable || operation.type || operation.autoincrement || operation.comment;
  // Alembic writes functions as a part of the column, with CHANGE.
  if (operation.new_name || (value != nullptr && is_function_call(*value)))
    return {begin + "CHANGE " + name(operation.column) + " " + name(operation.new_name.value_or(operation.column)) +
            " " + changed_column(operation)};
  if (whole) return {begin + "MODIFY " + name(operation.column) + " " + changed_column(operation)};
  if (!operation.server_default) return {};
  if (std::holds_alternative<model::DropDefault>(*operation.server_default))
    return {begin + "ALTER COLUMN " + name(operation.column) + " DROP DEFAULT"};
  return {begin + "ALTER COLUMN " + name(operation.column) + " SET" + changed_default(*operation.server_default)};
}

Statements MariadbRenderer::operator()(const model::AddConstraint& operation) {
  return {"ALTER TABLE " + name(operation.table) + " ADD " + constraint(operation.constraint)};
}

Statements MariadbRenderer::operator()(const model::DropConstraint& operation) {
  const std::string begin = "ALTER TABLE " + name(operation.table) + " DROP ";
  switch (operation.kind) {
    case model::ConstraintKind::kPrimaryKey:
      return {begin + "PRIMARY KEY"};
    case model::ConstraintKind::kUnique:
      return {begin + "INDEX " + if_exists(operation.if_exists) + name(operation.name)};
    case model::ConstraintKind::kForeignKey:
      return {begin + "FOREIGN KEY " + if_exists(operation.if_exists) + name(operation.name)};
    case model::ConstraintKind::kCheck:
      return {begin + "CONSTRAINT " + if_exists(operation.if_exists) + name(operation.name)};
    case model::ConstraintKind::kUnknown:
    case model::ConstraintKind::kExclude:
      break;
  }
  unsupported(fmt::format("the kind of the constraint '{}' is not said", operation.name.text()),
              "say it: op.drop_constraint(..., type_=\"foreignkey\"), \"unique\", \"primary\" or \"check\"");
  return {};
}

Statements MariadbRenderer::operator()(const model::CreateIndex& operation) {
  const auto& index = operation.index;
  if (index.name.empty()) unsupported("an index needs a name", "give create_index its name");
  std::vector<std::string> elements;
  for (const auto& element : index.elements) elements.push_back(expression(element.sql));
  const std::string& method = index.postgresql.using_method;
  const bool special = iequals_ascii(method, "fulltext") || iequals_ascii(method, "spatial");
  return {"CREATE " + std::string(index.unique ? "UNIQUE " : "") + (special ? to_upper(method) + " " : "") + "INDEX " +
          if_not_exists(operation.if_not_exists) + name(index.name) + " ON " + name(operation.table) + " (" +
          join(elements, ", ") + ")"};
}

Statements MariadbRenderer::operator()(const model::DropIndex& operation) {
  if (!operation.table) {
    unsupported(fmt::format("MariaDB drops an index of a table: '{}' is said without one", operation.name.name.text()),
                "say which: op.drop_index(..., table_name=...)");
    return {};
  }
  return {"DROP INDEX " + if_exists(operation.if_exists) + name(operation.name.name) + " ON " + name(*operation.table)};
}

Statements MariadbRenderer::operator()(const model::SetTableComment& operation) {
  return {"ALTER TABLE " + name(operation.table) + comment(operation.comment.value_or(""))};
}

Statements MariadbRenderer::operator()(const model::SetColumnComment& operation) {
  unsupported(fmt::format("MariaDB keeps a comment in its column: '{}.{}' has to be said as a whole",
                          operation.table.name.text(), operation.column.text()),
              "write op.alter_column(..., comment=..., existing_type=..., existing_nullable=...)");
  return {};
}

// Constraints have no comments; an ENUM is a part of its column.
Statements MariadbRenderer::operator()(const model::SetConstraintComment&) { return {}; }
Statements MariadbRenderer::operator()(const model::CreateEnum&) { return {}; }
Statements MariadbRenderer::operator()(const model::DropEnum&) { return {}; }

Statements MariadbRenderer::operator()(const model::CreateDomain& operation) {
  unsupported(fmt::format("the domain '{}' belongs to PostgreSQL; MariaDB has no domains", display(operation.name)),
              kGuard);
  return {};
}

Statements MariadbRenderer::operator()(const model::DropDomain& operation) {
  unsupported(fmt::format("the domain '{}' belongs to PostgreSQL; MariaDB has no domains", display(operation.name)),
              kGuard);
  return {};
}

Statements MariadbRenderer::operator()(const model::CreateSequence& operation) {
  return {"CREATE SEQUENCE " + if_not_exists(operation.if_not_exists) + name(operation.sequence.name)};
}

Statements MariadbRenderer::operator()(const model::DropSequence& operation) {
  return {"DROP SEQUENCE " + if_exists(operation.if_exists) + name(operation.name)};
}

Statements MariadbRenderer::operator()(const model::InsertRows& operation) {
  if (operation.statement.on_conflict)
    unsupported("ON CONFLICT is not MariaDB's", "write INSERT ... ON DUPLICATE KEY UPDATE in op.execute()");
  return insert(operation.statement);
}
Statements MariadbRenderer::operator()(const model::UpdateRows& operation) { return {update(operation.statement)}; }
Statements MariadbRenderer::operator()(const model::DeleteRows& operation) {
  return {delete_rows(operation.statement)};
}
Statements MariadbRenderer::operator()(const model::RawSql& operation) { return {operation.sql}; }

Statements MariadbRenderer::operator()(const model::BatchAlter&) {
  BASCULE_CHECK(false, "a batch is lowered to its items before it is rendered");
  return {};
}

std::string MariadbRenderer::function(const model::FunctionExpr& function) { return Renderer::function(function); }

std::string MariadbRenderer::binary(const model::BinaryExpr& binary) {
  if (binary.op == "||") return "concat(" + expression(binary.left) + ", " + expression(binary.right) + ")";
  if (iequals_ascii(binary.op, "IS NOT DISTINCT FROM"))
    return Renderer::binary(model::BinaryExpr{"<=>", binary.left, binary.right});
  return Renderer::binary(binary);
}

std::string MariadbRenderer::empty_list_test(const model::BinaryExpr& binary) {
  return operand(binary.left, "IN") + (iequals_ascii(binary.op, "IN") ? " IN " : " NOT IN ") +
         "(SELECT 1 FROM (SELECT 1) AS _empty_set WHERE 1!=1)";
}

}  // namespace bascule::dialects::mariadb
