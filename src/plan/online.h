// What: what a step of an online plan carries besides its statement: how it waits, how to see whether it is done, what
// an earlier try may have left, how it is undone; and a change of rows in batches. Data only.
// Must not know: how it is run, any dialect's spelling: all SQL in here was written by a dialect.
// Invariants: every query in a Guard reads only, may be asked at any time outside of the step's own transaction, and
// gives one row with one boolean, if nothing else is said.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.h"

namespace bascule::plan {

/// How a step behaves towards others, and so how it is bounded.
enum class Pace : std::uint8_t {
  kPlain,       ///< as in a naive plan: nothing is bounded
  kBrief,       ///< a strong lock for a moment: lock timeout, tries again, short statement timeout
  kScan,        ///< reads much under a lock that lets reads and writes pass: lock timeout, no statement timeout
  kConcurrent,  ///< several transactions of its own: no lock timeout, which would leave an invalid index behind
  kBatches,     ///< many short transactions (Conduct::batches)
  kUnbounded,   ///< it may keep others waiting for long: the user allowed it by name
};

/// The column of Guard::rows_against, if there is such a one, that tells how many rows there are in all.
inline constexpr std::string_view kRowsOfAll = "of_all";

/// What can be read from the catalog about a step, and what follows from it.
struct Guard {
  std::string done_when;      ///< its effect is there already; empty: cannot be read (rows)
  std::string leftover_when;  ///< an earlier try left something that has to go first (an invalid index); empty: never
  std::vector<std::string> clean_up;  ///< run then, each by itself, outside of a transaction
  std::string blocked_when;           ///< something else by the same name is in the way; empty: never
  std::string blocked_text;           ///< what to say then: "there is an index orders_user of another definition"
  /// A query whose rows would make the step fail (duplicates of a key, NULLs, rows that break a check), the first few
  /// of them; empty: none is known. Asked before the step takes any lock.
  std::string rows_against;
  std::string rows_against_text;        ///< "these values of orders.number are there more than once"
  std::vector<std::string> undo;        ///< takes the step back, each by itself; empty: nothing does, or has to
  bool undo_in_transaction = true;      ///< false: the undo has to run outside of one (DROP INDEX CONCURRENTLY)
  std::vector<std::string> undo_first;  ///< where it does: what goes before it in a transaction
  std::vector<std::string> undo_last;   ///< and what goes behind it in one
  /// undo, also where it is empty, leaves nothing of the step. false: something stays (rows), or that is not known.
  bool undo_is_whole = false;
};

/// How a whole-table UPDATE or DELETE runs in batches. Texts are SQL, quoted.
struct Backfill {
  QualifiedName table;
  std::string table_sql;               ///< "public.orders"
  std::string alias_sql = {};          ///< what the texts below call it, if not by its name: "o"; may be empty
  std::vector<std::string> key_sql;    ///< the columns to walk along, in order; empty: by ctid
  std::vector<std::string> key_types;  ///< their types, as the server spells them: "bigint"
  std::string set_sql;                 ///< "full_name = first_name || ' ' || last_name"; empty: DELETE
  std::string where_sql;               ///< the author's condition; empty: all rows
  /// Rows that are not as they shall be yet, besides where_sql: "full_name IS DISTINCT FROM (first_name || ...)";
  /// empty: cannot be told from the row, each row is written once.
  std::string wrong_sql;
};

/// How a step of an online plan behaves. A naive plan's steps have none of it.
struct Conduct {
  Pace pace = Pace::kPlain;
  Guard guard = {};
  /// Tables that were there before and that it locks strongly enough to queue others behind it, quoted as in SQL: who
  /// holds them is looked at before it tries.
  std::vector<std::string> lock_tables = {};
  std::string reason = {};   ///< why it is not as its author wrote it, or why it is left as it is; may be empty
  std::string rewrite = {};  ///< the rewrite that made it ("index_concurrently"); empty: it is as its author wrote it
  std::optional<Backfill> batches = {};  ///< of pace kBatches; the step's statement is the same as a whole
  bool with_previous = false;            ///< it runs in one transaction with the step before it
};

/// What an online run asks and tells a server besides its steps, as SQL. Parameters are bound as text, $1 ...; each is
/// empty where the server has no such thing.
struct OnlineWords {
  std::string set_timeouts;  ///< $1 lock timeout, $2 statement timeout, milliseconds; 0: none. For the session
  std::string session_id;    ///< of this connection: one integer that `blockers` and `progress` know
  /// $1: tables, as a PostgreSQL array of quoted names. $2: our session. Rows of those who hold or wait for a lock
  /// there that a strong one has to wait for: id, application, user, state, query, seconds its transaction is open,
  /// whether it waits itself, whether it is the server's own and cannot be ended by us (vacuum to prevent wraparound),
  /// lock mode.
  std::string blockers;
  std::string terminate;  ///< $1: session id
  std::string progress;   ///< $1: session id. One row: phase, done, total, unit; or none
  /// A row for each replica that is connected, the slowest first: seconds that it is behind (NULL: we may not see it),
  /// its name.
  std::string replica_lag;
  std::string lock_waiters;      ///< $1: a table. How many sessions wait for a lock on it
  std::string connection_lasts;  ///< "t" when a session's settings survive from one transaction to the next (no pooler)
};

}  // namespace bascule::plan
