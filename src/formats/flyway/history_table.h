// What: Flyway's history table: its rows, and the SQL that makes and changes it exactly as Flyway does.
// Must not know: scripts, which rows belong there.
// Invariants: every name and value in the SQL is quoted here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "formats/flyway/settings.h"
#include "formats/flyway/version.h"

namespace bascule::formats::flyway {

enum class Family { kPostgres, kSqlite };

struct HistoryRow {
  std::int64_t rank = 0;
  std::optional<Version> version;
  std::string description;
  std::string type;
  std::string script;
  std::optional<std::int64_t> checksum;
  std::string installed_by;
  std::string installed_on;
  std::int64_t milliseconds = 0;
  bool success = true;
};

/// What a database says of itself and of its history.
struct Surroundings {
  std::optional<Family> family;  ///< nullopt: no database was asked
  std::string schema;            ///< of the history table
  std::string user, database;
  std::string search_path;
  bool table_exists = false;
  std::vector<HistoryRow> rows;              ///< by rank
  std::vector<std::string> bad_rows;         ///< versions in the table that are none
  std::vector<std::string> missing_schemas;  ///< of the configured ones
  std::vector<std::string> filled_schemas;   ///< configured ones that hold anything; only without a history table
};

/// The schemas that the settings name, the default one first; empty: the connection's own.
std::vector<std::string> configured_schemas(const Settings& settings);

/// Asks the database. Two queries where the table is there.
db::DbResult<Surroundings> look_around(db::Connection& connection, const Settings& settings);

/// "3:17": how many rows and the highest rank; "-": there is no table.
db::DbResult<std::string> read_state(db::Connection& connection, const Settings& settings);
std::string state_text(bool exists, std::size_t count, std::int64_t rank);

std::string quoted_name(std::string_view name);
std::string quoted_value(std::string_view text);

class HistoryTable {
 public:
  HistoryTable(const Settings& settings, Family family, std::string schema)
      : settings_(settings), family_(family), schema_(std::move(schema)) {}
  std::string name() const;
  /// Statements that make the table; with `baseline`, its row is written between them, as Flyway does.
  std::vector<std::string> create_sql(const HistoryRow* baseline) const;
  /// milliseconds: an SQL expression. The row's installed_by is ignored: the settings or the database say it.
  std::string insert_sql(const HistoryRow& row, const std::string& milliseconds) const;
  std::string update_sql(std::int64_t rank, const std::string& description, const std::string& type,
                         std::optional<std::int64_t> checksum) const;
  /// Removes failed rows of a version, or of a repeatable's description.
  std::string delete_failed_sql(const HistoryRow& row) const;
  /// How long the transaction has taken so far, as an SQL expression; empty: the database cannot say.
  std::string elapsed_sql() const;

 private:
  const Settings& settings_;
  Family family_;
  std::string schema_;
};

}  // namespace bascule::formats::flyway
