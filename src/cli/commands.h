// What: runs one parsed command: calls its use case, prints what came of it, returns the exit code.
// Must not know: how the command line is spelled.
#pragma once

#include "cli/command_line.h"

namespace bascule::cli {

int run_command(const CommandLine& line);

}  // namespace bascule::cli
