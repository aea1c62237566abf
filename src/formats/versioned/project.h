// What: the project of a tool that keeps versions in a table, whichever tool it is.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "formats/open.h"
#include "formats/versioned/environment.h"
#include "formats/versioned/tool.h"

namespace bascule::formats::versioned {

std::unique_ptr<Project> make_project(std::unique_ptr<Tool> tool);

/// A tool whose migrations lie in one folder. find: the folder that was named, else the first of the usual ones that
/// holds migrations; empty: none does. holds: whether a folder holds the tool's migrations.
struct FolderTool {
  std::string (*find)(const Environment& environment);
  bool (*holds)(const std::string& folder);
  const char* usual;  ///< the folder of a project that has none yet
  std::unique_ptr<Tool> (*make)(const Environment& environment, std::string folder);
};
bool detect(const FolderTool& tool, const OpenRequest& request);
/// nullopt: there is no such project, and nobody asked for one.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open(const FolderTool& tool, const OpenRequest& request);

}  // namespace bascule::formats::versioned
