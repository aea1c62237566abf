// What: the record of a revision that runs in several transactions: its plan, and how far each step is, kept in the
// database that it changes. Format: docs/journal.md.
// Must not know: how steps run, which database it is.
// Invariants: at most one run of a history table is unfinished; a step's `done` is committed with the step itself where
// the step has a transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "plan/journal_words.h"

namespace bascule::history {

struct JournaledStep {
  enum class State : std::uint8_t { kStarted, kDone, kUndone };
  std::size_t number = 0;  ///< index in the plan
  State state = State::kStarted;
  std::int64_t rows = 0;                ///< that a backfill has changed until now
  std::string started_at, finished_at;  ///< as the server prints them
};

/// JournaledRun::wish from when an abort has taken back a part of a step: only another abort may go on.
inline constexpr std::string_view kAbortWish = "abort";

/// A part of a backfill's table, and how far it is; position is the backfill's own text.
struct JournaledRange {
  int part = 0;
  std::string position;
  std::int64_t rows = 0;
};

struct JournaledRun {
  std::int64_t id = 0;
  std::string history;  ///< the format's table: "alembic_version"
  std::string revision;
  std::string direction;  ///< "upgrade", "downgrade"
  std::string program;    ///< the version of Bascule that began it
  std::string naive;      ///< the statements that its author wrote, by which it is known again
  std::string plan;       ///< plan::to_json
  std::string wish;       ///< what somebody asks of it from elsewhere: "", "pause", "throttle 30"; or kAbortWish
  std::string started_at;
  std::vector<JournaledStep> steps;  ///< by number; what has not begun is not in it
};

/// The step's line; null: it has not begun.
const JournaledStep* find_step(const JournaledRun& run, std::size_t number);

class Journal {
 public:
  explicit Journal(const plan::JournalWords& words) : words_(words) {}

  /// Makes the tables, or brings those of an older Bascule up to date. Fails on those of a newer one.
  db::DbResult<void> open(db::Connection& connection) const;
  /// The run of this history table that is not finished; nullopt: none, or there is no journal. Makes nothing.
  db::DbResult<std::optional<JournaledRun>> unfinished(db::Connection& connection, const std::string& history) const;
  /// Writes a new run down, in a transaction of its own; gives its id. REQUIRES: open.
  db::DbResult<std::int64_t> begin(db::Connection& connection, const JournaledRun& run) const;

  /// Statements for the transaction that they belong to.
  std::string step_started_sql(std::int64_t run, std::size_t step) const;
  std::string step_done_sql(std::int64_t run, std::size_t step) const;
  std::string step_undone_sql(std::int64_t run, std::size_t step) const;
  std::string finished_sql(std::int64_t run) const;
  std::string aborted_sql(std::int64_t run) const;
  /// Of a step's ranges. $1 the position, $2 rows done until now.
  std::string keep_range_sql(std::int64_t run, std::size_t step, int part) const;
  db::DbResult<std::vector<JournaledRange>> ranges(db::Connection& connection, std::int64_t run,
                                                   std::size_t step) const;
  db::DbResult<std::string> wish(db::Connection& connection, std::int64_t run) const;
  db::DbResult<void> set_wish(db::Connection& connection, std::int64_t run, const std::string& wish) const;

 private:
  db::DbResult<bool> exists(db::Connection& connection) const;
  std::string step_sql(std::int64_t run, std::size_t step, const std::string& state, bool finished) const;

  const plan::JournalWords& words_;
};

}  // namespace bascule::history
