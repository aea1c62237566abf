// What: online runs, wired: which plan, from which schema, with which journal. Internal to app/migrate, and `abort`.
// Must not know: the command line's syntax, printing.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "exec/online.h"
#include "history/journal.h"
#include "plan/plan.h"
#include "report/online_plan.h"

namespace bascule::app {

/// Whether a database has a journal with an unfinished run of this history table. Makes nothing. notes: given by who
/// can do without; a role that may not read the journal then finds none, and a note says so. Else that fails.
Outcome<std::optional<history::JournaledRun>> read_unfinished(db::Connection& connection, const Address& address,
                                                              const std::string& history_table,
                                                              Diagnostics* notes = nullptr);

/// Fails (kUsage) when an unfinished online run is in the way of one that is none.
Outcome<void> refuse_unfinished(db::Connection& connection, const Address& address, const std::string& history_table,
                                Diagnostics* notes = nullptr);

/// The naive plan's online twin, from the live schema. Fails (kUnsound) with all that cannot be done online.
Outcome<plan::Plan> make_online(const plan::Plan& naive, const Workspace& workspace, const Address& address,
                                db::Connection& connection, const std::vector<std::string>& allow,
                                Diagnostics& warnings);

/// Both plans with what each statement does to others, for reading.
Outcome<report::ComparedPlans> compare_online(const Request& request, model::Direction direction,
                                              const std::string& target, Diagnostics& warnings);

/// What an unfinished run was begun with, beside what the file says now. Fails (kUsage) when they are not the same.
Outcome<void> check_unchanged(const history::JournaledRun& run, const plan::RevisionPlan& now);

/// Connects to the same database again.
std::unique_ptr<exec::Connector> connector_to(const Request& request, const Address& address);

/// Runs one plan after the other, as plan_from gives them, until nothing is left.
class OnlineRunner {
 public:
  /// connection: replaced when it is lost. All outlive the runner. naive: runs what has no online plan.
  using NaiveRun = std::function<Result<void, exec::RunFailure>(const plan::Plan&, db::Connection&)>;
  OnlineRunner(const Request& request, const Workspace& workspace, const Address& address,
               std::unique_ptr<db::Connection>& connection, exec::InterruptScope& interrupts,
               const history::HistoryStore& history, exec::Progress& progress, NaiveRun naive);

  /// Makes the plan an online one, or that of an unfinished run, which then is all of it.
  Outcome<void> prepare(plan::Plan& plan, Diagnostics& warnings);
  /// After prepare: whether a plan has to be made again when this one is done.
  bool more() const { return resumed_.has_value(); }
  Result<void, exec::RunFailure> run(const plan::Plan& plan);

 private:
  Result<void, exec::RunFailure> run_revisions(const plan::Plan& plan);
  const Request& request_;
  const Workspace& workspace_;
  const Address& address_;
  std::unique_ptr<db::Connection>& connection_;
  exec::InterruptScope& interrupts_;
  const history::HistoryStore& history_;
  exec::Progress& progress_;
  NaiveRun naive_;
  std::unique_ptr<exec::Connector> reconnector_;
  std::unique_ptr<exec::Clock> clock_;
  std::optional<history::JournaledRun> resumed_;
  bool begun_ = false;
  std::vector<std::string> naive_texts_;  ///< of the plan's revisions
};

/// What `abort` did.
struct AbortReport {
  std::string revision;
  std::size_t steps_undone = 0;
  std::vector<exec::Staying> stays;
  Address address;
};
/// Takes back what is done of the unfinished revision. Fails (kUsage) when there is none.
Outcome<AbortReport> abort_online(const Request& request);

/// Asks something of the unfinished run, wherever it works: "pause", "throttle 30", "" for full speed. Gives its
/// revision. Fails (kUsage) when there is none.
Outcome<std::string> ask_online(const Request& request, const std::string& wish);

}  // namespace bascule::app
