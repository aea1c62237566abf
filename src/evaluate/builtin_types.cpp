// The builtin types as callables: int("7"), list(x), isinstance(x, str), dict.fromkeys ...
#include <charconv>
#include <cmath>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/arguments.h"
#include "evaluate/builtins.h"
#include "evaluate/containers.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/mappings.h"
#include "evaluate/strings.h"

namespace bascule::evaluate {

namespace {

using Core = Interpreter::Implementation;

/// The value itself, or the builtin that an instance stands for.
Value plain(const Value& value) {
  const Value* inner = payload_of(value);
  return inner ? *inner : value;
}

std::string without_underscores(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '_') out += c;
  }
  return out;
}

std::int64_t parse_integer(Core& core, const std::string& text, int base) {
  std::string digits = without_underscores(trim(text));
  const auto fail = [&]() -> std::int64_t {
    raise_python("ValueError", fmt::format("invalid literal for int() with base {}: {}", base, core.repr(Value(text))));
  };
  const bool negative = digits.starts_with("-");
  if (negative || digits.starts_with("+")) digits.erase(0, 1);
  if (digits.size() > 2 && digits[0] == '0') {
    const char kind = static_cast<char>(digits[1] | 0x20);
    const int implied = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
    if (implied != 0 && (base == implied || base == 0)) {
      digits.erase(0, 2);
      base = implied;
    }
  }
  if (base == 0) base = 10;
  if (digits.empty() || digits[0] == '-' || digits[0] == '+') return fail();
  std::int64_t number = 0;
  const std::string signed_digits = (negative ? "-" : "") + digits;
  const char* end = signed_digits.data() + signed_digits.size();
  const auto [stopped, error] = std::from_chars(signed_digits.data(), end, number, base);
  if (error == std::errc::result_out_of_range && stopped == end) {
    throw Refusal("integer-too-large", "the integer does not fit in 64 bits", "keep it as a string");
  }
  if (error != std::errc() || stopped != end) return fail();
  return number;
}

Value make_int(Interpreter& interpreter, Arguments& arguments) {
  Core& core = interpreter.implementation();
  const Binder bind("int", arguments, {"x", "base"});
  const auto given = bind.optional("x");
  if (!given) return 0;
  const Value value = plain(*given);
  if (value.is_opaque()) core.refuse_opaque(value, "the number that int() makes");
  if (const auto* text = value.as_str()) {
    const auto base = bind.optional("base");
    const std::int64_t radix = base && base->as_int() ? *base->as_int() : 10;
    if (radix != 0 && (radix < 2 || radix > 36)) raise_python("ValueError", "int() base must be >= 2 and <= 36, or 0");
    return parse_integer(core, *text, static_cast<int>(radix));
  }
  if (const auto* number = value.as_int()) return *number;
  if (const auto* flag = value.as_bool()) return *flag ? 1 : 0;
  if (const auto* real = value.as_float()) {
    if (std::isnan(*real)) raise_python("ValueError", "cannot convert float NaN to integer");
    if (std::isinf(*real)) raise_python("OverflowError", "cannot convert float infinity to integer");
    if (std::fabs(*real) >= 9.2e18) throw Refusal("integer-too-large", "the integer does not fit in 64 bits");
    return static_cast<std::int64_t>(*real);
  }
  for (const char* name : {"__int__", "__index__"}) {
    if (!std::holds_alternative<ObjectPtr>(value.payload())) break;
    if (auto method = core.find_attribute(value, name)) return core.call(*method, std::vector<Value>());
  }
  raise_type_error("int() argument must be a string, a bytes-like object or a real number, not '" + type_name(value) +
                   "'");
}

