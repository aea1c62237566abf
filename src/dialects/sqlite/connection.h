// What: a connection to a SQLite file.
// Must not know: migrations.
// Invariants: foreign key enforcement is off, as in SQLite and SQLAlchemy by default; rows returned by
// PRAGMA foreign_key_check inside execute() are violations and make that statement fail.
#pragma once

#include <memory>
#include <string>

#include "db/connection.h"
#include "dialects/dialect.h"

struct sqlite3;
struct sqlite3_stmt;

namespace bascule::dialects::sqlite {

class SqliteConnection final : public db::Connection {
 public:
  /// A missing file is made (unless read_only: then it is an empty database in memory).
  static db::DbResult<std::unique_ptr<db::Connection>> open(const db::Url& url, const ConnectOptions& options);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Result<void, db::BatchError> execute(std::span<const std::string> statements) override;
  db::DbResult<db::ResultSet> query(const std::string& sql, std::span<const db::Cell> parameters) override;
  db::DbResult<db::ResultSet> run(const std::string& sql) override;
  /// kWrite takes the file's write lock at once, so that two runs meet at BEGIN and not in the middle.
  std::string begin_sql(db::TransactionStart start) const override {
    return start == db::TransactionStart::kWrite ? "BEGIN IMMEDIATE" : "BEGIN";
  }
  bool in_transaction() const override;
  void rollback() noexcept override;
  db::DbResult<db::RunLock> acquire_run_lock(std::chrono::milliseconds) override { return db::RunLock::kByTransaction; }
  void release_run_lock() noexcept override {}
  void cancel() noexcept override;
  std::string server_version() const override;

 private:
  SqliteConnection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  db::DbResult<void> execute_script(const std::string& sql);
  /// Steps through a statement; SQLITE_DONE where all went well.
  int read_rows(sqlite3_stmt* statement, db::ResultSet& set) const;
  db::DbError error_of(int code, const std::string& sql, std::size_t statement_at) const;

  sqlite3* handle_;
  std::string path_;
};

}  // namespace bascule::dialects::sqlite
