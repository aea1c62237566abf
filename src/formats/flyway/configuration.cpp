#include "formats/flyway/configuration.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "formats/flyway/encoding.h"
#include "formats/flyway/properties_file.h"
#include "formats/toml_file.h"

namespace bascule::formats::flyway {

namespace {

namespace fs = std::filesystem;

/// Keys as FLYWAY_ variables spell them: outOfOrder is FLYWAY_OUT_OF_ORDER.
constexpr std::array<std::string_view, 49> kKeys = {"baselineDescription",
                                                    "baselineOnMigrate",
                                                    "baselineVersion",
                                                    "batch",
                                                    "callbackLocations",
                                                    "cherryPick",
                                                    "cleanDisabled",
                                                    "createSchemas",
                                                    "defaultSchema",
                                                    "detectEncoding",
                                                    "encoding",
                                                    "environment",
                                                    "executeInTransaction",
                                                    "failOnMissingLocations",
                                                    "failOnMissingTarget",
                                                    "group",
                                                    "ignoreMigrationPatterns",
                                                    "initSql",
                                                    "installedBy",
                                                    "locations",
                                                    "mixed",
                                                    "outOfOrder",
                                                    "password",
                                                    "placeholderPrefix",
                                                    "placeholderReplacement",
                                                    "placeholderSeparator",
                                                    "placeholderSuffix",
                                                    "repeatableSqlMigrationPrefix",
                                                    "schemas",
                                                    "skipDefaultCallbacks",
                                                    "skipExecutingMigrations",
                                                    "sqlMigrationPrefix",
                                                    "sqlMigrationSeparator",
                                                    "sqlMigrationSuffixes",
                                                    "stream",
                                                    "table",
                                                    "tablespace",
                                                    "target",
                                                    "undoSqlMigrationPrefix",
                                                    "url",
                                                    "user",
                                                    "validateMigrationNaming",
                                                    "validateOnMigrate",
                                                    "baselineMigrationPrefix",
                                                    "infoOfState",
                                                    "infoSinceVersion",
                                                    "infoUntilVersion",
                                                    "infoSinceDate",
                                                    "infoUntilDate"};

std::string upper_words(std::string_view key) {
  std::string out;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) != 0) out += '_';
    out += static_cast<char>(std::toupper(byte));
  }
  return out;
}

