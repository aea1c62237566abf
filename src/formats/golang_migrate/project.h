// What: a project of golang-migrate: <version>_<title>.up.sql and .down.sql, and the table schema_migrations.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>
#include <optional>

#include "formats/open.h"

namespace bascule::formats::golang_migrate {

/// Whether the migrations' folder holds a file that is named so.
bool detect_golang_migrate(const OpenRequest& request);
/// nullopt: there is none.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_golang_migrate_project(const OpenRequest& request);
const Vocabulary& golang_migrate_vocabulary();

}  // namespace bascule::formats::golang_migrate
