// What: the standard modules that are part of the language as the interpreter runs it: enum, dataclasses, contextlib,
// functools, abc. The others are in stdlib.h.
// Must not know: natives of a format.
#pragma once

#include <optional>
#include <string_view>

#include "evaluate/value.h"

namespace bascule::evaluate {

/// nullopt: none of these modules.
std::optional<Value> core_module(std::string_view dotted);
/// enum.auto()
Value make_auto();

}  // namespace bascule::evaluate
