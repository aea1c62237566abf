// What: what can be wrong with a project of versions and its database, as diagnostics.
// Must not know: how it was found out.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/versioned/migration.h"

namespace bascule::formats::versioned {

Diagnostic version_without_file(const std::string& version, const std::string& folder, Severity severity);
Diagnostic unknown_version(const std::string& version, const std::vector<Migration>& migrations);
/// how: what makes the tool run it all the same.
Diagnostic runs_out_of_order(const std::vector<const Migration*>& late, const std::string& how);
Diagnostic cannot_run_code(const Migration& migration, const std::string& tool);

}  // namespace bascule::formats::versioned
