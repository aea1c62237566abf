// Sources: pg_class (reltuples, sizes), pg_stat_user_tables, pg_stat_database, pg_stat_activity, pg_index.
#include "dialects/postgres/live_facts.h"

#include <algorithm>
#include <string>

#include "dialects/postgres/introspect.h"

namespace bascule::dialects::postgres {

namespace {

/// kind, schema, name; then what the kind has. One query: what it says is of one moment.
/// table: rows, bytes, index bytes, indexes, rows written; a partitioned table is the sum of its partitions.
constexpr const char* kFacts =
    "WITH RECURSIVE leaf AS (SELECT c.oid, c.relkind, c.relnamespace, c.relname, c.reltuples::bigint AS rows,"
    " pg_table_size(c.oid) AS bytes, pg_indexes_size(c.oid) AS index_bytes,"
    " (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) AS indexes,"
    " coalesce(s.n_tup_ins + s.n_tup_upd + s.n_tup_del, 0) AS written"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid"
    " WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'"
    " AND n.nspname <> 'information_schema'),"
    " tree AS (SELECT oid AS whole, oid AS part FROM pg_class WHERE relkind = 'p'"
    " UNION ALL SELECT t.whole, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.part),"
    " parts AS (SELECT t.whole, l.* FROM tree t JOIN leaf l ON l.oid = t.part)"
    " SELECT 'table', n.nspname, l.relname, l.rows, l.bytes, l.index_bytes, l.indexes, l.written"
    " FROM leaf l JOIN pg_namespace n ON n.oid = l.relnamespace"
    " UNION ALL SELECT 'table', n.nspname, c.relname,"
    " CASE WHEN min(t.rows) < 0 THEN -1 ELSE sum(t.rows) END, sum(t.bytes), sum(t.index_bytes),"
    " max(t.indexes), sum(t.written) FROM parts t JOIN pg_class c ON c.oid = t.whole"
    " JOIN pg_namespace n ON n.oid = c.relnamespace GROUP BY n.nspname, c.relname"
    " UNION ALL SELECT 'invalid', n.nspname, c.relname, 0, 0, 0, 0, 0 FROM pg_index i"
    " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE NOT i.indisvalid AND c.relkind = 'i'"
    " UNION ALL SELECT 'since', '', '', extract(epoch FROM now() - coalesce(stats_reset,"
    " pg_postmaster_start_time()))::bigint, 0, 0, 0, 0 FROM pg_stat_database WHERE datname = current_database()"
    " ORDER BY 1, 2, 3";

/// The oldest transaction that is open in this database, ours left out, and what it does.
constexpr const char* kOldest =
    "SELECT extract(epoch FROM clock_timestamp() - xact_start)::bigint, left(query, 200) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    " AND backend_type = 'client backend' ORDER BY xact_start LIMIT 1";

}  // namespace

db::DbResult<Server> server_of(db::Connection& connection) {
  BASCULE_TRY_ASSIGN(const db::ResultSet got,
                     connection.query("SELECT current_setting('server_version_num'), current_setting('TimeZone')", {}));
  Server server;
  server.version_assumed = false;
  if (got.rows.empty()) return server;
  const CatalogRow row(got.rows[0]);
  const std::int64_t number = row.number(0);
  server.major = static_cast<int>(number / 10'000);
  server.minor = static_cast<int>(number % 10'000);
  server.time_zone = row.text(1);
  return server;
}

db::DbResult<plan::LiveFacts> live_facts_of(db::Connection& connection) {
  plan::LiveFacts facts;
  BASCULE_TRY_ASSIGN(const db::ResultSet got, connection.query(kFacts, {}));
  std::vector<std::int64_t> written;
  for (const auto& cells : got.rows) {
    const CatalogRow row(cells);
    const std::string kind = row.text(0);
    if (kind == "invalid") {
      facts.invalid_indexes.push_back(row.qualified(1));
    } else if (kind == "since") {
      facts.statistics_since = std::chrono::seconds(std::max<std::int64_t>(row.number(3), 0));
    } else {
      plan::TableFacts one;
      one.table = row.qualified(1);
      one.rows = row.number(3);
      one.bytes = row.number(4);
      one.index_bytes = row.number(5);
      one.indexes = row.number(6);
      written.push_back(row.number(7));
      facts.tables.push_back(std::move(one));
    }
  }
  // Counters of the first minute say nothing about a day.
  constexpr std::chrono::seconds kLongEnough{60};
  if (facts.statistics_since && *facts.statistics_since >= kLongEnough)
    for (std::size_t i = 0; i < facts.tables.size(); ++i)
      facts.tables[i].writes_per_second =
          static_cast<double>(written[i]) / static_cast<double>(facts.statistics_since->count());
  BASCULE_TRY_ASSIGN(const db::ResultSet oldest, connection.query(kOldest, {}));
  if (!oldest.rows.empty()) {
    const CatalogRow row(oldest.rows[0]);
    facts.longest_transaction = std::chrono::seconds(std::max<std::int64_t>(row.number(0), 0));
    facts.longest_transaction_query = row.text(1);
  }
  return facts;
}

}  // namespace bascule::dialects::postgres
