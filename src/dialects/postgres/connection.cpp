#include "dialects/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <thread>
#include <utility>

#include "base/text.h"
#include "dialects/postgres/postgres.h"
#include "syntax/sql/statements.h"

namespace bascule::dialects::postgres {

namespace {

/// The key of the lock that keeps two runs apart: "bascule" in ASCII. Never change it: versions must exclude each
/// other.
constexpr const char* kRunLockKey = "27693510803812453";

/// Statements in one round trip; bounds what both sides must buffer.
constexpr std::size_t kPipelineLength = 256;

struct ResultDeleter {
  const Libpq* pq;
  void operator()(PGresult* result) const { pq->PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

std::string field(const Libpq& pq, const PGresult* result, int code) {
  const char* text = pq.PQresultErrorField(result, code);
  return text != nullptr ? text : "";
}

/// libpq counts characters from 1; we count bytes from 0.
std::size_t byte_offset(std::string_view text, std::size_t character) {
  std::size_t offset = 0;
  for (std::size_t seen = 1; offset < text.size() && seen < character; ++seen) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) ++offset;
  }
  return offset;
}

void receive_notice(void* sink, const PGresult* result) {
  const auto pq = Libpq::load();
  if (!pq || sink == nullptr) return;
  // A name that is cut is only a NOTICE to the server; to the author of a migration it is a warning.
  constexpr std::string_view kNameTooLong = "42622";
  const bool cut = field(**pq, result, PG_DIAG_SQLSTATE) == kNameTooLong;
  static_cast<db::NoticeSink*>(sink)->notice(cut ? "WARNING" : field(**pq, result, PG_DIAG_SEVERITY_NONLOCALIZED),
                                             field(**pq, result, PG_DIAG_MESSAGE_PRIMARY));
}

void drop_notice(void*, const PGresult*) {}

/// A transaction must be tried again, nothing was changed: serialization, deadlock, lock not available, cancelled by
/// lock_timeout (all in classes 40 and 55P03).
bool is_retryable(std::string_view sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03";
}

/// The server ended the session with this error (FATAL, PANIC): it goes away, though the socket may not know it yet.
bool ends_session(const Libpq& pq, const PGresult* result) {
  const std::string severity = field(pq, result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

/// COPY ... FROM STDIN or TO STDOUT, which a pipeline cannot carry. May say yes too often: it only costs a round trip.
bool may_be_copy(const std::string& sql) {
  const std::string lower = to_lower_ascii(sql);
  return lower.find("copy") != std::string::npos &&
         (lower.find("stdin") != std::string::npos || lower.find("stdout") != std::string::npos);
}

/// COPY ... FROM stdin; with its rows behind it, as a script has them; nullopt: the text is something else.
std::optional<syntax::sql::StatementSpan> copy_with_data(const std::string& sql) {
  if (!may_be_copy(sql)) return std::nullopt;
  const syntax::sql::Script script = syntax::sql::split(sql, syntax::sql::Flavour::kPostgres);
  if (script.problem || script.statements.size() != 1 || !script.statements[0].copy_from_stdin) return std::nullopt;
  if (sql.find("\\.") == std::string::npos) return std::nullopt;  // nothing follows: it would read a client's input
  return script.statements[0];
}

/// libpq takes C strings: what stands behind a NUL would silently not be run.
db::DbError nul_error(const std::string& sql) {
  db::DbError error;
  error.message = "the statement holds a NUL character";
  error.offset = sql.find('\0');
  return error;
}

/// By the types' OIDs, which never change: src/include/catalog/pg_type.dat.
db::CellType cell_type(Oid type) {
  using db::CellKind;
  switch (type) {
    case 16:
      return {CellKind::kBoolean, false};
    case 1000:
      return {CellKind::kBoolean, true};
    case 20:
    case 21:
    case 23:
    case 26:
      return {CellKind::kInteger, false};
    case 1005:
    case 1007:
    case 1016:
    case 1028:
      return {CellKind::kInteger, true};
    case 700:
    case 701:
      return {CellKind::kReal, false};
    case 1021:
    case 1022:
      return {CellKind::kReal, true};
    case 1700:
      return {CellKind::kNumeric, false};
    case 1231:
      return {CellKind::kNumeric, true};
    case 17:
      return {CellKind::kBytes, false};
    case 1001:
      return {CellKind::kBytes, true};
    case 1082:
      return {CellKind::kDate, false};
    case 1182:
      return {CellKind::kDate, true};
    case 1083:
    case 1266:
      return {CellKind::kTime, false};
    case 1114:
      return {CellKind::kTimestamp, false};
    case 1115:
      return {CellKind::kTimestamp, true};
    case 1184:
      return {CellKind::kZonedTimestamp, false};
    case 1185:
      return {CellKind::kZonedTimestamp, true};
    case 1186:
      return {CellKind::kInterval, false};
    case 2950:
      return {CellKind::kUuid, false};
    case 2951:
      return {CellKind::kUuid, true};
    case 114:
    case 3802:
      return {CellKind::kJson, false};
    case 199:
    case 3807:
      return {CellKind::kJson, true};
    case 1002:
    case 1003:
    case 1009:
    case 1014:
    case 1015:
      return {CellKind::kText, true};
    default:
      return {CellKind::kText, false};  // an open set
  }
}

bool ends_transaction(const std::string& sql) { return iequals_ascii(trim(sql), "COMMIT"); }

std::string first_line(std::string_view text) {
  text = trim(text);
  return std::string(text.substr(0, text.find('\n')));
}

/// What libpq itself understands of a URL's options; the rest belongs to Python drivers or to Prisma.
std::set<std::string> known_options(const Libpq& pq) {
  std::set<std::string> names;
  PQconninfoOption* defaults = pq.PQconndefaults();
  for (PQconninfoOption* option = defaults; option != nullptr && option->keyword != nullptr; ++option) {
    names.insert(option->keyword);
  }
  if (defaults != nullptr) pq.PQconninfoFree(defaults);
  return names;
}

std::string search_path_option(const std::string& schema) {
  std::string quoted = "\"" + replace_all(schema, "\"", "\"\"") + "\"";
  // In libpq's options a blank ends a word unless a backslash stands before it.
  quoted = replace_all(replace_all(quoted, "\\", "\\\\"), " ", "\\ ");
  return "-csearch_path=" + quoted;
}

}  // namespace

PostgresConnection::PostgresConnection(const Libpq& pq, PGconn* connection, db::NoticeSink* notices)
    : pq_(pq), connection_(connection), canceller_(pq.PQgetCancel(connection)), notices_(notices) {
  pq_.PQsetNoticeReceiver(connection_, notices_ != nullptr ? receive_notice : drop_notice, notices_);
}

PostgresConnection::~PostgresConnection() {
  if (canceller_ != nullptr) pq_.PQfreeCancel(canceller_);
  pq_.PQfinish(connection_);
}

db::DbResult<std::unique_ptr<db::Connection>> PostgresConnection::open(const db::Url& url,
                                                                       const ConnectOptions& options) {
  auto loaded = Libpq::load();
  if (!loaded) {
    db::DbError error;
    error.message = loaded.error();
    error.hint = "install it: apt install libpq5";
    error.connection_usable = false;
    return failure(std::move(error));
  }
  const Libpq& pq = **loaded;
  std::map<std::string, std::string> parameters;
  const std::set<std::string> known = known_options(pq);
  for (const auto& [key, value] : url.options) {
    if (known.contains(key)) parameters[key] = value;
  }
  if (const auto schema = url.options.find("schema"); schema != url.options.end()) {
    std::string& startup = parameters["options"];
    startup += (startup.empty() ? "" : " ") + search_path_option(schema->second);
  }
  const auto set = [&](const char* key, const std::string& value) {
    if (!value.empty()) parameters[key] = value;
  };
  set("host", url.host);
  set("port", url.port);
  set("user", url.user);
  set("password", url.password);
  set("dbname", url.database);
  parameters["client_encoding"] = "UTF8";
  parameters.try_emplace("application_name", "bascule");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(options.connect_timeout).count();
  parameters.try_emplace("connect_timeout", std::to_string(std::max<long long>(seconds, 2)));

  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* raw = pq.PQconnectdbParams(keys.data(), values.data(), 0);
  if (raw == nullptr || pq.PQstatus(raw) != CONNECTION_OK) {
    db::DbError error;
    const std::string said = raw != nullptr ? std::string(trim(pq.PQerrorMessage(raw))) : "out of memory";
    error.message = first_line(said);
    const std::string_view rest = std::string_view(said).substr(error.message.size());
    for (std::string_view line : split(rest, '\n')) {
      line = trim(line);
      if (!line.empty()) error.detail += (error.detail.empty() ? "" : "\n") + std::string(line);
    }
    error.connection_usable = false;
    if (raw != nullptr) pq.PQfinish(raw);
    return failure(std::move(error));
  }
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(pq, raw, options.notices));
  const char* strings = pq.PQparameterStatus(raw, "standard_conforming_strings");
  if (strings != nullptr && std::string_view(strings) != "on") {
    auto done = db::execute_one(*connection, "SET standard_conforming_strings = on");
    if (!done) return failure(std::move(done).error());
  }
  return std::unique_ptr<db::Connection>(std::move(connection));
}

db::DbError PostgresConnection::connection_error() const {
  db::DbError error;
  error.message = first_line(pq_.PQerrorMessage(connection_));
  if (error.message.empty()) error.message = "the connection to the server was lost";
  error.connection_usable = pq_.PQstatus(connection_) == CONNECTION_OK;
  return error;
}

db::DbError PostgresConnection::error_of(const PGresult* result, const std::string& sql) const {
  db::DbError error;
  error.sqlstate = field(pq_, result, PG_DIAG_SQLSTATE);
  error.message = field(pq_, result, PG_DIAG_MESSAGE_PRIMARY);
  error.detail = field(pq_, result, PG_DIAG_MESSAGE_DETAIL);
  error.hint = field(pq_, result, PG_DIAG_MESSAGE_HINT);
  error.context = field(pq_, result, PG_DIAG_CONTEXT);
  if (const std::string position = field(pq_, result, PG_DIAG_STATEMENT_POSITION); !position.empty()) {
    error.offset = byte_offset(sql, static_cast<std::size_t>(std::stoul(position)));
  }
  if (error.message.empty()) error.message = first_line(pq_.PQresultErrorMessage(result));
  error.connection_usable = pq_.PQstatus(connection_) == CONNECTION_OK && !ends_session(pq_, result);
  error.retryable = is_retryable(error.sqlstate);
  error.interrupted = error.sqlstate == "57014";
  return error;
}

db::DbResult<void> PostgresConnection::send_all() {
  // In non-blocking mode both directions are served: a server that is itself blocked on sending us rows would
  // otherwise never read the rest of what we send.
  for (int pending = pq_.PQflush(connection_); pending != 0; pending = pq_.PQflush(connection_)) {
    if (pending < 0) return failure(connection_error());
    pollfd socket{pq_.PQsocket(connection_), POLLIN | POLLOUT, 0};
    if (poll(&socket, 1, -1) < 0 && errno != EINTR) return failure(connection_error());
    if ((socket.revents & (POLLIN | POLLHUP | POLLERR)) != 0 && pq_.PQconsumeInput(connection_) == 0) {
      return failure(connection_error());
    }
  }
  return {};
}

Result<void, db::BatchError> PostgresConnection::execute_pipelined(std::span<const std::string> statements) {
  const auto lost = [&](std::size_t at) {
    db::DbError error = connection_error();
    error.connection_usable = false;
    error.outcome_known =
        std::none_of(statements.begin() + static_cast<std::ptrdiff_t>(at), statements.end(), ends_transaction);
    return failure(db::BatchError{at, std::move(error)});
  };
  pq_.PQsetnonblocking(connection_, 1);
  bool sent = pq_.PQenterPipelineMode(connection_) == 1;
  for (std::size_t i = 0; sent && i < statements.size(); ++i) {
    sent = pq_.PQsendQueryParams(connection_, statements[i].c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
  }
  sent = sent && pq_.PQpipelineSync(connection_) == 1;
  if (!sent || !send_all()) return lost(0);

  std::optional<db::BatchError> failed;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    for (ResultPtr result(pq_.PQgetResult(connection_), {&pq_}); result != nullptr;
         result.reset(pq_.PQgetResult(connection_))) {
      const ExecStatusType status = pq_.PQresultStatus(result.get());
      if (!failed && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY &&
          status != PGRES_PIPELINE_ABORTED) {
        failed = db::BatchError{i, error_of(result.get(), statements[i])};
      }
      if (pq_.PQstatus(connection_) != CONNECTION_OK) break;
    }
    if (pq_.PQstatus(connection_) != CONNECTION_OK) {
      if (!failed) return lost(i);
      // The server said itself at which statement it stopped; what follows that one was not done.
      failed->error.connection_usable = false;
      failed->error.outcome_known = !ends_transaction(statements[failed->failed_at]);
      return failure(std::move(*failed));
    }
  }
  ResultPtr sync(pq_.PQgetResult(connection_), {&pq_});
  pq_.PQexitPipelineMode(connection_);
  pq_.PQsetnonblocking(connection_, 0);
  if (failed) return failure(std::move(*failed));
  return {};
}

db::DbResult<void> PostgresConnection::execute_script(const std::string& sql, db::ResultSet* last) {
  const auto copy = copy_with_data(sql);
  const std::string sent = copy ? std::string(copy->text) : sql;
  if (pq_.PQsendQuery(connection_, sent.c_str()) != 1) return failure(connection_error());
  std::optional<db::DbError> failed;
  for (ResultPtr result(pq_.PQgetResult(connection_), {&pq_}); result != nullptr;
       result.reset(pq_.PQgetResult(connection_))) {
    const ExecStatusType status = pq_.PQresultStatus(result.get());
    if (status == PGRES_COPY_IN) {
      if (copy) {
        pq_.PQputCopyData(connection_, copy->copy_data.data(), static_cast<int>(copy->copy_data.size()));
        pq_.PQputCopyEnd(connection_, nullptr);
      } else {
        pq_.PQputCopyEnd(connection_, "COPY FROM STDIN has no data in a migration");
      }
    } else if (status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      // Nobody reads it; the only way out of this state that keeps no rows is to give the connection up.
      cancel();
      db::DbError error;
      error.message = "COPY TO STDOUT has nowhere to go in a migration";
      error.connection_usable = false;
      return failure(std::move(error));
    } else if (!failed && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
      failed = error_of(result.get(), sql);
      failed->outcome_known = failed->connection_usable || in_transaction();
    } else if (!failed && last != nullptr) {
      *last = rows_of(result.get());
    }
    if (pq_.PQstatus(connection_) != CONNECTION_OK) break;
  }
  if (pq_.PQstatus(connection_) != CONNECTION_OK) {
    db::DbError error = failed ? std::move(*failed) : connection_error();
    error.connection_usable = false;
    return failure(std::move(error));
  }
  if (failed) return failure(std::move(*failed));
  return {};
}

Result<void, db::BatchError> PostgresConnection::execute(std::span<const std::string> statements) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].find('\0') != std::string::npos) return failure(db::BatchError{i, nul_error(statements[i])});
  }
  std::size_t i = 0;
  while (i < statements.size()) {
    // The extended protocol, and so a pipeline, takes one statement a text; a script goes alone, by the simple one.
    std::size_t end = i;
    while (end < statements.size() && end - i < kPipelineLength && !may_be_copy(statements[end]) &&
           syntax::sql::is_single_statement(statements[end], syntax::sql::Flavour::kPostgres)) {
      ++end;
    }
    if (end - i >= 2) {
      if (auto done = execute_pipelined(statements.subspan(i, end - i)); !done) {
        done.error().failed_at += i;
        return done;
      }
      i = end;
    } else {
      const bool inside = in_transaction();
      if (auto done = execute_script(statements[i]); !done) {
        db::DbError error = std::move(done.error());
        if (!error.connection_usable) error.outcome_known = inside && !ends_transaction(statements[i]);
        return failure(db::BatchError{i, std::move(error)});
      }
      ++i;
    }
  }
  return {};
}

