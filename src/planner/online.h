// What: a naive plan of one revision made into one that runs while an application works: what would keep queries out
// for long is done otherwise, to the same end; what cannot be is refused.
// Must not know: how steps are run, any dialect's syntax, formats.
// Invariants: the schema after the online plan is the schema after the naive one (verify proves it before the plan is
// given away); history fields are the naive plan's. What a rewrite does: rewrites/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "dialects/dialect.h"
#include "model/schema.h"
#include "plan/plan.h"
#include "planner/new_relations.h"

namespace bascule::planner {

struct OnlineOptions {
  /// What is accepted though it breaks the release that runs, or keeps others waiting: "drop-column" (allow_names()).
  std::vector<std::string> allow;
};

/// Where a run stands between two revisions.
struct OnlineState {
  model::Schema schema;  ///< of the live database at first, completed
  NewRelations fresh;    ///< made by revisions of this run
};

/// @param naive a revision as planner/lower makes it. @param state is advanced to what the revision leaves.
/// Diagnostics: online-breaks-application, online-keeps-waiting, online-session-setting, online-lock-table,
/// online-transaction-control, online-live-revision, online-hand-over, online-plan-unproved; each at the authored line.
/// Revisions that are auxiliary come back as they are, and live or handed over ones where that is allowed.
/// REQUIRES: the dialect has an OnlineDialect.
Result<plan::RevisionPlan, Diagnostics> online_plan(const plan::RevisionPlan& naive, OnlineState& state,
                                                    const dialects::Dialect& dialect, const dialects::Server& server,
                                                    const OnlineOptions& options);

/// What there is to say of a revision that was planned: that it runs as it is. nullopt: nothing.
std::optional<Diagnostic> note_of(const plan::RevisionPlan& revision);

/// Names in --allow that nobody knows, as diagnostics ("unknown-allowance").
Diagnostics check_allowances(const OnlineOptions& options);

}  // namespace bascule::planner
