// What: the use cases that only look: current, history, heads, branches, show.
// Must not know: the command line's syntax, printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "graph/view.h"

namespace bascule::app {

using graph::RevisionView;

struct CurrentReport {
  std::vector<RevisionView> applied;  ///< the tips of what is applied
  std::vector<std::string> unknown;   ///< rows that no file knows
  bool at_heads = false;              ///< nothing is pending
  Address address;
};
Outcome<CurrentReport> current(const Request& request);

/// range: "a:b", "" for all. indicate_current: also ask the database where it stands.
Outcome<std::vector<RevisionView>> history(const Request& request, const std::string& range, bool indicate_current);
Outcome<std::vector<RevisionView>> heads(const Request& request, bool resolve_dependencies);

struct BranchView {
  RevisionView point;
  std::vector<RevisionView> into;
};
Outcome<std::vector<BranchView>> branches(const Request& request);

/// A revision by any of Alembic's names ("head", "ae10", "label@head", "current").
struct ShowReport {
  std::vector<RevisionView> revisions;
  std::vector<std::string> texts;  ///< each one's file
};
Outcome<ShowReport> show(const Request& request, const std::string& name);

}  // namespace bascule::app
