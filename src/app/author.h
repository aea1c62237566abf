// What: the use cases that write: init, revision, merge, and stamp (which writes the history table only).
// Must not know: the command line's syntax, printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"

namespace bascule::app {

/// The files that were written, in order.
struct Written {
  std::string revision;
  std::vector<std::string> paths;
};

/// Lays out a new project in `directory` (made if missing), bascule.toml beside it: request.format "alembic" (the
/// default) or "sql". Refuses to overwrite anything. Error codes: already-there, cannot-write, unknown-format.
Outcome<Written> init(const Request& request, const std::string& directory);

struct RevisionRequest {
  std::string message;
  std::optional<std::string> id;   ///< --rev-id; made up when absent
  std::vector<std::string> heads;  ///< --head; empty: the only head
  bool splice = false;             ///< --splice: the parent need not be a head
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;
  std::optional<std::string> version_path;
  bool sql_file = false;
};
Outcome<Written> create_revision(const Request& request, const RevisionRequest& revision);

/// heads: what to merge; "heads" for all.
Outcome<Written> merge(const Request& request, const std::vector<std::string>& heads, const RevisionRequest& revision);

struct StampReport {
  std::vector<std::string> before, after;
  std::string script;  ///< with sql only: what would be run
};
/// Writes the history rows as if the targets had run. purge: forget all rows first. sql: only write the script.
Outcome<StampReport> stamp(const Request& request, const std::vector<std::string>& targets, bool purge, bool sql);

}  // namespace bascule::app
