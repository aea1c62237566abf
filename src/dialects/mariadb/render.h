// What: MariaDB's spelling of one operation. Internal to this folder.
// Must not know: connections, plans.
// Invariants: what Alembic 1.20 with SQLAlchemy 2.1 would send (measured with `alembic upgrade --sql`); the blanks
// differ.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialects/render_common.h"
#include "model/operation.h"

namespace bascule::dialects::mariadb {

using Statements = std::vector<std::string>;

/// The visitor over model::Operation.
class MariadbRenderer final : public Renderer {
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
  std::string function(const model::FunctionExpr& function) override;
  std::string binary(const model::BinaryExpr& binary) override;
  std::string empty_list_test(const model::BinaryExpr& binary) override;

  /// MariaDB's own name, and so SQLAlchemy's types for it, rather than "mysql".
  bool is_mariadb() const { return dialect().name() == "mariadb"; }
  /// A quoted text, refused if it holds a NUL.
  std::string text(std::string_view text);

 private:
  friend struct ConstraintSpeller;

  std::string column_definition(const model::Column& column);
  std::string comment(const std::string& text) { return " COMMENT " + this->text(text); }
  std::string constraint(const model::Constraint& constraint);
  /// The column as a whole, behind MODIFY or CHANGE.
  std::string changed_column(const model::AlterColumn& operation);
  std::string changed_default(const model::DefaultChange& change);
};

}  // namespace bascule::dialects::mariadb
