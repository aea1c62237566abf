// How SQLite spells the operations that Alembic has no call for: views and triggers; the rest belongs to PostgreSQL.
#include <fmt/core.h>

#include "dialects/sqlite/render.h"

namespace bascule::dialects::sqlite {

namespace {

bool known_here(model::ObjectKind kind) {
  return kind == model::ObjectKind::kView || kind == model::ObjectKind::kTrigger || kind == model::ObjectKind::kIndex;
}

Statements refuse(SqliteRenderer& renderer, std::string_view what, const std::string& subject) {
  renderer.unsupported(fmt::format("SQLite has no {} ('{}')", what, subject), "leave it out on SQLite");
  return {};
}

}  // namespace

Statements SqliteRenderer::operator()(const model::RenameConstraint& operation) {
  return refuse(*this, "way to rename a constraint in place", operation.name.text());
}
Statements SqliteRenderer::operator()(const model::ValidateConstraint& operation) {
  return refuse(*this, "VALIDATE CONSTRAINT", operation.name.text());
}
Statements SqliteRenderer::operator()(const model::AddEnumValue& operation) {
  return refuse(*this, "enum types", display(operation.type));
}
Statements SqliteRenderer::operator()(const model::RenameEnumValue& operation) {
  return refuse(*this, "enum types", display(operation.type));
}
Statements SqliteRenderer::operator()(const model::AttachPartition& operation) {
  return refuse(*this, "partitions", display(operation.partition));
}
Statements SqliteRenderer::operator()(const model::DetachPartition& operation) {
  return refuse(*this, "partitions", display(operation.partition));
}
Statements SqliteRenderer::operator()(const model::TruncateTables& operation) {
  Statements statements;
  for (const QualifiedName& table : operation.tables) statements.push_back("DELETE FROM " + name(table));
  return statements;
}
Statements SqliteRenderer::operator()(const model::SetTableOption& operation) {
  return refuse(*this, "such table option", display(operation.table));
}
Statements SqliteRenderer::operator()(const model::CreateObject& operation) {
  if (known_here(operation.object.kind)) return {operation.object.definition};
  return refuse(*this, fmt::format("{}", model::object_noun(operation.object.kind)), display(operation.object.name));
}
Statements SqliteRenderer::operator()(const model::DropObject& operation) {
  if (!known_here(operation.kind)) return refuse(*this, model::object_noun(operation.kind), display(operation.name));
  return {"DROP " + object_keyword(operation.kind) + " " + (operation.if_exists ? "IF EXISTS " : "") +
          name(operation.name)};
}
Statements SqliteRenderer::operator()(const model::RenameObject& operation) {
  return refuse(*this, fmt::format("ALTER {} RENAME", object_keyword(operation.kind)), display(operation.name));
}
Statements SqliteRenderer::operator()(const model::MoveToSchema& operation) {
  return refuse(*this, "schemas", display(operation.name));
}

}  // namespace bascule::dialects::sqlite
