// What: databases of the lab's own on one server: copies of a base, with a case's set-up done; gone when let go.
// Must not know: cases, effects.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "db/connection.h"
#include "db/url.h"
#include "dialects/dialect.h"

namespace bascule::lab {

/// What the server told at its level DEBUG1.
class Talk final : public db::NoticeSink {
 public:
  void notice(std::string_view severity, std::string_view message) override {
    if (severity.starts_with("DEBUG")) debug.emplace_back(message);
  }
  std::vector<std::string> debug;
};

class Laboratory;

/// A database; dropped with its owner. Connections to it must be closed by then.
class Database {
 public:
  Database(Laboratory& laboratory, std::string name) : laboratory_(laboratory), name_(std::move(name)) {}
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  const std::string& name() const { return name_; }
  db::DbResult<std::unique_ptr<db::Connection>> connect(db::NoticeSink* notices = nullptr) const;

 private:
  Laboratory& laboratory_;
  std::string name_;
};

class Laboratory {
 public:
  /// base: SQL that every database begins with. The URL's own database is only connected to.
  static Result<std::unique_ptr<Laboratory>, std::string> open(const db::Url& url, const std::string& base);

  const dialects::Server& server() const { return server_; }
  const dialects::Dialect& dialect() const { return dialect_; }
  /// A copy of the base with set_up done.
  Result<std::unique_ptr<Database>, std::string> fresh(const std::string& set_up, const std::string& time_zone);

 private:
  friend class Database;
  Laboratory(db::Url url, const dialects::Dialect& dialect, std::unique_ptr<db::Connection> connection)
      : url_(std::move(url)), dialect_(dialect), connection_(std::move(connection)) {}
  db::DbResult<std::unique_ptr<db::Connection>> connect(const std::string& database, db::NoticeSink* notices) const;
  Result<std::unique_ptr<Database>, std::string> create(const std::string& from);
  Result<void, std::string> read_server();

  db::Url url_;
  const dialects::Dialect& dialect_;
  std::unique_ptr<db::Connection> connection_;
  dialects::Server server_;
  int count_ = 0;
  std::unique_ptr<Database> base_;
};

/// Runs a script in the session; the error names its first line.
Result<void, std::string> run_script(db::Connection& connection, const std::string& script);

}  // namespace bascule::lab
