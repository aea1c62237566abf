// What: the scripts of a Flyway project: each file with its name understood, its text, its .conf, its checksum.
// Must not know: the history table, how a script is cut into statements.
// Invariants: migrations are in the order in which Flyway sorts them: by version, an undo after its migration, then
// repeatables by description; no two of them are the same.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "formats/flyway/file_name.h"
#include "formats/flyway/placeholders.h"
#include "formats/flyway/settings.h"

namespace bascule::formats::flyway {

/// What the .conf beside a script says; should_execute: the expression before placeholders are replaced.
struct ScriptConfig {
  std::string path;
  std::optional<bool> execute_in_transaction;
  std::optional<bool> placeholder_replacement;
  std::optional<std::string> should_execute;
};

struct Script {
  FileName name;
  std::string path;
  std::string script;  ///< as the history table has it
  std::string file_name;
  std::string type = "SQL";  ///< "SQL", "UNDO_SQL", "SQL_BASELINE", "JDBC"
  SourceFilePtr file;        ///< null: a migration in Java
  ScriptConfig config;
  /// Of the text as it stands; nullopt: a migration in Java.
  std::optional<std::int32_t> plain_checksum;

  bool repeatable() const { return !name.version.has_value(); }
  bool undo() const { return name.kind == FileKind::kUndo; }
  bool baseline() const { return name.kind == FileKind::kBaseline; }
};

struct Scripts {
  std::vector<Script> migrations;                        ///< of all kinds but callbacks
  std::map<std::string, std::vector<Script>> callbacks;  ///< by event, in their order
};

/// Reads every script of the project. Codes: unreadable-file, not-utf8, invalid-file-name, duplicate-migration,
/// duplicate-callback, invalid-script-config, and those of find_files.
Scripts read_scripts(const Settings& settings, Diagnostics& diagnostics);

/// Values of placeholders for one script: those of the settings, the built-in ones, its file's name.
PlaceholderRules rules_for(const Settings& settings, const std::map<std::string, std::string>& built_in,
                           const std::string& file_name);
/// Whether placeholders are replaced in the script.
bool replaces_placeholders(const Settings& settings, const Script& script);
/// The script's text for running. Code: missing-placeholder.
Result<ReplacedText, Diagnostic> text_of(const Settings& settings, const Script& script,
                                         const std::map<std::string, std::string>& built_in);

}  // namespace bascule::formats::flyway
