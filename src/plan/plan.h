// What: what will run: steps, grouped by revision. Data only.
// Must not know: how a step is spelled or run.
// Invariants: the steps of one RevisionPlan are in the order in which they run; history is run with the last of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/source.h"
#include "model/direction.h"
#include "model/operation.h"
#include "model/reverse.h"
#include "plan/online.h"

namespace bascule::plan {

/// Which part of a deploy a step belongs to. Everything naive is kExpand until the planner knows better.
enum class Phase { kExpand, kMigrate, kSwitch, kContract };

/// Where a step comes from.
struct Cause {
  std::string operation;  ///< "create_index"
  std::string subject;    ///< "users"
  Location location;      ///< the line in the migration
};

/// SQL text, run as it stands.
struct Statement {
  std::string sql;
};

/// A table rebuild whose statements are known only when the table can be looked at (SQLite's batch operations).
struct Rebuild {
  model::BatchAlter batch;
};

/// What a Rebuild turned out to be. before_commit: checks that hold only when the whole transaction is done.
struct Expansion {
  std::vector<std::string> statements;
  std::vector<std::string> before_commit;
};

struct Step {
  std::variant<Statement, Rebuild> action;
  model::Operation effect;  ///< the one change that this step makes
  Cause cause;
  bool in_transaction = true;  ///< false: must run outside (autocommit_block, CREATE INDEX CONCURRENTLY there)
  Phase phase = Phase::kExpand;
  Conduct conduct = {};  ///< of a step of an online plan
};

/// In a history statement: replaced by the milliseconds that the revision's steps took. Reads as 0 in a script.
inline constexpr std::string_view kTookMilliseconds = "/*milliseconds*/0";

/// What is written into the history table when a revision has failed, after what could be rolled back was.
struct FailureNote {
  std::string sql;
  bool takes_message = false;  ///< $1 (?1 on SQLite) is the error's text
  bool always = false;         ///< false: only when something of the revision stays
};

/// Where a revision begins to depend on what is in the database, and on what of it.
struct LivePart {
  Location location;
  std::string what;  ///< "the result of connection.execute"
};

/// A revision that the project's own tool runs: its words, and why it is not run here.
struct HandOver {
  std::vector<std::string> command;  ///< "alembic", "upgrade", "002"
  Location location;
  std::string why;
};

/// The steps of one revision and the SQL that records it in the history table.
struct RevisionPlan {
  std::string revision;
  std::string message;
  std::string path;  ///< the file
  model::Direction direction = model::Direction::kUpgrade;
  std::vector<std::string> heads_before, heads_after;  ///< where the database stands before and after; sorted
  /// What HistoryStore::read gives before it, when nobody else runs; empty: heads_before.
  std::vector<std::string> state_before = {};
  bool auxiliary = false;  ///< no migration: the history table being made, a callback
  std::vector<Step> steps;
  /// Set: the revision is evaluated again while it runs, its statements one by one; steps are what is certain of it.
  std::optional<LivePart> live = {};
  /// Set: the project's own tool runs the revision and writes its history; there are no steps.
  std::optional<HandOver> hand_over = {};
  /// Nobody wrote this way down: it follows from the way up. losses: what it destroys, besides.
  bool derived = false;
  std::vector<model::DataLoss> losses = {};
  std::vector<std::string> history;  ///< statements for the history table, in the revision's (last) transaction
  /// Committed before the steps, when one of these has to run outside a transaction: "this has been started".
  std::vector<std::string> history_before;
  /// Instead of `history` when history_before has run; empty: `history`.
  std::vector<std::string> history_after;
  std::vector<FailureNote> on_failure;
};

/// preparation: statements that go first, inside the first transaction (making the history table).
struct Plan {
  std::vector<std::string> preparation;
  std::vector<RevisionPlan> revisions;
};

}  // namespace bascule::plan
