#include "formats/flyway/history_table.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace bascule::formats::flyway {

namespace {

/// SQLite is the one that takes its write lock when a transaction begins.
Family family_of(const db::Connection& connection) {
  return connection.begin_sql(db::TransactionStart::kWrite).find("IMMEDIATE") == std::string::npos ? Family::kPostgres
                                                                                                   : Family::kSqlite;
}

std::int64_t number(const db::Cell& cell) {
  std::int64_t value = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), value);
  return value;
}

bool truth(const db::Cell& cell) { return cell && (*cell == "t" || *cell == "1" || *cell == "true"); }

std::string text(const db::Cell& cell) { return cell.value_or(""); }

std::string list_of_values(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  quoted.reserve(values.size());
  for (const std::string& value : values) quoted.push_back(quoted_value(value));
  return join(quoted, ", ");
}

std::string default_schema_sql(const Settings& settings) {
  const std::vector<std::string> schemas = configured_schemas(settings);
  return schemas.empty() ? "pg_catalog.current_schema()" : quoted_value(schemas.front()) + "::text";
}

db::DbResult<void> read_rows(db::Connection& connection, const std::string& table, Surroundings& out) {
  BASCULE_TRY_ASSIGN(const db::ResultSet found,
                     connection.query("SELECT \"installed_rank\", \"version\", \"description\", \"type\", \"script\", "
                                      "\"checksum\", \"installed_by\", \"installed_on\", \"execution_time\", "
                                      "\"success\" FROM " +
                                      table + " ORDER BY \"installed_rank\""));
  out.rows.reserve(found.rows.size());
  for (const auto& cells : found.rows) {
    HistoryRow& row = out.rows.emplace_back();
    row.rank = number(cells[0]);
    if (cells[1]) {
      row.version = Version::parse(*cells[1]);
      if (!row.version) out.bad_rows.push_back(*cells[1]);
    }
    row.description = text(cells[2]);
    row.type = text(cells[3]);
    if (row.type == "SPRING_JDBC") row.type = "JDBC";
    row.script = text(cells[4]);
    if (cells[5]) row.checksum = number(cells[5]);
    row.installed_by = text(cells[6]);
    row.installed_on = text(cells[7]);
    row.milliseconds = number(cells[8]);
    row.success = truth(cells[9]);
  }
  return {};
}

/// As Flyway judges it: tables, views, sequences, types and functions that no extension brought.
std::string filled_schemas_sql(const std::string& names) {
  const std::string own = " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.deptype = 'e' AND d.objid = ";
  return "SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname IN (" + names +
         ") AND (EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relkind IN "
         "('r', 'v', 'S', 't')" +
         own +
         "c.oid)) OR EXISTS (SELECT 1 FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid AND t.typcategory NOT IN "
         "('A', 'C')" +
         own + "t.oid)) OR EXISTS (SELECT 1 FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid" + own +
         "p.oid))) ORDER BY 1";
}

db::DbResult<Surroundings> look_around_postgres(db::Connection& connection, const Settings& settings) {
  Surroundings out;
  out.family = Family::kPostgres;
  const std::vector<std::string> schemas = configured_schemas(settings);
  const std::string schema = default_schema_sql(settings);
  BASCULE_TRY_ASSIGN(
      const db::ResultSet about,
      connection.query("SELECT " + schema +
                       ", current_user, pg_catalog.current_database(), pg_catalog.current_setting('search_path'), "
                       "EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
                       "c.relnamespace WHERE n.nspname = " +
                       schema + " AND c.relname = " + quoted_value(settings.table) + " AND c.relkind = 'r')"));
  const auto& cells = about.rows.at(0);
  out.schema = text(cells[0]);
  out.user = text(cells[1]);
  out.database = text(cells[2]);
  out.search_path = text(cells[3]);
  out.table_exists = truth(cells[4]);
  if (out.table_exists) {
    BASCULE_TRY(read_rows(connection, quoted_name(out.schema) + "." + quoted_name(settings.table), out));
  }
  if (!schemas.empty()) {
    BASCULE_TRY_ASSIGN(const db::ResultSet there,
                       connection.query("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname IN (" +
                                        list_of_values(schemas) + ")"));
    for (const std::string& one : schemas) {
      const bool found =
          std::any_of(there.rows.begin(), there.rows.end(), [&](const auto& row) { return row[0] == one; });
      if (!found) out.missing_schemas.push_back(one);
    }
  }
  if (!out.table_exists && !out.schema.empty()) {
    BASCULE_TRY_ASSIGN(const db::ResultSet filled,
                       connection.query(filled_schemas_sql(
                           list_of_values(schemas.empty() ? std::vector<std::string>{out.schema} : schemas))));
    for (const auto& row : filled.rows) out.filled_schemas.push_back(text(row[0]));
  }
  return out;
}

