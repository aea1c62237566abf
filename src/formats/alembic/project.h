// What: the Alembic project as a Project: finds it, lists its revisions, evaluates them, writes new ones.
// Must not know: databases beyond the SQL of its own version table.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "formats/format.h"

namespace bascule::formats::alembic {

/// nullopt: `directory` holds no Alembic project. config: the file named with -c. environment: what os.environ shows to
/// migrations. Errors: config-not-found, config-invalid, no-script-location.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_alembic_project(
    const std::string& directory, const std::optional<std::string>& config,
    const std::map<std::string, std::string>& environment);

}  // namespace bascule::formats::alembic
