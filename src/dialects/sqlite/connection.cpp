#include "dialects/sqlite/connection.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects::sqlite {

namespace {

struct StatementDeleter {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementDeleter>;

std::string_view code_name(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
      return "SQLITE_BUSY";
    case SQLITE_LOCKED:
      return "SQLITE_LOCKED";
    case SQLITE_READONLY:
      return "SQLITE_READONLY";
    case SQLITE_IOERR:
      return "SQLITE_IOERR";
    case SQLITE_CORRUPT:
      return "SQLITE_CORRUPT";
    case SQLITE_NOTADB:
      return "SQLITE_NOTADB";
    case SQLITE_FULL:
      return "SQLITE_FULL";
    case SQLITE_CANTOPEN:
      return "SQLITE_CANTOPEN";
    case SQLITE_CONSTRAINT:
      return "SQLITE_CONSTRAINT";
    case SQLITE_INTERRUPT:
      return "SQLITE_INTERRUPT";
    case SQLITE_NOMEM:
      return "SQLITE_NOMEM";
    case SQLITE_TOOBIG:
      return "SQLITE_TOOBIG";
    case SQLITE_PERM:
      return "SQLITE_PERM";
    default:
      return "SQLITE_ERROR";  // an open set: SQLite adds codes
  }
}

std::string way_out(int code, const std::string& path) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing to " + path + "; wait for it, or allow more time with --wait 60s";
    case SQLITE_READONLY:
      return "make " + path + " and its folder writable for this user (SQLite writes a journal beside the file)";
    case SQLITE_CORRUPT:
      return "the file is damaged; keep a copy of it, then look with: sqlite3 " + path + " 'PRAGMA integrity_check'";
    case SQLITE_NOTADB:
      return path + " exists but is not a SQLite database (or is encrypted); check the URL";
    case SQLITE_FULL:
      return "free some space on the disk that holds " + path + ", then run the command again";
    case SQLITE_CANTOPEN:
      return "check that the folder of " + path + " exists and may be written to";
    default:
      return "";  // an open set
  }
}

db::CellKind kind_of(int storage_class) {
  switch (storage_class) {
    case SQLITE_INTEGER:
      return db::CellKind::kInteger;
    case SQLITE_FLOAT:
      return db::CellKind::kReal;
    case SQLITE_BLOB:
      return db::CellKind::kBytes;
    default:
      return db::CellKind::kText;  // text and NULL
  }
}

/// PRAGMA [schema.]foreign_key_check[(table)]
bool is_foreign_key_check(std::string_view sql) {
  sql = trim(sql);
  constexpr std::string_view kPragma = "pragma ";
  if (sql.size() < kPragma.size() || !iequals_ascii(sql.substr(0, kPragma.size()), kPragma)) return false;
  return to_lower_ascii(sql.substr(0, sql.find('('))).ends_with("foreign_key_check");
}

db::DbError violation_of(sqlite3_stmt* row) {
  const auto text = [&](int column) {
    const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return std::string(value != nullptr ? value : "?");
  };
  db::DbError error;
  error.sqlstate = "SQLITE_CONSTRAINT";
  error.message =
      "a row of '" + text(0) + "' (rowid " + text(1) + ") refers to a row of '" + text(2) + "' that does not exist";
  error.hint = "find them with: PRAGMA foreign_key_check('" + text(0) + "')";
  return error;
}

/// Only what SQLite itself understands of the options; Python's own (check_same_thread ...) are left out.
std::string uri_of(const std::string& path, const std::map<std::string, std::string>& options) {
  const auto escaped = [](std::string_view text) {
    std::string out = replace_all(text, "%", "%25");
    for (const auto& [from, to] : {std::pair{"?", "%3f"}, std::pair{"#", "%23"}, std::pair{"&", "%26"}})
      out = replace_all(out, from, to);
    return out;
  };
  std::string uri = "file:" + escaped(path);
  char separator = '?';
  for (const char* key : {"mode", "cache", "immutable", "nolock", "vfs", "psow"}) {
    const auto found = options.find(key);
    if (found == options.end()) continue;
    uri += separator + std::string(key) + "=" + escaped(found->second);
    separator = '&';
  }
  return uri;
}

}  // namespace

