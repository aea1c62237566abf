#include "formats/flyway/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <functional>
#include <utility>

#include "base/text.h"
#include "formats/flyway/configuration.h"
#include "formats/flyway/file_name.h"

namespace bascule::formats::flyway {

namespace {

namespace fs = std::filesystem;

/// Where migrations lie when nobody says so.
constexpr std::array<std::string_view, 5> kUsualFolders = {"sql", "db/migration", "src/main/resources/db/migration",
                                                           "migrations", "."};

bool holds_migrations(const std::string& folder) {
  const Settings usual;
  std::error_code wrong;
  for (fs::directory_iterator at(folder, wrong), end; !wrong && at != end; at.increment(wrong)) {
    const std::string name = at->path().filename().string();
    // V*__*.sql; repeatables and callbacks alone say too little.
    if (name.find(usual.separator) == std::string::npos || !has_sql_suffix(name, usual)) continue;
    const auto parsed = parse_file_name(name, usual);
    if (parsed && parsed->kind == FileKind::kVersioned) return true;
  }
  return false;
}

std::string usual_folder(const std::string& directory) {
  for (const std::string_view folder : kUsualFolders) {
    if (holds_migrations((fs::path(directory) / folder).string())) return std::string(folder);
  }
  return {};
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view one : split(text, ','))
    if (!trim(one).empty()) out.emplace_back(trim(one));
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

/// Takes settings out of a configuration and remembers what was wrong with them.
class Reader {
 public:
  explicit Reader(const Configuration& configuration) : configuration_(configuration) {}

  const std::string* find(const char* key) const {
    const auto found = configuration_.values.find(key);
    return found == configuration_.values.end() ? nullptr : &found->second;
  }
  void text(const char* key, std::string& out) const {
    if (const std::string* value = find(key)) out = *value;
  }
  void text(const char* key, std::optional<std::string>& out) const {
    if (const std::string* value = find(key); value != nullptr && !value->empty()) out = *value;
  }
  void list(const char* key, std::vector<std::string>& out) const {
    if (const std::string* value = find(key)) out = list_of(*value);
  }
  void flag(const char* key, bool& out) {
    const std::string* value = find(key);
    if (value == nullptr || value->empty()) return;
    if (iequals_ascii(*value, "true") || iequals_ascii(*value, "false")) {
      out = iequals_ascii(*value, "true");
    } else if (!wrong_) {
      wrong_.emplace();
      wrong_->code = "invalid-setting";
      wrong_->message = std::string(key) + " is '" + *value + "', which is neither true nor false";
      wrong_->cause = "it was read from " + configuration_.sources.at(key);
    }
  }
  std::optional<Diagnostic>& wrong() { return wrong_; }

