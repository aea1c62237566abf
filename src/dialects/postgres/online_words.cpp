// What an online run asks and tells PostgreSQL besides its steps.
#include "dialects/postgres/online.h"
#include "dialects/postgres/postgres.h"

namespace bascule::dialects::postgres {

namespace {

/// Holders and waiters of any lock on the tables, their partitions and heirs: a lock that keeps others out conflicts
/// with some mode of each. A transaction that was prepared has no session: its number is 0.
constexpr const char* kBlockers =
    "WITH RECURSIVE relations AS ("
    "SELECT pg_catalog.to_regclass(n.name)::pg_catalog.oid AS oid FROM pg_catalog.unnest($1::pg_catalog.text[]) AS "
    "n(name) WHERE pg_catalog.to_regclass(n.name) IS NOT NULL"
    " UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN relations r ON r.oid = i.inhparent)"
    " SELECT coalesce(l.pid, 0), coalesce(a.application_name, ''), coalesce(a.usename, ''),"
    " coalesce(a.state, 'prepared transaction'), pg_catalog.left(coalesce(a.query, ''), 500),"
    " greatest(0, extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start))::pg_catalog.float8,"
    " pg_catalog.bool_or(NOT l.granted),"
    " coalesce(a.backend_type = 'autovacuum worker' AND a.query LIKE '%to prevent wraparound%', l.pid IS NULL),"
    " pg_catalog.string_agg(DISTINCT l.mode, ', ')"
    " FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'relation' AND l.relation IN (SELECT oid FROM relations)"
    " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())"
    " AND l.pid IS DISTINCT FROM $2::pg_catalog.int4"
    " GROUP BY l.pid, a.application_name, a.usename, a.state, a.query, a.xact_start, a.backend_type"
    " ORDER BY 6 DESC NULLS FIRST";

/// Whichever of its counters the phase at hand moves. The view is new in PostgreSQL 12.
constexpr const char* kProgress =
    "SELECT p.phase, CASE WHEN p.blocks_total > 0 THEN p.blocks_done WHEN p.tuples_total > 0 THEN p.tuples_done ELSE "
    "p.lockers_done END, CASE WHEN p.blocks_total > 0 THEN p.blocks_total WHEN p.tuples_total > 0 THEN p.tuples_total "
    "ELSE p.lockers_total END, CASE WHEN p.blocks_total > 0 THEN 'blocks' WHEN p.tuples_total > 0 THEN 'rows' ELSE "
    "'transactions' END FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = $1::pg_catalog.int4";

/// Whoever has to do with the table and waits for any lock: for the table's, or for a row that was changed.
constexpr const char* kLockWaiters =
    "SELECT pg_catalog.count(DISTINCT w.pid) FROM pg_catalog.pg_locks w JOIN pg_catalog.pg_locks t ON t.pid = w.pid"
    " WHERE NOT w.granted AND t.locktype = 'relation' AND t.relation = pg_catalog.to_regclass($1)::pg_catalog.oid";

/// replay_lag is what the replica's last answer told. While nothing is written there are no further answers: once all
/// is replayed, its last value would stand for seconds, or for as long as wal_receiver_status_interval says. Who
/// replays nothing (pg_receivewal, a base backup) has no position, though it has a lag that grows for ever. Without
/// pg_read_all_stats a role sees the sessions and nothing of them.
constexpr const char* kReplicaLag =
    "SELECT CASE WHEN s.state IS NULL THEN NULL WHEN s.replay_lsn >= pg_catalog.pg_current_wal_flush_lsn() THEN 0"
    " ELSE greatest(0, coalesce(extract(epoch FROM s.replay_lag), 0)) END::pg_catalog.float8,"
    " coalesce(nullif(s.application_name, ''), s.pid::pg_catalog.text)"
    " || coalesce(' at ' || pg_catalog.host(s.client_addr), '')"
    " FROM pg_catalog.pg_stat_replication s WHERE s.state IS NULL OR s.replay_lsn IS NOT NULL ORDER BY 1 DESC NULLS "
    "LAST";

}  // namespace

const plan::OnlineWords& PostgresOnline::words() const {
  static const plan::OnlineWords kWords = {
      .set_timeouts =
          "SELECT pg_catalog.set_config('lock_timeout', $1, false), "
          "pg_catalog.set_config('statement_timeout', $2, false), "
          // A key that is read and written back has to be the same number.
          "pg_catalog.set_config('extra_float_digits', '3', false), "
          "pg_catalog.set_config('bascule.session', 'online', false)",
      .session_id = "SELECT pg_catalog.pg_backend_pid()",
      .blockers = kBlockers,
      .terminate = "SELECT pg_catalog.pg_terminate_backend($1::pg_catalog.int4)",
      .progress = kProgress,
      .replica_lag = kReplicaLag,
      .lock_waiters = kLockWaiters,
      // set_timeouts has left a mark: a pooler that gives each transaction a connection loses it.
      .connection_lasts = "SELECT coalesce(pg_catalog.current_setting('bascule.session', true) = 'online', false)",
  };
  return kWords;
}

}  // namespace bascule::dialects::postgres

namespace bascule::dialects {

const OnlineDialect* PostgresDialect::online() const {
  static const postgres::PostgresOnline kOnline;
  return &kOnline;
}

}  // namespace bascule::dialects