db::DbResult<std::unique_ptr<db::Connection>> SqliteConnection::open(const db::Url& url,
                                                                     const ConnectOptions& options) {
  std::string path = url.database;
  // SQLAlchemy's sqlite:///file:app.db?mode=ro&uri=true: a URI for SQLite itself.
  const auto wants_uri = url.options.find("uri");
  const bool is_uri =
      path.starts_with("file:") && wants_uri != url.options.end() && iequals_ascii(wants_uri->second, "true");
  if (is_uri) path = path.substr(std::string_view("file:").size());
  std::error_code missing;
  if (options.read_only && path != ":memory:" && !std::filesystem::exists(path, missing) && !missing) path = ":memory:";
  const bool memory = path == ":memory:";
  // A journal beside the file is what a writer that was killed, or a full disk, has left. Who may only read cannot roll
  // it back, and so cannot read: then we open to write, and only read.
  const bool interrupted_write = options.read_only && !memory && std::filesystem::exists(path + "-journal", missing);
  const bool only_read = options.read_only && !memory && !interrupted_write;
  const int flags = only_read           ? SQLITE_OPEN_READONLY
                    : interrupted_write ? SQLITE_OPEN_READWRITE
                                        : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const std::string target = is_uri && !memory ? uri_of(path, url.options) : path;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(target.c_str(), &handle, target == path ? flags : flags | SQLITE_OPEN_URI, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle, path));
  if (code != SQLITE_OK) {
    db::DbError error = connection->error_of(code, "", 0);
    const int number = handle != nullptr ? sqlite3_system_errno(handle) : 0;
    error.message = "cannot open " + path + ": " + (number != 0 ? std::strerror(number) : error.message);
    error.connection_usable = false;
    if (number == EISDIR || std::filesystem::is_directory(path, missing)) {
      error.message = "cannot open " + path + ": it is a folder";
      error.hint = "name a file in it: sqlite:///" + (std::filesystem::path(path) / "app.db").string();
    }
    return failure(std::move(error));
  }
  sqlite3_extended_result_codes(handle, 1);
  const auto wait = std::min<long long>(options.busy_wait.count(), std::numeric_limits<int>::max());
  sqlite3_busy_timeout(handle, static_cast<int>(wait));
  if (interrupted_write) {
    sqlite3_exec(handle, "SELECT 1 FROM sqlite_master", nullptr, nullptr, nullptr);  // rolls back
    sqlite3_exec(handle, "PRAGMA query_only = ON", nullptr, nullptr, nullptr);
  }
  return std::unique_ptr<db::Connection>(std::move(connection));
}

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(handle_); }

db::DbError SqliteConnection::error_of(int code, const std::string& sql, std::size_t statement_at) const {
  db::DbError error;
  error.message = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  error.sqlstate = std::string(code_name(code));
  error.hint = way_out(code, path_);
  const int primary = code & 0xFF;
  error.retryable = primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
  error.interrupted = primary == SQLITE_INTERRUPT;
  error.connection_usable = primary != SQLITE_NOTADB && primary != SQLITE_CANTOPEN;
  if (handle_ != nullptr && !sql.empty()) {
    if (const int offset = sqlite3_error_offset(handle_); offset >= 0) {
      error.offset = statement_at + static_cast<std::size_t>(offset);
    }
  }
  return error;
}

db::DbResult<void> SqliteConnection::execute_script(const std::string& sql) {
  const char* const begin = sql.c_str();
  const char* const end = begin + sql.size();
  for (const char* at = begin; at < end;) {
    const auto statement_at = static_cast<std::size_t>(at - begin);
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    int code = sqlite3_prepare_v2(handle_, at, static_cast<int>(end - at), &raw, &tail);
    const StatementPtr statement(raw);
    // A rebuild's check runs at the end of its revision. A table that has been dropped since has no rows left to break
    // a key. One that has been renamed since goes unchecked, as every table does with Alembic.
    if (code != SQLITE_OK && is_foreign_key_check(std::string_view(at, static_cast<std::size_t>(end - at))) &&
        trim(std::string_view(tail, static_cast<std::size_t>(end - tail))).empty() &&
        std::string_view(sqlite3_errmsg(handle_)).starts_with("no such table")) {
      return {};
    }
    if (code != SQLITE_OK) return failure(error_of(code, sql, statement_at));
    const bool checks = is_foreign_key_check(std::string_view(at, static_cast<std::size_t>(tail - at)));
    at = tail;
    if (raw == nullptr) continue;  // only blanks or a comment
    while ((code = sqlite3_step(raw)) == SQLITE_ROW) {
      if (checks) return failure(violation_of(raw));
    }
    if (code != SQLITE_DONE) return failure(error_of(code, sql, statement_at));
  }
  return {};
}

