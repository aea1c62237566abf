// What: the settings of a Flyway project, from flyway.conf, flyway.toml, FLYWAY_* and the command line, as far as
// running migrations needs them.
// Must not know: migrations, databases.
// Invariants: keys of placeholders are in lower case (Flyway does not look at their case).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/open.h"

namespace bascule::formats::flyway {

struct Settings {
  std::string directory = ".";
  std::string place;  ///< the configuration file, or the folder of migrations
  std::optional<std::string> url;
  std::string url_source;
  std::string user;  ///< for ${flyway:user} where no database was asked
  std::string environment = "default";
  std::string encoding = "UTF-8";
  bool detect_encoding = false;

  std::vector<std::string> locations, callback_locations;
  bool locations_guessed = false;  ///< nobody named them: the folder where migrations were found
  bool fail_on_missing_locations = false;
  std::string versioned_prefix = "V", undo_prefix = "U", repeatable_prefix = "R", baseline_prefix = "B";
  std::string separator = "__";
  std::vector<std::string> sql_suffixes = {".sql"};
  bool validate_naming = false;
  bool skip_default_callbacks = false;

  std::vector<std::string> schemas;
  std::optional<std::string> default_schema;
  bool create_schemas = true;
  std::string table = "flyway_schema_history";
  std::optional<std::string> tablespace;
  std::string init_sql;

  bool placeholder_replacement = true;
  std::string placeholder_prefix = "${", placeholder_suffix = "}", placeholder_separator = ":";
  std::map<std::string, std::string> placeholders;

  std::string baseline_version = "1", baseline_description = "<< Flyway Baseline >>";
  bool baseline_on_migrate = false;
  bool out_of_order = false, group = false, mixed = false, execute_in_transaction = true;
  bool validate_on_migrate = true, skip_executing = false, clean_disabled = true;
  bool transactional_lock = true;     ///< postgresql.transactional.lock
  bool pending_is_a_problem = false;  ///< Flyway's own `validate`: what has not run is wrong as well
  std::string target = "latest";
  std::optional<std::string> undo_target;  ///< `undo -target=X`: X itself is undone
  bool fail_on_missing_target = false;
  std::vector<std::string> cherry_pick;
  std::vector<std::string> ignore_patterns = {"*:future"};
  std::optional<std::string> installed_by;

  std::vector<std::string> info_states;  ///< -infoOfState
  std::string info_since_version, info_until_version, info_since_date, info_until_date;

  Diagnostics notes;
};

/// Whether the folder looks like a Flyway project: a configuration file of Flyway, or a folder of V*__*.sql.
bool looks_like_flyway(const OpenRequest& request);

/// The settings; nullopt where there is no Flyway project. Error codes: config-not-found, config-invalid,
/// unsupported-location, and invalid-setting.
std::optional<Result<Settings, Diagnostic>> find_settings(const OpenRequest& request);

}  // namespace bascule::formats::flyway
