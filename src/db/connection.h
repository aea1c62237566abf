// What: the seam to a database: a connection, rows, errors.
// Must not know: any driver, any dialect.
// Thread rules: one thread at a time, except Canceller::cancel, which may be called from any thread or a signal
// handler.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bascule::db {

/// What the world did wrong, with answers to the questions that a caller has.
struct DbError {
  std::string message;                ///< the server's primary message, first line without "ERROR:"
  std::string detail;                 ///< DETAIL, empty if none
  std::string hint;                   ///< HINT
  std::string sqlstate;               ///< PostgreSQL's; for SQLite "SQLITE_BUSY" and its like
  std::optional<std::size_t> offset;  ///< byte offset of the trouble in the statement's text, 0-based
  std::string context;                ///< CONTEXT (functions, DO blocks)
  bool retryable = false;         ///< a lock timeout, deadlock, serialization failure, busy file: nothing was changed
  bool connection_usable = true;  ///< false: reconnect
  bool outcome_known = true;      ///< false: the statement may have been done (connection lost in COMMIT); never retry
  bool interrupted = false;       ///< the user's own cancel
};

template <class T>
using DbResult = Result<T, DbError>;

/// A cell: text as the server gives it, or NULL.
using Cell = std::optional<std::string>;

/// What a cell's text stands for.
enum class CellKind : std::uint8_t {
  kText,
  kBoolean,  ///< "t", "f"
  kInteger,
  kReal,
  kNumeric,
  kBytes,  ///< PostgreSQL: "\\x..."; SQLite: the bytes themselves
  kDate,
  kTime,
  kTimestamp,
  kZonedTimestamp,
  kInterval,
  kUuid,
  kJson,
};
struct CellType {
  CellKind kind = CellKind::kText;
  bool array = false;
};

/// cell_kinds: one a cell, where the database types its cells one by one (SQLite); else column_types says it all.
struct ResultSet {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<CellType> column_types = {};
  std::vector<std::vector<CellKind>> cell_kinds = {};
  std::int64_t affected = -1;  ///< rows that the (last) statement changed or gave; -1: it says nothing of rows
};

/// What a batch of statements did. failed_at: the index of the statement that failed; those before it were done.
struct BatchError {
  std::size_t failed_at = 0;
  DbError error;
};

/// A notice or a warning of the server, as it arrives.
class NoticeSink {
 public:
  virtual ~NoticeSink() = default;
  virtual void notice(std::string_view severity, std::string_view message) = 0;
};

/// How a transaction begins. kWrite takes the database's write lock at once where that is possible (BEGIN IMMEDIATE).
enum class TransactionStart { kNormal, kWrite };

/// kHeld: no other run works on this database until it is released. kByTransaction: there is no such lock (SQLite);
/// each transaction must begin with kWrite and look whether the history has moved. kBusy: somebody else has it.
enum class RunLock { kHeld, kByTransaction, kBusy };

class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs statements in order, stopping at the first error; they may travel to the server together. Each text may hold
  /// several statements. Rows that they return are dropped.
  virtual Result<void, BatchError> execute(std::span<const std::string> statements) = 0;
  /// One statement with its rows. parameters are bound as text ($1 or ?1 in the SQL).
  virtual DbResult<ResultSet> query(const std::string& sql, std::span<const Cell> parameters = {}) = 0;
  /// One text, of one statement or several, as it stands; the rows of its last statement, with their types.
  virtual DbResult<ResultSet> run(const std::string& sql) { return query(sql); }
  /// The statement that begins / ends a transaction, to be put into execute().
  virtual std::string begin_sql(TransactionStart start) const = 0;
  /// Whether a transaction is open (also a failed one).
  virtual bool in_transaction() const = 0;
  /// Ends an open transaction, dropping its work; does nothing when none is open or the connection is gone.
  virtual void rollback() noexcept = 0;
  /// Takes the lock that keeps two runs apart, waiting for it at most `wait`; held until release or disconnect.
  virtual DbResult<RunLock> acquire_run_lock(std::chrono::milliseconds wait) = 0;
  virtual void release_run_lock() noexcept = 0;
  /// Makes what runs now fail soon with interrupted. Async-signal-safe, from any thread.
  virtual void cancel() noexcept = 0;
  virtual std::string server_version() const = 0;
};

/// For tests and messages: one text, no rows.
inline DbResult<void> execute_one(Connection& connection, const std::string& sql) {
  auto done = connection.execute(std::span<const std::string>(&sql, 1));
  if (!done) return failure(std::move(done.error().error));
  return {};
}

}  // namespace bascule::db
