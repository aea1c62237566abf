// What: what a lint came to: the chain that was looked at and the findings. Data only.
// Must not know: how it is printed, what exit code it means.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "safety/finding.h"
#include "safety/scene.h"

namespace bascule::safety {

/// A finding that somebody answered for.
struct Suppressed {
  Finding finding;
  std::string reason;  ///< "the table has forty rows"; of the baseline: empty
  bool by_baseline = false;
};

struct LintResult {
  Chain chain;
  std::vector<Finding> findings;  ///< by path and place
  std::vector<Suppressed> suppressed;
  Diagnostics problems;       ///< files that could not be read; their statements are missing from the chain
  std::string server;         ///< "PostgreSQL 15 (assumed: say which with --server-version)"
  std::size_t revisions = 0;  ///< that were looked at
  std::size_t statements = 0;
};

}  // namespace bascule::safety
