#include "formats/prisma/history_table.h"

#include <array>
#include <random>

#include <fmt/core.h>

#include "base/text.h"

namespace bascule::formats::prisma {

namespace {

std::string quoted(const std::string& text) { return "'" + replace_all(text, "'", "''") + "'"; }

constexpr const char* kCreatePostgres =
    "\"_prisma_migrations\" (\n"
    "    id                      VARCHAR(36) PRIMARY KEY NOT NULL,\n"
    "    checksum                VARCHAR(64) NOT NULL,\n"
    "    finished_at             TIMESTAMPTZ,\n"
    "    migration_name          VARCHAR(255) NOT NULL,\n"
    "    logs                    TEXT,\n"
    "    rolled_back_at          TIMESTAMPTZ,\n"
    "    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
    "    applied_steps_count     INTEGER NOT NULL DEFAULT 0\n"
    ")";
/// Letter by letter what Prisma makes: SQLite keeps the text.
constexpr const char* kCreateSqlite =
    "\"_prisma_migrations\" (\n"
    "    \"id\"                    TEXT PRIMARY KEY NOT NULL,\n"
    "    \"checksum\"              TEXT NOT NULL,\n"
    "    \"finished_at\"           DATETIME,\n"
    "    \"migration_name\"        TEXT NOT NULL,\n"
    "    \"logs\"                  TEXT,\n"
    "    \"rolled_back_at\"        DATETIME,\n"
    "    \"started_at\"            DATETIME NOT NULL DEFAULT current_timestamp,\n"
    "    \"applied_steps_count\"   INTEGER UNSIGNED NOT NULL DEFAULT 0\n"
    ")";

/// Milliseconds since 1970. ROUND: julianday gives them as a fraction of a day.
constexpr const char* kNowSqlite = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)";

constexpr const char* kReadPostgres =
    "SELECT id, checksum, migration_name, coalesce(logs, ''), "
    "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'), "
    "to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), "
    "to_char(rolled_back_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), "
    "(extract(epoch FROM finished_at - started_at) * 1000)::bigint "
    "FROM \"_prisma_migrations\" ORDER BY started_at";

/// A time in a column that Prisma fills with milliseconds, and its driver adapters, as they are set, with ISO text.
std::string time_sqlite(const char* column, const char* format) {
  return fmt::format("CASE typeof({0}) WHEN 'integer' THEN strftime('{1}', {0} / 1000.0, 'unixepoch') ELSE {0} END",
                     column, format);
}
std::string read_sqlite() {
  return "SELECT id, checksum, migration_name, coalesce(logs, ''), " + time_sqlite("started_at", "%Y-%m-%d %H:%M:%f") +
         ", " + time_sqlite("finished_at", "%Y-%m-%d %H:%M:%S") + ", " +
         time_sqlite("rolled_back_at", "%Y-%m-%d %H:%M:%S") +
         ", CASE WHEN typeof(finished_at) = 'integer' AND typeof(started_at) = 'integer' "
         "THEN finished_at - started_at END "
         "FROM \"_prisma_migrations\" ORDER BY started_at";
}

constexpr const char* kExistsSqlite =
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'";
constexpr const char* kExistsPostgres =
    "SELECT 1 FROM pg_catalog.pg_class WHERE relname = '_prisma_migrations' AND relkind IN ('r', 'p') "
    "AND relnamespace = to_regnamespace(quote_ident(current_schema()))";
/// Tables that extensions bring do not count for Prisma, of PostGIS by name; one that belongs to any extension is none
/// of the project's either.
constexpr const char* kTablesPostgres =
    "SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') "
    "AND c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND NOT EXISTS "
    "(SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1";
constexpr const char* kTablesSqlite =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";

db::DbResult<bool> table_exists(db::Connection& connection) {
  auto found = connection.query(is_sqlite(connection) ? kExistsSqlite : kExistsPostgres);
  if (!found) return failure(std::move(found.error()));
  return !found->rows.empty();
}

/// The last name of a search path: the schema that was asked for.
std::string last_schema(const std::string& search_path) {
  const auto comma = search_path.rfind(',');
  return std::string(trim(comma == std::string::npos ? search_path : search_path.substr(comma + 1)));
}

}  // namespace

bool is_sqlite(const db::Connection& connection) {
  return connection.begin_sql(db::TransactionStart::kWrite).find("IMMEDIATE") != std::string::npos;
}

db::DbResult<TableState> read_table(db::Connection& connection) {
  const bool sqlite = is_sqlite(connection);
  TableState out;
  BASCULE_TRY_ASSIGN(out.exists, table_exists(connection));
  if (!out.exists) {
    BASCULE_TRY_ASSIGN(auto tables, connection.query(sqlite ? kTablesSqlite : kTablesPostgres));
    for (auto& row : tables.rows) out.tables.push_back(row.at(0).value_or(""));
    if (sqlite) return out;
    BASCULE_TRY_ASSIGN(auto path, connection.query("SELECT current_setting('search_path') "
                                                   "WHERE current_schema() IS NULL"));
    if (!path.rows.empty()) out.missing_schema = last_schema(path.rows.front().at(0).value_or("public"));
    return out;
  }
  BASCULE_TRY_ASSIGN(auto rows, connection.query(sqlite ? read_sqlite() : kReadPostgres));
  for (auto& row : rows.rows) {
    Record& record = out.records.emplace_back();
    record.id = row.at(0).value_or("");
    record.checksum = row.at(1).value_or("");
    record.name = row.at(2).value_or("");
    record.logs = row.at(3).value_or("");
    record.started_at = row.at(4).value_or("");
    record.finished = row.at(5).has_value();
    record.applied_at = row.at(5).value_or("");
    record.rolled_back = row.at(6).has_value();
    if (row.at(7)) record.took_milliseconds = std::strtoll(row.at(7)->c_str(), nullptr, 10);
  }
  return out;
}

