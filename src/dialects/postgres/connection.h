// What: a connection to PostgreSQL over libpq.
// Must not know: migrations.
// Invariants: statements of one execute() travel in one round trip where that changes nothing; the session speaks UTF-8
// and has standard_conforming_strings on.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "db/connection.h"
#include "dialects/dialect.h"
#include "dialects/postgres/libpq.h"

namespace bascule::dialects::postgres {

class PostgresConnection final : public db::Connection {
 public:
  static db::DbResult<std::unique_ptr<db::Connection>> open(const db::Url& url, const ConnectOptions& options);
  ~PostgresConnection() override;
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  Result<void, db::BatchError> execute(std::span<const std::string> statements) override;
  db::DbResult<db::ResultSet> query(const std::string& sql, std::span<const db::Cell> parameters) override;
  db::DbResult<db::ResultSet> run(const std::string& sql) override;
  std::string begin_sql(db::TransactionStart) const override { return "BEGIN"; }
  bool in_transaction() const override;
  void rollback() noexcept override;
  db::DbResult<db::RunLock> acquire_run_lock(std::chrono::milliseconds wait) override;
  void release_run_lock() noexcept override;
  void cancel() noexcept override;
  std::string server_version() const override;

 private:
  PostgresConnection(const Libpq& pq, PGconn* connection, db::NoticeSink* notices);
  Result<void, db::BatchError> execute_pipelined(std::span<const std::string> statements);
  /// last: if not null, gets the rows of the last statement.
  db::DbResult<void> execute_script(const std::string& sql, db::ResultSet* last = nullptr);
  db::ResultSet rows_of(const PGresult* result) const;
  db::DbResult<void> send_all();
  db::DbError error_of(const PGresult* result, const std::string& sql) const;
  db::DbError connection_error() const;

  const Libpq& pq_;
  PGconn* connection_;
  PGcancel* canceller_;
  db::NoticeSink* notices_;
  std::atomic<bool> cancelled_ = false;  ///< for waits that no statement is part of; set in a signal handler
};

}  // namespace bascule::dialects::postgres
