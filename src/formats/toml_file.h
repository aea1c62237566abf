// What: a TOML file, flattened. toml++ stays in toml_file.cpp.
// Must not know: what any setting means.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"

namespace bascule::formats {

/// "alembic.version_table" to its value as text ("true", "5"); arrays keep their items.
struct TomlFile {
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> arrays;
};
/// Error code: config-invalid, with the line and column.
Result<TomlFile, Diagnostic> parse_toml(const std::string& path, const std::string& text);

}  // namespace bascule::formats
