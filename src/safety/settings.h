// What: how loud rules are, by rule, path and table; what a lint fails on. Data, and the one function that reads it.
// Must not know: files that it comes from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "safety/finding.h"
#include "safety/rule.h"

namespace bascule::safety {

using Levels = std::map<std::string, Level, std::less<>>;

struct LintSettings {
  /// Exit code 1 where a finding is at least this loud; kOff: never.
  Level fail_on = Level::kWarning;
  std::optional<std::string> server_version, time_zone, baseline;
  std::int64_t small_table_bytes = 10 * 1024 * 1024;
  Levels rules;
  struct OfPath {
    std::string glob;  ///< "migrations/legacy/*"; "*" also stands for slashes
    bool ignore = false;
    Levels rules;
  };
  struct OfTable {
    std::string glob;  ///< "audit_*", "archive.*"
    Levels rules;
  };
  std::vector<OfPath> paths;
  std::vector<OfTable> tables;
  Levels asked;      ///< --rule: goes before everything else
  std::string root;  ///< the folder that globs of paths start from; empty: the one that paths are shown from
};

/// The finding's level: its own, then that of its rule, path and table, each later one before the earlier ones.
Level level_of(const LintSettings& settings, const Rule& rule, const Finding& finding);

/// "*" any characters, "?" one, "[a-z]" one of these.
bool matches_glob(const std::string& glob, const std::string& text);

}  // namespace bascule::safety
