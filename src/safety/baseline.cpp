#include "safety/baseline.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace bascule::safety {

Baseline baseline_of(const LintResult& result) {
  Baseline out;
  const auto add = [&](const Finding& one) { out.push_back({one.fingerprint, one.rule, one.path, one.message}); };
  for (const Finding& finding : result.findings) add(finding);
  for (const Suppressed& one : result.suppressed)
    if (one.by_baseline) add(one.finding);
  std::sort(out.begin(), out.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
    return std::tie(a.path, a.rule, a.fingerprint) < std::tie(b.path, b.rule, b.fingerprint);
  });
  return out;
}

Baseline apply_baseline(LintResult& result, const Baseline& baseline) {
  std::set<std::string> known;
  std::set<std::string> met;
  for (const BaselineEntry& one : baseline) known.insert(one.fingerprint);
  std::vector<Finding> fresh;
  for (Finding& finding : result.findings) {
    if (!known.contains(finding.fingerprint)) {
      fresh.push_back(std::move(finding));
      continue;
    }
    met.insert(finding.fingerprint);
    result.suppressed.push_back({std::move(finding), "", true});
  }
  result.findings = std::move(fresh);
  for (const Suppressed& one : result.suppressed) met.insert(one.finding.fingerprint);
  std::set<std::string> looked_at;
  for (const RevisionView& revision : result.chain.revisions)
    if (revision.selected) looked_at.insert(revision.path);
  Baseline stale;
  for (const BaselineEntry& one : baseline)
    if (!met.contains(one.fingerprint) && looked_at.contains(one.path)) stale.push_back(one);
  return stale;
}

}  // namespace bascule::safety
