// What: .env files, as the dotenv and dotenv-expand packages read them.
// Must not know: which files there are or what the variables mean.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace bascule::formats {

using Variables = std::map<std::string, std::string>;

/// The variables of a .env file: `export` before a name, quotes of three kinds (also over several lines), \n and \r in
/// double quotes, comments. Lines that are none of this are passed over, as dotenv does. Nothing is expanded.
Variables parse_dotenv(std::string_view text);

/// $NAME, ${NAME} and ${NAME:-default} in the values of `file` replaced, from `environment` before `file`; \$ is a
/// dollar sign. Names that nobody knows become empty.
Variables expand_dotenv(const Variables& file, const Variables& environment);

}  // namespace bascule::formats