db::DbResult<db::ResultSet> PostgresConnection::query(const std::string& sql, std::span<const db::Cell> parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const db::Cell& cell : parameters) values.push_back(cell ? cell->c_str() : nullptr);
  ResultPtr result(pq_.PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                                    nullptr, nullptr, 0),
                   {&pq_});
  const ExecStatusType status = result ? pq_.PQresultStatus(result.get()) : PGRES_FATAL_ERROR;
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    return failure(result ? error_of(result.get(), sql) : connection_error());
  }
  return rows_of(result.get());
}

db::ResultSet PostgresConnection::rows_of(const PGresult* result) const {
  db::ResultSet set;
  const int columns = pq_.PQnfields(result);
  for (int c = 0; c < columns; ++c) {
    set.columns.emplace_back(pq_.PQfname(result, c));
    set.column_types.push_back(cell_type(pq_.PQftype(result, c)));
  }
  const int rows = pq_.PQntuples(result);
  set.rows.reserve(static_cast<std::size_t>(rows));
  for (int r = 0; r < rows; ++r) {
    std::vector<db::Cell>& row = set.rows.emplace_back();
    row.reserve(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c) {
      if (pq_.PQgetisnull(result, r, c) != 0) {
        row.emplace_back(std::nullopt);
      } else {
        row.emplace_back(
            std::string(pq_.PQgetvalue(result, r, c), static_cast<std::size_t>(pq_.PQgetlength(result, r, c))));
      }
    }
  }
  // libpq counts in a text of its own; empty: the command says nothing of rows.
  const std::string count = pq_.PQcmdTuples(const_cast<PGresult*>(result));
  if (!count.empty()) set.affected = std::stoll(count);
  return set;
}

