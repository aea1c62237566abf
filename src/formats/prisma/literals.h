// What: the literal settings of a JSON file or of a JavaScript or TypeScript one that exports an object: texts,
// env("X"), process.env.X, path.join of texts. Nothing is run; whatever is not literal is told as such. Must not know:
// what any setting means.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace bascule::formats::prisma {

/// A value: a text, or the name of an environment variable, perhaps with a text to fall back on. None of these: it is
/// there, but not literal.
struct Literal {
  std::optional<std::string> text;
  std::optional<std::string> variable;
  bool known() const { return text || variable; }
};

/// "migrations.path" to its value.
using Literals = std::map<std::string, Literal>;

/// A JSON document whose top is an object; what cannot be read ends it.
Literals read_json_literals(std::string_view text);
/// The object that `export default`, `module.exports =` or defineConfig( gives, also by the name of a constant.
Literals read_script_literals(std::string_view text);

}  // namespace bascule::formats::prisma
