// What: the history table of a tool that keeps versions, as it is in a database.
// Must not know: which tool, which files there are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"

namespace bascule::formats::versioned {

struct Row {
  std::string version;
  std::string applied_at;  ///< empty: the tool keeps no times
};

/// rows: in the order in which they were applied; the last is taken back first. dirty: the tool itself says that a
/// migration was left half done. count: of all rows, also those that say nothing of a migration.
struct Ledger {
  bool exists = false;
  std::vector<Row> rows;
  bool dirty = false;
  std::size_t count = 0;
  bool holds(std::string_view version) const;
};

/// A table's name as the tool was told it: "schema_migrations", "app.schema_migrations".
struct TableName {
  std::string schema;  ///< empty: the search path's
  std::string table;
};
TableName table_name_of(const std::string& text);

/// By how the connection begins a transaction.
bool is_sqlite(const db::Connection& connection);
/// Whether the table is in its schema (PostgreSQL: else the current one).
db::DbResult<bool> table_exists(db::Connection& connection, const TableName& name);

/// "name", with quotes in it doubled.
std::string quoted_name(const std::string& name);
std::string quoted_name(const TableName& name);
/// As it is where it is a plain name, else with quotes: what tools write that do not quote.
std::string spelled_name(const TableName& name);
/// 'text', with quotes in it doubled.
std::string quoted_value(const std::string& text);

}  // namespace bascule::formats::versioned
