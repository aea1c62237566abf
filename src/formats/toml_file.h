// What: a TOML file, flattened. toml++ stays in toml_file.cpp.
// Must not know: what any setting means.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"

namespace bascule::formats {

/// "alembic.version_table" to its value as text ("true", "5"); arrays keep their items. tables: [[lint.path]], each one
/// flattened in its turn. places: where each key of values and arrays, and the first one of tables, stands.
struct TomlFile {
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> arrays;
  std::map<std::string, std::vector<TomlFile>> tables;
  std::map<std::string, Position> places;
};
/// Error code: config-invalid, with the line and column.
Result<TomlFile, Diagnostic> parse_toml(const std::string& path, const std::string& text);

}  // namespace bascule::formats