std::string Counts::text() const { return fmt::format("{} {} {}", rows, finished, rolled_back); }

Counts counts_of(const std::vector<Record>& records) {
  Counts out;
  out.rows = records.size();
  for (const Record& record : records) {
    out.finished += record.finished ? 1U : 0U;
    out.rolled_back += record.rolled_back ? 1U : 0U;
  }
  return out;
}

db::DbResult<std::string> read_counts(db::Connection& connection) {
  BASCULE_TRY_ASSIGN(const bool exists, table_exists(connection));
  if (!exists) return std::string("none");
  BASCULE_TRY_ASSIGN(auto rows, connection.query("SELECT count(*), count(finished_at), count(rolled_back_at) "
                                                 "FROM \"_prisma_migrations\""));
  const auto& row = rows.rows.at(0);
  return row.at(0).value_or("") + " " + row.at(1).value_or("") + " " + row.at(2).value_or("");
}

const char* HistorySql::now() const { return sqlite_ ? kNowSqlite : "clock_timestamp()"; }

/// On SQLite the run loop puts in how long ago that was.
const char* HistorySql::transaction_began() const {
  static const std::string kBegan = std::string(kNowSqlite) + " - " + std::string(plan::kTookMilliseconds);
  return sqlite_ ? kBegan.c_str() : "now()";
}

std::string HistorySql::create(bool if_not_exists) const {
  return std::string("CREATE TABLE ") + (if_not_exists ? "IF NOT EXISTS " : "") +
         (sqlite_ ? kCreateSqlite : kCreatePostgres);
}

std::string HistorySql::insert_done(const std::string& id, const std::string& name, const std::string& checksum) const {
  return fmt::format(
      "INSERT INTO \"_prisma_migrations\" (id, checksum, finished_at, migration_name, started_at, applied_steps_count) "
      "VALUES ({}, {}, {}, {}, {}, 1)",
      quoted(id), quoted(checksum), now(), quoted(name), transaction_began());
}

std::string HistorySql::insert_started(const std::string& id, const std::string& name,
                                       const std::string& checksum) const {
  return fmt::format(
      "INSERT INTO \"_prisma_migrations\" (id, checksum, migration_name, started_at) VALUES ({}, {}, {}, {})",
      quoted(id), quoted(checksum), quoted(name), now());
}

std::string HistorySql::finish(const std::string& id) const {
  return fmt::format(
      "UPDATE \"_prisma_migrations\" SET applied_steps_count = applied_steps_count + 1, finished_at = {} WHERE id = {}",
      now(), quoted(id));
}

std::vector<plan::FailureNote> HistorySql::on_failure(const std::string& id, const std::string& name,
                                                      const std::string& checksum,
                                                      const std::string& missing_schema) const {
  std::vector<plan::FailureNote> notes;
  if (!missing_schema.empty()) notes.push_back({"CREATE SCHEMA IF NOT EXISTS " + missing_schema, false, true});
  notes.push_back({create(true), false, true});
  const std::string text =
      "A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more "
      "about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n"
      "Migration name: " +
      name + "\n\nDatabase error:\nERROR: ";
  notes.push_back(
      {fmt::format("INSERT INTO \"_prisma_migrations\" (id, checksum, migration_name, started_at, logs) "
                   "VALUES ({}, {}, {}, {}, {} || {}) ON CONFLICT (id) DO UPDATE SET logs = excluded.logs",
                   quoted(id), quoted(checksum), quoted(name), now(), quoted(text), sqlite_ ? "?1" : "$1::text"),
       true, true});
  return notes;
}

std::string HistorySql::insert_resolved(const std::string& id, const std::string& name,
                                        const std::string& checksum) const {
  return fmt::format(
      "INSERT INTO \"_prisma_migrations\" (id, checksum, logs, started_at, finished_at, migration_name) "
      "VALUES ({}, {}, '', {}, {}, {})",
      quoted(id), quoted(checksum), sqlite_ ? kNowSqlite : "now()", sqlite_ ? kNowSqlite : "now()", quoted(name));
}

std::string HistorySql::roll_back(const std::string& id) const {
  return fmt::format("UPDATE \"_prisma_migrations\" SET rolled_back_at = {} WHERE id = {}", now(), quoted(id));
}

std::string HistorySql::remove(const std::string& name) const {
  return fmt::format("DELETE FROM \"_prisma_migrations\" WHERE migration_name = {}", quoted(name));
}

std::string make_uuid() {
  static std::random_device device;
  std::array<unsigned, 16> bytes{};
  for (unsigned& byte : bytes) byte = device() & 0xFFU;
  bytes[6] = (bytes[6] & 0x0FU) | 0x40U;
  bytes[8] = (bytes[8] & 0x3FU) | 0x80U;
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += fmt::format("{:02x}", bytes[i]);
  }
  return out;
}

}  // namespace bascule::formats::prisma
