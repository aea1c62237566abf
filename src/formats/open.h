// What: finds out what kind of project a folder holds and opens it. The one list of formats.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/format.h"

namespace bascule::formats {

/// config: the file that the user named with -c, if any. environment: what os.environ shows to migrations.
/// Error "no-project" says what was looked for and how to start one.
Result<std::unique_ptr<Project>, Diagnostic> open_project(const std::string& directory,
                                                          const std::optional<std::string>& config,
                                                          const std::map<std::string, std::string>& environment);

}  // namespace bascule::formats
