#include "dialects/postgres/render.h"

#include <array>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "base/overload.h"
#include "base/text.h"
#include "dialects/identifiers.h"
#include "dialects/postgres/keywords.h"
#include "dialects/postgres/postgres.h"
#include "syntax/sql/statements.h"

namespace bascule::dialects::postgres {

namespace {

std::string if_exists(bool yes) { return yes ? "IF EXISTS " : ""; }
std::string if_not_exists(bool yes) { return yes ? "IF NOT EXISTS " : ""; }
std::string cascade(bool yes) { return yes ? " CASCADE" : ""; }

}  // namespace

Statements PostgresRenderer::operator()(const model::CreateTable& operation) {
  const auto& table = operation.table;
  std::vector<std::string> lines;
  for (const auto& column : table.columns) {
    const std::size_t problems_before = problem_count();
    lines.push_back(column_definition(column));
    blame_column(column.name, problems_before);
  }
  for (const auto& item : table.constraints)
    if (const auto* key = std::get_if<model::PrimaryKey>(&item); key != nullptr && !key->columns.empty())
      lines.push_back(constraint(item));
  for (const auto& item : table.constraints) {
    if (std::holds_alternative<model::PrimaryKey>(item)) continue;
    // Alembic leaves use_alter keys out of CREATE TABLE and never makes them (SQLAlchemy's create_all would).
    if (const auto* key = std::get_if<model::ForeignKey>(&item); key != nullptr && key->use_alter) continue;
    lines.push_back(constraint(item));
  }
  std::string sql = "CREATE ";
  for (const auto& prefix : table.prefixes) sql += prefix + " ";
  sql += "TABLE " + if_not_exists(operation.if_not_exists) + name(table.name);
  if (const auto& options = table.postgresql; !options.partition_of.name.empty())
    return {sql + " PARTITION OF " + name(options.partition_of) +
            (lines.empty() ? "" : " (\n    " + join(lines, ",\n    ") + "\n)") + " " + options.partition_bound +
            table_options(options)};
  sql += " (";
  if (!lines.empty()) sql += "\n    " + join(lines, ",\n    ") + "\n";
  return {sql + ")" + table_options(table.postgresql)};
}

Statements PostgresRenderer::operator()(const model::DropTable& operation) {
  return {"DROP TABLE " + if_exists(operation.if_exists) + name(operation.table) + cascade(operation.cascade)};
}

Statements PostgresRenderer::operator()(const model::RenameTable& operation) {
  return {"ALTER TABLE " + name(operation.table) + " RENAME TO " + name(operation.new_name)};
}

Statements PostgresRenderer::operator()(const model::AddColumn& operation) {
  const std::size_t problems_before = problem_count();
  std::string sql = "ALTER TABLE " + name(operation.table) + " ADD COLUMN " + if_not_exists(operation.if_not_exists) +
                    column_definition(operation.column);
  blame_column(operation.column.name, problems_before);
  for (const auto& item : operation.constraints) {
    const auto* key = std::get_if<model::ForeignKey>(&item);
    if (std::holds_alternative<model::PrimaryKey>(item)) {  // inline_primary_key: without a name, as in Alembic
      sql += " PRIMARY KEY";
      continue;
    }
    if (key == nullptr) {
      sql += " " + constraint(item);
      continue;
    }
    sql += " REFERENCES " + name(key->referent);  // inline_references: Alembic writes no name here
    if (!key->referent_columns.empty()) sql += " (" + names(key->referent_columns) + ")";
    sql += foreign_key_options(*key);
  }
  return {sql};
}

Statements PostgresRenderer::operator()(const model::DropColumn& operation) {
  return {"ALTER TABLE " + name(operation.table) + " DROP COLUMN " + if_exists(operation.if_exists) +
          name(operation.column) + cascade(operation.cascade)};
}

Statements PostgresRenderer::operator()(const model::AlterColumn& operation) {
  const std::string table = "ALTER TABLE " + name(operation.table) + " ";
  const std::string alter = table + "ALTER COLUMN " + name(operation.column) + " ";
  Statements statements;
  if (operation.postgresql_using && !operation.type)
    unsupported("postgresql_using is given without a new type", "add type_=...");
  if (operation.type) {
    const std::size_t problems_before = problem_count();
    std::string sql = alter + "TYPE " + type(*operation.type);
    blame_column(operation.column, problems_before);
    if (operation.postgresql_using && !operation.postgresql_using->empty())
      sql += " USING " + *operation.postgresql_using;
    statements.push_back(std::move(sql));
  }
  if (operation.nullable) statements.push_back(alter + (*operation.nullable ? "DROP NOT NULL" : "SET NOT NULL"));
  if (operation.server_default)
    if (const std::string change = default_change(operation); !change.empty()) statements.push_back(alter + change);
  if (operation.comment)
    statements.push_back("COMMENT ON COLUMN " + name(operation.table) + "." + name(operation.column) + " IS " +
                         comment(operation.comment->text));
  if (operation.new_name)
    statements.push_back(table + "RENAME " + name(operation.column) + " TO " + name(*operation.new_name));
  return statements;
}

std::string PostgresRenderer::default_change(const model::AlterColumn& operation) {
  const auto is_computed = [](const std::optional<model::DefaultChange>& change) {
    return change && std::holds_alternative<model::Computed>(*change);
  };
  if (is_computed(operation.server_default) || is_computed(operation.existing_server_default))
    return unsupported(
        fmt::format("PostgreSQL cannot make column '{}' generated, or stop it from being so", operation.column.text()),
        "drop the column and add it again with sa.Computed(...)");
  const auto* existing =
      operation.existing_server_default ? std::get_if<model::Identity>(&*operation.existing_server_default) : nullptr;
  if (const auto* wanted = std::get_if<model::Identity>(&*operation.server_default))
    return existing == nullptr ? "ADD " + identity(*wanted) : identity_changes(*wanted, *existing);
  if (std::holds_alternative<model::DropDefault>(*operation.server_default))
    return existing == nullptr ? "DROP DEFAULT" : "DROP IDENTITY";
  if (existing != nullptr)
    return unsupported(fmt::format("column '{}' is an identity: it cannot get a default too", operation.column.text()),
                       "drop the identity first: server_default=None with existing_server_default=sa.Identity()");
  return "SET DEFAULT " + default_expression(std::get<model::Expression>(*operation.server_default));
}

Statements PostgresRenderer::operator()(const model::AddConstraint& operation) {
  if (operation.if_not_exists) unsupported("PostgreSQL has no ADD CONSTRAINT IF NOT EXISTS", "leave if_not_exists out");
  return {"ALTER TABLE " + name(operation.table) + " ADD " + constraint(operation.constraint)};
}

Statements PostgresRenderer::operator()(const model::DropConstraint& operation) {
  if (operation.name.empty())
    unsupported("a constraint without a name cannot be dropped",
                "give its name; \\d in psql shows what PostgreSQL called it");
  return {"ALTER TABLE " + name(operation.table) + " DROP CONSTRAINT " + if_exists(operation.if_exists) +
          name(operation.name) + cascade(operation.cascade)};
}

Statements PostgresRenderer::operator()(const model::CreateIndex& operation) {
  const auto& index = operation.index;
  const auto& options = index.postgresql;
  if (index.name.empty()) unsupported("an index needs a name", "give create_index its name");
  std::string sql = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  if (options.concurrently) sql += "CONCURRENTLY ";
  sql += if_not_exists(operation.if_not_exists) + name(index.name) + " ON " + name(operation.table) + " ";
  if (!options.using_method.empty())
    sql += "USING " + to_lower_ascii(keyword_phrase(options.using_method, "postgresql_using")) + " ";
  std::vector<std::string> elements;
  for (const auto& element : index.elements) elements.push_back(index_element(element));
  sql += "(" + join(elements, ", ") + ")" + include(options.include);
  if (options.nulls_not_distinct) sql += *options.nulls_not_distinct ? " NULLS NOT DISTINCT" : " NULLS DISTINCT";
  sql += with_options(options.with);
  if (!options.tablespace.empty()) sql += " TABLESPACE " + name(options.tablespace);
  if (options.where) sql += " WHERE " + expression(*options.where);
  return {sql};
}

std::string PostgresRenderer::indexed_expression(const model::Expression& indexed) {
  const bool grouped = std::holds_alternative<Box<model::BinaryExpr>>(indexed) ||
                       std::holds_alternative<Box<model::UnaryExpr>>(indexed) ||
                       std::holds_alternative<Box<model::CollateExpr>>(indexed) ||
                       std::holds_alternative<Box<model::CaseExpr>>(indexed);
  return grouped ? "(" + expression(indexed) + ")" : expression(indexed);
}

std::string PostgresRenderer::index_element(const model::IndexElement& element) {
  // DESC and NULLS LAST come after the operator class, whatever stands inside of them.
  std::string order;
  const model::Expression* indexed = &element.sql;
  while (const auto* unary = std::get_if<Box<model::UnaryExpr>>(indexed)) {
    const auto& held = **unary;
    const bool ordering =
        held.postfix && (iequals_ascii(held.op, "DESC") || iequals_ascii(held.op, "ASC") ||
                         iequals_ascii(held.op, "NULLS FIRST") || iequals_ascii(held.op, "NULLS LAST"));
    if (!ordering) break;
    order = " " + held.op + order;
    indexed = &held.operand;
  }
  std::string sql;
  const auto* collate = std::get_if<Box<model::CollateExpr>>(indexed);
  if (collate != nullptr && std::holds_alternative<model::ColumnExpr>((*collate)->operand))
    sql = order.empty() && element.opclass.empty() ? "(" + expression(*indexed) + ")" : expression(*indexed);
  else
    sql = indexed_expression(*indexed);
  if (!element.opclass.empty()) sql += " " + element.opclass;
  return sql + order;
}

Statements PostgresRenderer::operator()(const model::DropIndex& operation) {
  std::string sql = "DROP INDEX ";
  if (operation.concurrently) sql += "CONCURRENTLY ";
  return {sql + if_exists(operation.if_exists) + name(operation.name) + cascade(operation.cascade)};
}

std::string PostgresRenderer::comment(const std::optional<std::string>& comment) {
  return comment ? text(*comment) : "NULL";
}

Statements PostgresRenderer::operator()(const model::SetTableComment& operation) {
  return {"COMMENT ON TABLE " + name(operation.table) + " IS " + comment(operation.comment)};
}

Statements PostgresRenderer::operator()(const model::SetColumnComment& operation) {
  return {"COMMENT ON COLUMN " + name(operation.table) + "." + name(operation.column) + " IS " +
          comment(operation.comment)};
}

Statements PostgresRenderer::operator()(const model::SetConstraintComment& operation) {
  return {"COMMENT ON CONSTRAINT " + name(operation.constraint) + " ON " + name(operation.table) + " IS " +
          comment(operation.comment)};
}

std::string PostgresRenderer::unless_type_exists(const std::string& type_name, const std::string& statement) {
  std::string tag = "$bascule$";
  while (statement.find(tag) != std::string::npos) tag.insert(tag.size() - 1, "_");
  return fmt::format("DO {0}\nBEGIN\n  IF pg_catalog.to_regtype({1}) IS NULL THEN\n    {2};\n  END IF;\nEND\n{0}", tag,
                     text(type_name), statement);
}

Statements PostgresRenderer::operator()(const model::CreateEnum& operation) {
  std::vector<std::string> labels;
  for (const auto& label : operation.type.values) labels.push_back(text(label));
  const std::string created = type_name(operation.type.name, "Enum");
  const std::string sql = "CREATE TYPE " + created + " AS ENUM (" + join(labels, ", ") + ")";
  return {operation.if_not_exists ? unless_type_exists(created, sql) : sql};
}

Statements PostgresRenderer::operator()(const model::DropEnum& operation) {
  return {"DROP TYPE " + if_exists(operation.if_exists) + type_name(operation.name, "Enum") +
          cascade(operation.cascade)};
}

Statements PostgresRenderer::operator()(const model::CreateDomain& operation) {
  const std::string created = type_name(operation.name, "DOMAIN");
  std::string sql = "CREATE DOMAIN " + created + " AS " + type(operation.type);
  if (!operation.collation.empty()) sql += " COLLATE " + name(Identifier(operation.collation));
  if (operation.server_default) sql += " DEFAULT " + default_expression(*operation.server_default);
  if (!operation.constraint_name.empty()) sql += " CONSTRAINT " + name(operation.constraint_name);
  if (operation.not_null.value_or(false)) sql += " NOT NULL";
  if (operation.check) sql += " CHECK (" + expression(*operation.check) + ")";
  return {operation.if_not_exists ? unless_type_exists(created, sql) : sql};
}

Statements PostgresRenderer::operator()(const model::DropDomain& operation) {
  return {"DROP DOMAIN " + if_exists(operation.if_exists) + type_name(operation.name, "DOMAIN") +
          cascade(operation.cascade)};
}

Statements PostgresRenderer::operator()(const model::CreateSequence& operation) {
  const auto& options = operation.sequence.options;
  std::string sql = "CREATE SEQUENCE " + if_not_exists(operation.if_not_exists) + name(operation.sequence.name);
  if (options.data_type) sql += " AS " + type(*options.data_type);
  if (const std::string rest = sequence_options(options); !rest.empty()) sql += " " + rest;
  if (const auto& owner = operation.sequence.owned_by; !owner.name.empty())
    sql += " OWNED BY " + name(owner) + "." + name(operation.sequence.owned_by_column);
  return {sql};
}

Statements PostgresRenderer::operator()(const model::DropSequence& operation) {
  return {"DROP SEQUENCE " + if_exists(operation.if_exists) + name(operation.name) + cascade(operation.cascade)};
}

Statements PostgresRenderer::operator()(const model::InsertRows& operation) { return insert(operation.statement); }
Statements PostgresRenderer::operator()(const model::UpdateRows& operation) { return {update(operation.statement)}; }
Statements PostgresRenderer::operator()(const model::DeleteRows& operation) {
  return {delete_rows(operation.statement)};
}

Statements PostgresRenderer::operator()(const model::RawSql& operation) {
  if (!any_refused_in_transaction(operation.sql)) return {operation.sql};
  const auto script = syntax::sql::split(operation.sql, syntax::sql::Flavour::kPostgres);
  if (script.statements.size() < 2) return {operation.sql};
  // Several statements in one text are one transaction to the server: those that it refuses there have to go alone.
  Statements statements;
  for (const auto& part : script.statements) statements.emplace_back(part.text);
  return statements;
}

Statements PostgresRenderer::operator()(const model::BatchAlter&) {
  BASCULE_CHECK(false, "a batch is lowered to its items before it is rendered");
  return {};
}

std::string PostgresRenderer::empty_list_test(const model::BinaryExpr& binary) {
  return iequals_ascii(binary.op, "IN") ? "(" + operand(binary.left, "IN") + " IN (NULL) AND (1 != 1))"
                                        : "(" + operand(binary.left, "IN") + " NOT IN (NULL) OR (1 = 1))";
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

static_assert(kCovers<postgres::PostgresRenderer, model::Operation>);

std::string PostgresDialect::quote(const Identifier& name) const {
  return quote_identifier(name, postgres::reserved_words());
}

Rendered<std::string> PostgresDialect::type(const model::Type& type) const {
  postgres::PostgresRenderer renderer(*this);
  return renderer.finish(renderer.type(type));
}

Rendered<std::string> PostgresDialect::expression(const model::Expression& expression) const {
  postgres::PostgresRenderer renderer(*this);
  return renderer.finish(renderer.expression(expression));
}

Rendered<std::vector<std::string>> PostgresDialect::render(const model::Operation& atomic) const {
  postgres::PostgresRenderer renderer(*this);
  return renderer.finish(std::visit(renderer, atomic));
}

bool PostgresDialect::rebuilds(const model::BatchAlter&) const { return false; }

Result<plan::Expansion, ExpandError> PostgresDialect::expand(const model::BatchAlter&, db::Connection*) const {
  BASCULE_CHECK(false, "PostgreSQL rebuilds no table");
  return plan::Expansion();
}

const PostgresDialect& postgres_dialect() {
  static const PostgresDialect kDialect;
  return kDialect;
}

}  // namespace bascule::dialects
