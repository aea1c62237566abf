// What: what the name of a file says in a Flyway project.
// Must not know: folders, what is in the file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "formats/flyway/settings.h"
#include "formats/flyway/version.h"

namespace bascule::formats::flyway {

enum class FileKind { kVersioned, kRepeatable, kUndo, kBaseline, kCallback };

/// version: of all kinds but repeatables and callbacks. stem: the name without its suffix ("beforeMigrate__x").
struct FileName {
  FileKind kind = FileKind::kVersioned;
  std::optional<Version> version;
  std::string description;  ///< underscores as blanks
  std::string event;        ///< of a callback: "beforeMigrate"
  std::string stem;
};

/// Reads a name that ends in one of the suffixes for SQL. Errors: why Flyway would pass it over, in a sentence.
Result<FileName, std::string> parse_file_name(std::string_view name, const Settings& settings);

/// Whether the name ends in one of the suffixes; their case does not matter.
bool has_sql_suffix(std::string_view name, const Settings& settings);

}  // namespace bascule::formats::flyway
