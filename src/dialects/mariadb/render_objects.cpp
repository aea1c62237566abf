// How MariaDB spells the operations that Alembic has no call for; most belong to PostgreSQL.
#include <fmt/core.h>

#include "dialects/mariadb/render.h"

namespace bascule::dialects::mariadb {

namespace {

bool known_here(model::ObjectKind kind) {
  using enum model::ObjectKind;
  return kind == kView || kind == kTrigger || kind == kIndex || kind == kFunction || kind == kProcedure ||
         kind == kSequence || kind == kSchema || kind == kOther;
}

Statements refuse(MariadbRenderer& renderer, std::string_view what, const std::string& subject) {
  renderer.unsupported(fmt::format("MariaDB has no {} ('{}')", what, subject), "leave it out on MariaDB");
  return {};
}

}  // namespace

Statements MariadbRenderer::operator()(const model::RenameConstraint& operation) {
  return refuse(*this, "way to rename a constraint in place", operation.name.text());
}
Statements MariadbRenderer::operator()(const model::ValidateConstraint& operation) {
  return refuse(*this, "VALIDATE CONSTRAINT", operation.name.text());
}
Statements MariadbRenderer::operator()(const model::AddEnumValue& operation) {
  return refuse(*this, "enum types", display(operation.type));
}
Statements MariadbRenderer::operator()(const model::RenameEnumValue& operation) {
  return refuse(*this, "enum types", display(operation.type));
}
Statements MariadbRenderer::operator()(const model::AttachPartition& operation) {
  return refuse(*this, "partitions", display(operation.partition));
}
Statements MariadbRenderer::operator()(const model::DetachPartition& operation) {
  return refuse(*this, "partitions", display(operation.partition));
}
Statements MariadbRenderer::operator()(const model::TruncateTables& operation) {
  Statements statements;
  for (const QualifiedName& table : operation.tables) statements.push_back("TRUNCATE TABLE " + name(table));
  return statements;
}
Statements MariadbRenderer::operator()(const model::SetTableOption& operation) { return {operation.sql}; }
Statements MariadbRenderer::operator()(const model::CreateObject& operation) {
  if (known_here(operation.object.kind)) return {operation.object.definition};
  return refuse(*this, fmt::format("{}", model::object_noun(operation.object.kind)), display(operation.object.name));
}
Statements MariadbRenderer::operator()(const model::DropObject& operation) {
  if (!known_here(operation.kind)) return refuse(*this, model::object_noun(operation.kind), display(operation.name));
  return {"DROP " + object_keyword(operation.kind) + " " + (operation.if_exists ? "IF EXISTS " : "") +
          name(operation.name)};
}
Statements MariadbRenderer::operator()(const model::RenameObject& operation) {
  return refuse(*this, fmt::format("ALTER {} RENAME", object_keyword(operation.kind)), display(operation.name));
}
Statements MariadbRenderer::operator()(const model::MoveToSchema& operation) {
  return refuse(*this, "schemas", display(operation.name));
}

}  // namespace bascule::dialects::mariadb
