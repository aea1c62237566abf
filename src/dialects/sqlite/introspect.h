// What: a table as it is in a SQLite database, and what else in the database speaks of it.
// Must not know: batches, how a table is rebuilt.
// Invariants: nothing is changed. What the database holds as text stays text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/identifier.h"
#include "base/result.h"
#include "db/connection.h"
#include "dialects/dialect.h"
#include "dialects/sqlite/ddl_reader.h"
#include "model/type.h"

namespace bascule::dialects::sqlite {

/// An object of sqlite_master with the text that made it.
struct StoredObject {
  std::string name;
  std::string sql;
};

/// A foreign key's column in another table.
struct Reference {
  std::string table;
  std::string column;  ///< of the table referred to; empty: its primary key
};

/// Everything around a table that a rebuild must keep working.
struct Surroundings {
  std::vector<StoredObject> triggers;      ///< on the table
  std::vector<StoredObject> elsewhere;     ///< views, and triggers on other tables and views
  std::vector<Reference> references;       ///< from other tables
  std::vector<std::string> keys_in_order;  ///< of the table and those that refer to it: the ones without violations
  bool temporary_table_exists = false;     ///< a table with the name that the rebuild needs is there already
  bool legacy_rename = false;              ///< PRAGMA legacy_alter_table is on
};

/// The table's parts, with the types, foreign keys' columns and so on as Alembic finds them. Unsupported: there is no
/// such table, or it is not an ordinary one.
Result<StoredTable, ExpandError> read_table(db::Connection& connection, const QualifiedName& table);
/// Its indexes that have a text of their own (not those of UNIQUE and PRIMARY KEY), by name.
db::DbResult<std::vector<StoredObject>> read_indexes(db::Connection& connection, const QualifiedName& table);
db::DbResult<Surroundings> read_surroundings(db::Connection& connection, const QualifiedName& table,
                                             const std::string& temporary_name);

/// A declared type as SQLAlchemy reflects it: by its name, else by SQLite's rules for affinity. What those leave
/// without a type (BLOB-like names, no name) stays as written. Source: measured with SQLAlchemy 2.1.
model::Type reflected_type(std::string_view declared, const std::string& collation);

}  // namespace bascule::dialects::sqlite