Value make_float(Interpreter& interpreter, Arguments& arguments) {
  Core& core = interpreter.implementation();
  const Binder bind("float", arguments, {"x"});
  const auto given = bind.optional("x");
  if (!given) return 0.0;
  const Value value = plain(*given);
  if (value.is_opaque()) core.refuse_opaque(value, "the number that float() makes");
  if (const auto* real = value.as_float()) return *real;
  if (const auto* number = value.as_int()) return static_cast<double>(*number);
  if (const auto* flag = value.as_bool()) return *flag ? 1.0 : 0.0;
  if (const auto* text = value.as_str()) {
    std::string digits = to_lower_ascii(without_underscores(trim(*text)));
    if (digits.starts_with("+")) digits.erase(0, 1);
    double number = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, number);
    if (error == std::errc::result_out_of_range && stopped == end) {
      return digits.find("e-") != std::string::npos ? 0.0 : (digits[0] == '-' ? -HUGE_VAL : HUGE_VAL);
    }
    if (digits.empty() || error != std::errc() || stopped != end) {
      raise_python("ValueError", "could not convert string to float: " + core.repr(value));
    }
    return number;
  }
  if (std::holds_alternative<ObjectPtr>(value.payload())) {
    if (auto method = core.find_attribute(value, "__float__")) return core.call(*method, std::vector<Value>());
  }
  raise_type_error("float() argument must be a string or a real number, not '" + type_name(value) + "'");
}

Value make_str(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("str", arguments, {"object", "encoding", "errors"});
  const auto value = bind.optional("object");
  if (!value) return "";
  if (value->as_bytes() && bind.given("encoding")) {
    if (invalid_utf8(value->as_bytes()->data))
      raise_python("UnicodeDecodeError", "'utf-8' codec can't decode these bytes");
    return value->as_bytes()->data;
  }
  return interpreter.implementation().text(*value);
}

Value make_bool(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("bool", arguments, {"x"});
  const auto value = bind.optional("x");
  return value && interpreter.implementation().truth(*value, "the value that bool() makes");
}

Value make_bytes(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("bytes", arguments, {"source", "encoding", "errors"});
  const auto source = bind.optional("source");
  if (!source) return Bytes{};
  if (const auto* text = source->as_str()) {
    if (!bind.given("encoding")) raise_type_error("string argument without an encoding");
    return Bytes{*text};
  }
  if (source->as_bytes()) return *source;
  std::string data;
  if (const auto* count = source->as_int()) {
    if (*count < 0) raise_python("ValueError", "negative count");
    interpreter.implementation().check_text(static_cast<std::uint64_t>(*count));
    data.assign(static_cast<std::size_t>(*count), '\0');
    return Bytes{data};
  }
  for (const Value& item : interpreter.iterate(*source)) {
    const auto* byte = item.as_int();
    if (!byte || *byte < 0 || *byte > 255) raise_python("ValueError", "bytes must be in range(0, 256)");
    data += static_cast<char>(static_cast<unsigned char>(*byte));
  }
  return Bytes{data};
}

Value make_list_value(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("list", arguments, {"iterable"});
  const auto source = bind.optional("iterable");
  if (!source) return make_list({});
  return make_list(interpreter.implementation().items_of(*source, "what this list is made of"));
}

Value make_tuple_value(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("tuple", arguments, {"iterable"});
  const auto source = bind.optional("iterable");
  if (!source) return make_tuple({});
  if (source->as_tuple()) return *source;
  return make_tuple(interpreter.implementation().items_of(*source, "what this tuple is made of"));
}

template <bool frozen>
Value make_set_value(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind(frozen ? "frozenset" : "set", arguments, {"iterable"});
  auto set = std::make_shared<Set>();
  if (auto source = bind.optional("iterable")) {
    for (Value& item : interpreter.implementation().items_of(*source, "what this set is made of")) {
      set->add(std::move(item));
    }
  }
  set->frozen = frozen;
  return set;
}

Value make_dict_value(Interpreter& interpreter, Arguments& arguments) {
  Core& core = interpreter.implementation();
  const Value dict = std::make_shared<Dict>();
  if (arguments.positional.size() > 1) {
    raise_type_error(fmt::format("dict expected at most 1 argument, got {}", arguments.positional.size()));
  }
  if (!arguments.positional.empty()) {
    if (arguments.positional[0].is_opaque()) core.refuse_opaque(arguments.positional[0], "what this dict is made of");
    merge_into(core, dict, arguments.positional[0]);
  }
  for (const auto& [name, value] : arguments.keywords) dict.as_dict()->set(Value(name), value);
  return dict;
}

