// What: flyway.conf and the .conf beside a migration, as Flyway reads them: Java properties whose backslashes are kept.
// Must not know: what any key means.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bascule::formats::flyway {

/// Keys and values; the last one of a key counts. A backslash at the end of a line goes on with the next line, unless
/// that one is blank or begins with "flyway."; every other backslash stays. Nothing here is an error.
std::map<std::string, std::string> parse_properties(std::string_view text);

/// ${NAME} replaced from the environment; an unknown name is nothing.
std::string expand_environment(std::string_view text, const std::map<std::string, std::string>& environment);

}  // namespace bascule::formats::flyway
