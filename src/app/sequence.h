// What: the way through the house for formats that keep a list of what has run (formats/sequence.h).
// Must not know: any one format, the command line's syntax, printing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/migrate.h"
#include "app/workspace.h"
#include "formats/sequence.h"
#include "history/history_store.h"

namespace bascule::app {

/// Reads the list from the database (null: as if it were empty). Fails with what the database says.
Outcome<void> read_sequence(formats::Sequence& sequence, db::Connection* connection, const Address& address);

/// The course to a goal as a plan: each move's operations lowered, ways down derived where nobody wrote them. The
/// sequence has been read. Fails (kUnsound) with everything that is wrong with the project, (kFailed) with what keeps
/// this database from being migrated.
Outcome<plan::Plan> plan_sequence(const Workspace& workspace, const Address& address, const formats::Goal& goal,
                                  bool offline, Diagnostics& warnings);

/// Unsound files, a wrong goal, or else the database: kUnsound, kUsage, kFailed; kDone when nothing is in the way.
ExitCode exit_code_of(const formats::Refusal& refusal);

/// The sequence as the run loop wants its history: one row that says how far it is.
std::unique_ptr<history::HistoryStore> sequence_history(const formats::Sequence& sequence);

/// The format's `validate`: the files beside the database's list.
struct ValidationReport {
  std::size_t entries = 0;
  Diagnostics problems;
  ExitCode code = ExitCode::kDone;  ///< what the problems amount to
  Address address;
};
Outcome<ValidationReport> validate(const Request& request);

/// What was put right in the history table, a line each.
struct AmendmentReport {
  std::vector<std::string> done;
  std::string script;  ///< with sql only: what would be run
  Address address;
};
/// Changes the history table alone: "baseline", "repair", "resolve" ... in one transaction.
Outcome<AmendmentReport> amend(const Request& request, const formats::Amendment& amendment, bool sql);

}  // namespace bascule::app
