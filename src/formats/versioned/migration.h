// What: one migration of a tool that keeps versions in a table: its version, its files.
// Must not know: any database, what the SQL means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"

namespace bascule::formats::versioned {

/// file: the way up (and down, where both are in one file). down_file: the way down, where it has its own. Null: there
/// is none. runs_code: written in the tool's own language, not in SQL.
struct Migration {
  std::string version;  ///< as the history table has it
  std::uint64_t number = 0;
  std::string title;  ///< "create_users"
  std::string path;
  SourceFilePtr file;
  SourceFilePtr down_file;
  bool runs_code = false;
};

/// "create users".
std::string description_of(const Migration& migration);

/// The digits that a file's name begins with; empty: it begins otherwise.
std::string_view leading_digits(std::string_view name);
/// nullopt: too large for 64 bits.
std::optional<std::uint64_t> number_of(std::string_view digits);

/// The names of the plain files of a folder that end in `ending`, sorted by their bytes. A folder that cannot be read
/// has none.
std::vector<std::string> file_names(const std::string& folder, std::string_view ending);
/// "folder/name", "name" where the folder is ".".
std::string in_folder(const std::string& folder, const std::string& name);

/// Two files of one version. first, second: their paths.
Diagnostic duplicate_version(const std::string& version, const std::string& first, const std::string& second);

}  // namespace bascule::formats::versioned
