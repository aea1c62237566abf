// What: a goose project: <digits>_name.sql with "-- +goose" lines, and the table goose_db_version.
// Must not know: drivers, dialects' spelling, the run loop.
#pragma once

#include <memory>
#include <optional>

#include "formats/open.h"

namespace bascule::formats::goose {

/// Whether the migrations' folder holds a file with a "-- +goose" line, or goose's Go migrations.
bool detect_goose(const OpenRequest& request);
/// nullopt: there is none.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_goose_project(const OpenRequest& request);
const Vocabulary& goose_vocabulary();

}  // namespace bascule::formats::goose
