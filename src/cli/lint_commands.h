// What: the commands about what migrations do to a live database: lint, explain.
// Must not know: how the command line is spelled, single rules.
#pragma once

#include "cli/command_line.h"
#include "cli/console.h"

namespace bascule::cli {

/// 0: nothing is as loud as fail_on; 1: something is; 3: a file could not be judged.
int lint(const CommandLine& line, Console& console);
int explain(const CommandLine& line, Console& console);

}  // namespace bascule::cli
