#include "safety/settings.h"

#include <fnmatch.h>

namespace bascule::safety {

namespace {

void take(const Levels& levels, std::string_view rule, Level& level) {
  const auto found = levels.find(rule);
  if (found != levels.end()) level = found->second;
}

bool matches_path(const LintSettings& settings, const std::string& glob, const std::string& path) {
  if (matches_glob(glob, path)) return true;
  return path.starts_with(settings.root) && matches_glob(glob, path.substr(settings.root.size()));
}

}  // namespace

bool matches_glob(const std::string& glob, const std::string& text) {
  return fnmatch(glob.c_str(), text.c_str(), 0) == 0;
}

Level level_of(const LintSettings& settings, const Rule& rule, const Finding& finding) {
  Level level = finding.level;
  take(settings.rules, rule.id, level);
  for (const LintSettings::OfPath& one : settings.paths) {
    if (!matches_path(settings, one.glob, finding.path)) continue;
    if (one.ignore) level = Level::kOff;
    take(one.rules, rule.id, level);
  }
  if (!finding.table.name.empty()) {
    for (const LintSettings::OfTable& one : settings.tables) {
      if (matches_glob(one.glob, display(finding.table)) || matches_glob(one.glob, finding.table.name.text()))
        take(one.rules, rule.id, level);
    }
  }
  take(settings.asked, rule.id, level);
  return level;
}

}  // namespace bascule::safety
