// What: the standard library as far as migrations use it, as native modules. Nothing in it touches files or the
// network. Must not know: natives of a format. enum, dataclasses, contextlib, functools and abc are in core_modules.h.
// Invariants: modules are made once and shared; what depends on the run (the clock, os.environ, random numbers) is
// asked when it is used.
#pragma once

#include <optional>
#include <string_view>

#include "evaluate/value.h"

namespace bascule::evaluate {

/// nullopt: no module of that name is known here (its names are opaque then).
std::optional<Value> stdlib_module(std::string_view dotted);

}  // namespace bascule::evaluate
