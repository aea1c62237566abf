#include <cerrno>

#include "base/file.h"
#include "base/text.h"
#include "formats/alembic/header_scan.h"
#include "formats/alembic/settings.h"

namespace bascule::formats::alembic {
namespace {

void note_unreadable(Settings& settings, const std::string& path, const std::string& name) {
  Diagnostic note;
  note.code = "env-setting-unknown";
  note.severity = Severity::kWarning;
  note.message = path + " gives " + name + " a value that is known only when it runs";
  note.cause = "env.py is never run; only literal arguments of context.configure(...) are read";
  note.help = "say it in bascule.toml: [alembic] " + name + " = \"...\"";
  settings.notes.add(std::move(note));
}

}  // namespace

void read_env_py(const std::string& path, Settings& settings) {
  const auto text = read_file(path);
  if (!text || invalid_utf8(*text) || text->find("configure") == std::string::npos) return;
  const bool table_known = settings.version_table.has_value();
  const bool schema_known = settings.version_table_schema.has_value();
  const bool transaction_known = settings.transaction_per_migration.has_value();
  for (const ScannedArgument& argument : scan_call_arguments(*text, "configure")) {
    const bool is_table = argument.name == "version_table";
    const bool is_schema = argument.name == "version_table_schema";
    if ((is_table && !table_known) || (is_schema && !schema_known)) {
      if (!argument.value) {
        note_unreadable(settings, path, argument.name);
      } else if (*argument.value != "None") {
        (is_table ? settings.version_table : settings.version_table_schema) = *argument.value;
      }
    }
    if (argument.name == "transaction_per_migration" && !transaction_known && argument.value)
      settings.transaction_per_migration = *argument.value == "True";
  }
}

}  // namespace bascule::formats::alembic
