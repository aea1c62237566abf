#include "formats/alembic/settings.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kUrlPlaceholder = "driver://user:pass@localhost/dbname";

Diagnostic config_error(std::string code, std::string message, std::string help = "") {
  Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  return diagnostic;
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

/// "./x" is shown as "x"; the rest as it was written.
std::string in_folder(const std::string& folder, const std::string& name) {
  if (folder.empty() || folder == "." || fs::path(name).is_absolute()) return name;
  return (fs::path(folder) / name).string();
}

std::string folder_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

/// The user sees "migrations", not "/home/them/project/migrations", where that is where they are.
std::string shown(const std::string& path, const std::string& folder) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(folder, ignored).lexically_normal();
  const fs::path relative = fs::path(path).lexically_normal().lexically_relative(absolute);
  if (relative.empty() || *relative.begin() == "..") return path;
  return in_folder(folder, relative.string());
}

/// A value from the configuration as a path. "package:path" (a Python package's resource) becomes package/path.
/// Alembic takes relative ones from the working directory (`directory`); where there is no such thing, the folder of
/// the configuration file is tried.
std::string as_path(const std::string& value, const std::string& directory, const std::string& config_folder) {
  std::string path = value;
  const std::size_t colon = path.find(':');
  if (!fs::path(path).is_absolute() && colon != std::string::npos) {
    path = replace_all(path.substr(0, colon), ".", "/") + "/" + path.substr(colon + 1);
  }
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (fs::path(path).is_absolute()) return shown(path, directory);
  std::error_code ignored;
  const std::string here = fs::path(in_folder(directory, path)).lexically_normal().string();
  return fs::exists(here, ignored) ? here : fs::path(in_folder(config_folder, path)).lexically_normal().string();
}

