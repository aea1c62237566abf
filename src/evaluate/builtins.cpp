// Builtin functions about objects and numbers, and the table of all builtins.
#include "evaluate/builtins.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/format.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

using Core = Interpreter::Implementation;

/// A value with only a name: Ellipsis, NotImplemented.
class Marker final : public Object {
 public:
  explicit Marker(std::string name) : name_(std::move(name)) {}
  std::string type_name() const override { return name_ == "Ellipsis" ? "ellipsis" : "NotImplementedType"; }
  std::string repr(Interpreter&) override { return name_; }

 private:
  std::string name_;
};

Value print(Interpreter&, Arguments&) { return {}; }

Value length(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("len", arguments, {"obj"});
  return interpreter.implementation().length(bind.required("obj"));
}

Value represent(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("repr", arguments, {"obj"});
  const Value value = bind.required("obj");
  if (const Opaque* unknown = value.as_opaque()) return interpreter.implementation().opaque(unknown->what, *unknown);
  return interpreter.repr(value);
}

Value ascii(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("ascii", arguments, {"obj"});
  return ascii_repr(interpreter, bind.required("obj"));
}

Value format(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("format", arguments, {"value", "format_spec"});
  const Value value = bind.required("value");
  if (const Opaque* unknown = value.as_opaque()) return interpreter.implementation().opaque(unknown->what, *unknown);
  const Value spec = bind.optional("format_spec").value_or(Value(""));
  if (!spec.as_str()) raise_type_error("format() argument 2 must be str");
  return format_value(interpreter, value, *spec.as_str());
}

Value absolute(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("abs", arguments, {"x"});
  const Value value = bind.required("x");
  if (const Opaque* unknown = value.as_opaque()) return interpreter.implementation().opaque(unknown->what, *unknown);
  if (const auto* real = value.as_float()) return std::fabs(*real);
  if (const auto* flag = value.as_bool()) return *flag ? 1 : 0;
  if (const auto* number = value.as_int()) {
    return *number < 0 ? interpreter.implementation().unary(py::UnaryOp::kNegative, value) : value;
  }
  if (auto instance = value.as<Instance>()) {
    if (auto result = interpreter.implementation().call_special(*instance, "__abs__", {})) return *result;
  }
  raise_type_error("bad operand type for abs(): '" + type_name(value) + "'");
}

/// Rounds half to even on the decimal text of the number, as Python does.
double round_to(double value, std::int64_t digits) {
  if (!std::isfinite(value) || digits > 308) return value;
  if (digits < -308) return 0.0;
  if (digits >= 0) return std::stod(fmt::format("{:.{}f}", value, static_cast<int>(digits)));
  const double unit = std::pow(10.0, static_cast<double>(-digits));
  return std::nearbyint(value / unit) * unit;
}

Value round_number(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("round", arguments, {"number", "ndigits"});
  const Value value = bind.required("number");
  if (const Opaque* unknown = value.as_opaque()) return interpreter.implementation().opaque(unknown->what, *unknown);
  const auto digits = bind.present("ndigits");
  if (digits && !digits->as_int()) {
    raise_type_error("'" + type_name(*digits) + "' object cannot be interpreted as an integer");
  }
  if (const auto* flag = value.as_bool()) return *flag ? 1 : 0;
  if (const auto* number = value.as_int()) {
    if (!digits || *digits->as_int() >= 0) return value;
    if (*digits->as_int() < -18) return 0;
    std::int64_t unit = 1;
    for (std::int64_t i = 0; i > *digits->as_int(); --i) unit *= 10;
    std::int64_t rest = *number % unit;
    std::int64_t units = *number / unit;
    if (rest < 0) {
      rest += unit;
      --units;
    }
    const bool up = rest > unit / 2 || (rest == unit / 2 && units % 2 != 0);
    // Either neighbour may lie beyond 64 bits: binary() refuses it then.
    return interpreter.implementation().binary(BinaryOperator::kAdd, value, Value(up ? unit - rest : -rest));
  }
  if (const auto* real = value.as_float()) {
    if (digits) return round_to(*real, *digits->as_int());
    if (!std::isfinite(*real))
      raise_python(std::isnan(*real) ? "ValueError" : "OverflowError", "cannot convert float to integer");
    const double rounded = std::nearbyint(*real);
    if (std::fabs(rounded) >= 9.2e18) throw Refusal("integer-too-large", "the result does not fit in a 64-bit integer");
    return static_cast<std::int64_t>(rounded);
  }
  if (auto found = interpreter.implementation().find_attribute(value, "__round__")) {
    return interpreter.implementation().call(*found, digits ? std::vector<Value>{*digits} : std::vector<Value>());
  }
  raise_type_error("type " + type_name(value) + " doesn't define __round__ method");
}

