// What: revisions that are evaluated while they run: the database as they see it, over the run's own connection.
// Must not know: the run loop's transactions beyond leaving and re-entering the one that is open.
#pragma once

#include "app/workspace.h"
#include "exec/run.h"

namespace bascule::app {

/// Evaluates a revision again with the connection, each of its operations lowered and run at once.
class LiveRunner final : public exec::LiveRevisions {
 public:
  LiveRunner(const Workspace& workspace, const dialects::Dialect& dialect) : workspace_(workspace), dialect_(dialect) {}
  Result<exec::LiveOutcome, exec::RunFailure> run(const plan::RevisionPlan& revision,
                                                  db::Connection& connection) override;

 private:
  const Workspace& workspace_;
  const dialects::Dialect& dialect_;
};

}  // namespace bascule::app
