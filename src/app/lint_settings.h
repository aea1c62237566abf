// What: [lint] of bascule.toml, and the baseline's file. Internal to app/lint.
// Must not know: rules beyond their names.
#pragma once

#include <string>

#include "app/lint.h"
#include "dialects/server.h"
#include "safety/baseline.h"

namespace bascule::app {

struct LintConfiguration {
  safety::LintSettings settings;
  std::optional<std::string> dialect;
};

/// [lint] of bascule.toml (-c, else the project folder's), then what the command line asks for. Error codes:
/// config-invalid (an unknown key or rule, a value that is none), and unknown-rule, bad-level of the command line.
Outcome<LintConfiguration> read_lint_settings(const Request& request, const LintRequest& wanted);

/// "14", "14.2", "17.0 (Debian 17.0-1)". Error code: bad-server-version.
Outcome<void> set_version(dialects::Server& server, const std::string& text);

/// Error code: baseline-invalid. A missing file is one, too.
Outcome<safety::Baseline> read_baseline(const std::string& path);
Outcome<void> write_baseline(const std::string& path, const safety::Baseline& baseline);

}  // namespace bascule::app
