// Attributes of any value.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "evaluate/containers.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/strings.h"

namespace bascule::evaluate {

std::optional<Value> Interpreter::Implementation::find_attribute(const Value& object, std::string_view name) {
  if (const auto* held = std::get_if<ObjectPtr>(&object.payload())) {
    check_stack();
    const ObjectPtr alive = *held;
    if (auto found = alive->attribute(owner_, name)) return found;
    if (name == "__class__") return type_of(object);
    if (const Value* inner = payload_of(object)) return find_attribute(*inner, name);
    return std::nullopt;
  }
  if (const Opaque* unknown = object.as_opaque()) {
    return opaque(fmt::format("{}.{}", unknown->what, name), *unknown);
  }
  if (name == "__class__") return type_of(object);
  if (object.as_str()) return str_method(owner_, object, name);
  if (const auto* bytes = object.as_bytes()) {
    const std::string data = bytes->data;
    if (name == "decode") {
      return make_function("bytes.decode", [data](Interpreter&, Arguments&) -> Value {
        if (invalid_utf8(data)) raise_python("UnicodeDecodeError", "'utf-8' codec can't decode these bytes");
        return data;
      });
    }
    if (name == "hex") {
      return make_function("bytes.hex", [data](Interpreter&, Arguments&) -> Value {
        std::string out;
        for (const char byte : data) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
        return out;
      });
    }
    return std::nullopt;
  }
  if (object.as_int() || object.as_bool() || object.as_float()) {
    if (name == "real" || name == "numerator") return object.as_bool() ? Value(*object.as_bool() ? 1 : 0) : object;
    if (name == "imag") return Value(0);
    if (name == "denominator" && !object.as_float()) return Value(1);
    if (name == "is_integer" && object.as_float()) {
      const double real = *object.as_float();
      return make_function("float.is_integer", [real](Interpreter&, Arguments&) -> Value {
        return real == static_cast<double>(static_cast<long long>(real));
      });
    }
    if (name == "bit_length" && object.as_int()) {
      const std::int64_t number = *object.as_int();
      return make_function("int.bit_length", [number](Interpreter&, Arguments&) -> Value {
        const auto magnitude = static_cast<std::uint64_t>(number < 0 ? -(number + 1) : number) + (number < 0 ? 1 : 0);
        return static_cast<std::int64_t>(magnitude == 0 ? 0 : 64 - __builtin_clzll(magnitude));
      });
    }
    return std::nullopt;
  }
  if (const ContainerMethod method = find_container_method(object, name)) {
    const Value self = object;
    return make_function(type_name(object) + "." + std::string(name),
                         [self, method](Interpreter& interpreter, Arguments& arguments) {
                           return method(interpreter.implementation(), self, arguments);
                         });
  }
  return std::nullopt;
}

Value Interpreter::Implementation::attribute(const Value& object, std::string_view name) {
  if (auto found = find_attribute(object, name)) return *std::move(found);
  const auto type = object.as<ClassObject>();
  const std::string owner =
      type ? fmt::format("type object '{}'", type->name) : fmt::format("'{}' object", type_name(object));
  raise_python("AttributeError", fmt::format("{} has no attribute '{}'", owner, name));
}

void Interpreter::Implementation::set_attribute(const Value& object, std::string_view name, Value value) {
  if (object.is_opaque()) return;
  if (const auto* held = std::get_if<ObjectPtr>(&object.payload())) {
    const ObjectPtr alive = *held;
    if (alive->set_attribute(owner_, name, std::move(value))) return;
  }
  raise_python("AttributeError", fmt::format("'{}' object has no attribute '{}'", type_name(object), name));
}

void Interpreter::Implementation::remove_attribute(const Value& object, std::string_view name) {
  if (object.is_opaque()) return;
  if (auto instance = object.as<Instance>(); instance && instance->attributes.erase(name)) return;
  if (auto type = object.as<ClassObject>(); type && !type->is_builtin && type->names.erase(name)) return;
  if (auto function = object.as<FunctionObject>(); function && function->attributes.erase(name)) return;
  raise_python("AttributeError", fmt::format("'{}' object has no attribute '{}'", type_name(object), name));
}

// --- what an object does unless it says otherwise ---

std::optional<Value> Object::attribute(Interpreter&, std::string_view) { return std::nullopt; }
bool Object::set_attribute(Interpreter&, std::string_view, Value) { return false; }
Value Object::call(Interpreter&, Arguments&) { raise_type_error("'" + type_name() + "' object is not callable"); }
std::optional<Value> Object::binary(Interpreter&, BinaryOperator, const Value&, bool) { return std::nullopt; }
std::optional<Value> Object::unary(Interpreter&, UnaryOperator) { return std::nullopt; }
std::optional<Value> Object::index(Interpreter&, const Value&) { return std::nullopt; }
bool Object::set_index(Interpreter&, const Value&, Value) { return false; }
std::optional<std::vector<Value>> Object::iterate(Interpreter&) { return std::nullopt; }
std::optional<std::int64_t> Object::length(Interpreter&) { return std::nullopt; }
std::optional<bool> Object::contains(Interpreter&, const Value&) { return std::nullopt; }
bool Object::truth(Interpreter&) { return true; }
std::optional<bool> Object::is_instance(Interpreter&, const Value&) { return std::nullopt; }
std::optional<Value> Object::enter(Interpreter&) { return std::nullopt; }
void Object::exit(Interpreter&, bool) {}
std::string Object::repr(Interpreter&) { return "<" + type_name() + " object>"; }

namespace {

class NativeFunctionObject final : public Object {
 public:
  NativeFunctionObject(std::string name, NativeFunction function, bool reaches_database)
      : name_(std::move(name)), function_(std::move(function)), reaches_database_(reaches_database) {}
  bool reaches_database() const override { return reaches_database_; }
  std::string type_name() const override { return "builtin_function_or_method"; }
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override { return function_(interpreter, arguments); }
  std::optional<Value> attribute(Interpreter&, std::string_view wanted) override {
    if (wanted == "__name__" || wanted == "__qualname__") return Value(name_.substr(name_.rfind('.') + 1));
    if (wanted == "__doc__") return Value();
    return std::nullopt;
  }
  std::string repr(Interpreter&) override { return "<built-in function " + name_ + ">"; }

