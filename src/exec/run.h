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

struct RunOptions {
  bool single_transaction = false;
  db::RunLock lock = db::RunLock::kHeld;  ///< what acquire_run_lock said
};

/// Why a run stopped early.
struct RunFailure {
  enum class Kind {
    kStatement,     ///< the database refused a statement
    kExpand,        ///< a rebuild could not be prepared
    kHistoryMoved,  ///< another run got in between (only with RunLock::kByTransaction); look again and go on
    kInterrupted,   ///< the user's signal
  };
  Kind kind = Kind::kStatement;
  std::size_t revision = 0;         ///< index in the plan of the revision that did not finish
  std::optional<std::size_t> step;  ///< index of its step; none: begin, history or commit
  std::string statement;
  db::DbError error;
  std::string help;
  std::size_t revisions_done = 0;  ///< committed
  bool partly_committed = false;   ///< steps of the failed revision before an autocommit block stay
};

/// Runs the plan. On failure the open transaction has been rolled back.
Result<void, RunFailure> run(const plan::Plan& plan, db::Connection& connection, StepExpander& expander,
                             const history::HistoryStore& history, Progress& progress, const RunOptions& options);

}  // namespace bascule::exec
