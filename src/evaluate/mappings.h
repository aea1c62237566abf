// What: the methods of dict and set as tables.
// Must not know: syntax, natives.
#pragma once

#include <string_view>
#include <unordered_map>

#include "evaluate/containers.h"

namespace bascule::evaluate {

const std::unordered_map<std::string_view, ContainerMethod>& dict_methods();
const std::unordered_map<std::string_view, ContainerMethod>& set_methods();
const std::unordered_map<std::string_view, ContainerMethod>& frozenset_methods();
/// Puts what dict(x) or dict.update(x) is given into a dict: a mapping, or pairs.
void merge_into(Interpreter::Implementation& interpreter, const Value& self, const Value& source);

}  // namespace bascule::evaluate
