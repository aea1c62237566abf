// What: the table _prisma_migrations: its rows read, and the SQL that changes it, each as Prisma itself has it.
// Must not know: which migrations there are, what is wrong between the two.
// Invariants: values are quoted; times are the server's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "plan/plan.h"

namespace bascule::formats::prisma {

inline constexpr const char* kTable = "_prisma_migrations";

/// A row. finished, rolled_back: whether there is a time. applied_at: finished_at as text, UTC.
struct Record {
  std::string id, checksum, name, logs, started_at, applied_at;
  bool finished = false;
  bool rolled_back = false;
  std::optional<std::int64_t> took_milliseconds;
  bool failed() const { return !finished && !rolled_back; }
};

/// What a database says before anything runs.
struct TableState {
  bool exists = false;
  std::vector<Record> records;      ///< by started_at, as Prisma reads them
  std::vector<std::string> tables;  ///< other tables; looked for only where the history table is missing
  std::string missing_schema;       ///< PostgreSQL: the first schema of the search path, quoted, if it does not exist
};

/// "postgresql" or "sqlite", by how the connection begins a transaction.
bool is_sqlite(const db::Connection& connection);

db::DbResult<TableState> read_table(db::Connection& connection);

/// How many rows there are, finished and rolled back, as "3 3 0"; "none" without the table.
db::DbResult<std::string> read_counts(db::Connection& connection);
struct Counts {
  std::size_t rows = 0, finished = 0, rolled_back = 0;
  std::string text() const;
};
Counts counts_of(const std::vector<Record>& records);

/// The spelling of a dialect: "postgresql", "sqlite".
class HistorySql {
 public:
  explicit HistorySql(const std::string& dialect) : sqlite_(dialect == "sqlite") {}

  std::string create(bool if_not_exists) const;
  /// A migration that has run in this very transaction.
  std::string insert_done(const std::string& id, const std::string& name, const std::string& checksum) const;
  std::string insert_started(const std::string& id, const std::string& name, const std::string& checksum) const;
  std::string finish(const std::string& id) const;
  /// Makes the table if the failed transaction made it, then the row with its logs.
  std::vector<plan::FailureNote> on_failure(const std::string& id, const std::string& name, const std::string& checksum,
                                            const std::string& missing_schema) const;
  /// As `migrate resolve` writes them.
  std::string insert_resolved(const std::string& id, const std::string& name, const std::string& checksum) const;
  std::string roll_back(const std::string& id) const;
  std::string remove(const std::string& name) const;

 private:
  const char* now() const;
  const char* transaction_began() const;
  bool sqlite_;
};

/// A version 4 UUID, as text.
std::string make_uuid();

}  // namespace bascule::formats::prisma
