#include "app/lint_settings.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "base/json_reader.h"
#include "base/text.h"
#include "formats/toml_file.h"

namespace bascule::app {

namespace {

namespace fs = std::filesystem;
using formats::TomlFile;
using safety::Level;

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const safety::Rule* rule : safety::all_rules()) names.emplace_back(rule->id);
  return names;
}

std::string meant(std::string_view name, const std::vector<std::string>& known, const std::string& otherwise) {
  const auto near = did_you_mean(name, known);
  return near ? "did you mean " + *near + "?" : otherwise;
}

/// The settings of one file, read key by key; the first thing that is wrong ends it.
class Reader {
 public:
  Reader(std::string path, const std::string& text)
      : file_(std::make_shared<const SourceFile>(std::move(path), text)) {}

  Result<void, Diagnostic> read(const TomlFile& toml, LintConfiguration& out) const {
    constexpr std::string_view kPrefix = "lint.";
    for (const auto& [key, value] : toml.values) {
      if (!key.starts_with(kPrefix)) continue;
      BASCULE_TRY(take(key.substr(kPrefix.size()), value, place(toml, key), out));
    }
    for (const auto& [key, list] : toml.arrays) {
      if (!key.starts_with(kPrefix)) continue;
      const std::string name = key.substr(kPrefix.size());
      const auto rows = toml.tables.find(key);
      if ((name != "path" && name != "table") || !list.empty()) return failure(unknown(name, place(toml, key)));
      if (rows == toml.tables.end()) continue;
      for (const TomlFile& row : rows->second)
        BASCULE_TRY(name == "path" ? take_path(row, out.settings) : take_table(row, out.settings));
    }
    return {};
  }

 private:
  static Position place(const TomlFile& toml, const std::string& key) {
    const auto found = toml.places.find(key);
    return found == toml.places.end() ? Position{} : found->second;
  }

  Diagnostic wrong(const std::string& message, Position where, std::string help) const {
    Diagnostic out;
    out.code = "config-invalid";
    out.message = file_->path() + ": " + message;
    if (where.known()) out.location = {file_, {where, where}};
    out.help = std::move(help);
    return out;
  }

  static const std::vector<std::string>& known() {
    static const std::vector<std::string> kKnown{"fail_on",  "server_version", "time_zone", "dialect", "rules",
                                                 "baseline", "small_table",    "path",      "table"};
    return kKnown;
  }

  Diagnostic unknown(const std::string& key, Position where) const {
    return wrong("[lint] has no setting '" + key + "'", where, meant(key, known(), "there are " + join(known(), ", ")));
  }

  Result<void, Diagnostic> take_rule(const std::string& name, const std::string& value, Position where,
                                     safety::Levels& levels) const {
    if (safety::find_rule(name) == nullptr)
      return failure(wrong("there is no rule '" + name + "'", where,
                           meant(name, rule_names(), "`bascule explain` lists the rules")));
    const auto level = safety::level_named(value);
    if (!level)
      return failure(wrong("'" + value + "' is no level", where, "the levels are error, warning, note and off"));
    levels[name] = *level;
    return {};
  }

  Result<void, Diagnostic> take(const std::string& key, const std::string& value, Position where,
                                LintConfiguration& out) const {
    constexpr std::string_view kRules = "rules.";
    safety::LintSettings& settings = out.settings;
    if (key.starts_with(kRules)) return take_rule(key.substr(kRules.size()), value, where, settings.rules);
    if (key == "fail_on") {
      const auto level = value == "never" ? std::optional(Level::kOff) : safety::level_named(value);
      if (!level || (*level == Level::kOff && value != "never"))
        return failure(
            wrong("fail_on cannot be '" + value + "'", where, "it is one of error, warning, note and never"));
      settings.fail_on = *level;
    } else if (key == "server_version") {
      settings.server_version = value;
    } else if (key == "time_zone") {
      settings.time_zone = value;
    } else if (key == "dialect") {
      out.dialect = value;
    } else if (key == "baseline") {
      settings.baseline = (fs::path(file_->path()).parent_path() / value).lexically_normal().string();
    } else if (key == "small_table") {
      const auto bytes = bytes_of(value);
      if (!bytes) return failure(wrong("'" + value + "' is no size", where, "write \"10 MB\""));
      settings.small_table_bytes = *bytes;
    } else {
      return failure(unknown(key, where));
    }
    return {};
  }

  Result<void, Diagnostic> take_path(const TomlFile& row, safety::LintSettings& settings) const {
    safety::LintSettings::OfPath one;
    for (const auto& [key, value] : row.values) {
      if (key == "path")
        one.glob = value;
      else if (key == "ignore" && (value == "true" || value == "false"))
        one.ignore = value == "true";
      else if (key.starts_with("rules."))
        BASCULE_TRY(take_rule(key.substr(6), value, place(row, key), one.rules));
      else
        return failure(wrong("[[lint.path]] has no setting '" + key + "'", place(row, key),
                             "there are path, ignore = true and rules"));
    }
    if (one.glob.empty()) return failure(wrong("[[lint.path]] names no path", {}, "path = \"migrations/legacy/*\""));
    settings.paths.push_back(std::move(one));
    return {};
  }

