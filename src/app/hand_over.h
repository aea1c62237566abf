// What: revisions that need the application's own code, run by the project's own tool, one revision a call.
// Must not know: the run loop, printing.
// Invariants: nothing is handed over unless the tool was seen to look at the same database (check_hand_over); after
// each call the history's rows are compared by the run loop.
#pragma once

#include <string>
#include <vector>

#include "app/child_process.h"
#include "app/workspace.h"
#include "exec/run.h"
#include "plan/plan.h"

namespace bascule::app {

/// Whether every error is one that the project's own Python would not have: the evaluator's limits, not mistakes.
bool needs_own_code(const Diagnostics& diagnostics);

/// The revision's call of the tool, when the project names one: "alembic upgrade 002". nullopt: it names none.
std::optional<plan::HandOver> hand_over(const Workspace& workspace, const graph::Revision& revision,
                                        model::Direction direction, const Diagnostics& why);

/// A note that says what can be done about revisions that need the application's own code; nullopt: there are none.
/// may_hand_over: false where a script is written.
std::optional<Diagnostic> ways_out(const Workspace& workspace, const std::vector<std::string>& revisions,
                                   model::Direction direction, bool may_hand_over);

/// The tool's calls in the environment of this run.
class HandOverRunner final : public exec::HandOvers {
 public:
  HandOverRunner(const Request& request, const Workspace& workspace, const Address& address);
  Result<void, exec::RunFailure> run(const plan::RevisionPlan& revision) override;
  /// Before anything runs: the tool can be started, and its `current` names exactly these rows. Nothing to do for a
  /// plan that hands nothing over. Errors: hand-over-missing, hand-over-failed, hand-over-elsewhere.
  Outcome<void> check(const plan::Plan& plan) const;

 private:
  ChildCommand command(std::vector<std::string> words) const;

  const Workspace& workspace_;
  std::string directory_;
  std::vector<std::string> config_;  ///< "-c FILE" where the tool would not find it
  std::map<std::string, std::string> environment_;
};

}  // namespace bascule::app
