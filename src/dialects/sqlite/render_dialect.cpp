// The dialect's face: the renderer behind the Dialect interface, and which batches rebuild their table.
#include <string>
#include <vector>

#include "base/overload.h"
#include "dialects/identifiers.h"
#include "dialects/sqlite/keywords.h"
#include "dialects/sqlite/render.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

static_assert(kCovers<sqlite::SqliteRenderer, model::Operation>);

namespace {

/// Alembic's rule for recreate="auto" (its SQLite requires_recreate_in_batch, measured): adding a column whose default
/// is a plain string, and indexes, are done in place; anything else rebuilds.
struct NeedsRebuild {
  bool operator()(const model::AddColumn& operation) const {
    for (const auto& item : operation.constraints) {
      const bool in_column =
          std::holds_alternative<model::CheckConstraint>(item) && !comes_with_type(operation.column.type);
      if (!in_column && !std::holds_alternative<model::PrimaryKey>(item)) return true;
    }
    if (operation.column.computed) return operation.column.computed->persisted.value_or(false);
    if (!operation.column.server_default) return false;
    const auto* literal = std::get_if<model::LiteralExpr>(&*operation.column.server_default);
    return literal == nullptr || !std::holds_alternative<std::string>(literal->value);
  }
  bool operator()(const model::CreateIndex&) const { return false; }
  bool operator()(const model::DropIndex&) const { return false; }
  bool operator()(const model::DropColumn&) const { return true; }
  bool operator()(const model::AlterColumn&) const { return true; }
  bool operator()(const model::AddConstraint&) const { return true; }
  bool operator()(const model::DropConstraint&) const { return true; }
  bool operator()(const model::SetTableComment&) const { return true; }
  bool operator()(const model::RenameTable&) const { return true; }

  /// A CHECK that the type brings is a constraint of the table; one that the author put into the column is part of it.
  static bool comes_with_type(const model::Type& type) {
    const auto& resolved = model::resolve_variant(type, "sqlite");
    if (const auto* scalar = std::get_if<model::ScalarType>(&resolved)) return scalar->create_constraint;
    if (const auto* choice = std::get_if<model::EnumType>(&resolved)) return choice->create_constraint;
    return false;
  }
};
static_assert(kCovers<NeedsRebuild, model::BatchItem>);

}  // namespace

std::string SqliteDialect::quote(const Identifier& name) const {
  return quote_identifier(name, sqlite::reserved_words());
}

Rendered<std::string> SqliteDialect::type(const model::Type& type) const {
  sqlite::SqliteRenderer renderer(*this);
  return renderer.finish(renderer.type(type));
}

Rendered<std::string> SqliteDialect::expression(const model::Expression& expression) const {
  sqlite::SqliteRenderer renderer(*this);
  return renderer.finish(renderer.expression(expression));
}

Rendered<std::vector<std::string>> SqliteDialect::render(const model::Operation& atomic) const {
  sqlite::SqliteRenderer renderer(*this);
  return renderer.finish(std::visit(renderer, atomic));
}

bool SqliteDialect::outside_transaction(const model::Operation&) const { return false; }

bool SqliteDialect::rebuilds(const model::BatchAlter& batch) const {
  if (batch.recreate == model::Recreate::kAlways) return true;
  if (batch.recreate == model::Recreate::kNever) return false;
  for (const auto& item : batch.items)
    if (std::visit(NeedsRebuild{}, item)) return true;
  return false;
}

const SqliteDialect& sqlite_dialect() {
  static const SqliteDialect kDialect;
  return kDialect;
}

}  // namespace bascule::dialects
