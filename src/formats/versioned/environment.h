// What: what a tool's command line would see: the environment, a .env file, the options given for it.
// Must not know: any one tool, what a variable means.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "formats/open.h"

namespace bascule::formats::versioned {

/// value, source: "the environment", ".env".
struct Variable {
  std::string value;
  std::string source;
};

class Environment {
 public:
  /// Reads .env of the project's folder, or the file that the option "env-file" names.
  explicit Environment(const OpenRequest& request);
  /// The environment comes before .env, as everywhere; empty values count as unset.
  std::optional<Variable> find(const std::string& name) const;
  /// An option of the command line (--set KEY=VALUE).
  std::optional<std::string> option(const std::string& name) const;
  /// The option, else the variable, else `otherwise`.
  std::string setting(const std::string& option_name, const std::string& variable, const std::string& otherwise) const;
  /// A path that the tool would read from the project's folder.
  std::string path(const std::string& text) const;
  const std::map<std::string, std::string>& all() const { return environment_; }

 private:
  std::string directory_;
  std::map<std::string, std::string> environment_;
  std::map<std::string, std::string> file_;
  std::map<std::string, std::string> options_;
  std::string file_name_;
};

/// A SQLite file as Bascule's URLs have it.
std::string sqlite_url(const std::string& path);

}  // namespace bascule::formats::versioned
