// What: PostgreSQL's spelling of one operation. Internal to this folder.
// Must not know: connections, plans.
// Invariants: the database that results is the one that SQLAlchemy 2.1 and Alembic 1.20 make (measured with
// `alembic upgrade --sql`); `%` is never doubled, because nothing here goes through a Python driver.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialects/render_common.h"
#include "model/operation.h"

namespace bascule::dialects::postgres {

using Statements = std::vector<std::string>;

/// The visitor over model::Operation.
class PostgresRenderer final : public Renderer {
 public:
  using Renderer::Renderer;

  Statements operator()(const model::CreateTable& operation);
  Statements operator()(const model::DropTable& operation);
  Statements operator()(const model::RenameTable& operation);
  Statements operator()(const model::AddColumn& operation);
  Statements operator()(const model::DropColumn& operation);
  Statements operator()(const model::AlterColumn& operation);
  Statements operator()(const model::AddConstraint& operation);
  Statements operator()(const model::DropConstraint& operation);
  Statements operator()(const model::CreateIndex& operation);
  Statements operator()(const model::DropIndex& operation);
  Statements operator()(const model::SetTableComment& operation);
  Statements operator()(const model::SetColumnComment& operation);
  Statements operator()(const model::SetConstraintComment& operation);
  Statements operator()(const model::CreateEnum& operation);
  Statements operator()(const model::DropEnum& operation);
  Statements operator()(const model::CreateDomain& operation);
  Statements operator()(const model::DropDomain& operation);
  Statements operator()(const model::CreateSequence& operation);
  Statements operator()(const model::DropSequence& operation);
  Statements operator()(const model::InsertRows& operation);
  Statements operator()(const model::UpdateRows& operation);
  Statements operator()(const model::DeleteRows& operation);
  Statements operator()(const model::RenameConstraint& operation);
  Statements operator()(const model::ValidateConstraint& operation);
  Statements operator()(const model::AddEnumValue& operation);
  Statements operator()(const model::RenameEnumValue& operation);
  Statements operator()(const model::AttachPartition& operation);
  Statements operator()(const model::DetachPartition& operation);
  Statements operator()(const model::TruncateTables& operation);
  Statements operator()(const model::SetTableOption& operation);
  Statements operator()(const model::CreateObject& operation);
  Statements operator()(const model::DropObject& operation);
  Statements operator()(const model::RenameObject& operation);
  Statements operator()(const model::MoveToSchema& operation);
  Statements operator()(const model::RawSql& operation);
  Statements operator()(const model::BatchAlter& operation);

  std::string type(const model::Type& type) override;
  std::string value(const model::Value& value, const model::Type* type) override;
  std::string boolean(bool value) override { return value ? "true" : "false"; }
  std::string empty_list_test(const model::BinaryExpr& binary) override;

  /// A quoted text, refused if it holds a NUL.
  std::string text(std::string_view text);
  /// A named type's name, refused where there is none or where it would mean a built-in type.
  std::string type_name(const QualifiedName& name, std::string_view kind);

 private:
  std::string column_definition(const model::Column& column);
  std::string constraint(const model::Constraint& constraint);
  std::string table_options(const model::Table::Postgres& options);
  std::string sequence_options(const model::SequenceOptions& options);
  std::string identity(const model::Identity& identity);
  std::string identity_changes(const model::Identity& wanted, const model::Identity& existing);
  std::string default_change(const model::AlterColumn& operation);
  std::string index_element(const model::IndexElement& element);
  /// An expression where PostgreSQL's grammar wants a column, a function call or something in parentheses.
  std::string indexed_expression(const model::Expression& expression);
  std::string include(const std::vector<Identifier>& columns);
  std::string with_options(const std::vector<std::pair<std::string, std::string>>& options);
  std::string comment(const std::optional<std::string>& comment);
  /// The statement, run only if no such type is visible.
  std::string unless_type_exists(const std::string& type_name, const std::string& statement);

  friend struct ConstraintSpeller;
};

/// Whether PostgreSQL refuses this statement inside a transaction block. statement: one statement; comments and blanks
/// before it are skipped.
bool refused_in_transaction(std::string_view statement);
/// The same of any statement of a script. Cheaper than cutting it, where there is none.
bool any_refused_in_transaction(std::string_view script);

}  // namespace bascule::dialects::postgres
