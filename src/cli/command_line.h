// What: the command line, parsed. CLI11 stays in command_line.cpp.
// Must not know: what commands do.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace bascule::cli {

/// Of lint and explain.
struct LintLine {
  std::optional<std::string> since, server_version, dialect, fail_on, output, output_file, write_baseline;
  std::optional<std::string> stdin_path;
  std::vector<std::string> rules;  ///< NAME=LEVEL
  bool pending = false;
  bool no_baseline = false;
};

/// Of upgrade, downgrade, plan and abort. Unset: the default of exec::OnlineSettings.
struct OnlineLine {
  bool online = false;
  std::optional<std::chrono::milliseconds> lock_timeout, deadline, terminate_blockers_after, batch_time, most_lag;
  std::optional<int> jobs;
  std::vector<std::string> allow;
  std::optional<std::string> events, load_hook, metrics;
  std::vector<std::string> hooks;  ///< WHEN=COMMAND
};

/// Of backfill.
struct BackfillLine {
  std::string set, where;
  bool remove = false;
  bool forget = false;
};

/// Everything that can be said on the command line. Fields that the chosen command does not have keep their defaults.
struct CommandLine {
  std::string command;  ///< "upgrade"; empty: help was asked for and printed
  // Global options.
  std::optional<std::string> config, url, format;
  std::map<std::string, std::string> options;  ///< --set KEY=VALUE
  std::string directory = ".";
  std::chrono::milliseconds wait{30'000};
  bool json = false;
  bool quiet = false;
  int verbose = 0;
  std::string colour = "auto";  ///< auto, always, never
  bool single_transaction = false;
  bool transaction_per_migration = false;
  // Of single commands.
  std::vector<std::string> targets;  ///< revision, revisions, directory, shell
  bool sql = false;
  std::string range;
  bool indicate_current = false;
  bool resolve_dependencies = false;
  bool check_heads = false;
  bool exit_code = false;
  bool down = false;
  bool purge = false;
  bool splice = false;
  bool sql_file = false;
  bool autogenerate = false;
  bool force = false;
  bool allow_data_loss = false;
  bool table = false;
  bool watch = false;
  std::string message;
  std::optional<std::string> rev_id, version_path;
  std::vector<std::string> heads, branch_labels, depends_on;
  LintLine lint;
  OnlineLine online;
  BackfillLine backfill;
};

/// Why there is nothing to run: text for stdout (help, version) or stderr (usage), and the exit code. message and help:
/// what the text says of a usage error, for --json; both empty otherwise.
struct Stop {
  std::string text;
  bool is_error = false;
  int exit_code = 0;
  std::string message = {};
  std::string help = {};
};

/// A usage error is text for stderr; with --json among the words, a JSON document for stdout. environment: what finding
/// the project may need, when its tool's own words are used.
Result<CommandLine, Stop> parse(int argc, const char* const* argv,
                                const std::map<std::string, std::string>& environment = {});

/// The names of all commands, for completion and "did you mean".
std::vector<std::string> command_names();

}  // namespace bascule::cli
