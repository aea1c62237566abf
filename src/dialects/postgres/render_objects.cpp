// How PostgreSQL spells the operations that Alembic has no call for: what SQL migrations and their reverses use.
#include "dialects/postgres/render.h"

namespace bascule::dialects::postgres {

namespace {

const char* if_exists(bool wanted) { return wanted ? "IF EXISTS " : ""; }

}  // namespace

Statements PostgresRenderer::operator()(const model::RenameConstraint& operation) {
  return {"ALTER TABLE " + name(operation.table) + " RENAME CONSTRAINT " + name(operation.name) + " TO " +
          name(operation.new_name)};
}

Statements PostgresRenderer::operator()(const model::ValidateConstraint& operation) {
  return {"ALTER TABLE " + name(operation.table) + " VALIDATE CONSTRAINT " + name(operation.name)};
}

Statements PostgresRenderer::operator()(const model::AddEnumValue& operation) {
  std::string sql = "ALTER TYPE " + type_name(operation.type, "Enum") + " ADD VALUE ";
  if (operation.if_not_exists) sql += "IF NOT EXISTS ";
  sql += text(operation.value);
  if (!operation.before.empty())
    sql += " BEFORE " + text(operation.before);
  else if (!operation.after.empty())
    sql += " AFTER " + text(operation.after);
  return {sql};
}

Statements PostgresRenderer::operator()(const model::RenameEnumValue& operation) {
  return {"ALTER TYPE " + type_name(operation.type, "Enum") + " RENAME VALUE " + text(operation.value) + " TO " +
          text(operation.new_value)};
}

Statements PostgresRenderer::operator()(const model::AttachPartition& operation) {
  return {"ALTER TABLE " + name(operation.table) + " ATTACH PARTITION " + name(operation.partition) + " " +
          operation.bound};
}

Statements PostgresRenderer::operator()(const model::DetachPartition& operation) {
  std::string sql = "ALTER TABLE " + name(operation.table) + " DETACH PARTITION " + name(operation.partition);
  if (operation.concurrently) sql += " CONCURRENTLY";
  if (operation.finalize) sql += " FINALIZE";
  return {sql};
}

Statements PostgresRenderer::operator()(const model::TruncateTables& operation) {
  std::string sql = "TRUNCATE ";
  for (std::size_t i = 0; i < operation.tables.size(); ++i) sql += (i == 0 ? "" : ", ") + name(operation.tables[i]);
  if (operation.restart_identity) sql += " RESTART IDENTITY";
  if (operation.cascade) sql += " CASCADE";
  return {sql};
}

Statements PostgresRenderer::operator()(const model::SetTableOption& operation) { return {operation.sql}; }

Statements PostgresRenderer::operator()(const model::CreateObject& operation) { return {operation.object.definition}; }

Statements PostgresRenderer::operator()(const model::DropObject& operation) {
  std::string sql = "DROP " + object_keyword(operation.kind) + " " + if_exists(operation.if_exists) +
                    name(operation.name) + operation.signature;
  if (!operation.on_table.name.empty()) sql += " ON " + name(operation.on_table);
  if (operation.cascade) sql += " CASCADE";
  return {sql};
}

Statements PostgresRenderer::operator()(const model::RenameObject& operation) {
  std::string sql = "ALTER " + object_keyword(operation.kind) + " " + name(operation.name) + operation.signature;
  if (!operation.on_table.name.empty()) sql += " ON " + name(operation.on_table);
  return {sql + " RENAME TO " + name(operation.new_name)};
}

Statements PostgresRenderer::operator()(const model::MoveToSchema& operation) {
  return {"ALTER " + object_keyword(operation.kind) + " " + name(operation.name) + operation.signature +
          " SET SCHEMA " + name(operation.new_schema)};
}

}  // namespace bascule::dialects::postgres