db::DbResult<Surroundings> look_around_sqlite(db::Connection& connection, const Settings& settings) {
  Surroundings out;
  out.family = Family::kSqlite;
  out.schema = "main";
  BASCULE_TRY_ASSIGN(const db::ResultSet tables,
                     connection.query("SELECT \"name\" FROM \"main\".sqlite_master WHERE type = 'table'"));
  bool filled = false;
  for (const auto& row : tables.rows) {
    if (text(row[0]) == settings.table) out.table_exists = true;
    if (text(row[0]) != "android_metadata" && text(row[0]) != "sqlite_sequence") filled = true;
  }
  if (out.table_exists) {
    BASCULE_TRY(read_rows(connection, "\"main\"." + quoted_name(settings.table), out));
  } else if (filled) {
    out.filled_schemas.emplace_back("main");
  }
  return out;
}

}  // namespace

std::string quoted_name(std::string_view name) { return "\"" + replace_all(name, "\"", "\"\"") + "\""; }
std::string quoted_value(std::string_view value) { return "'" + replace_all(value, "'", "''") + "'"; }

std::vector<std::string> configured_schemas(const Settings& settings) {
  std::vector<std::string> out = settings.schemas;
  if (settings.default_schema) {
    out.erase(std::remove(out.begin(), out.end(), *settings.default_schema), out.end());
    out.insert(out.begin(), *settings.default_schema);
  }
  return out;
}

db::DbResult<Surroundings> look_around(db::Connection& connection, const Settings& settings) {
  return family_of(connection) == Family::kSqlite ? look_around_sqlite(connection, settings)
                                                  : look_around_postgres(connection, settings);
}

std::string state_text(bool exists, std::size_t count, std::int64_t rank) {
  return exists ? std::to_string(count) + ":" + std::to_string(rank) : "-";
}

db::DbResult<std::string> read_state(db::Connection& connection, const Settings& settings) {
  const bool sqlite = family_of(connection) == Family::kSqlite;
  std::string schema = "main";
  const std::string look =
      sqlite
          ? "SELECT 'main' FROM \"main\".sqlite_master WHERE type = 'table' AND name = " + quoted_value(settings.table)
          : "SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = " +
                default_schema_sql(settings) + " AND c.relname = " + quoted_value(settings.table) +
                " AND c.relkind = 'r'";
  BASCULE_TRY_ASSIGN(const db::ResultSet there, connection.query(look));
  if (there.rows.empty()) return state_text(false, 0, 0);
  schema = text(there.rows[0][0]);
  BASCULE_TRY_ASSIGN(const db::ResultSet counted,
                     connection.query("SELECT count(*), coalesce(max(\"installed_rank\"), 0) FROM " +
                                      quoted_name(schema) + "." + quoted_name(settings.table)));
  return state_text(true, static_cast<std::size_t>(number(counted.rows[0][0])), number(counted.rows[0][1]));
}

std::string HistoryTable::name() const { return quoted_name(schema_) + "." + quoted_name(settings_.table); }

std::string HistoryTable::elapsed_sql() const {
  return family_ == Family::kPostgres
             ? "(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - pg_catalog.now()) * 1000)::int"
             : "";
}

