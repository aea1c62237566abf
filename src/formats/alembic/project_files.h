// What: which files of a project's version locations are revisions, by Alembic's rules.
// Must not know: what is in them.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/alembic/settings.h"

namespace bascule::formats::alembic {

/// "x.py", but not "__init__.py" nor an editor's ".#x.py".
bool is_revision_file_name(const std::string& name);
/// The files in Alembic's order: location by location, names sorted by bytes, folders after the files beside them.
/// A file met twice (by links, or locations in each other) is listed once. A location that is not there is a warning.
std::vector<std::string> list_revision_files(const Settings& settings, Diagnostics& diagnostics);

}  // namespace bascule::formats::alembic
