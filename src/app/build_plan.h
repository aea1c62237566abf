// What: from a path in the graph to a Plan: evaluate each revision, lower its operations, add its history rows.
// Must not know: connections.
#pragma once

#include <vector>

#include "app/workspace.h"
#include "plan/plan.h"

namespace bascule::app {

/// What a plan is made for.
struct PlanRequest {
  model::Direction direction = model::Direction::kUpgrade;
  graph::RevisionIndices start;  ///< the history's rows now
  graph::RevisionIndices path;   ///< what runs, in order
  bool offline = false;
  bool allow_data_loss = false;  ///< derived ways down may destroy data
};

/// The steps of one revision. What no database could run is added to the diagnostics.
std::vector<plan::Step> lower_checked(const formats::Evaluation& evaluation, const dialects::Dialect& dialect,
                                      Diagnostics& diagnostics);

/// The steps of a way down that nobody wrote, and what it would destroy. Fails (kUnsound) with what cannot be undone.
Outcome<void> derive_into(plan::RevisionPlan& revision, const Workspace& workspace, const dialects::Dialect& dialect,
                          bool allow_data_loss);

/// Fails (kUnsound) with everything that is wrong on the path, not only the first. What is odd but not in the way is
/// added to warnings.
Outcome<plan::Plan> build_plan(const Workspace& workspace, const dialects::Dialect& dialect, const PlanRequest& request,
                               Diagnostics& warnings);

}  // namespace bascule::app
