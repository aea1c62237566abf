// What: the commands about what has run and about the table that says so: status, validate, baseline, repair, resolve,
// force, clean, reset, redo.
// Must not know: how the command line is spelled.
#pragma once

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

/// A run up or down, reported; shared by upgrade, downgrade, reset and redo.
int run_and_report(const CommandLine& line, Console& console, model::Direction direction, const std::string& target);

}  // namespace bascule::cli