std::optional<std::string> key_of_variable(std::string_view name) {
  constexpr std::string_view kPlaceholders = "PLACEHOLDERS_";
  if (!name.starts_with("FLYWAY_")) return std::nullopt;
  name.remove_prefix(std::string_view("FLYWAY_").size());
  if (name.starts_with(kPlaceholders)) {
    return "placeholders." + to_lower_ascii(name.substr(kPlaceholders.size()));
  }
  for (const std::string_view key : kKeys)
    if (upper_words(key) == name) return std::string(key);
  return std::nullopt;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

std::string in_directory(const OpenRequest& request, const std::string& path) {
  if (request.directory == "." || fs::path(path).is_absolute()) return path;
  return (fs::path(request.directory) / path).string();
}

Result<std::string, Diagnostic> read_text(const std::string& path, const OpenRequest& request) {
  auto bytes = read_file(path);
  Diagnostic wrong;
  wrong.code = "config-not-found";
  if (!bytes) {
    wrong.message = bytes.error().message;
    return failure(std::move(wrong));
  }
  const auto named = request.options.find("configFileEncoding");
  auto text = decode(std::move(*bytes), named == request.options.end() ? "UTF-8" : named->second);
  if (text) return std::move(*text);
  wrong.code = "config-invalid";
  wrong.message = path + " " + text.error();
  return failure(std::move(wrong));
}

void set(Configuration& out, const std::string& key, std::string value, const std::string& source) {
  out.values[key] = std::move(value);
  out.sources[key] = source;
}

/// [flyway] holds everything but the databases, which are in [environments.NAME].
Result<void, Diagnostic> add_toml(const std::string& path, const std::string& text, Configuration& out,
                                  std::map<std::string, std::map<std::string, std::string>>& environments) {
  BASCULE_TRY_ASSIGN(TomlFile file, parse_toml(path, text));
  for (auto& [key, items] : file.arrays) file.values[key] = join(items, ",");
  for (auto& [key, value] : file.values) {
    if (key.starts_with("flyway.")) {
      set(out, key.substr(7), std::move(value), path);
    } else if (key.starts_with("environments.")) {
      const std::string rest = key.substr(13);
      const auto dot = rest.find('.');
      if (dot != std::string::npos) environments[rest.substr(0, dot)][rest.substr(dot + 1)] = std::move(value);
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> configuration_files(const OpenRequest& request) {
  std::vector<std::string> named;
  const auto add_named = [&](const std::string& list) {
    for (const std::string_view one : split(list, ',')) {
      if (!trim(one).empty()) named.push_back(in_directory(request, std::string(trim(one))));
    }
  };
  if (request.config) {
    for (const std::string_view one : split(*request.config, ',')) named.emplace_back(trim(one));
    return named;
  }
  if (const auto option = request.options.find("configFiles"); option != request.options.end()) {
    add_named(option->second);
  } else if (const auto variable = request.environment.find("FLYWAY_CONFIG_FILES");
             variable != request.environment.end()) {
    add_named(variable->second);
  }
  if (!named.empty()) return named;
  for (const char* folder : {"", "conf/"}) {
    for (const char* name : {"flyway.toml", "flyway.user.toml"})
      if (std::string path = in_directory(request, folder + std::string(name)); exists(path)) named.push_back(path);
    if (!named.empty()) return named;
    if (std::string path = in_directory(request, folder + std::string("flyway.conf")); exists(path)) return {path};
  }
  return named;
}

Result<Configuration, Diagnostic> read_configuration(const OpenRequest& request) {
  Configuration out;
  std::map<std::string, std::map<std::string, std::string>> environments;
  for (const std::string& path : configuration_files(request)) {
    BASCULE_TRY_ASSIGN(const std::string text, read_text(path, request));
    out.file = path;
    if (path.ends_with(".toml")) {
      BASCULE_TRY(add_toml(path, text, out, environments));
      continue;
    }
    for (auto& [key, value] : parse_properties(expand_environment(text, request.environment)))
      if (key.starts_with("flyway.")) set(out, key.substr(7), std::move(value), path);
  }
  for (const auto& [name, value] : request.environment)
    if (auto key = key_of_variable(name)) set(out, *key, value, name);
  for (const auto& [key, value] : request.options)
    set(out, key.starts_with("flyway.") ? key.substr(7) : key, value, "the command line");
  // The environment's settings are below those that were given by name above it.
  const auto chosen = out.values.find("environment");
  const auto environment = environments.find(chosen == out.values.end() ? "default" : chosen->second);
  if (environment == environments.end() && chosen != out.values.end() && out.file.ends_with(".toml") &&
      chosen->second != "default") {
    Diagnostic wrong;
    wrong.code = "invalid-setting";
    wrong.message = "there is no [environments." + chosen->second + "] in " + out.file;
    std::vector<std::string> names;
    for (const auto& [name, values] : environments) names.push_back(name);
    wrong.help = names.empty() ? "add it, with at least its url" : "the environments are " + join(names, ", ");
    return failure(std::move(wrong));
  }
  if (environment != environments.end()) {
    for (const auto& [key, value] : environment->second) {
      const std::string plain = key.starts_with("flyway.") ? key.substr(7) : key;
      const auto found = out.sources.find(plain);
      if (found != out.sources.end() && !found->second.ends_with(".toml")) continue;
      // A property resolver: the environment's variables are the one that needs no service.
      const std::string expanded = replace_all(value, "${env.", "${");
      set(out, plain,
          value.find("${env.") == std::string::npos ? value : expand_environment(expanded, request.environment),
          out.file);
    }
  }
  return out;
}

}  // namespace bascule::formats::flyway
