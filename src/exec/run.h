// What: the loop that runs a Plan on a connection, one transaction a revision unless told otherwise.
// Must not know: any dialect, any format.
// Invariants: a revision's history row is written in the same transaction as its (last) steps; after a failure
// nothing of the failed transaction is left; nothing whose outcome is unknown is tried again.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "db/connection.h"
#include "history/history_store.h"
#include "plan/plan.h"

namespace bascule::exec {

/// Why a rebuild could not be turned into statements.
struct ExpandFailure {
  std::optional<db::DbError> database;
  std::string message;  ///< when it was not the database
  std::string help;
};

/// Turns a Rebuild into statements for the table as it is now. Given by whoever knows the dialect.
class StepExpander {
 public:
  virtual ~StepExpander() = default;
  virtual Result<plan::Expansion, ExpandFailure> expand(const plan::Rebuild& rebuild, db::Connection& connection) = 0;
};

/// Hears how a run goes on. Called from the thread that runs.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void revision_started(const plan::RevisionPlan& revision, std::size_t number, std::size_t total) = 0;
  virtual void revision_done(const plan::RevisionPlan& revision, std::chrono::microseconds took) = 0;
};

struct RunFailure;

/// What running a revision live leaves to do, and did.
struct LiveOutcome {
  std::vector<std::string> before_commit;  ///< checks that hold only when the whole transaction is done
  bool partly_committed = false;           ///< it left its transaction on the way (autocommit_block)
};

/// Runs the revisions whose statements are known only while they run. Given by whoever knows the format.
class LiveRevisions {
 public:
  virtual ~LiveRevisions() = default;
  /// Inside a transaction that is open before and after; the history's rows are not its business. The failure's
  /// revision and step are filled in by the caller.
  virtual Result<LiveOutcome, RunFailure> run(const plan::RevisionPlan& revision, db::Connection& connection) = 0;
};

/// Runs the revisions that the project's own tool has to run. Given by whoever knows the tool.
class HandOvers {
 public:
  virtual ~HandOvers() = default;
  /// Outside any transaction; the tool writes the history's rows, the caller looks at them. The failure's revision is
  /// filled in by the caller.
  virtual Result<void, RunFailure> run(const plan::RevisionPlan& revision) = 0;
};

struct RunOptions {
  bool single_transaction = false;
  LiveRevisions* live = nullptr;          ///< REQUIRED where a revision of the plan is live
  HandOvers* hand_over = nullptr;         ///< REQUIRED where a revision of the plan is handed over
  db::RunLock lock = db::RunLock::kHeld;  ///< what acquire_run_lock said
};

/// Why a run stopped early.
struct RunFailure {
  enum class Kind {
    kStatement,     ///< the database refused a statement
    kExpand,        ///< a rebuild could not be prepared
    kHistoryMoved,  ///< another run got in between (only with RunLock::kByTransaction); look again and go on
    kInterrupted,   ///< the user's signal
    kLive,          ///< a revision that runs as it is evaluated stopped: live says why
    kHandOver,      ///< the project's own tool failed, or left other rows in the history than it should
    kLocked,        ///< online: a lock did not come free within the deadline
    kRowsAgainst,   ///< online: there are rows that the step would fail on; it was not begun
    kInTheWay,      ///< online: something else has the name that the step needs
    kStopped,       ///< online: a hook said no
  };
  Kind kind = Kind::kStatement;
  std::size_t revision = 0;          ///< index in the plan of the revision that did not finish
  std::optional<std::size_t> step;   ///< index of its step; none: begin, history or commit
  std::optional<plan::Cause> cause;  ///< of a statement that has no step, in a live revision
  Diagnostics live;                  ///< kLive
  std::string statement;
  db::DbError error;
  std::string help;
  std::size_t revisions_done = 0;  ///< committed
  bool partly_committed = false;   ///< steps of the failed revision before an autocommit block stay
  /// Online: the revision is in the journal, so many of its steps are done and stay; the next run goes on behind them.
  bool journaled = false;
  std::size_t steps_done = 0, steps_total = 0;
};

/// Runs the plan. On failure the open transaction has been rolled back.
Result<void, RunFailure> run(const plan::Plan& plan, db::Connection& connection, StepExpander& expander,
                             const history::HistoryStore& history, Progress& progress, const RunOptions& options);

}  // namespace bascule::exec
