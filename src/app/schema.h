// What: the use cases about schemas: what the database looks like at a revision (from files alone), what a live one
// looks like, what a file of SQL makes, and what lies between any two of them. Must not know: the command line's
// syntax, printing.
#pragma once

#include <string>
#include <vector>

#include "app/workspace.h"
#include "model/schema.h"

namespace bascule::app {

/// Where a schema comes from.
struct SchemaSource {
  enum class Kind { kRevision, kDatabase, kFile };
  Kind kind = Kind::kRevision;
  std::string text;  ///< a revision's name, a URL (empty: the project's database), a path
};
/// "database" and anything with "://" is a database, an existing file whose name ends in .sql a file, all else a
/// revision.
SchemaSource schema_source(const std::string& text);

/// schema: canonical (Dialect::canonical). warnings: what could not be told from the files, each at its place.
struct SchemaReport {
  model::Schema schema;
  const dialects::Dialect* dialect = nullptr;
  std::string source;  ///< "revision head", "database sqlite:///app.db", "file schema.sql"
  Diagnostics warnings;
};
Outcome<SchemaReport> read_schema(const Request& request, const SchemaSource& source);

/// The statements that make the schema in an empty database, in an order that loads. What cannot be spelled is a
/// comment.
std::vector<std::string> schema_sql(const SchemaReport& report);

/// What leads from one schema to another. sql: the statements of each operation.
struct SchemaChange {
  model::Operation operation;
  std::vector<std::string> sql;
  std::string problem;  ///< why there is no SQL; empty otherwise
};
struct DiffReport {
  std::string from, to;
  const dialects::Dialect* dialect = nullptr;
  std::vector<SchemaChange> changes;
  Diagnostics warnings;
};
Outcome<DiffReport> diff_schemas(const Request& request, const SchemaSource& from, const SchemaSource& to);

}  // namespace bascule::app
