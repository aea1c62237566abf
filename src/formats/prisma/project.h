// What: a Prisma project: prisma/schema.prisma, its migrations/<time>_<name>/migration.sql, and its history table.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>
#include <optional>

#include "formats/open.h"

namespace bascule::formats::prisma {

/// Whether there is such a project with a folder of migrations; reads none of these.
bool detect_prisma(const OpenRequest& request);
/// nullopt: there is none. Error codes: prisma-schema-missing.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_prisma_project(const OpenRequest& request);

}  // namespace bascule::formats::prisma