Value divide_modulo(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("divmod", arguments, {"x", "y"});
  Core& core = interpreter.implementation();
  return make_tuple({core.binary(BinaryOperator::kFloorDiv, bind.required("x"), bind.required("y")),
                     core.binary(BinaryOperator::kMod, bind.required("x"), bind.required("y"))});
}

Value power(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("pow", arguments, {"base", "exp", "mod"});
  Core& core = interpreter.implementation();
  const auto modulus = bind.present("mod");
  if (!modulus) return core.binary(BinaryOperator::kPow, bind.required("base"), bind.required("exp"));
  const auto* base = bind.required("base").as_int();
  const Value exponent_value = bind.required("exp");
  const Value base_value = bind.required("base");
  base = base_value.as_int();
  const auto* exponent = exponent_value.as_int();
  if (!base || !exponent || !modulus->as_int() || *exponent < 0 || *modulus->as_int() <= 0) {
    core.not_supported("pow() with these three arguments is not supported");
  }
  const Wide divisor = *modulus->as_int();
  Wide result = 1 % divisor;
  Wide factor = ((*base % divisor) + divisor) % divisor;
  for (std::int64_t left = *exponent; left > 0; left >>= 1) {
    if ((left & 1) != 0) result = result * factor % divisor;
    factor = factor * factor % divisor;
  }
  return static_cast<std::int64_t>(result);
}

Value character(Interpreter&, Arguments& arguments) {
  const Binder bind("chr", arguments, {"i"});
  const Value value = bind.required("i");
  const auto* number = value.as_int();
  if (!number) raise_type_error("'" + type_name(value) + "' object cannot be interpreted as an integer");
  if (*number < 0 || *number > 0x10ffff) raise_python("ValueError", "chr() arg not in range(0x110000)");
  const auto code = static_cast<std::uint32_t>(*number);
  if (code >= 0xd800 && code < 0xe000) throw Refusal("not-supported", "chr() of a surrogate is not supported");
  std::string out;
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0U | (code >> 6U));
    put(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3fU));
    put(0x80U | (code & 0x3fU));
  } else {
    put(0xf0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3fU));
    put(0x80U | ((code >> 6U) & 0x3fU));
    put(0x80U | (code & 0x3fU));
  }
  return out;
}

Value code_point(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("ord", arguments, {"c"});
  const Value value = bind.required("c");
  const auto* text = value.as_str();
  if (!text || interpreter.implementation().length(value) != 1) {
    raise_type_error("ord() expected a character");
  }
  const auto at = [&](std::size_t i) { return static_cast<std::int64_t>(static_cast<unsigned char>((*text)[i])); };
  switch (text->size()) {
    case 1:
      return at(0);
    case 2:
      return ((at(0) & 0x1f) << 6) | (at(1) & 0x3f);
    case 3:
      return ((at(0) & 0x0f) << 12) | ((at(1) & 0x3f) << 6) | (at(2) & 0x3f);
    default:
      return ((at(0) & 0x07) << 18) | ((at(1) & 0x3f) << 12) | ((at(2) & 0x3f) << 6) | (at(3) & 0x3f);
  }
}

template <char kind>
Value in_base(Interpreter&, Arguments& arguments) {
  const Binder bind("hex", arguments, {"number"});
  const Value value = bind.required("number");
  if (!value.as_int() && !value.as_bool()) {
    raise_type_error("'" + type_name(value) + "' object cannot be interpreted as an integer");
  }
  const std::int64_t number = value.as_int() ? *value.as_int() : (*value.as_bool() ? 1 : 0);
  const auto magnitude = number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
  const char* sign = number < 0 ? "-" : "";
  if constexpr (kind == 'x') return fmt::format("{}0x{:x}", sign, magnitude);
  if constexpr (kind == 'o') return fmt::format("{}0o{:o}", sign, magnitude);
  return fmt::format("{}0b{:b}", sign, magnitude);
}

