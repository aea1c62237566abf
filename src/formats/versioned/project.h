// What: the project of a tool that keeps versions in a table, whichever tool it is.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>

#include "formats/format.h"
#include "formats/versioned/tool.h"

namespace bascule::formats::versioned {

std::unique_ptr<Project> make_project(std::unique_ptr<Tool> tool);

}  // namespace bascule::formats::versioned
