// Instances: operators and protocols by the methods of their class.
#include <algorithm>

#include <fmt/core.h>

#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

struct MethodNames {
  const char* direct;
  const char* reflected;
};

MethodNames method_names(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return {"__add__", "__radd__"};
    case BinaryOperator::kSub:
      return {"__sub__", "__rsub__"};
    case BinaryOperator::kMul:
      return {"__mul__", "__rmul__"};
    case BinaryOperator::kDiv:
      return {"__truediv__", "__rtruediv__"};
    case BinaryOperator::kFloorDiv:
      return {"__floordiv__", "__rfloordiv__"};
    case BinaryOperator::kMod:
      return {"__mod__", "__rmod__"};
    case BinaryOperator::kPow:
      return {"__pow__", "__rpow__"};
    case BinaryOperator::kBitAnd:
      return {"__and__", "__rand__"};
    case BinaryOperator::kBitOr:
      return {"__or__", "__ror__"};
    case BinaryOperator::kBitXor:
      return {"__xor__", "__rxor__"};
    case BinaryOperator::kLeftShift:
      return {"__lshift__", "__rlshift__"};
    case BinaryOperator::kRightShift:
      return {"__rshift__", "__rrshift__"};
    case BinaryOperator::kEq:
      return {"__eq__", "__eq__"};
    case BinaryOperator::kNe:
      return {"__ne__", "__ne__"};
    case BinaryOperator::kLt:
      return {"__lt__", "__gt__"};
    case BinaryOperator::kLe:
      return {"__le__", "__ge__"};
    case BinaryOperator::kGt:
      return {"__gt__", "__lt__"};
    case BinaryOperator::kGe:
      return {"__ge__", "__le__"};
  }
  return {"", ""};
}

bool is_not_implemented(const Value& value) {
  const auto* object = std::get_if<ObjectPtr>(&value.payload());
  static const Value marker = *find_builtin("NotImplemented");
  return object && *object == std::get<ObjectPtr>(marker.payload());
}

std::string text_result(Interpreter& interpreter, const Value& result, const char* method) {
  if (result.is_opaque()) interpreter.refuse_opaque(result, fmt::format("the text that {}() gives", method));
  if (const auto* text = result.as_str()) return *text;
  raise_type_error(fmt::format("{} returned non-string (type {})", method, type_name(result)));
}

}  // namespace

const Value* payload_of(const Value& value) {
  const auto* object = std::get_if<ObjectPtr>(&value.payload());
  if (!object) return nullptr;
  const auto* instance = dynamic_cast<const Instance*>(object->get());
  return instance && instance->payload ? &*instance->payload : nullptr;
}

std::optional<Value> Instance::attribute(Interpreter& interpreter, std::string_view wanted) {
  return interpreter.implementation().instance_attribute(*this, wanted);
}

bool Instance::set_attribute(Interpreter& interpreter, std::string_view wanted, Value value) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (const Value* found = type->lookup(wanted)) {
    if (auto descriptor = found->as<Descriptor>(); descriptor && descriptor->kind() == Descriptor::Kind::kProperty) {
      if (descriptor->setter().is_none()) {
        raise_python("AttributeError", fmt::format("property '{}' of '{}' object has no setter", wanted, type->name));
      }
      core.call(descriptor->setter(), {Value(shared_from_this()), std::move(value)});
      return true;
    }
  }
  if (type->lookup("__setattr__")) {
    core.call_special(*this, "__setattr__", {Value(wanted), std::move(value)});
    return true;
  }
  if (type->is_frozen) {
    raise_python("AttributeError", fmt::format("cannot assign to field '{}'", wanted));
  }
  if (is_member() && (wanted == "name" || wanted == "value")) {
    raise_python("AttributeError", fmt::format("<enum '{}'> cannot set attribute '{}'", type->name, wanted));
  }
  if (wanted == "args" && type->is_exception && value.as_sequence()) {
    exception_args = *value.as_sequence();
    return true;
  }
  core.may_form_ring(Value(shared_from_this()), value);
  attributes.set(wanted, std::move(value));
  return true;
}

Value Instance::call(Interpreter& interpreter, Arguments& arguments) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (const Value* found = type->lookup("__call__")) {
    return core.call(core.bind(Value(*found), Value(shared_from_this()), *type), arguments);
  }
  core.check_unknown_call(type->name + "()", *type->opaque_base, arguments);
  return core.opaque(type->name + "()()", *type->opaque_base);
}

std::optional<Value> Instance::binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) {
  Interpreter::Implementation& core = interpreter.implementation();
  const MethodNames names = method_names(op);
  if (auto result = core.call_special(*this, reflected ? names.reflected : names.direct, {other})) {
    if (!is_not_implemented(*result)) return result;
  }
  if (op == BinaryOperator::kNe && type->lookup("__eq__")) {
    auto result = core.call_special(*this, "__eq__", {other});
    if (result && !is_not_implemented(*result)) return !core.truth(*result, "this comparison");
  }
  if (type->opaque_base && !type->is_exception) return core.opaque(type->name + "()", *type->opaque_base);
  return std::nullopt;
}

std::optional<Value> Instance::unary(Interpreter& interpreter, UnaryOperator op) {
  const char* name = op == UnaryOperator::kNegative   ? "__neg__"
                     : op == UnaryOperator::kPositive ? "__pos__"
                                                      : "__invert__";
  return interpreter.implementation().call_special(*this, name, {});
}

