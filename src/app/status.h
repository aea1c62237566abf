// What: the one view of a project beside its database that all formats share: each migration and its state.
// Must not know: the command line's syntax, printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "formats/sequence.h"
#include "history/journal.h"
#include "plan/plan.h"

namespace bascule::app {

struct StatusReport {
  std::string format;    ///< "alembic"
  std::string place;     ///< the file or folder that made us believe so
  std::string standing;  ///< where the database stands: "ae10, be20", "2.1"; empty: nothing has run
  std::string table;     ///< the history table
  bool table_exists = false;
  std::vector<formats::Entry> entries;
  /// An online run that is not finished, here or elsewhere, and its plan.
  std::optional<history::JournaledRun> unfinished;
  plan::RevisionPlan unfinished_plan;
  Diagnostics problems;             ///< what keeps a run from starting
  ExitCode code = ExitCode::kDone;  ///< what the problems amount to
  Address address;
};

/// Reads the project and the history table; changes nothing.
Outcome<StatusReport> status(const Request& request);

}  // namespace bascule::app
