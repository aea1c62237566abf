// What: finds out what kind of project a folder holds and opens it. The one list of formats.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/format.h"
#include "formats/words.h"

namespace bascule::formats {

/// environment: what migrations may see of it (os.environ, env("DATABASE_URL"), placeholders).
struct OpenRequest {
  std::string directory = ".";
  std::optional<std::string> config;  ///< the file that the user named with -c
  std::map<std::string, std::string> environment;
  std::optional<std::string> format;           ///< "flyway": only this one is looked for
  std::map<std::string, std::string> options;  ///< the format's own settings given on the command line (outOfOrder)
};

/// Error codes: no-project (says what was looked for and how to start one), ambiguous-project, unknown-format, and
/// what the format itself finds wrong.
Result<std::unique_ptr<Project>, Diagnostic> open_project(const OpenRequest& request);

/// The names of all formats, in the order in which they are looked for.
std::vector<std::string> format_names();
/// The formats that seem to live in the folder, by name; usually one. Reads no migration.
std::vector<std::string> detect_formats(const OpenRequest& request);
/// The words of a format's own tool; null if there is no such format or it has none.
const Vocabulary* vocabulary(const std::string& format);

}  // namespace bascule::formats
