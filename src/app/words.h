// What: a command line in the words of the project's own tool ("flyway migrate", "migrate deploy") as Bascule's.
// Must not know: options of Bascule beyond where the project is.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"

namespace bascule::app {

/// The arguments in Bascule's words, and the format if a tool's name stood before them.
struct Translated {
  std::vector<std::string> words;
  std::optional<std::string> format;
};

/// own: Bascule's commands, which are never translated unless a tool's name stands before them. Looks for the project
/// only when the first word is not one of them. Errors: usage.
Result<Translated, Diagnostic> translate_words(const std::vector<std::string>& arguments,
                                               const std::vector<std::string>& own,
                                               const std::map<std::string, std::string>& environment);

/// What `bascule help` says of the tool whose project is here: usage and help of each word; empty if there is none.
struct ToolHelp {
  std::string tool;
  std::vector<std::pair<std::string, std::string>> words;
};
std::optional<ToolHelp> help_of_project(const std::vector<std::string>& arguments,
                                        const std::map<std::string, std::string>& environment);

}  // namespace bascule::app
