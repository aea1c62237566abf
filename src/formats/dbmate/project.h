// What: a dbmate project: db/migrations/<digits>_name.sql and the table schema_migrations.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>
#include <optional>

#include "formats/open.h"

namespace bascule::formats::dbmate {

/// Whether the migrations' folder holds a file with "-- migrate:up" that is none of a plain SQL project.
bool detect_dbmate(const OpenRequest& request);
/// nullopt: there is none.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_dbmate_project(const OpenRequest& request);
const Vocabulary& dbmate_vocabulary();

}  // namespace bascule::formats::dbmate
