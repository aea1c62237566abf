// What: the loop that runs online plans: each step bounded and tried again, written down as it goes, so that it can be
// killed anywhere and goes on where it stopped.
// Must not know: any dialect, any format; why a step is what it is.
// Invariants: a lock is waited for no longer than the lock timeout at a time, and never while somebody is known to keep
// it; a step whose outcome is not known is looked up (journal, catalog) before anything is repeated; a revision's
// history row is written with its last step.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "exec/interrupt.h"
#include "exec/patience.h"
#include "exec/run.h"
#include "exec/waits.h"
#include "history/journal.h"
#include "plan/event.h"
#include "plan/online.h"
#include "plan/plan.h"

namespace bascule::exec {

struct OnlineSettings {
  std::chrono::milliseconds lock_timeout{100};
  std::chrono::milliseconds deadline{600'000};  ///< how long one step is tried
  std::optional<std::chrono::milliseconds> terminate_blockers_after;
  std::chrono::milliseconds batch_time{250};   ///< what a batch of a backfill aims at
  int jobs = 1;                                ///< connections that a backfill works on
  std::chrono::milliseconds most_lag{10'000};  ///< a backfill waits while a replica is further behind
};

/// Makes another connection to the same database.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual db::DbResult<std::unique_ptr<db::Connection>> connect() = 0;
};

/// Hears events. Called from one thread at a time, not always the same.
class Listener {
 public:
  virtual ~Listener() = default;
  /// Gives why the run must not go on, where what has happened is a beginning (of the run, a revision, a step); empty:
  /// it may.
  virtual std::string event(const plan::Event& event) = 0;
  /// Why a backfill has to wait for now; empty: it need not. Asked twice a second at most.
  virtual std::string overload() { return {}; }
};

/// What an online run works with. connection: replaced when it is lost.
struct OnlineTools {
  std::unique_ptr<db::Connection>& connection;
  InterruptScope& interrupts;
  Connector& connector;
  Listener& listener;
  Clock& clock;
  const plan::OnlineWords& words;
  const history::Journal& journal;
  const history::HistoryStore& history;
  OnlineSettings settings;
  /// Of the connection's session, as far as it is known: its lock and its statement timeout, and its id.
  std::optional<std::pair<std::chrono::milliseconds, std::chrono::milliseconds>> bounds = {};
  std::string session = {};
  std::unique_ptr<Patience> patience = std::make_unique<Patience>();
};

/// Runs one revision's online plan. naive: plan::naive_text of what its author wrote. resumed: what the journal says of
/// it, if an earlier run began it; the plan is then the journal's. preparation: what makes the history table, where it
/// is missing. On failure what is done is done and written down: the same call goes on.
Result<void, RunFailure> run_online(const plan::RevisionPlan& revision, std::string naive,
                                    const history::JournaledRun* resumed, const std::vector<std::string>& preparation,
                                    OnlineTools& tools);

/// A step of a run that was taken back which is still there, wholly or in part.
struct Staying {
  std::string statement;
  std::string why;
};

/// What taking a run back came to.
struct UndoEnd {
  std::size_t steps = 0;  ///< of which nothing is left, those that an earlier abort took back among them
  std::vector<Staying> stays;
};

/// Takes back the steps of an unfinished revision, the last one first, and ends the run. What nothing takes back, and
/// what the server will not have taken back, stays and is named: a run can always be ended. Fails where trying again
/// may help (a lock, a lost connection, a full disk, a missing right); the next call goes on then.
Result<UndoEnd, RunFailure> undo_online(const plan::RevisionPlan& revision, const history::JournaledRun& run,
                                        OnlineTools& tools);

}  // namespace bascule::exec
