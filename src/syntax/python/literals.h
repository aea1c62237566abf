// What: what number and string literals are worth.
// Must not know: grammar, trees' shape.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "syntax/python/ast.h"

namespace bascule::syntax::python {

/// The value of a number token.
Constant number_value(std::string_view literal, std::uint32_t offset);

/// The text that a stretch of a literal stands for: escapes resolved (unless raw), line ends as "\n".
/// @param offset of the stretch in the file, for SyntaxFailure (bad escapes).
/// @param doubled_braces f-string text: "{{" stands for "{".
std::string string_value(std::string_view content, std::uint32_t offset, bool raw, bool bytes, bool doubled_braces);

}  // namespace bascule::syntax::python