Value make_range(Interpreter& interpreter, Arguments& arguments) {
  std::int64_t bounds[3] = {0, 0, 1};
  const auto& given = arguments.positional;
  if (given.empty() || given.size() > 3) {
    raise_type_error(fmt::format("range expected 1 to 3 arguments, got {}", given.size()));
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Value value = plain(given[i]);
    if (value.is_opaque()) interpreter.refuse_opaque(value, "a bound of this range()");
    if (!value.as_int() && !value.as_bool()) {
      raise_type_error("'" + type_name(value) + "' object cannot be interpreted as an integer");
    }
    const std::int64_t number = value.as_int() ? *value.as_int() : (*value.as_bool() ? 1 : 0);
    bounds[given.size() == 1 ? 1 : i] = number;
  }
  if (bounds[2] == 0) raise_python("ValueError", "range() arg 3 must not be zero");
  return ObjectPtr(std::make_shared<RangeObject>(bounds[0], bounds[1], bounds[2]));
}

Value make_none(Interpreter&, Arguments&) { return {}; }

Value make_type(Interpreter& interpreter, Arguments& arguments) {
  Core& core = interpreter.implementation();
  if (arguments.positional.size() == 1) return core.type_of(arguments.positional.front());
  const Binder bind("type", arguments, {"name", "bases", "dict"});
  const Value name = bind.required("name");
  const Value bases = bind.required("bases");
  if (!name.as_str() || !bases.as_tuple()) raise_type_error("type() takes 1 or 3 arguments");
  const Value made = core.make_class(*name.as_str(), bases.as_tuple()->items, nullptr, {});
  const Value names = bind.required("dict");
  if (const Dict* dict = names.as_dict()) {
    for (const auto& [key, value] : dict->entries()) {
      if (key.as_str()) made.as<ClassObject>()->names.set(*key.as_str(), value);
    }
  }
  return made;
}

Value from_keys(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("dict.fromkeys", arguments, {"iterable", "value"});
  auto dict = std::make_shared<Dict>();
  const Value value = bind.optional("value").value_or(Value());
  for (Value& key : interpreter.iterate(bind.required("iterable"))) dict->set(std::move(key), value);
  return dict;
}

Value bytes_from_hex(Interpreter&, Arguments& arguments) {
  const Binder bind("bytes.fromhex", arguments, {"string"});
  const Value value = bind.required("string");
  std::string digits;
  for (const char c : value.as_str() ? *value.as_str() : "") {
    if (c != ' ') digits += c;
  }
  std::string data;
  for (std::size_t i = 0; i + 1 < digits.size() + 1; i += 2) {
    unsigned byte = 0;
    const char* end = digits.data() + std::min(i + 2, digits.size());
    const auto [stopped, error] = std::from_chars(digits.data() + i, end, byte, 16);
    if (i + 2 > digits.size() || error != std::errc() || stopped != end) {
      raise_python("ValueError", "non-hexadecimal number found in fromhex() arg");
    }
    data += static_cast<char>(static_cast<unsigned char>(byte));
  }
  return Bytes{data};
}

}  // namespace

std::optional<Value> BuiltinType::attribute(Interpreter& owner, std::string_view wanted) {
  if (wanted == "maketrans" && name_ == "str") return str_method(owner, Value(""), wanted);
  if (wanted == "__name__" || wanted == "__qualname__") return Value(name_);
  if (wanted == "__module__") return Value("builtins");
  if (wanted == "fromkeys" && name_ == "dict") return make_function("dict.fromkeys", from_keys);
  if (wanted == "fromhex" && name_ == "bytes") return make_function("bytes.fromhex", bytes_from_hex);
  if (wanted == "__new__") {
    const Construct construct = construct_;
    const std::string name = name_;
    // str.__new__(cls, value): an instance of a class derived from a builtin type.
    return make_function(name_ + ".__new__",
                         [construct, name](Interpreter& interpreter, Arguments& arguments) -> Value {
                           if (arguments.positional.empty())
                             raise_type_error(name + ".__new__(): not enough arguments");
                           auto type = arguments.positional.front().as<ClassObject>();
                           Arguments rest = arguments;
                           rest.positional.erase(rest.positional.begin());
                           Value made = construct(interpreter, rest);
                           if (!type) return made;
                           auto instance = std::make_shared<Instance>();
                           instance->type = std::move(type);
                           instance->payload = std::move(made);
                           return ObjectPtr(std::move(instance));
                         });
  }
  if (wanted.starts_with("__")) return std::nullopt;
  if (name_ == "str" || name_ == "list" || name_ == "dict" || name_ == "set" || name_ == "tuple" || name_ == "bytes") {
    // str.lower as a function of its first argument, as in map(str.lower, names).
    const std::string method(wanted);
    const std::string type = name_;
    return make_function(name_ + "." + method, [method, type](Interpreter& caller, Arguments& arguments) -> Value {
      if (arguments.positional.empty())
        raise_type_error("unbound method " + type + "." + method + "() needs an argument");
      const Value self = plain(arguments.positional.front());
      arguments.positional.erase(arguments.positional.begin());
      if (const Opaque* unknown = self.as_opaque()) return caller.implementation().opaque(unknown->what, *unknown);
      return caller.implementation().call(caller.attribute(self, method), arguments);
    });
  }
  return std::nullopt;
}