  Result<void, Diagnostic> take_table(const TomlFile& row, safety::LintSettings& settings) const {
    safety::LintSettings::OfTable one;
    for (const auto& [key, value] : row.values) {
      if (key == "table")
        one.glob = value;
      else if (key.starts_with("rules."))
        BASCULE_TRY(take_rule(key.substr(6), value, place(row, key), one.rules));
      else
        return failure(
            wrong("[[lint.table]] has no setting '" + key + "'", place(row, key), "there are table and rules"));
    }
    if (one.glob.empty()) return failure(wrong("[[lint.table]] names no table", {}, "table = \"audit_*\""));
    settings.tables.push_back(std::move(one));
    return {};
  }

  /// "10 MB": powers of 1024, as PostgreSQL counts them.
  static std::optional<std::int64_t> bytes_of(const std::string& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value < 0) return std::nullopt;
    const std::string unit = to_lower_ascii(trim(std::string_view(end, text.data() + text.size())));
    constexpr double kStep = 1024;
    constexpr double kMost = 8e18;
    double factor = 1;
    for (const std::string_view name : {"", "kb", "mb", "gb", "tb"}) {
      if (unit == name || (factor == 1 && unit == "b"))
        return value * factor > kMost ? std::nullopt : std::optional(static_cast<std::int64_t>(value * factor));
      factor *= kStep;
    }
    return std::nullopt;
  }

  SourceFilePtr file_;
};

std::string settings_path(const Request& request) {
  if (request.config && request.config->ends_with(".toml")) return *request.config;
  std::string path = (fs::path(request.directory) / "bascule.toml").lexically_normal().string();
  std::error_code unknown;
  return fs::exists(path, unknown) ? path : "";
}

Outcome<void> take_command_line(const LintRequest& wanted, LintConfiguration& out) {
  for (const std::string& text : wanted.rules) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const auto level = equals == std::string::npos ? std::nullopt : safety::level_named(text.substr(equals + 1));
    if (safety::find_rule(name) == nullptr)
      return failure(usage_failure("unknown-rule", "there is no rule '" + name + "'",
                                   meant(name, rule_names(), "`bascule explain` lists the rules")));
    if (!level)
      return failure(usage_failure("bad-level", "--rule " + text + " names no level",
                                   "write --rule " + name + "=error; the levels are error, warning, note and off"));
    out.settings.asked[name] = *level;
  }
  if (wanted.fail_on) out.settings.fail_on = safety::level_named(*wanted.fail_on).value_or(Level::kOff);
  if (wanted.server_version) out.settings.server_version = wanted.server_version;
  if (wanted.dialect) out.dialect = wanted.dialect;
  return {};
}

Failure bad_baseline(const std::string& path, const std::string& why) {
  return usage_failure("baseline-invalid", "cannot use the baseline " + path + ": " + why,
                       "write it anew: bascule lint --write-baseline " + path);
}

}  // namespace

Outcome<LintConfiguration> read_lint_settings(const Request& request, const LintRequest& wanted) {
  LintConfiguration out;
  if (const std::string path = settings_path(request); !path.empty()) {
    const auto text = read_file(path);
    // A project whose settings cannot be read is told so where it is opened.
    if (text && text->find("lint") != std::string::npos) {
      auto toml = formats::parse_toml(path, *text);
      if (!toml) return failure(make_failure(ExitCode::kUnsound, std::move(toml.error())));
      auto read = Reader(path, *text).read(*toml, out);
      if (!read) return failure(make_failure(ExitCode::kUnsound, std::move(read.error())));
      out.settings.root = fs::path(path).parent_path().string();
      if (!out.settings.root.empty()) out.settings.root += "/";
    }
  }
  BASCULE_TRY(take_command_line(wanted, out));
  return out;
}

Outcome<void> set_version(dialects::Server& server, const std::string& text) {
  const char* const end = text.data() + text.size();
  int major = 0;
  int minor = 0;
  const auto [behind, error] = std::from_chars(text.data(), end, major);
  const bool minor_said = error == std::errc() && behind != end && *behind == '.';
  if (minor_said) std::from_chars(behind + 1, end, minor);
  if (error != std::errc() || major < 1 || major > 99)
    return failure(usage_failure("bad-server-version", "'" + text + "' is no server version", "write 14, or 14.2"));
  server.major = major;
  server.minor = minor;
  server.version_assumed = false;
  return {};
}

Outcome<safety::Baseline> read_baseline(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return failure(bad_baseline(path, text.error().message));
  const auto json = read_json(*text);
  if (!json || json->kind != JsonNode::Kind::kObject) return failure(bad_baseline(path, "it is no JSON object"));
  if (json->text_of("version") != "1")
    return failure(bad_baseline(path, "its version is '" + json->text_of("version") + "', not 1"));
  const JsonNode* list = json->find("findings");
  safety::Baseline out;
  if (list == nullptr) return out;
  for (const JsonNode& item : list->items)
    out.push_back({item.text_of("fingerprint"), item.text_of("rule"), item.text_of("path"), item.text_of("message")});
  return out;
}

Outcome<void> write_baseline(const std::string& path, const safety::Baseline& baseline) {
  Json list = Json::array();
  for (const safety::BaselineEntry& one : baseline) {
    list.push(Json::object()
                  .set("fingerprint", one.fingerprint)
                  .set("rule", one.rule)
                  .set("path", one.path)
                  .set("message", one.message));
  }
  const std::string text = Json::object().set("version", 1).set("findings", std::move(list)).dump();
  if (auto written = write_file_atomically(path, text); !written) {
    Diagnostic out;
    out.code = "cannot-write";
    out.message = written.error().message;
    return failure(make_failure(ExitCode::kFailed, std::move(out)));
  }
  return {};
}

}  // namespace bascule::app