 private:
  std::string name_;
  NativeFunction function_;
  bool reaches_database_;
};

class NamespaceObject final : public Object {
 public:
  NamespaceObject(std::string name, std::unordered_map<std::string, Value> members, NamespaceFallback fallback,
                  bool reaches_database)
      : name_(std::move(name)),
        members_(std::move(members)),
        fallback_(std::move(fallback)),
        reaches_database_(reaches_database) {}
  bool reaches_database() const override { return reaches_database_; }
  std::string type_name() const override { return "module"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override {
    if (auto found = members_.find(std::string(wanted)); found != members_.end()) return found->second;
    if (fallback_) {
      if (auto made = fallback_(interpreter, wanted)) return made;
    }
    if (wanted == "__name__") return Value(name_);
    if (wanted.substr(0, 2) == "__") return std::nullopt;
    std::vector<std::string> names;
    names.reserve(members_.size());
    for (const auto& [name, member] : members_) names.push_back(name);
    std::sort(names.begin(), names.end());
    const auto near = did_you_mean(wanted, names);
    return interpreter.implementation().opaque(name_ + "." + std::string(wanted),
                                               "a part of " + name_ + " that Bascule does not know" +
                                                   (near ? "; did you mean " + name_ + "." + *near + "?" : ""));
  }
  std::string repr(Interpreter&) override { return "<module '" + name_ + "'>"; }

 private:
  std::string name_;
  std::unordered_map<std::string, Value> members_;
  NamespaceFallback fallback_;
  bool reaches_database_;
};

}  // namespace

Value make_function(std::string name, NativeFunction function, bool reaches_database) {
  return ObjectPtr(std::make_shared<NativeFunctionObject>(std::move(name), std::move(function), reaches_database));
}

Value make_namespace(std::string name, std::unordered_map<std::string, Value> members, NamespaceFallback fallback,
                     bool reaches_database) {
  return ObjectPtr(
      std::make_shared<NamespaceObject>(std::move(name), std::move(members), std::move(fallback), reaches_database));
}

}  // namespace bascule::evaluate
