// What: whether a file's bytes can be read as Python source at all.
// Must not know: tokens.
#pragma once

#include <cstdint>
#include <string_view>

#include "syntax/python/lexer.h"

namespace bascule::syntax::python {

/// Where the source begins (behind a byte order mark). Throws SyntaxFailure: too-large, nul-in-file, not-utf8 (also for
/// a coding cookie that names another encoding).
std::uint32_t check_encoding(std::string_view text);

}  // namespace bascule::syntax::python
