// What: findings that were there when somebody began to look: known by their fingerprints, and not reported again.
// Must not know: the file's syntax.
#pragma once

#include <string>
#include <vector>

#include "safety/result.h"

namespace bascule::safety {

struct BaselineEntry {
  std::string fingerprint, rule, path, message;
};
using Baseline = std::vector<BaselineEntry>;

/// The findings at hand, those that the baseline answered for before included.
Baseline baseline_of(const LintResult& result);

/// Moves the baseline's findings to suppressed. Entries that nothing answers to any more come back, when everything was
/// looked at; those of other files are nobody's business.
Baseline apply_baseline(LintResult& result, const Baseline& baseline);

}  // namespace bascule::safety