std::optional<bool> as_bool(const std::string& text) {
  if (iequals_ascii(text, "true")) return true;
  if (iequals_ascii(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::uint64_t> as_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Spaces and commas part the entries where no separator is configured (Alembic's legacy behaviour).
std::vector<std::string> split_locations(const std::string& text, const std::optional<std::string>& separator) {
  std::vector<std::string> out;
  const auto take = [&](std::string_view piece) {
    piece = trim(piece);
    if (!piece.empty()) out.emplace_back(piece);
  };
  std::string_view separators = ", ";
  if (separator == "space")
    separators = " ";
  else if (separator == "newline")
    separators = "\n";
  else if (separator == ";")
    separators = ";";
  else if (separator)
    separators = ":";
  std::string_view rest = text;
  while (true) {
    const std::size_t at = rest.find_first_of(separators);
    take(rest.substr(0, at));
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + 1);
  }
  return out;
}

/// Where values come from, one source after the other; the first that has a key wins.
struct RawSettings {
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, std::string> folders;  ///< key to the folder of the file that it came from
  std::map<std::string, std::string> sources;  ///< key to that file

  void set(const std::string& key, std::string value, const std::string& file) {
    if (values.contains(key) || lists.contains(key)) return;
    values[key] = std::move(value);
    folders[key] = folder_of(file);
    sources[key] = file;
  }
  void set_list(const std::string& key, std::vector<std::string> value, const std::string& file) {
    if (values.contains(key) || lists.contains(key)) return;
    lists[key] = std::move(value);
    folders[key] = folder_of(file);
    sources[key] = file;
  }
  std::optional<std::string> get(const std::string& key) const {
    const auto found = values.find(key);
    if (found == values.end()) return std::nullopt;
    return found->second;
  }
};

Result<std::string, Diagnostic> read_config(const std::string& path) {
  auto text = read_file(path);
  if (!text) {
    const bool missing = text.error().error_number == ENOENT;
    return failure(config_error(missing ? "config-not-found" : "config-invalid", text.error().message,
                                missing ? "name an existing file with -c, or run `bascule init`" : ""));
  }
  if (const auto bad = invalid_utf8(*text))
    return failure(config_error("config-invalid", "cannot read " + path + ": it is not UTF-8"));
  return std::move(*text);
}

std::map<std::string, std::string> interpolation_defaults(const std::string& path) {
  std::error_code ignored;
  return {{"here", fs::absolute(folder_of(path), ignored).lexically_normal().generic_string()}};
}

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Result<void, Diagnostic> add_ini(const std::string& path, RawSettings& raw) {
  BASCULE_TRY_ASSIGN(const std::string text, read_config(path));
  BASCULE_TRY_ASSIGN(IniFile ini, parse_ini(path, text));
  std::map<std::string, std::string> section = ini["DEFAULT"];
  for (const auto& [key, value] : ini["alembic"]) section[key] = value;
  auto defaults = interpolation_defaults(path);
  defaults["here"] = without_trailing_slash(defaults["here"]);
  for (const auto& [key, value] : section) {
    auto full = interpolate(value, section, defaults);
    // A setting that nobody reads may hold what it likes; a path must be understood.
    if (!full) {
      if (key == "script_location" || key == "version_locations" || key == "file_template")
        return failure(config_error("config-invalid", "cannot read " + key + " in " + path + ": " + full.error(),
                                    "write %% for a percent sign"));
      full = value;
    }
    raw.set(key == "sqlalchemy.url" ? "url" : key, *full, path);
  }
  return {};
}

Result<void, Diagnostic> add_pyproject(const std::string& path, RawSettings& raw, bool& found) {
  BASCULE_TRY_ASSIGN(const std::string text, read_config(path));
  if (text.find("alembic") == std::string::npos) return {};
  BASCULE_TRY_ASSIGN(const TomlFile toml, parse_toml(path, text));
  const auto defaults = interpolation_defaults(path);
  constexpr std::string_view kPrefix = "tool.alembic.";
  for (const auto& [key, value] : toml.values) {
    if (!key.starts_with(kPrefix)) continue;
    found = true;
    raw.set(key.substr(kPrefix.size()), interpolate(value, {}, defaults).value_or(value), path);
  }
  for (const auto& [key, items] : toml.arrays) {
    if (!key.starts_with(kPrefix)) continue;
    found = true;
    std::vector<std::string> full;
    for (const std::string& item : items) full.push_back(interpolate(item, {}, defaults).value_or(item));
    raw.set_list(key.substr(kPrefix.size()), std::move(full), path);
  }
  return {};
}

/// [alembic] keys stand for themselves, [project] ones too, [alembic.naming] for the naming convention; `url` stands at
/// the top or in [database].
Result<void, Diagnostic> add_bascule_toml(const std::string& path, RawSettings& raw, Settings& settings) {
  BASCULE_TRY_ASSIGN(const std::string text, read_config(path));
  BASCULE_TRY_ASSIGN(const TomlFile toml, parse_toml(path, text));
  BASCULE_TRY(read_own_code(path, toml, settings));
  const auto defaults = interpolation_defaults(path);
  for (const auto& [key, value] : toml.values) {
    if (key.starts_with("alembic.naming.")) {
      settings.naming[key.substr(std::string_view("alembic.naming.").size())] = value;
      continue;
    }
    for (const std::string_view prefix : {"alembic.", "project.", "database.", ""}) {
      if (!key.starts_with(prefix)) continue;
      const std::string name = key.substr(prefix.size());
      // A name template's %(...)s are its own.
      raw.set(name, name == "file_template" || name == "url" ? value : interpolate(value, {}, defaults).value_or(value),
              path);
      break;
    }
  }
  for (const auto& [key, items] : toml.arrays) {
    std::vector<std::string> full;
    for (const std::string& item : items) full.push_back(interpolate(item, {}, defaults).value_or(item));
    for (const std::string_view prefix : {"alembic.", "project.", ""})
      if (key.starts_with(prefix)) {
        raw.set_list(key.substr(prefix.size()), full, path);
        break;
      }
  }
  return {};
}

Result<void, Diagnostic> fill_locations(const RawSettings& raw, const std::string& directory, Settings& settings) {
  if (const auto location = raw.get("script_location")) {
    settings.script_location = as_path(*location, directory, raw.folders.at("script_location"));
  }
  const auto list = raw.lists.find("version_locations");
  const auto text = raw.get("version_locations");
  if (list != raw.lists.end() || text) {
    std::optional<std::string> separator = raw.get("path_separator");
    if (!separator) separator = raw.get("version_path_separator");
    const auto locations = list != raw.lists.end() ? list->second : split_locations(*text, separator);
    for (const std::string& location : locations)
      settings.version_locations.push_back(as_path(location, directory, raw.folders.at("version_locations")));
    settings.versions_given = !settings.version_locations.empty();
  }
  if (settings.script_location.empty() && settings.version_locations.empty()) {
    for (const char* usual : {"migrations", "alembic"})
      if (is_folder(in_folder(directory, std::string(usual) + "/versions")))
        settings.script_location = in_folder(directory, usual);
    // Flask-Migrate keeps alembic.ini inside the script folder and passes that folder at run time.
    if (settings.script_location.empty() && is_file(in_folder(directory, "env.py")) &&
        is_folder(in_folder(directory, "versions")))
      settings.script_location = directory.empty() ? "." : directory;
    if (settings.script_location.empty())
      return failure(config_error("no-script-location", settings.config_file + " does not say where the migrations are",
                                  "add script_location = migrations to it, or run `bascule init`"));
  }
  if (settings.version_locations.empty()) settings.version_locations = {settings.script_location + "/versions"};
  if (settings.script_location.empty()) settings.script_location = folder_of(settings.version_locations.front());
  return {};
}

Result<void, Diagnostic> fill_rest(const RawSettings& raw, Settings& settings) {
  const auto number = [&](const char* key, std::optional<std::uint64_t>& out) -> Result<void, Diagnostic> {
    const auto text = raw.get(key);
    if (!text) return {};
    out = as_number(*text);
    if (!out)
      return failure(config_error(
          "config-invalid", std::string(key) + " in " + raw.sources.at(key) + " is not a number: '" + *text + "'"));
    return {};
  };
  BASCULE_TRY(number("evaluation_steps", settings.evaluation_steps));
  BASCULE_TRY(number("evaluation_depth", settings.evaluation_depth));
  BASCULE_TRY(number("evaluation_size", settings.evaluation_size));
  std::optional<std::uint64_t> slug;
  BASCULE_TRY(number("truncate_slug_length", slug));
  if (slug && *slug > 0) settings.truncate_slug_length = static_cast<std::size_t>(*slug);
  if (const auto text = raw.get("recursive_version_locations")) settings.recursive = *text == "true";
  if (const auto text = raw.get("file_template")) settings.file_template = *text;
  if (const auto text = raw.get("timezone"); text && !text->empty()) settings.timezone = *text;
  settings.version_table = raw.get("version_table");
  settings.version_table_schema = raw.get("version_table_schema");
  if (const auto text = raw.get("transaction_per_migration")) settings.transaction_per_migration = as_bool(*text);
  if (const auto url = raw.get("url"); url && *url != kUrlPlaceholder && !url->empty()) {
    settings.url = *url;
    settings.url_source = raw.sources.at("url");
  }
  return {};
}

Result<Settings, Diagnostic> load(const std::string& directory, const std::string& ini, const std::string& pyproject,
                                  const std::string& bascule) {
  Settings settings;
  RawSettings raw;
  bool pyproject_used = false;
  if (!bascule.empty()) BASCULE_TRY(add_bascule_toml(bascule, raw, settings));
  if (!ini.empty()) BASCULE_TRY(add_ini(ini, raw));
  if (!pyproject.empty()) BASCULE_TRY(add_pyproject(pyproject, raw, pyproject_used));
  settings.config_file = !ini.empty() ? ini : !bascule.empty() ? bascule : pyproject;
  BASCULE_TRY(fill_locations(raw, directory, settings));
  BASCULE_TRY(fill_rest(raw, settings));
  read_env_py(settings.script_location + "/env.py", settings);
  std::vector<std::string> prepended;
  const auto listed = raw.lists.find("prepend_sys_path");
  if (listed != raw.lists.end()) prepended = listed->second;
  if (const auto text = raw.get("prepend_sys_path")) {
    prepended = split_locations(*text, std::nullopt);
    // What parts its entries is another setting; a colon in a folder's name is rare enough.
    for (const std::string& entry : split_locations(*text, "os")) prepended.push_back(entry);
  }
  find_source_roots(directory, prepended, settings);
  return settings;
}

bool mentions_alembic(const std::string& pyproject) {
  const auto text = read_file(pyproject);
  return text && text->find("tool.alembic") != std::string::npos;
}

/// Folders that a project without any configuration is known by.
std::string bare_script_location(const std::string& directory) {
  for (const char* usual : {"migrations", "alembic"}) {
    const std::string folder = in_folder(directory, usual);
    if (is_folder(folder + "/versions")) return folder;
  }
  if (is_folder(in_folder(directory, "versions"))) return directory;
  return "";
}

/// A bascule.toml that holds nothing but [lint] says nothing of a project.
bool is_of_lint_only(const std::string& path) {
  const auto text = read_file(path);
  const auto toml = text ? parse_toml(path, *text) : parse_toml(path, "");
  if (!toml || toml->places.empty()) return false;
  return std::all_of(toml->places.begin(), toml->places.end(),
                     [](const auto& one) { return one.first == "lint" || one.first.starts_with("lint."); });
}

}  // namespace

std::optional<Result<Settings, Diagnostic>> find_settings(const std::string& directory,
                                                          const std::optional<std::string>& config) {
  std::string ini;
  std::string pyproject;
  const std::string folder = config ? folder_of(*config) : directory;
  std::string bascule = in_folder(folder, "bascule.toml");
  if (!is_file(bascule)) bascule.clear();
  if (config) {
    if (!is_file(*config)) {
      std::error_code ignored;
      const bool exists = fs::exists(*config, ignored);
      return Result<Settings, Diagnostic>(failure(
          config_error("config-not-found", "there is no file " + *config + (exists ? " (it is a folder)" : ""),
                       "name an alembic.ini, a pyproject.toml or a bascule.toml with -c, or run `bascule init`")));
    }
    const std::string name = fs::path(*config).filename().string();
    if (name == "pyproject.toml")
      pyproject = *config;
    else if (name.ends_with(".toml"))
      bascule = *config;
    else
      ini = *config;
    return load(directory, ini, pyproject, bascule);
  }
  ini = in_folder(directory, "alembic.ini");
  if (!is_file(ini)) ini.clear();
  pyproject = in_folder(directory, "pyproject.toml");
  if (!is_file(pyproject) || !mentions_alembic(pyproject)) pyproject.clear();
  const std::string bare = bare_script_location(directory);
  if (!ini.empty() || !pyproject.empty()) return load(directory, ini, pyproject, bascule);
  if (!bascule.empty() && (!bare.empty() || !is_of_lint_only(bascule))) return load(directory, ini, pyproject, bascule);
  if (bare.empty()) return std::nullopt;
  Settings settings;
  settings.script_location = bare;
  settings.version_locations = {bare == "." ? "versions" : bare + "/versions"};
  read_env_py(bare + "/env.py", settings);
  find_source_roots(directory, {}, settings);
  return Result<Settings, Diagnostic>(std::move(settings));
}

}  // namespace bascule::formats::alembic
