// What: writes a new revision file, named and shaped as `alembic revision` would.
// Must not know: the graph (whether parents exist, heads ...).
#pragma once

#include <string>
#include <vector>

#include "formats/alembic/settings.h"
#include "formats/format.h"

namespace bascule::formats::alembic {

/// file_template filled in: %(rev)s %(slug)s %(epoch)s %(year)d %(month).2d %(day).2d %(hour).2d %(minute).2d
/// %(second).2d. Error: invalid-file-template.
Result<std::string, Diagnostic> file_name_of(const Settings& settings, const NewRevision& revision);
/// The whole text of the .py file.
std::string revision_text(const NewRevision& revision);
/// Writes; the main file first. Errors: file-exists, unknown-version-path, several-version-locations, cannot-write,
/// invalid-revision-id, invalid-file-template.
Result<std::vector<std::string>, Diagnostic> write_revision_files(const Settings& settings,
                                                                  const NewRevision& revision);

}  // namespace bascule::formats::alembic
