// What: Python's text forms of values: format specs, the % operator, str.format, and the shortest float.
// Must not know: syntax, natives of a format.
// Invariants: widths count characters; texts stay below kMaxWidth of padding; other failures are Python exceptions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evaluate/interpreter.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

/// Padding and precision beyond this are refused with a ValueError.
inline constexpr std::int64_t kMaxWidth = 1'000'000;

/// repr(float): the shortest digits that read back the same; "1e+16", "0.0001", "inf", "nan".
std::string float_repr(double number);

/// format(value, spec) for what the language itself knows; spec "" is str(value). Throws ValueError, TypeError.
std::string format_value(Interpreter& interpreter, const Value& value, std::string_view spec);

/// format % arguments: a tuple, a mapping, or one value.
std::string percent_format(Interpreter& interpreter, std::string_view format, const Value& arguments);

/// format.format(*positional, **keywords). An opaque argument that is shown makes the result opaque.
Value str_format(Interpreter& interpreter, std::string_view format, const Arguments& arguments);

/// ascii(value): repr with everything beyond ASCII escaped.
std::string ascii_repr(Interpreter& interpreter, const Value& value);

}  // namespace bascule::evaluate