 private:
  const Configuration& configuration_;
  std::optional<Diagnostic> wrong_;
};

/// url, user and password as one URL.
void read_url(const Reader& reader, const Configuration& configuration, Settings& out) {
  reader.text("user", out.user);
  if (const std::string* url = reader.find("url"); url != nullptr && !url->empty()) {
    out.url = *url;
    out.url_source = configuration.sources.at("url");
    std::string query;
    const auto add = [&](const char* key, const std::string* value) {
      if (value == nullptr || value->empty() || out.url->find(std::string(key) + "=") != std::string::npos) return;
      query += (query.empty() ? "" : "&") + std::string(key) + "=" + percent_encoded(*value);
    };
    if (url->find("postgres") != std::string::npos) {
      add("user", reader.find("user"));
      add("password", reader.find("password"));
    }
    if (!query.empty()) *out.url += (url->find('?') == std::string::npos ? "?" : "&") + query;
  }
}

void read_target(const Reader& reader, Settings& out) {
  reader.text("target", out.target);
  if (out.target.empty()) out.target = "latest";
  out.fail_on_missing_target = !out.target.ends_with('?');
  if (!out.fail_on_missing_target) out.target.pop_back();
}

std::optional<Diagnostic> check_patterns(const Settings& settings) {
  for (const std::string& pattern : settings.ignore_patterns) {
    const auto parts = split(pattern, ':');
    const auto one_of = [](std::string_view word, std::initializer_list<std::string_view> words) {
      return std::any_of(words.begin(), words.end(), [&](std::string_view w) { return iequals_ascii(w, trim(word)); });
    };
    if (parts.size() == 2 && one_of(parts[0], {"*", "repeatable", "versioned"}) &&
        one_of(parts[1], {"*", "missing", "pending", "ignored", "future"}))
      continue;
    Diagnostic wrong;
    wrong.code = "invalid-setting";
    wrong.message = "ignoreMigrationPatterns holds '" + pattern + "', which is no pattern";
    wrong.help =
        "write type:state, where type is *, repeatable or versioned and state *, missing, pending, ignored or "
        "future";
    return wrong;
  }
  return std::nullopt;
}

Result<Settings, Diagnostic> read_settings(const OpenRequest& request) {
  BASCULE_TRY_ASSIGN(const Configuration configuration, read_configuration(request));
  Settings out;
  out.directory = request.directory;
  Reader reader(configuration);
  read_url(reader, configuration, out);
  reader.text("environment", out.environment);
  reader.text("encoding", out.encoding);
  reader.flag("detectEncoding", out.detect_encoding);
  reader.list("locations", out.locations);
  reader.list("callbackLocations", out.callback_locations);
  reader.flag("failOnMissingLocations", out.fail_on_missing_locations);
  reader.text("sqlMigrationPrefix", out.versioned_prefix);
  reader.text("undoSqlMigrationPrefix", out.undo_prefix);
  reader.text("repeatableSqlMigrationPrefix", out.repeatable_prefix);
  reader.text("baselineMigrationPrefix", out.baseline_prefix);
  reader.text("sqlMigrationSeparator", out.separator);
  reader.list("sqlMigrationSuffixes", out.sql_suffixes);
  reader.flag("validateMigrationNaming", out.validate_naming);
  reader.flag("skipDefaultCallbacks", out.skip_default_callbacks);
  reader.list("schemas", out.schemas);
  reader.text("defaultSchema", out.default_schema);
  reader.flag("createSchemas", out.create_schemas);
  reader.text("table", out.table);
  reader.text("tablespace", out.tablespace);
  reader.text("initSql", out.init_sql);
  reader.flag("placeholderReplacement", out.placeholder_replacement);
  reader.text("placeholderPrefix", out.placeholder_prefix);
  reader.text("placeholderSuffix", out.placeholder_suffix);
  reader.text("placeholderSeparator", out.placeholder_separator);
  reader.text("baselineVersion", out.baseline_version);
  reader.text("baselineDescription", out.baseline_description);
  reader.flag("baselineOnMigrate", out.baseline_on_migrate);
  reader.flag("outOfOrder", out.out_of_order);
  reader.flag("group", out.group);
  reader.flag("mixed", out.mixed);
  reader.flag("executeInTransaction", out.execute_in_transaction);
  reader.flag("validateOnMigrate", out.validate_on_migrate);
  reader.flag("skipExecutingMigrations", out.skip_executing);
  reader.flag("cleanDisabled", out.clean_disabled);
  reader.flag("postgresql.transactional.lock", out.transactional_lock);
  reader.flag("pendingIsAProblem", out.pending_is_a_problem);
  read_target(reader, out);
  reader.text("undoTarget", out.undo_target);
  reader.list("cherryPick", out.cherry_pick);
  reader.list("ignoreMigrationPatterns", out.ignore_patterns);
  reader.text("installedBy", out.installed_by);
  reader.list("infoOfState", out.info_states);
  reader.text("infoSinceVersion", out.info_since_version);
  reader.text("infoUntilVersion", out.info_until_version);
  reader.text("infoSinceDate", out.info_since_date);
  reader.text("infoUntilDate", out.info_until_date);
  for (const auto& [key, value] : configuration.values)
    if (key.starts_with("placeholders.")) out.placeholders[to_lower_ascii(key.substr(13))] = value;
  if (reader.wrong()) return failure(std::move(*reader.wrong()));
  if (auto wrong = check_patterns(out)) return failure(std::move(*wrong));
  if (out.separator.empty() || out.versioned_prefix.empty() || out.placeholder_prefix.empty() ||
      out.placeholder_suffix.empty() || out.sql_suffixes.empty()) {
    Diagnostic wrong;
    wrong.code = "invalid-setting";
    wrong.message =
        "sqlMigrationPrefix, sqlMigrationSeparator, sqlMigrationSuffixes, placeholderPrefix and placeholderSuffix "
        "cannot be empty";
    return failure(std::move(wrong));
  }
  if (out.locations.empty()) {
    const std::string folder = usual_folder(request.directory);
    out.locations_guessed = true;
    out.locations = {"filesystem:" + (folder.empty() ? "sql" : folder)};
  }
  out.place = configuration.file;
  if (out.place.empty()) {
    const std::string location = out.locations.front().substr(out.locations.front().find(':') + 1);
    out.place = request.directory == "." ? location : (fs::path(request.directory) / location).string();
  }
  return out;
}

}  // namespace

bool looks_like_flyway(const OpenRequest& request) {
  const auto files = configuration_files(request);
  if (request.config) {
    const std::string name = fs::path(*request.config).filename().string();
    return name.starts_with("flyway") && (name.ends_with(".conf") || name.ends_with(".toml"));
  }
  if (!files.empty() || request.options.count("locations") > 0) return true;
  return !usual_folder(request.directory).empty();
}

std::optional<Result<Settings, Diagnostic>> find_settings(const OpenRequest& request) {
  const bool asked = request.format && *request.format == "flyway";
  if (!asked && !looks_like_flyway(request)) return std::nullopt;
  return read_settings(request);
}

}  // namespace bascule::formats::flyway
