// What: an Alembic project's configuration: alembic.ini, pyproject.toml's [tool.alembic], bascule.toml, and the literal
// arguments of context.configure(...) in env.py.
// Must not know: revisions, Python evaluation.
// Invariants: paths are as the user should see them (relative where the configuration file was named relatively).
// Precedence: bascule.toml, then alembic.ini, then pyproject.toml, then env.py's literals.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/ini_file.h"
#include "formats/toml_file.h"
#include "model/schema.h"

namespace bascule::formats::alembic {

/// A value of [alembic.arguments]: one text, or a list of them.
struct Argument {
  std::string text;
  std::optional<std::vector<std::string>> items;
};

struct Settings {
  std::string config_file;  ///< what made us believe that this is a project; empty: found by its folders
  std::string script_location;
  std::vector<std::string> version_locations;  ///< at least one
  bool versions_given = false;                 ///< version_locations was configured, not derived
  bool recursive = false;
  std::string file_template = "%(rev)s_%(slug)s";
  std::size_t truncate_slug_length = 40;
  std::optional<std::string> timezone;
  std::optional<std::string> url;
  std::string url_source;
  std::optional<std::string> version_table;
  std::optional<std::string> version_table_schema;
  std::optional<bool> transaction_per_migration;
  std::optional<std::uint64_t> evaluation_steps;
  std::optional<std::uint64_t> evaluation_depth;
  std::optional<std::uint64_t> evaluation_size;
  model::NamingConvention naming;
  std::vector<std::string> command;  ///< words that start the project's own tool
  std::optional<std::chrono::milliseconds> command_timeout;
  std::vector<std::string> source_roots;  ///< where the project's modules are looked for, in this order
  /// "app.db.GUID" to database ("" is every one) to the type's SQL.
  std::map<std::string, std::map<std::string, std::string>> types;
  /// What the application's objects are worth, by their import names: "app.settings.PAGE_SIZE".
  std::map<std::string, Argument> values;
  /// What env.py passes to upgrade() and downgrade(), by name: "reflect", "ignore" or a literal.
  std::map<std::string, Argument> arguments;
  Diagnostics notes;  ///< what should be said once: an env.py whose settings cannot be read
};

/// Looks in `directory` (".", or what the user named). config: -c FILE, or nullopt. nullopt: no project here.
/// Error codes: config-not-found, config-invalid, no-script-location.
std::optional<Result<Settings, Diagnostic>> find_settings(const std::string& directory,
                                                          const std::optional<std::string>& config);

/// [types], [values], [alembic.arguments], command and command_timeout of a bascule.toml. Error code: config-invalid.
Result<void, Diagnostic> read_own_code(const std::string& path, const TomlFile& toml, Settings& settings);

/// Where Python would look for the project's modules: prepend_sys_path, the configuration's folder, the working
/// directory, the project above the scripts, and src/ in each.
void find_source_roots(const std::string& directory, const std::vector<std::string>& prepended, Settings& settings);

/// Reads version_table, version_table_schema and transaction_per_migration from env.py's context.configure(...) calls,
/// where they are literals and `settings` has nothing yet. Runs nothing.
void read_env_py(const std::string& path, Settings& settings);

}  // namespace bascule::formats::alembic
