// What: the keys and values of a Flyway project's configuration, from wherever they come, before anybody reads them.
// Must not know: what a key means, beyond which keys belong to a database's environment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "formats/open.h"

namespace bascule::formats::flyway {

/// values: without "flyway.", lists with commas. sources: where a value was read, for messages.
struct Configuration {
  std::map<std::string, std::string> values;
  std::map<std::string, std::string> sources;
  std::string file;  ///< the (last) configuration file; empty: none
};

/// The configuration files that Flyway would read by itself for the folder (flyway.toml and flyway.user.toml, else
/// flyway.conf; in the folder itself, else in conf/), or those that the user named.
std::vector<std::string> configuration_files(const OpenRequest& request);

/// Reads files, environment and command line, each overriding the one before. Error codes: unreadable-file,
/// config-invalid.
Result<Configuration, Diagnostic> read_configuration(const OpenRequest& request);

}  // namespace bascule::formats::flyway