// The texts of CREATE TABLE are Flyway's to the blank: SQLite keeps them in its schema.
std::vector<std::string> HistoryTable::create_sql(const HistoryRow* baseline) const {
  const bool sqlite = family_ == Family::kSqlite;
  const std::string tablespace =
      settings_.tablespace && !sqlite ? " TABLESPACE " + quoted_name(*settings_.tablespace) : "";
  std::vector<std::string> out;
  out.push_back(
      "CREATE TABLE " + name() + " (\n    \"installed_rank\" INT NOT NULL" + (sqlite ? " PRIMARY KEY" : "") +
      ",\n    \"version\" VARCHAR(50),\n    \"description\" VARCHAR(200) NOT NULL,\n"
      "    \"type\" VARCHAR(20) NOT NULL,\n    \"script\" VARCHAR(1000) NOT NULL,\n    \"checksum\" " +
      (sqlite ? "INT" : "INTEGER") + ",\n    \"installed_by\" VARCHAR(100) NOT NULL,\n    \"installed_on\" " +
      (sqlite ? "TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now'))" : "TIMESTAMP NOT NULL DEFAULT now()") +
      ",\n    \"execution_time\" " + (sqlite ? "INT" : "INTEGER") + " NOT NULL,\n    \"success\" BOOLEAN NOT NULL\n)" +
      tablespace);
  if (baseline != nullptr) out.push_back(insert_sql(*baseline, "0"));
  if (!sqlite) {
    out.push_back("ALTER TABLE " + name() + " ADD CONSTRAINT " + quoted_name(settings_.table + "_pk") +
                  " PRIMARY KEY (\"installed_rank\")" + (tablespace.empty() ? "" : " USING INDEX" + tablespace));
  }
  const std::string index = quoted_name(settings_.table + "_s_idx");
  out.push_back("CREATE INDEX " + (sqlite ? quoted_name(schema_) + "." + index : index) + " ON " +
                (sqlite ? quoted_name(settings_.table) : name()) + " (\"success\")" + tablespace);
  return out;
}

std::string HistoryTable::insert_sql(const HistoryRow& row, const std::string& milliseconds) const {
  const bool sqlite = family_ == Family::kSqlite;
  std::string by = sqlite ? "''" : "current_user";
  if (settings_.installed_by) by = quoted_value(*settings_.installed_by);
  const std::string yes = sqlite ? "1" : "TRUE";
  const std::string no = sqlite ? "0" : "FALSE";
  return "INSERT INTO " + name() +
         " (\"installed_rank\", \"version\", \"description\", \"type\", \"script\", \"checksum\", \"installed_by\", "
         "\"execution_time\", \"success\") VALUES (" +
         std::to_string(row.rank) + ", " + (row.version ? quoted_value(row.version->text()) : "NULL") + ", " +
         quoted_value(row.description) + ", " + quoted_value(row.type) + ", " + quoted_value(row.script) + ", " +
         (row.checksum ? std::to_string(*row.checksum) : "NULL") + ", " + by + ", " + milliseconds + ", " +
         (row.success ? yes : no) + ")";
}

std::string HistoryTable::update_sql(std::int64_t rank, const std::string& description, const std::string& type,
                                     std::optional<std::int64_t> checksum) const {
  return "UPDATE " + name() + " SET \"description\" = " + quoted_value(description) +
         ", \"type\" = " + quoted_value(type) + ", \"checksum\" = " + (checksum ? std::to_string(*checksum) : "NULL") +
         " WHERE \"installed_rank\" = " + std::to_string(rank);
}

std::string HistoryTable::delete_failed_sql(const HistoryRow& row) const {
  return "DELETE FROM " + name() + " WHERE \"success\" = " + (family_ == Family::kSqlite ? "0" : "FALSE") + " AND " +
         (row.version ? "\"version\" = " + quoted_value(row.version->text())
                      : "\"description\" = " + quoted_value(row.description));
}

}  // namespace bascule::formats::flyway
