// What: the commands about schemas: schema, diff.
// Must not know: how the command line is spelled.
#pragma once

#include "cli/command_line.h"
#include "cli/console.h"

namespace bascule::cli {

int schema(const CommandLine& line, Console& console);
/// Exit code 1 with --exit-code where there is a difference.
int diff(const CommandLine& line, Console& console);

}  // namespace bascule::cli
