// What: the methods of list, tuple, dict and set.
// Must not know: syntax, natives.
#pragma once

#include <optional>
#include <string_view>

#include "evaluate/interpreter.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

using ContainerMethod = Value (*)(Interpreter::Implementation&, const Value& self, Arguments& arguments);

/// nullptr: the value is no container or has no such method.
ContainerMethod find_container_method(const Value& self, std::string_view name);
/// Sorts like Python: stable, by key if it is not None. Used by list.sort and sorted().
void sort_values(Interpreter::Implementation& interpreter, std::vector<Value>& items, const Value& key, bool reverse);
/// | & - ^ and the comparisons (subset); nullopt: no set operation.
std::optional<Value> set_operation(BinaryOperator op, const Set& left, const Set& right);

}  // namespace bascule::evaluate
