#include "formats/versioned/ledger.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace bascule::formats::versioned {

bool Ledger::holds(std::string_view version) const {
  return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.version == version; });
}

TableName table_name_of(const std::string& text) {
  const auto dot = text.find('.');
  if (dot == std::string::npos) return {"", text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

bool is_sqlite(const db::Connection& connection) {
  return connection.begin_sql(db::TransactionStart::kWrite).find("IMMEDIATE") != std::string::npos;
}

db::DbResult<bool> table_exists(db::Connection& connection, const TableName& name) {
  const std::string schema = name.schema.empty() ? "current_schema()" : quoted_value(name.schema);
  const std::string sql = is_sqlite(connection) ? "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = " +
                                                      quoted_value(name.table) + " COLLATE NOCASE"
                                                : "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = " + schema +
                                                      " AND tablename = " + quoted_value(name.table);
  auto found = connection.query(sql);
  if (!found) return failure(std::move(found.error()));
  return !found->rows.empty();
}

std::string quoted_name(const std::string& name) { return "\"" + replace_all(name, "\"", "\"\"") + "\""; }

std::string quoted_name(const TableName& name) {
  return (name.schema.empty() ? "" : quoted_name(name.schema) + ".") + quoted_name(name.table);
}

std::string spelled_name(const TableName& name) {
  const auto part = [](const std::string& text) {
    const bool plain =
        !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
    return plain ? text : quoted_name(text);
  };
  return (name.schema.empty() ? "" : part(name.schema) + ".") + part(name.table);
}

std::string quoted_value(const std::string& text) { return "'" + replace_all(text, "'", "''") + "'"; }

}  // namespace bascule::formats::versioned
