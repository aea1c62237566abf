// Everything in a database file, dropped: SQLite drops indexes and triggers with their tables.
#include <utility>

#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

db::DbResult<std::vector<std::string>> SqliteDialect::clean_sql(db::Connection& connection,
                                                                const std::vector<std::string>&) const {
  // Foreign keys are no hindrance: they are deferred to the end of the transaction, when no table is left.
  std::vector<std::string> statements = {"PRAGMA defer_foreign_keys = ON"};
  auto rows = connection.query(
      "SELECT 'DROP ' || upper(type) || ' \"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_master "
      "WHERE type IN ('view', 'table') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
      "ORDER BY CASE type WHEN 'view' THEN 0 ELSE 1 END, rowid DESC");
  if (!rows) return failure(std::move(rows.error()));
  for (auto& row : rows->rows)
    if (!row.empty() && row[0]) statements.push_back(std::move(*row[0]));
  if (statements.size() == 1) statements.clear();
  return statements;
}

}  // namespace bascule::dialects
