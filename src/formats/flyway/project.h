// What: a Flyway project found on disk.
// Must not know: drivers, the run loop.
#pragma once

#include <memory>
#include <optional>

#include "formats/format.h"
#include "formats/open.h"
#include "formats/words.h"

namespace bascule::formats::flyway {

/// Whether the folder looks like one.
bool detect_flyway_project(const OpenRequest& request);
/// nullopt: there is none. Errors: those of find_settings.
std::optional<Result<std::unique_ptr<Project>, Diagnostic>> open_flyway_project(const OpenRequest& request);
/// migrate, info, validate, baseline, repair, undo, clean; -key=value.
const Vocabulary& flyway_vocabulary();

}  // namespace bascule::formats::flyway
