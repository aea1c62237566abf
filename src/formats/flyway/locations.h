// What: the files in a project's locations: folders, class path folders, patterns.
// Must not know: what a file is for.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/flyway/settings.h"

namespace bascule::formats::flyway {

/// path: as the user should see it. script: relative to its location, as the history table has it.
struct FoundFile {
  std::string path;
  std::string script;
  std::string name;
};

/// Every file in the locations, sorted by script within each. A location inside another one counts once. Folders that
/// are not there are an error with failOnMissingLocations, else a warning. Codes: missing-location,
/// unsupported-location, unreadable-folder.
std::vector<FoundFile> find_files(const Settings& settings, const std::vector<std::string>& locations,
                                  Diagnostics& diagnostics);

/// The folder for new files: the first location without a pattern; empty: none.
std::string first_folder(const Settings& settings);

/// The folders where Java migrations of a class path location would lie, with the location's path in Java's dots
/// ("db.migration") before the file names. Reads only names.
std::vector<FoundFile> find_java_files(const Settings& settings);

}  // namespace bascule::formats::flyway
