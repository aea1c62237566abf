// What: a project's migrations, or bare SQL files, handed to an Analysis one by one. Internal to app/lint.
// Must not know: single rules, configuration.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "safety/analyse.h"
#include "safety/suppressions.h"

namespace bascule::app {

/// Which revisions a lint looks at, by id and file.
using Selected = std::function<bool(const std::string& id, const std::string& path)>;

/// What was read on the way. comments: of the selected revisions' files.
struct ReadChain {
  Diagnostics problems;
  std::vector<safety::SourceComment> comments;
  std::size_t transactions = 0;  ///< the last one's number
};

/// only_selected: the others are left out, their effect is in the schema that the analysis began with.
Outcome<ReadChain> read_project(const Workspace& workspace, const dialects::Dialect& dialect, bool one_transaction,
                                const Selected& selected, bool only_selected, safety::Analysis& analysis);

/// Each file is a migration, run after the one before it, and after what was read already.
void read_files(const std::vector<SourceFilePtr>& files, const dialects::Dialect& dialect, safety::Analysis& analysis,
                ReadChain& read);

}  // namespace bascule::app