db::DbResult<db::ResultSet> PostgresConnection::run(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) return failure(nul_error(sql));
  db::ResultSet last;
  if (auto done = execute_script(sql, &last); !done) return failure(std::move(done).error());
  return last;
}

bool PostgresConnection::in_transaction() const {
  const PGTransactionStatusType status = pq_.PQtransactionStatus(connection_);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

void PostgresConnection::rollback() noexcept {
  if (pq_.PQstatus(connection_) != CONNECTION_OK || !in_transaction()) return;
  ResultPtr result(pq_.PQexec(connection_, "ROLLBACK"), {&pq_});
}

db::DbResult<db::RunLock> PostgresConnection::acquire_run_lock(std::chrono::milliseconds wait) {
  // Polled, not waited for in the server: a session that waits inside a statement holds a snapshot, and the other run's
  // CREATE INDEX CONCURRENTLY would wait for that snapshot to go away: a deadlock of our own making.
  const std::string sql = std::string("SELECT pg_catalog.pg_try_advisory_lock(") + kRunLockKey + ")";
  cancelled_ = false;
  const auto deadline = std::chrono::steady_clock::now() + wait;
  std::chrono::milliseconds pause(20);
  while (true) {
    BASCULE_TRY_ASSIGN(const db::ResultSet got, query(sql, {}));
    if (!got.rows.empty() && got.rows[0][0] == "t") return db::RunLock::kHeld;
    if (std::chrono::steady_clock::now() + pause > deadline) return db::RunLock::kBusy;
    std::this_thread::sleep_for(pause);
    if (cancelled_) {
      db::DbError error;
      error.message = "the wait was cancelled";
      error.interrupted = true;
      return failure(std::move(error));
    }
    pause = std::min(pause * 2, std::chrono::milliseconds(250));
  }
}

void PostgresConnection::release_run_lock() noexcept {
  if (pq_.PQstatus(connection_) != CONNECTION_OK) return;
  const std::string sql = std::string("SELECT pg_catalog.pg_advisory_unlock(") + kRunLockKey + ")";
  ResultPtr result(pq_.PQexec(connection_, sql.c_str()), {&pq_});
}

void PostgresConnection::cancel() noexcept {
  cancelled_ = true;
  char ignored[256];
  if (canceller_ != nullptr) pq_.PQcancel(canceller_, ignored, sizeof ignored);
}

std::string PostgresConnection::server_version() const {
  const char* text = pq_.PQparameterStatus(connection_, "server_version");
  return text != nullptr ? text : "";
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

db::DbResult<std::unique_ptr<db::Connection>> PostgresDialect::connect(const db::Url& url,
                                                                       const ConnectOptions& options) const {
  return postgres::PostgresConnection::open(url, options);
}

db::DbResult<bool> PostgresDialect::table_exists(db::Connection& connection, const QualifiedName& table) const {
  const std::vector<db::Cell> parameters = {quote(table)};
  BASCULE_TRY_ASSIGN(const db::ResultSet got,
                     connection.query("SELECT pg_catalog.to_regclass($1) IS NOT NULL", parameters));
  return !got.rows.empty() && got.rows[0][0] == "t";
}

db::DbResult<std::optional<std::size_t>> PostgresDialect::text_length(db::Connection& connection,
                                                                      const QualifiedName& table,
                                                                      const Identifier& column) const {
  // The type modifier of VARCHAR(n) is n + 4 (VARHDRSZ); -1: there is no n.
  const db::Cell parameters[] = {quote(table), column.text()};
  BASCULE_TRY_ASSIGN(const db::ResultSet got,
                     connection.query("SELECT atttypmod - 4 FROM pg_catalog.pg_attribute WHERE attrelid = "
                                      "pg_catalog.to_regclass($1) AND attname = $2 AND atttypmod > 4",
                                      parameters));
  if (got.rows.empty() || !got.rows[0][0]) return std::optional<std::size_t>();
  return std::optional<std::size_t>(std::stoul(*got.rows[0][0]));
}

}  // namespace bascule::dialects
