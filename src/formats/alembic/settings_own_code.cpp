// What bascule.toml says of the application's own code: column types, what env.py passes, the project's own tool; and
// where the project's modules are.
#include <filesystem>

#include "base/duration.h"
#include "base/text.h"
#include "formats/alembic/settings.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTypes = "types.";
constexpr std::string_view kValues = "values.";
constexpr std::string_view kArguments = "alembic.arguments.";

/// "app.db.GUID.postgresql" is the type app.db.GUID on one database.
void add_type(const std::string& name, const std::string& sql, Settings& settings) {
  for (const char* dialect : {"postgresql", "sqlite"}) {
    const std::string end = std::string(".") + dialect;
    if (!name.ends_with(end)) continue;
    settings.types[name.substr(0, name.size() - end.size())][dialect] = sql;
    return;
  }
  settings.types[name][""] = sql;
}

/// Words parted by blanks; quotes hold them together. Nothing of it is given to a shell.
std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  bool inside = false;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      inside = true;
    } else if (c == ' ' || c == '\t') {
      if (inside) out.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (inside) out.push_back(std::move(word));
  return out;
}

void add_root(const fs::path& folder, std::vector<std::string>& roots) {
  std::error_code wrong;
  const fs::path real = fs::canonical(folder.empty() ? fs::path(".") : folder, wrong);
  if (wrong || !fs::is_directory(real, wrong)) return;
  const std::string text = real.string();
  for (const std::string& known : roots)
    if (known == text) return;
  roots.push_back(text);
}

/// The nearest folder above that holds what marks a Python project.
fs::path project_above(const fs::path& folder) {
  constexpr int kMostLevels = 5;
  std::error_code wrong;
  fs::path at = fs::canonical(folder, wrong);
  for (int level = 0; !wrong && level < kMostLevels; ++level) {
    for (const char* mark : {"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git"})
      if (fs::exists(at / mark, wrong)) return at;
    if (!at.has_relative_path()) break;
    at = at.parent_path();
  }
  return {};
}

}  // namespace

Result<void, Diagnostic> read_own_code(const std::string& path, const TomlFile& toml, Settings& settings) {
  for (const auto& [key, value] : toml.values) {
    if (key.starts_with(kTypes)) add_type(key.substr(kTypes.size()), value, settings);
    if (key.starts_with(kArguments)) settings.arguments[key.substr(kArguments.size())] = {value, std::nullopt};
    if (key.starts_with(kValues)) settings.values[key.substr(kValues.size())] = {value, std::nullopt};
  }
  for (const auto& [key, items] : toml.arrays) {
    if (key.starts_with(kArguments)) settings.arguments[key.substr(kArguments.size())] = {"", items};
    if (key.starts_with(kValues)) settings.values[key.substr(kValues.size())] = {"", items};
  }
  const auto words = toml.values.find("alembic.command");
  if (words != toml.values.end()) settings.command = split_words(words->second);
  const auto list = toml.arrays.find("alembic.command");
  if (list != toml.arrays.end()) settings.command = list->second;
  const auto wrong = [&](std::string message, std::string help) {
    Diagnostic diagnostic;
    diagnostic.code = "config-invalid";
    diagnostic.message = std::move(message);
    diagnostic.help = std::move(help);
    return failure(std::move(diagnostic));
  };
  if ((words != toml.values.end() || list != toml.arrays.end()) &&
      (settings.command.empty() || settings.command.front().empty()))
    return wrong("command under [alembic] in " + path + " is empty", "name the tool: command = \"alembic\"");
  const auto timeout = toml.values.find("alembic.command_timeout");
  if (timeout != toml.values.end()) {
    settings.command_timeout = parse_duration(timeout->second);
    if (!settings.command_timeout)
      return wrong("command_timeout under [alembic] in " + path + " is not a length of time: '" + timeout->second + "'",
                   "write it as in command_timeout = \"10m\"");
  }
  return {};
}

void find_source_roots(const std::string& directory, const std::vector<std::string>& prepended, Settings& settings) {
  std::vector<std::string> roots;
  for (const std::string& folder : prepended)
    add_root(fs::path(folder).is_absolute() ? fs::path(folder) : fs::path(directory) / folder, roots);
  if (!settings.config_file.empty()) add_root(fs::path(settings.config_file).parent_path(), roots);
  add_root(directory, roots);
  if (const fs::path above = project_above(settings.script_location); !above.empty()) add_root(above, roots);
  const std::vector<std::string> plain = roots;
  for (const std::string& root : plain) add_root(fs::path(root) / "src", roots);
  settings.source_roots = std::move(roots);
}

}  // namespace bascule::formats::alembic
