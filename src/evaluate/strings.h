// What: the methods of str.
// Must not know: syntax, natives of a format.
// Invariants: texts are valid UTF-8 and positions count characters. Upper and lower case: ASCII, Latin-1, Greek and
// Cyrillic letters with a simple partner; other scripts stay as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evaluate/interpreter.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

/// The method bound to self; nullopt: str has no such method (or self is not a str).
std::optional<Value> str_method(Interpreter& interpreter, const Value& self, std::string_view name);

std::string upper(std::string_view text);
std::string lower(std::string_view text);

}  // namespace bascule::evaluate
