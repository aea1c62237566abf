// What: the use case lint: a project's migrations, or bare SQL files, judged by the rules.
// Must not know: the command line's syntax, printing, single rules.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/workspace.h"
#include "plan/live_facts.h"
#include "safety/result.h"
#include "safety/settings.h"

namespace bascule::app {

/// What to look at and how. Nothing said: every revision of the project.
struct LintRequest {
  std::vector<std::string> files;         ///< revisions by their files; outside of a project: bare SQL, in this order
  std::optional<std::string> since;       ///< what has changed since this Git revision
  bool pending = false;                   ///< what the database has not run yet
  std::optional<std::string> stdin_text;  ///< SQL, or what stdin_path would hold
  /// What reports call stdin_text. Of a project around it: its migration of that name, as an editor has it, or a new
  /// one behind all others.
  std::optional<std::string> stdin_path;
  std::optional<std::string> server_version, dialect, fail_on, write_baseline;
  std::vector<std::string> rules;  ///< "NAME=LEVEL"
  bool use_baseline = true;
};

struct LintReport {
  safety::LintResult result;
  safety::Level fail_on = safety::Level::kWarning;  ///< kOff: never
  std::unique_ptr<plan::LiveFacts> live;            ///< what result.chain.live points to
  std::optional<std::size_t> baseline_written;      ///< how many findings
};

/// Errors: what open_workspace and connect say; config-invalid, unknown-rule, bad-server-version, baseline-invalid,
/// git-failed, no-such-migration, no-files-to-lint.
Outcome<LintReport> lint(const Request& request, const LintRequest& wanted);

/// Whether a finding is loud enough to fail.
bool fails(const LintReport& report);

}  // namespace bascule::app
