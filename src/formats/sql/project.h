// What: a plain SQL project: a folder of revisions in SQL files, a graph as Alembic's, and its own table of heads.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "formats/open.h"

namespace bascule::formats::sql {

/// Whether the folder of migrations, or the project's own, holds a file that begins with "-- revision:", or
/// bascule.toml has a table [sql].
bool detect_sql(const OpenRequest& request);
/// nullopt: there is none. Error code: config-invalid.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_sql_project(const OpenRequest& request);

/// bascule.toml of a new project whose revisions are in `directory`.
std::string settings_text(const std::string& directory);

}  // namespace bascule::formats::sql
