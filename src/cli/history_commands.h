// What: the commands about what has run and about the table that says so: status, validate, baseline, repair, resolve,
// force, clean, reset, redo.
// Must not know: how the command line is spelled.
#pragma once

#include <chrono>

#include "app/migrate.h"
#include "base/json.h"
#include "cli/command_line.h"
#include "cli/console.h"

namespace bascule::cli {

int status(const CommandLine& line, Console& console);
int validate(const CommandLine& line, Console& console);
/// baseline, repair, resolve, force: the command's name is the amendment's.
int amend(const CommandLine& line, Console& console);
int clean(const CommandLine& line, Console& console);
int reset(const CommandLine& line, Console& console);
int redo(const CommandLine& line, Console& console);

/// Since it was made.
class Stopwatch {
 public:
  std::chrono::microseconds passed() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started_);
  }

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// What a run has done, as JSON and in words.
Json run_json(const app::RunReport& report, const Stopwatch& watch);
void report_run(const app::RunReport& report, const Stopwatch& watch, Console& console);
/// A run up or down, reported; shared by upgrade, downgrade and reset.
int run_and_report(const CommandLine& line, Console& console, model::Direction direction, const std::string& target);

}  // namespace bascule::cli