Value hash_value(Interpreter&, Arguments& arguments) {
  const Binder bind("hash", arguments, {"obj"});
  return static_cast<std::int64_t>(hash_of(bind.required("obj")) >> 2U);
}

Value identity(Interpreter&, Arguments& arguments) {
  const Binder bind("id", arguments, {"obj"});
  const Value value = bind.required("obj");
  struct Visitor {
    std::int64_t operator()(const ListPtr& held) const { return address(held.get()); }
    std::int64_t operator()(const TuplePtr& held) const { return address(held.get()); }
    std::int64_t operator()(const DictPtr& held) const { return address(held.get()); }
    std::int64_t operator()(const SetPtr& held) const { return address(held.get()); }
    std::int64_t operator()(const ObjectPtr& held) const { return address(held.get()); }
    std::int64_t operator()(const OpaquePtr& held) const { return address(held.get()); }
    std::int64_t operator()(const NoneType&) const { return 1; }
    std::int64_t operator()(bool flag) const { return flag ? 2 : 3; }
    std::int64_t operator()(std::int64_t number) const { return number; }
    std::int64_t operator()(double number) const {
      return static_cast<std::int64_t>(std::hash<double>{}(number) >> 2U);
    }
    std::int64_t operator()(const std::string& text) const {
      return static_cast<std::int64_t>(std::hash<std::string>{}(text) >> 2U);
    }
    std::int64_t operator()(const Bytes& bytes) const {
      return static_cast<std::int64_t>(std::hash<std::string>{}(bytes.data) >> 2U);
    }
    static std::int64_t address(const void* pointer) {
      return static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(pointer));  // NOLINT
    }
  };
  return std::visit(Visitor{}, value.payload());
}

Value is_callable(Interpreter&, Arguments& arguments) {
  const Binder bind("callable", arguments, {"obj"});
  const Value value = bind.required("obj");
  if (value.is_opaque()) return value;
  const auto* object = std::get_if<ObjectPtr>(&value.payload());
  return object && (*object)->callable();
}

Value isinstance(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("isinstance", arguments, {"obj", "class_or_tuple"});
  return interpreter.implementation().is_instance(bind.required("obj"), bind.required("class_or_tuple"));
}

Value issubclass(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("issubclass", arguments, {"cls", "class_or_tuple"});
  return interpreter.implementation().is_subclass(bind.required("cls"), bind.required("class_or_tuple"));
}

std::string attribute_name(const Value& value) {
  if (!value.as_str()) raise_type_error("attribute name must be string, not '" + type_name(value) + "'");
  return *value.as_str();
}

/// The attribute, or nullopt where Python would raise AttributeError.
std::optional<Value> try_attribute(Core& core, const Value& object, const std::string& name) {
  static const auto missing = builtin_class("AttributeError");
  try {
    return core.find_attribute(object, name);
  } catch (PythonError& error) {
    if (!error.exception->type->derives_from(*missing)) throw;
    return std::nullopt;
  }
}

Value hasattr(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("hasattr", arguments, {"obj", "name"});
  const Value object = bind.required("obj");
  const auto found = try_attribute(interpreter.implementation(), object, attribute_name(bind.required("name")));
  // Whether an unknown thing has an attribute is unknown too.
  if (found && found->is_opaque() && object.is_opaque()) return *found;
  return found.has_value();
}

Value getattr(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("getattr", arguments, {"obj", "name", "default"});
  const std::string name = attribute_name(bind.required("name"));
  const auto otherwise = bind.optional("default");
  if (!otherwise) return interpreter.attribute(bind.required("obj"), name);
  return try_attribute(interpreter.implementation(), bind.required("obj"), name).value_or(*otherwise);
}

Value setattr(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("setattr", arguments, {"obj", "name", "value"});
  interpreter.implementation().set_attribute(bind.required("obj"), attribute_name(bind.required("name")),
                                             bind.required("value"));
  return {};
}

Value delattr(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("delattr", arguments, {"obj", "name"});
  interpreter.implementation().remove_attribute(bind.required("obj"), attribute_name(bind.required("name")));
  return {};
}

Value vars(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("vars", arguments, {"obj"});
  if (auto object = bind.optional("obj")) return interpreter.attribute(*object, "__dict__");
  auto dict = std::make_shared<Dict>();
  Core& core = interpreter.implementation();
  const NameMap& names = core.scope() ? core.scope()->names : core.globals();
  for (const auto& [name, value] : names.entries()) dict->set(Value(name), value);
  return dict;
}

