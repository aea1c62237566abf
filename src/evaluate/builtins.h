// What: the table of builtin functions and types, filled by one function a file.
// Must not know: natives of a format.
// Invariant: made once, never changed, shared by all interpreters.
#pragma once

#include <string_view>
#include <unordered_map>

#include "evaluate/value.h"

namespace bascule::evaluate {

using BuiltinTable = std::unordered_map<std::string_view, Value>;

void add_types(BuiltinTable& table);
void add_iteration(BuiltinTable& table);
void add_object_functions(BuiltinTable& table);
/// open, exec, input ...: refused with the reason.
void add_refused(BuiltinTable& table);

}  // namespace bascule::evaluate