std::optional<Value> BuiltinType::index(Interpreter&, const Value&) {
  // list[int] in a value: the type itself.
  return Value(shared_from_this());
}

std::optional<Value> BuiltinType::binary(Interpreter&, BinaryOperator op, const Value&, bool) {
  if (op == BinaryOperator::kBitOr) return Value(shared_from_this());
  return std::nullopt;
}

std::optional<bool> BuiltinType::is_instance(Interpreter&, const Value& value) {
  if (name_ == "type") return value.as<ClassObject>() || value.as<BuiltinType>();
  const std::string held = evaluate::type_name(value);
  if (held == name_ || (name_ == "int" && held == "bool")) return true;
  const Value* inner = payload_of(value);
  return inner && (evaluate::type_name(*inner) == name_ || (name_ == "int" && inner->as_bool()));
}

std::string BuiltinType::repr(Interpreter&) { return "<class '" + name_ + "'>"; }

void add_types(BuiltinTable& table) {
  const auto add = [&](const char* name, BuiltinType::Construct construct) {
    table.emplace(name, ObjectPtr(std::make_shared<BuiltinType>(name, construct)));
  };
  add("int", make_int);
  add("float", make_float);
  add("str", make_str);
  add("bool", make_bool);
  add("bytes", make_bytes);
  add("list", make_list_value);
  add("tuple", make_tuple_value);
  add("set", make_set_value<false>);
  add("frozenset", make_set_value<true>);
  add("dict", make_dict_value);
  add("range", make_range);
  add("type", make_type);
  add("NoneType", make_none);
  table.emplace("object", ObjectPtr(builtin_class("object")));
  for (const char* name : {"BaseException",
                           "Exception",
                           "SystemExit",
                           "KeyboardInterrupt",
                           "GeneratorExit",
                           "ArithmeticError",
                           "FloatingPointError",
                           "OverflowError",
                           "ZeroDivisionError",
                           "AssertionError",
                           "AttributeError",
                           "BufferError",
                           "EOFError",
                           "ImportError",
                           "ModuleNotFoundError",
                           "LookupError",
                           "IndexError",
                           "KeyError",
                           "MemoryError",
                           "NameError",
                           "UnboundLocalError",
                           "OSError",
                           "IOError",
                           "EnvironmentError",
                           "ConnectionError",
                           "FileExistsError",
                           "FileNotFoundError",
                           "PermissionError",
                           "TimeoutError",
                           "ReferenceError",
                           "RuntimeError",
                           "NotImplementedError",
                           "RecursionError",
                           "StopIteration",
                           "StopAsyncIteration",
                           "SyntaxError",
                           "IndentationError",
                           "SystemError",
                           "TypeError",
                           "ValueError",
                           "UnicodeError",
                           "UnicodeDecodeError",
                           "UnicodeEncodeError",
                           "Warning",
                           "UserWarning",
                           "DeprecationWarning",
                           "PendingDeprecationWarning",
                           "RuntimeWarning",
                           "FutureWarning",
                           "SyntaxWarning",
                           "ResourceWarning"}) {
    table.emplace(name, ObjectPtr(builtin_class(name)));
  }
}

}  // namespace bascule::evaluate
