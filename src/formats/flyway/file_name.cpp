#include "formats/flyway/file_name.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"

namespace bascule::formats::flyway {

namespace {

constexpr std::array<std::string_view, 42> kEvents = {
    "beforeClean",
    "afterClean",
    "afterCleanError",
    "beforeMigrate",
    "beforeEachMigrate",
    "beforeEachMigrateStatement",
    "afterEachMigrateStatement",
    "afterEachMigrateStatementError",
    "afterEachMigrate",
    "afterEachMigrateError",
    "beforeRepeatables",
    "afterVersioned",
    "afterMigrateApplied",
    "afterMigrate",
    "afterMigrateError",
    "beforeUndo",
    "beforeEachUndo",
    "beforeEachUndoStatement",
    "afterEachUndoStatement",
    "afterEachUndoStatementError",
    "afterEachUndo",
    "afterEachUndoError",
    "afterUndo",
    "afterUndoError",
    "beforeValidate",
    "afterValidate",
    "afterValidateError",
    "beforeBaseline",
    "afterBaseline",
    "afterBaselineError",
    "beforeRepair",
    "afterRepair",
    "afterRepairError",
    "beforeInfo",
    "afterInfo",
    "afterInfoError",
    "afterMigrateOperationFinish",
    "afterInfoOperationFinish",
    "createSchema",
    "beforeCreateSchema",
    "beforeConnect",
    "afterConnect",
};

/// The longest suffix of the configured ones that the name has; empty: none.
std::string_view suffix_of(std::string_view name, const Settings& settings) {
  for (const std::string& suffix : settings.sql_suffixes) {
    if (name.size() >= suffix.size() && iequals_ascii(name.substr(name.size() - suffix.size()), suffix))
      return name.substr(name.size() - suffix.size());
  }
  return {};
}

struct Prefix {
  std::string_view text;
  FileKind kind;
};

/// The prefix that fits; the longest wins.
std::optional<Prefix> prefix_of(std::string_view name, const Settings& settings) {
  std::optional<Prefix> best;
  const auto offer = [&](std::string_view text, FileKind kind) {
    if (!name.starts_with(text)) return;
    if (!best || text.size() > best->text.size()) best = Prefix{text, kind};
  };
  offer(settings.versioned_prefix, FileKind::kVersioned);
  offer(settings.repeatable_prefix, FileKind::kRepeatable);
  offer(settings.undo_prefix, FileKind::kUndo);
  offer(settings.baseline_prefix, FileKind::kBaseline);
  // Most names begin with a capital letter; no event does.
  if (!name.empty() && (name[0] == 'a' || name[0] == 'b' || name[0] == 'c'))
    for (const std::string_view event : kEvents) offer(event, FileKind::kCallback);
  return best;
}

}  // namespace

bool has_sql_suffix(std::string_view name, const Settings& settings) {
  return std::any_of(settings.sql_suffixes.begin(), settings.sql_suffixes.end(), [&](const std::string& suffix) {
    return name.size() >= suffix.size() && iequals_ascii(name.substr(name.size() - suffix.size()), suffix);
  });
}

Result<FileName, std::string> parse_file_name(std::string_view name, const Settings& settings) {
  const std::string_view suffix = suffix_of(name, settings);
  const std::string_view stem = name.substr(0, name.size() - suffix.size());
  const auto prefix = prefix_of(stem, settings);
  if (!prefix) return failure("Unrecognised migration name format: " + std::string(name));
  const std::string_view rest = stem.substr(prefix->text.size());
  const auto separator = rest.find(settings.separator);
  const std::string_view version = rest.substr(0, separator);
  const std::string_view description =
      separator == std::string_view::npos ? std::string_view() : rest.substr(separator + settings.separator.size());
  const auto like = [&](std::string_view version_text) {
    return std::string(prefix->text) + std::string(version_text) + settings.separator +
           (description.empty() ? "description" : std::string(description)) + std::string(suffix);
  };
  FileName out;
  out.kind = prefix->kind;
  out.stem = std::string(stem);
  out.description = replace_all(description, "_", " ");
  if (prefix->kind == FileKind::kRepeatable || prefix->kind == FileKind::kCallback) {
    if (!version.empty())
      return failure("Invalid repeatable migration / callback name format: " + std::string(name) +
                     " (it has no version and should look like this: " + like("") + ")");
    if (prefix->kind == FileKind::kCallback) out.event = std::string(prefix->text);
    return out;
  }
  if (version.empty())
    return failure("Invalid versioned migration name format: " + std::string(name) +
                   " (it needs a version and should look like this: " + like("1.2") + ")");
  out.version = Version::parse(version);
  if (!out.version)
    return failure("Invalid versioned migration name format: " + std::string(name) + " ('" + std::string(version) +
                   "' is no version)");
  return out;
}

}  // namespace bascule::formats::flyway
