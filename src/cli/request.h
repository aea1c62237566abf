// What: from the command line and the process to what a use case is given.
// Must not know: what commands do.
#pragma once

#include <map>
#include <string>

#include "app/workspace.h"
#include "cli/command_line.h"
#include "cli/console.h"

namespace bascule::cli {

/// A copy of the process's variables.
std::map<std::string, std::string> process_environment();

app::Request request_of(const CommandLine& line, Console& console);

}  // namespace bascule::cli