Value global_names(Interpreter& interpreter, Arguments&) {
  auto dict = std::make_shared<Dict>();
  for (const auto& [name, value] : interpreter.implementation().globals().entries()) dict->set(Value(name), value);
  return dict;
}

Value super(Interpreter& interpreter, Arguments& arguments) {
  Core& core = interpreter.implementation();
  if (arguments.positional.size() == 2) {
    auto type = arguments.positional[0].as<ClassObject>();
    if (!type) raise_type_error("super() argument 1 must be a type");
    return ObjectPtr(std::make_shared<SuperObject>(std::move(type), arguments.positional[1]));
  }
  const Frame* frame = core.frame();
  auto owner = frame && frame->function ? frame->function->owner.lock() : nullptr;
  if (!owner) raise_python("RuntimeError", "super(): no arguments");
  return ObjectPtr(std::make_shared<SuperObject>(std::move(owner), frame->first_argument));
}

Value leave(Interpreter&, Arguments& arguments) {
  throw PythonError(make_exception(builtin_class("SystemExit"), arguments.positional));
}

template <Descriptor::Kind kind>
Value describe(Interpreter&, Arguments& arguments) {
  const Binder bind("property", arguments, {"function"}, {"doc"}, true);
  return ObjectPtr(std::make_shared<Descriptor>(kind, bind.required("function")));
}

BuiltinTable make_table() {
  BuiltinTable table;
  add_types(table);
  add_iteration(table);
  add_object_functions(table);
  add_refused(table);
  return table;
}

const BuiltinTable& table() {
  static const BuiltinTable all = make_table();
  return all;
}

}  // namespace

void add_object_functions(BuiltinTable& table) {
  const auto add = [&](const char* name, NativeFunction function) {
    table.emplace(name, make_function(name, std::move(function)));
  };
  add("print", print);
  add("len", length);
  add("repr", represent);
  add("ascii", ascii);
  add("format", format);
  add("abs", absolute);
  add("round", round_number);
  add("divmod", divide_modulo);
  add("pow", power);
  add("chr", character);
  add("ord", code_point);
  add("hex", in_base<'x'>);
  add("oct", in_base<'o'>);
  add("bin", in_base<'b'>);
  add("hash", hash_value);
  add("id", identity);
  add("callable", is_callable);
  add("isinstance", isinstance);
  add("issubclass", issubclass);
  add("hasattr", hasattr);
  add("getattr", getattr);
  add("setattr", setattr);
  add("delattr", delattr);
  add("vars", vars);
  add("locals", vars);
  add("globals", global_names);
  add("super", super);
  add("exit", leave);
  add("quit", leave);
  add("staticmethod", describe<Descriptor::Kind::kStaticMethod>);
  add("classmethod", describe<Descriptor::Kind::kClassMethod>);
  add("property", describe<Descriptor::Kind::kProperty>);
  table.emplace("Ellipsis", ObjectPtr(std::make_shared<Marker>("Ellipsis")));
  table.emplace("NotImplemented", ObjectPtr(std::make_shared<Marker>("NotImplemented")));
  table.emplace("__debug__", Value(true));
}

void add_refused(BuiltinTable& table) {
  for (const char* name : {"open", "exec", "eval", "compile", "input", "__import__", "breakpoint"}) {
    table.emplace(
        name, make_function(name, [name](Interpreter&, Arguments&) -> Value {
          throw Refusal(
              "not-allowed",
              fmt::format("{}() is not allowed: Bascule reads migrations without giving them files, a network "
                          "or a Python",
                          name),
              "write what it would give as a literal in the migration");
        }));
  }
  for (const char* name : {"memoryview", "bytearray", "complex", "aiter", "anext", "help", "dir"}) {
    table.emplace(name, make_function(name, [name](Interpreter& interpreter, Arguments&) -> Value {
                    interpreter.implementation().not_supported(fmt::format("{}() is not supported", name));
                  }));
  }
}

const Value* find_builtin(std::string_view name) {
  const auto& all = table();
  if (auto found = all.find(name); found != all.end()) return &found->second;
  return nullptr;
}

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const auto& [name, value] : table()) names.emplace_back(name);
  return names;
}

}  // namespace bascule::evaluate
