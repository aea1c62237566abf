// What: what a tool's command line would see: the environment, a .env file, the options given for it; and the words of
// that command line taken apart.
// Must not know: any one tool, what a variable means.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/open.h"
#include "formats/words.h"

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

/// A command line. ours: options that Bascule has itself, as they stood. Names of the tool's options are without
/// dashes.
struct Arguments {
  Words ours;
  Words words;
  std::map<std::string, std::string> values;
  std::set<std::string> flags;

  bool has(const std::string& flag) const { return flags.count(flag) > 0; }
  /// --set KEY=VALUE for each of these options that is there.
  void pass_on(const std::vector<std::pair<std::string, std::string>>& options, Words& out) const;
};

/// with_value: the tool's options that take one; they may have one dash or two. Error code: usage.
Result<Arguments, Diagnostic> read_arguments(const Words& words, const std::set<std::string>& with_value);

Diagnostic usage(std::string message, std::string help);

/// A SQLite file as Bascule's URLs have it.
std::string sqlite_url(const std::string& path);

}  // namespace bascule::formats::versioned
