#include "formats/flyway/scripts.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <unordered_map>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "formats/flyway/checksum.h"
#include "formats/flyway/encoding.h"
#include "formats/flyway/locations.h"
#include "formats/flyway/properties_file.h"

namespace bascule::formats::flyway {

namespace {

Diagnostic about(std::string code, std::string message, const std::string& path) {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.location.file = std::make_shared<const SourceFile>(path, "");
  return out;
}

std::optional<bool> truth(const std::string& text) {
  if (iequals_ascii(text, "true")) return true;
  if (iequals_ascii(text, "false")) return false;
  return std::nullopt;
}

/// encoding: what the file says of its script's encoding, if anything.
void read_script_config(const std::string& path, ScriptConfig& out, std::optional<std::string>& encoding,
                        Diagnostics& diagnostics) {
  out.path = path;
  auto bytes = read_file(path);
  if (!bytes) {
    diagnostics.add(about("unreadable-file", bytes.error().message, path));
    return;
  }
  for (const auto& [key, value] : parse_properties(*bytes)) {
    if (key == "executeInTransaction" || key == "placeholderReplacement") {
      const auto flag = truth(value);
      if (!flag) {
        diagnostics.add(
            about("invalid-script-config", key + " is '" + value + "', which is neither true nor false", path));
        continue;
      }
      (key == "executeInTransaction" ? out.execute_in_transaction : out.placeholder_replacement) = flag;
    } else if (key == "encoding") {
      encoding = value;
    } else if (key == "shouldExecute") {
      out.should_execute = value;
    } else {
      Diagnostic wrong = about("invalid-script-config", "a script has no setting '" + key + "'", path);
      const auto near =
          did_you_mean(key, {"executeInTransaction", "placeholderReplacement", "encoding", "shouldExecute"});
      wrong.help = near ? "did you mean " + *near + "?"
                        : "the settings are executeInTransaction, placeholderReplacement, encoding and shouldExecute";
      diagnostics.add(std::move(wrong));
    }
  }
}

const char* type_of(FileKind kind) {
  switch (kind) {
    case FileKind::kUndo:
      return "UNDO_SQL";
    case FileKind::kBaseline:
      return "SQL_BASELINE";
    case FileKind::kVersioned:
    case FileKind::kRepeatable:
    case FileKind::kCallback:
      return "SQL";
  }
  return "SQL";
}

/// By version, then what the file is for, then description; repeatables last.
int rank_of(FileKind kind) { return kind == FileKind::kUndo ? 2 : kind == FileKind::kBaseline ? 1 : 0; }

std::strong_ordering order_of(const Script& a, const Script& b) {
  if (a.name.version && b.name.version) {
    if (const auto by_version = *a.name.version <=> *b.name.version; by_version != 0) return by_version;
    return rank_of(a.name.kind) <=> rank_of(b.name.kind);
  }
  if (a.name.version) return std::strong_ordering::less;
  if (b.name.version) return std::strong_ordering::greater;
  return a.name.description <=> b.name.description;
}

Diagnostic duplicate(const Script& a, const Script& b) {
  Diagnostic out =
      about("duplicate-migration",
            a.repeatable() ? "more than one repeatable migration has the description '" + a.name.description + "'"
                           : "more than one migration has version " + a.name.version->text(),
            b.path);
  out.cause = a.path + " (" + a.type + ") and " + b.path + " (" + b.type + ")";
  out.help = a.repeatable() ? "rename one of them" : "give one of them another version";
  return out;
}

/// The names of a folder's files say which scripts have a .conf, without asking the disk for each.
using Names = std::unordered_map<std::string, const FoundFile*>;

class ScriptReader {
 public:
  ScriptReader(const Settings& settings, Diagnostics& diagnostics) : settings_(settings), diagnostics_(diagnostics) {}

  void read(const std::vector<std::string>& locations, bool callbacks_only, Scripts& out) {
    const std::vector<FoundFile> files = find_files(settings_, locations, diagnostics_);
    Names configs;
    for (const FoundFile& file : files)
      if (file.name.ends_with(".conf")) configs.emplace(file.path, &file);
    for (const FoundFile& file : files) {
      if (!has_sql_suffix(file.name, settings_)) continue;
      auto name = parse_file_name(file.name, settings_);
      if (!name) {
        if (settings_.validate_naming) diagnostics_.add(bad_name(file, name.error()));
        continue;
      }
      const bool callback = name->kind == FileKind::kCallback;
      if ((callback && settings_.skip_default_callbacks) || (!callback && callbacks_only)) continue;
      auto script = read_one(file, std::move(*name), configs);
      if (!script) continue;
      if (!callback) {
        out.migrations.push_back(std::move(*script));
        continue;
      }
      add_callback(std::move(*script), out);
    }
  }

  void read_java(Scripts& out) {
    Settings java = settings_;
    java.sql_suffixes = {".java"};
    for (const FoundFile& file : find_java_files(settings_)) {
      auto name = parse_file_name(file.name, java);
      if (!name || (name->kind != FileKind::kVersioned && name->kind != FileKind::kRepeatable)) continue;
      Script script;
      script.name = std::move(*name);
      script.path = file.path;
      script.script = file.script;
      script.file_name = file.name;
      script.type = "JDBC";
      out.migrations.push_back(std::move(script));
    }
  }

