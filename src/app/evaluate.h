// What: what a revision does, whoever says it: its own file, a file of the user's that replaces it (overrides/), or,
// on the way down where nobody wrote one, the reverse of its way up.
// Must not know: the command line's syntax, printing; how anything is run.
#pragma once

#include <string>
#include <vector>

#include "app/workspace.h"
#include "model/reverse.h"
#include "plan/plan.h"

namespace bascule::app {

/// overrides/<revision>.up.sql and .down.sql beside the project's settings stand for the revision's own file.
std::string override_path(const Workspace& workspace, const std::string& revision, model::Direction direction);

/// The project's own evaluation, or the override's statements, one operation each. Errors of an override:
/// unreadable-file, not-utf8, unclosed-sql.
formats::Evaluation evaluate(const Workspace& workspace, const dialects::Dialect& dialect,
                             const graph::Revision& revision, model::Direction direction,
                             const formats::EvaluationTarget& target);

/// The way down that follows from the way up and the schema before it (model/reverse).
struct DerivedWay {
  std::vector<model::AuthoredOperation> operations;
  bool written = false;  ///< it is not derived: the user has written it into overrides/
  std::vector<model::DataLoss> losses;
};
/// Fails (kUnsound) with one no-way-down for each thing that cannot be undone: why, and the file to write instead.
Outcome<DerivedWay> derive_way_down(const Workspace& workspace, const dialects::Dialect& dialect,
                                    const std::string& revision, bool allow_data_loss);

/// Counts what derived ways down would destroy. Fails (kUsage) when there is any, unless it is allowed.
Outcome<void> check_losses(const plan::Plan& plan, db::Connection& connection, const Address& address, bool allowed);

}  // namespace bascule::app
