// What: what the files of natives written in C++ share: functions that pass opaque values on, and typed arguments.
// Must not know: natives of a format.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "evaluate/interpreter.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

/// The first opaque value among the arguments (or in a list or tuple among them); nullptr: none.
const Value* find_opaque(const Arguments& arguments);

/// A function whose result is opaque when an argument is.
Value pure_function(std::string name, NativeFunction function);

std::string text_argument(const std::string& function, const Value& value);
std::int64_t int_argument(const std::string& function, const Value& value);
double real_argument(const std::string& function, const Value& value);

/// The refusal of what touches the world: code "not-allowed".
[[noreturn]] void refuse_world(const std::string& what, const std::string& help = "");

/// A class given by C++: callable, with class methods, and known to isinstance.
class NativeClass final : public Object {
 public:
  using Test = std::function<bool(const Value&)>;
  NativeClass(std::string name, NativeFunction construct, Test test, std::map<std::string, Value, std::less<>> members)
      : name_(std::move(name)),
        construct_(std::move(construct)),
        test_(std::move(test)),
        members_(std::move(members)) {}
  std::string type_name() const override { return "type"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override;
  std::optional<bool> is_instance(Interpreter& interpreter, const Value& value) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::string repr(Interpreter& interpreter) override {
    (void)interpreter;
    return "<class '" + name_ + "'>";
  }

 private:
  std::string name_;
  NativeFunction construct_;
  Test test_;
  std::map<std::string, Value, std::less<>> members_;
};

}  // namespace bascule::evaluate