 private:
  static Diagnostic bad_name(const FoundFile& file, const std::string& why) {
    Diagnostic out = about("invalid-file-name", why, file.path);
    out.cause = "validateMigrationNaming is on";
    out.help = "rename the file, or move it out of the locations";
    return out;
  }

  std::optional<Script> read_one(const FoundFile& file, FileName name, const Names& configs) {
    Script out;
    out.name = std::move(name);
    out.path = file.path;
    out.script = file.script;
    out.file_name = file.name;
    out.type = type_of(out.name.kind);
    std::optional<std::string> encoding;
    if (const auto config = configs.find(file.path + ".conf"); config != configs.end())
      read_script_config(config->first, out.config, encoding, diagnostics_);
    auto bytes = read_file(file.path);
    if (!bytes) {
      diagnostics_.add(about("unreadable-file", bytes.error().message, file.path));
      return std::nullopt;
    }
    std::string in = settings_.encoding;
    if (encoding)
      in = *encoding;
    else if (settings_.detect_encoding)
      in = detect_encoding(*bytes);
    auto text = decode(std::move(*bytes), in);
    if (!text) {
      Diagnostic wrong = about("not-utf8", file.path + " " + text.error(), file.path);
      wrong.help = "set flyway.encoding (or encoding in " + file.name + ".conf) to the file's encoding";
      diagnostics_.add(std::move(wrong));
      return std::nullopt;
    }
    out.plain_checksum = checksum_of(*text);
    out.file = std::make_shared<const SourceFile>(file.path, std::move(*text));
    return out;
  }

  void add_callback(Script script, Scripts& out) {
    auto& list = out.callbacks[script.name.event];
    for (const Script& other : list) {
      if (other.name.stem != script.name.stem) continue;
      Diagnostic wrong =
          about("duplicate-callback", "more than one callback is called " + script.name.stem, script.path);
      wrong.cause = other.path + " and " + script.path;
      diagnostics_.add(std::move(wrong));
      return;
    }
    list.push_back(std::move(script));
  }

  const Settings& settings_;
  Diagnostics& diagnostics_;
};

}  // namespace

Scripts read_scripts(const Settings& settings, Diagnostics& diagnostics) {
  Scripts out;
  ScriptReader reader(settings, diagnostics);
  reader.read(settings.locations, false, out);
  if (!settings.callback_locations.empty()) reader.read(settings.callback_locations, true, out);
  reader.read_java(out);
  std::stable_sort(out.migrations.begin(), out.migrations.end(),
                   [](const Script& a, const Script& b) { return order_of(a, b) < 0; });
  for (std::size_t i = 1; i < out.migrations.size(); ++i) {
    const Script& before = out.migrations[i - 1];
    if (order_of(before, out.migrations[i]) == 0) diagnostics.add(duplicate(before, out.migrations[i]));
  }
  for (auto& [event, list] : out.callbacks) {
    std::stable_sort(list.begin(), list.end(),
                     [](const Script& a, const Script& b) { return a.name.description < b.name.description; });
  }
  return out;
}

PlaceholderRules rules_for(const Settings& settings, const std::map<std::string, std::string>& built_in,
                           const std::string& file_name) {
  PlaceholderRules rules{settings.placeholder_prefix, settings.placeholder_suffix, settings.placeholders};
  const std::string begin = "flyway" + to_lower_ascii(settings.placeholder_separator);
  for (const auto& [name, value] : built_in) rules.values[begin + to_lower_ascii(name)] = value;
  if (!file_name.empty()) rules.values[begin + "filename"] = file_name;
  return rules;
}

bool replaces_placeholders(const Settings& settings, const Script& script) {
  return script.config.placeholder_replacement.value_or(settings.placeholder_replacement);
}

Result<ReplacedText, Diagnostic> text_of(const Settings& settings, const Script& script,
                                         const std::map<std::string, std::string>& built_in) {
  const std::string_view text = script.file->text();
  if (!replaces_placeholders(settings, script) || text.find(settings.placeholder_prefix) == std::string_view::npos)
    return ReplacedText{std::string(text), {}};
  const PlaceholderRules rules = rules_for(settings, built_in, script.file_name);
  auto replaced = replace_placeholders(text, rules);
  if (replaced) return std::move(*replaced);
  const MissingPlaceholder& missing = replaced.error();
  Diagnostic out;
  out.code = "missing-placeholder";
  out.message =
      "the placeholder " + settings.placeholder_prefix + missing.name + settings.placeholder_suffix + " has no value";
  const Position place = script.file->at(missing.offset);
  out.location = {script.file,
                  {place, script.file->at(missing.offset + settings.placeholder_prefix.size() + missing.name.size() +
                                          settings.placeholder_suffix.size())}};
  std::vector<std::string> names;
  for (const auto& [name, value] : rules.values) names.push_back(name);
  const auto near = did_you_mean(to_lower_ascii(missing.name), names);
  out.help = near ? "did you mean " + settings.placeholder_prefix + *near + settings.placeholder_suffix + "?"
                  : "set flyway.placeholders." + missing.name + " in the configuration, or give --set placeholders." +
                        missing.name + "=..., or turn placeholderReplacement off for this file in " + script.file_name +
                        ".conf";
  return failure(std::move(out));
}

}  // namespace bascule::formats::flyway
