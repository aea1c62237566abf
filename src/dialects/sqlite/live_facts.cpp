// What a SQLite database tells of itself: rows from what ANALYZE has kept, else counted up to a bound; bytes from the
// dbstat table where it was compiled in, else from the file's size, shared among the tables by their rows.
#include "dialects/sqlite/live_facts.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects::sqlite {

namespace {

constexpr std::int64_t kCountBound = 100'000;  ///< where ANALYZE has never run, no more rows are counted

std::int64_t number(const db::Cell& cell) { return cell ? std::strtoll(cell->c_str(), nullptr, 10) : 0; }

/// The first cell as a number; 0 where there is none.
db::DbResult<std::int64_t> one_number(db::Connection& connection, const std::string& sql) {
  BASCULE_TRY_ASSIGN(const db::ResultSet got, connection.query(sql));
  return got.rows.empty() || got.rows[0].empty() ? 0 : number(got.rows[0][0]);
}

class Reader {
 public:
  explicit Reader(db::Connection& connection) : connection_(connection) {}

  db::DbResult<plan::LiveFacts> read() {
    BASCULE_TRY(read_tables());
    BASCULE_TRY(read_rows());
    BASCULE_TRY(read_bytes());
    return std::move(facts_);
  }

 private:
  db::DbResult<void> read_tables() {
    BASCULE_TRY_ASSIGN(const db::ResultSet got,
                       connection_.query("SELECT t.name, (SELECT count(*) FROM sqlite_master i WHERE i.type = 'index'"
                                         " AND i.tbl_name = t.name) FROM sqlite_master t WHERE t.type = 'table' AND"
                                         " t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND t.rootpage > 0"));
    for (const auto& row : got.rows) {
      plan::TableFacts table;
      table.table.name = Identifier(row[0].value_or(""));
      table.indexes = number(row[1]);
      table.rows = -1;
      facts_.tables.push_back(std::move(table));
    }
    return {};
  }

  db::DbResult<void> read_rows() {
    BASCULE_TRY_ASSIGN(const std::int64_t analyzed,
                       one_number(connection_, "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"));
    std::map<std::string, std::int64_t> rows;
    if (analyzed > 0) {
      // stat begins with the number of rows: "20000 1".
      BASCULE_TRY_ASSIGN(const db::ResultSet got,
                         connection_.query("SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl"));
      for (const auto& row : got.rows) rows[row[0].value_or("")] = number(row[1]);
    }
    for (plan::TableFacts& table : facts_.tables) {
      const auto known = rows.find(table.table.name.text());
      if (known != rows.end()) {
        table.rows = known->second;
        continue;
      }
      BASCULE_TRY_ASSIGN(table.rows, one_number(connection_, "SELECT count(*) FROM (SELECT 1 FROM " +
                                                                 sqlite_dialect().quote(table.table) + " LIMIT " +
                                                                 std::to_string(kCountBound) + ")"));
    }
    return {};
  }

  db::DbResult<void> read_bytes() {
    const auto sizes = connection_.query(
        "SELECT m.tbl_name, m.type, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m ON m.name = s.name"
        " WHERE s.aggregate = TRUE GROUP BY m.tbl_name, m.type");
    if (!sizes) return share_the_file();  // dbstat is not compiled into every SQLite
    for (const auto& row : sizes->rows)
      for (plan::TableFacts& table : facts_.tables)
        if (table.table.name.text() == row[0]) (row[1] == "index" ? table.index_bytes : table.bytes) = number(row[2]);
    return {};
  }

  db::DbResult<void> share_the_file() {
    BASCULE_TRY_ASSIGN(const std::int64_t pages, one_number(connection_, "PRAGMA page_count"));
    BASCULE_TRY_ASSIGN(const std::int64_t page, one_number(connection_, "PRAGMA page_size"));
    double rows = 0;
    for (const plan::TableFacts& table : facts_.tables)
      rows += static_cast<double>(std::max<std::int64_t>(table.rows, 1));
    for (plan::TableFacts& table : facts_.tables) {
      const double part = static_cast<double>(std::max<std::int64_t>(table.rows, 1)) / rows;
      table.bytes = static_cast<std::int64_t>(part * static_cast<double>(pages * page));
    }
    return {};
  }

  db::Connection& connection_;
  plan::LiveFacts facts_;
};

}  // namespace

db::DbResult<Server> server_of(db::Connection& connection) {
  Server server;
  const std::string version = connection.server_version();
  char* rest = nullptr;
  server.major = static_cast<int>(std::strtol(version.c_str(), &rest, 10));
  server.minor = rest != nullptr && *rest == '.' ? static_cast<int>(std::strtol(rest + 1, nullptr, 10)) : 0;
  server.version_assumed = false;
  BASCULE_TRY_ASSIGN(const std::int64_t keys, one_number(connection, "PRAGMA foreign_keys"));
  server.foreign_keys = keys != 0;
  return server;
}

db::DbResult<plan::LiveFacts> live_facts_of(db::Connection& connection) { return Reader(connection).read(); }

}  // namespace bascule::dialects::sqlite
