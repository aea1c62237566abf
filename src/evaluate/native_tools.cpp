#include "evaluate/native_tools.h"

#include <fmt/core.h>

namespace bascule::evaluate {

namespace {

const Value* opaque_in(const Value& value) {
  if (value.is_opaque()) return &value;
  if (const auto* items = value.as_sequence()) {
    for (const Value& item : *items) {
      if (item.is_opaque()) return &item;
    }
  }
  return nullptr;
}

}  // namespace

const Value* find_opaque(const Arguments& arguments) {
  for (const Value& value : arguments.positional) {
    if (const Value* found = opaque_in(value)) return found;
  }
  for (const auto& [name, value] : arguments.keywords) {
    if (const Value* found = opaque_in(value)) return found;
  }
  return nullptr;
}

Value pure_function(std::string name, NativeFunction function) {
  return make_function(std::move(name),
                       [function = std::move(function)](Interpreter& interpreter, Arguments& arguments) -> Value {
                         if (const Value* unknown = find_opaque(arguments)) return *unknown;
                         return function(interpreter, arguments);
                       });
}

std::string text_argument(const std::string& function, const Value& value) {
  if (const std::string* text = value.as_str()) return *text;
  raise_type_error(fmt::format("{}: expected str, got {}", function, type_name(value)));
}

std::int64_t int_argument(const std::string& function, const Value& value) {
  if (const std::int64_t* number = value.as_int()) return *number;
  if (const bool* flag = value.as_bool()) return *flag ? 1 : 0;
  raise_type_error(fmt::format("{}: expected int, got {}", function, type_name(value)));
}

double real_argument(const std::string& function, const Value& value) {
  if (const double* number = value.as_float()) return *number;
  return static_cast<double>(int_argument(function, value));
}

void refuse_world(const std::string& what, const std::string& help) {
  throw Refusal("not-allowed", what,
                help.empty() ? "write the value into the migration, or run this step outside of it" : help);
}

std::optional<Value> NativeClass::attribute(Interpreter&, std::string_view name) {
  if (name == "__name__" || name == "__qualname__") return Value(name_.substr(name_.rfind('.') + 1));
  auto found = members_.find(name);
  if (found == members_.end()) return std::nullopt;
  return found->second;
}

Value NativeClass::call(Interpreter& interpreter, Arguments& arguments) {
  if (const Value* unknown = find_opaque(arguments)) return *unknown;
  return construct_(interpreter, arguments);
}

std::optional<bool> NativeClass::is_instance(Interpreter&, const Value& value) { return test_(value); }

std::optional<Value> NativeClass::binary(Interpreter&, BinaryOperator op, const Value&, bool) {
  // X | None in an annotation.
  if (op == BinaryOperator::kBitOr) return Value(shared_from_this());
  return std::nullopt;
}

}  // namespace bascule::evaluate