std::optional<Value> Instance::index(Interpreter& interpreter, const Value& key) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto result = core.call_special(*this, "__getitem__", {key})) return result;
  if (payload) {
    if (payload->as_dict() && !payload->as_dict()->find(key) && type->lookup("__missing__")) {
      return core.call_special(*this, "__missing__", {key});
    }
    return core.get_item(*payload, key);
  }
  if (type->opaque_base) return core.opaque(type->name + "()[...]", *type->opaque_base);
  return std::nullopt;
}

bool Instance::set_index(Interpreter& interpreter, const Value& key, Value value) {
  return interpreter.implementation().call_special(*this, "__setitem__", {key, std::move(value)}).has_value();
}

std::optional<std::vector<Value>> Instance::iterate(Interpreter& interpreter) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto iterator = core.call_special(*this, "__iter__", {})) {
    auto same = iterator->as<Instance>();
    if (same && same->type->lookup("__next__")) {
      std::vector<Value> out;
      while (auto item = core.next(*iterator)) {
        core.step();
        out.push_back(*std::move(item));
        core.check_items(out.size());
      }
      return out;
    }
    return core.items_of(*iterator, "what __iter__() gives");
  }
  if (payload) return core.items_of(*payload, "the items of this object");
  if (type->lookup("__getitem__")) {
    std::vector<Value> out;
    const auto end = builtin_class("IndexError");
    for (std::int64_t i = 0;; ++i) {
      core.step();
      try {
        out.push_back(*core.call_special(*this, "__getitem__", {Value(i)}));
      } catch (PythonError& error) {
        if (!error.exception->type->derives_from(*end)) throw;
        return out;
      }
    }
  }
  if (type->opaque_base) {
    core.refuse_opaque(core.opaque(type->name + "()", *type->opaque_base), "what is gone over here");
  }
  return std::nullopt;
}

std::optional<std::int64_t> Instance::length(Interpreter& interpreter) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto result = core.call_special(*this, "__len__", {})) {
    if (const auto* number = result->as_int()) return *number;
    raise_type_error("'" + type_name() + "' object cannot be interpreted as an integer");
  }
  if (payload) return core.length(*payload);
  return std::nullopt;
}

std::optional<bool> Instance::contains(Interpreter& interpreter, const Value& item) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto result = core.call_special(*this, "__contains__", {item})) return core.truth(*result, "this `in`");
  if (payload) {
    const Value result = core.contains(*payload, item);
    return core.truth(result, "this `in`");
  }
  return std::nullopt;
}

bool Instance::truth(Interpreter& interpreter) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto result = core.call_special(*this, "__bool__", {})) return core.truth(*result, "the truth of this object");
  if (type->lookup("__len__")) return *length(interpreter) != 0;
  if (payload) return core.truth(*payload, "the truth of this object");
  return true;
}

std::optional<Value> Instance::enter(Interpreter& interpreter) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto entered = core.call_special(*this, "__enter__", {})) return entered;
  if (type->opaque_base) return core.opaque(type->name + "()", *type->opaque_base);
  return std::nullopt;
}

std::string Instance::repr(Interpreter& interpreter) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto result = core.call_special(*this, "__repr__", {})) return text_result(interpreter, *result, "__repr__");
  if (is_member()) return fmt::format("<{}.{}: {}>", type->name, member_name, core.repr(member_value));
  if (type->is_exception) {
    std::string out = type->name + "(";
    for (std::size_t i = 0; i < exception_args.size(); ++i) {
      out += (i > 0 ? ", " : "") + core.repr(exception_args[i]);
    }
    return out + ")";
  }
  if (payload) return core.repr(*payload);
  return "<" + type->name + " object>";
}

std::string Instance::str(Interpreter& interpreter) {
  Interpreter::Implementation& core = interpreter.implementation();
  if (auto result = core.call_special(*this, "__str__", {})) return text_result(interpreter, *result, "__str__");
  if (type->is_exception) {
    if (type->lookup("__repr__")) return repr(interpreter);
    if (exception_text) return *exception_text;
    if (exception_args.empty()) return "";
    if (exception_args.size() > 1) return core.repr(make_tuple(exception_args));
    const Value& only = exception_args.front();
    static const auto key_error = builtin_class("KeyError");
    if (type->derives_from(*key_error)) return core.repr(only);
    return only.is_opaque() ? "`" + only.as_opaque()->what + "`" : core.str(only);
  }
  if (is_member()) {
    const bool as_value = type->enum_kind == EnumKind::kStrEnum || type->enum_kind == EnumKind::kIntEnum;
    return as_value ? core.str(member_value) : type->name + "." + member_name;
  }
  if (type->lookup("__repr__")) return repr(interpreter);
  if (payload) return core.str(*payload);
  return repr(interpreter);
}

bool Instance::equals(const Object& other) const {
  if (this == &other) return true;
  const auto* instance = dynamic_cast<const Instance*>(&other);
  if (!instance || !type->is_dataclass || instance->type != type) return false;
  const auto& mine = attributes.entries();
  return mine.size() == instance->attributes.entries().size() &&
         std::all_of(mine.begin(), mine.end(), [&](const auto& entry) {
           const Value* theirs = instance->attributes.find(entry.first);
           return theirs && equal(entry.second, *theirs);
         });
}

std::size_t Instance::hash() const {
  const bool compares = type->is_dataclass || type->lookup("__eq__");
  if (!compares || type->lookup("__hash__")) return std::hash<const void*>{}(this);
  if (!type->is_frozen) raise_type_error("unhashable type: '" + type->name + "'");
  std::size_t seed = 0;
  for (const auto& [name, value] : attributes.entries()) seed = seed * 31 + hash_of(value);
  return seed;
}

}  // namespace bascule::evaluate
