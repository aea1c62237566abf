// What: an INI file as Python's configparser reads it.
// Must not know: what any setting means.
#pragma once

#include <map>
#include <string>

#include "base/diagnostic.h"
#include "base/result.h"

namespace bascule::formats {

/// Sections, each with its keys in lower case and values without interpolation.
using IniFile = std::map<std::string, std::map<std::string, std::string>>;
/// Error code: config-invalid.
Result<IniFile, Diagnostic> parse_ini(const std::string& path, const std::string& text);
/// %(name)s replaced from the section, then from `defaults` ("here"); %% is %. Unknown names are an error text.
Result<std::string, std::string> interpolate(const std::string& value,
                                             const std::map<std::string, std::string>& section,
                                             const std::map<std::string, std::string>& defaults);

}  // namespace bascule::formats