Result<void, db::BatchError> SqliteConnection::execute(std::span<const std::string> statements) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    // SQLite would stop reading there, and leave the rest undone without a word.
    if (const auto nul = statements[i].find('\0'); nul != std::string::npos) {
      db::DbError error;
      error.message = "the statement holds a NUL character";
      error.offset = nul;
      return failure(db::BatchError{i, std::move(error)});
    }
    if (auto done = execute_script(statements[i]); !done) return failure(db::BatchError{i, std::move(done.error())});
  }
  return {};
}

db::DbResult<db::ResultSet> SqliteConnection::query(const std::string& sql, std::span<const db::Cell> parameters) {
  sqlite3_stmt* raw = nullptr;
  int code = sqlite3_prepare_v2(handle_, sql.c_str(), static_cast<int>(sql.size()), &raw, nullptr);
  const StatementPtr statement(raw);
  if (code != SQLITE_OK) return failure(error_of(code, sql, 0));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    if (parameters[i]) {
      sqlite3_bind_text(raw, number, parameters[i]->data(), static_cast<int>(parameters[i]->size()), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(raw, number);
    }
  }
  db::ResultSet set;
  if (code = read_rows(raw, set); code != SQLITE_DONE) return failure(error_of(code, sql, 0));
  return set;
}

int SqliteConnection::read_rows(sqlite3_stmt* statement, db::ResultSet& set) const {
  const int columns = sqlite3_column_count(statement);
  for (int c = 0; c < columns; ++c) set.columns.emplace_back(sqlite3_column_name(statement, c));
  const std::int64_t changes_before = sqlite3_total_changes64(handle_);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    std::vector<db::Cell>& row = set.rows.emplace_back();
    std::vector<db::CellKind>& kinds = set.cell_kinds.emplace_back();
    for (int c = 0; c < columns; ++c) {
      kinds.push_back(kind_of(sqlite3_column_type(statement, c)));
      if (sqlite3_column_type(statement, c) == SQLITE_NULL) {
        row.emplace_back(std::nullopt);
      } else {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, c));
        row.emplace_back(std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, c))));
      }
    }
  }
  if (sqlite3_stmt_readonly(statement) == 0) {
    // DDL leaves sqlite3_changes() as the statement before it left it.
    set.affected = sqlite3_total_changes64(handle_) == changes_before ? 0 : sqlite3_changes64(handle_);
  }
  return code;
}

db::DbResult<db::ResultSet> SqliteConnection::run(const std::string& sql) {
  if (const auto nul = sql.find('\0'); nul != std::string::npos) {
    db::DbError error;
    error.message = "the statement holds a NUL character";
    error.offset = nul;
    return failure(std::move(error));
  }
  db::ResultSet last;
  const char* const begin = sql.c_str();
  const char* const end = begin + sql.size();
  for (const char* at = begin; at < end;) {
    const auto statement_at = static_cast<std::size_t>(at - begin);
    sqlite3_stmt* raw = nullptr;
    int code = sqlite3_prepare_v2(handle_, at, static_cast<int>(end - at), &raw, &at);
    const StatementPtr statement(raw);
    if (code != SQLITE_OK) return failure(error_of(code, sql, statement_at));
    if (raw == nullptr) continue;  // only blanks or a comment
    db::ResultSet set;
    if (code = read_rows(raw, set); code != SQLITE_DONE) return failure(error_of(code, sql, statement_at));
    last = std::move(set);
  }
  return last;
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void SqliteConnection::rollback() noexcept {
  if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::cancel() noexcept { sqlite3_interrupt(handle_); }

std::string SqliteConnection::server_version() const { return sqlite3_libversion(); }

}  // namespace bascule::dialects::sqlite

namespace bascule::dialects {

db::DbResult<std::unique_ptr<db::Connection>> SqliteDialect::connect(const db::Url& url,
                                                                     const ConnectOptions& options) const {
  return sqlite::SqliteConnection::open(url, options);
}

db::DbResult<bool> SqliteDialect::table_exists(db::Connection& connection, const QualifiedName& table) const {
  const std::string catalog = table.schema.empty() ? "sqlite_master" : quote(table.schema) + ".sqlite_master";
  const std::vector<db::Cell> parameters = {table.name.text()};
  BASCULE_TRY_ASSIGN(
      const db::ResultSet got,
      connection.query("SELECT 1 FROM " + catalog + " WHERE type = 'table' AND lower(name) = lower(?1)", parameters));
  return !got.rows.empty();
}

}  // namespace bascule::dialects
