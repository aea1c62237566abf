// Operators on builtin values; objects answer for themselves (Object::binary).
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/core.h>

#include "evaluate/containers.h"
#include "evaluate/format.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

[[noreturn]] void overflow() {
  throw Refusal("integer-too-large", "the result does not fit in a 64-bit integer",
                "write the number as a string or inside the SQL");
}

const char* symbol(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return "+";
    case BinaryOperator::kSub:
      return "-";
    case BinaryOperator::kMul:
      return "*";
    case BinaryOperator::kDiv:
      return "/";
    case BinaryOperator::kFloorDiv:
      return "//";
    case BinaryOperator::kMod:
      return "%";
    case BinaryOperator::kPow:
      return "** or pow()";
    case BinaryOperator::kBitAnd:
      return "&";
    case BinaryOperator::kBitOr:
      return "|";
    case BinaryOperator::kBitXor:
      return "^";
    case BinaryOperator::kLeftShift:
      return "<<";
    case BinaryOperator::kRightShift:
      return ">>";
    case BinaryOperator::kEq:
      return "==";
    case BinaryOperator::kNe:
      return "!=";
    case BinaryOperator::kLt:
      return "<";
    case BinaryOperator::kLe:
      return "<=";
    case BinaryOperator::kGt:
      return ">";
    case BinaryOperator::kGe:
      return ">=";
  }
  return "";
}

bool is_comparison(BinaryOperator op) { return op >= BinaryOperator::kEq; }

[[noreturn]] void unsupported(BinaryOperator op, const Value& left, const Value& right) {
  if (is_comparison(op)) {
    raise_type_error(fmt::format("'{}' not supported between instances of '{}' and '{}'", symbol(op), type_name(left),
                                 type_name(right)));
  }
  if (op == BinaryOperator::kAdd && left.as_str()) {
    raise_type_error(fmt::format("can only concatenate str (not \"{}\") to str", type_name(right)));
  }
  if (op == BinaryOperator::kAdd && left.as_list()) {
    raise_type_error(fmt::format("can only concatenate list (not \"{}\") to list", type_name(right)));
  }
  raise_type_error(
      fmt::format("unsupported operand type(s) for {}: '{}' and '{}'", symbol(op), type_name(left), type_name(right)));
}

std::optional<std::int64_t> integer_of(const Value& value) {
  if (const auto* number = value.as_int()) return *number;
  if (const auto* flag = value.as_bool()) return *flag ? 1 : 0;
  return std::nullopt;
}

std::optional<double> real_of(const Value& value) {
  if (const auto* real = value.as_float()) return *real;
  if (auto integer = integer_of(value)) return static_cast<double>(*integer);
  return std::nullopt;
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  if (b == 0) raise_python("ZeroDivisionError", "integer division or modulo by zero");
  if (b == -1) {
    std::int64_t negated = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, a, &negated)) overflow();
    return negated;
  }
  const std::int64_t quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

std::int64_t modulo(std::int64_t a, std::int64_t b) {
  if (b == 0) raise_python("ZeroDivisionError", "integer modulo by zero");
  if (b == -1) return 0;
  const std::int64_t rest = a % b;
  return (rest != 0 && (rest < 0) != (b < 0)) ? rest + b : rest;
}

double float_modulo(double a, double b) {
  if (b == 0) raise_python("ZeroDivisionError", "float modulo");
  double rest = std::fmod(a, b);
  if (rest != 0 && (rest < 0) != (b < 0)) rest += b;
  return rest == 0 ? std::copysign(0.0, b) : rest;
}

double float_floor_divide(double a, double b) {
  if (b == 0) raise_python("ZeroDivisionError", "float floor division by zero");
  return std::floor((a - float_modulo(a, b)) / b + 0.5 * 0);
}

Value integer_power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) raise_python("ZeroDivisionError", "0.0 cannot be raised to a negative power");
    return std::pow(static_cast<double>(base), static_cast<double>(exponent));
  }
  std::int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) overflow();
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) overflow();
  }
  return result;
}

std::optional<Value> integer_operation(BinaryOperator op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case BinaryOperator::kAdd:
      if (__builtin_add_overflow(a, b, &result)) overflow();
      return result;
    case BinaryOperator::kSub:
      if (__builtin_sub_overflow(a, b, &result)) overflow();
      return result;
    case BinaryOperator::kMul:
      if (__builtin_mul_overflow(a, b, &result)) overflow();
      return result;
    case BinaryOperator::kDiv:
      if (b == 0) raise_python("ZeroDivisionError", "division by zero");
      return static_cast<double>(a) / static_cast<double>(b);
    case BinaryOperator::kFloorDiv:
      return floor_divide(a, b);
    case BinaryOperator::kMod:
      return modulo(a, b);
    case BinaryOperator::kPow:
      return integer_power(a, b);
    case BinaryOperator::kBitAnd:
      return a & b;
    case BinaryOperator::kBitOr:
      return a | b;
    case BinaryOperator::kBitXor:
      return a ^ b;
    case BinaryOperator::kLeftShift:
      if (b < 0) raise_python("ValueError", "negative shift count");
      if (a == 0) return 0;
      if (b > 62 || __builtin_mul_overflow(a, std::int64_t{1} << b, &result)) overflow();
      return result;
    case BinaryOperator::kRightShift:
      if (b < 0) raise_python("ValueError", "negative shift count");
      return a >> std::min<std::int64_t>(b, 63);
    case BinaryOperator::kEq:
      return a == b;
    case BinaryOperator::kNe:
      return a != b;
    case BinaryOperator::kLt:
      return a < b;
    case BinaryOperator::kLe:
      return a <= b;
    case BinaryOperator::kGt:
      return a > b;
    case BinaryOperator::kGe:
      return a >= b;
  }
  return std::nullopt;
}

std::optional<Value> real_operation(BinaryOperator op, double a, double b) {
  switch (op) {
    case BinaryOperator::kAdd:
      return a + b;
    case BinaryOperator::kSub:
      return a - b;
    case BinaryOperator::kMul:
      return a * b;
    case BinaryOperator::kDiv:
      if (b == 0) raise_python("ZeroDivisionError", "float division by zero");
      return a / b;
    case BinaryOperator::kFloorDiv:
      return float_floor_divide(a, b);
    case BinaryOperator::kMod:
      return float_modulo(a, b);
    case BinaryOperator::kPow: {
      if (a == 0 && b < 0) raise_python("ZeroDivisionError", "0.0 cannot be raised to a negative power");
      const double result = std::pow(a, b);
      if (std::isinf(result) && !std::isinf(a) && !std::isinf(b))
        raise_python("OverflowError", "(34, 'Numerical result out of range')");
      return result;
    }
    case BinaryOperator::kEq:
      return a == b;
    case BinaryOperator::kNe:
      return a != b;
    case BinaryOperator::kLt:
      return a < b;
    case BinaryOperator::kLe:
      return a <= b;
    case BinaryOperator::kGt:
      return a > b;
    case BinaryOperator::kGe:
      return a >= b;
    case BinaryOperator::kBitAnd:
    case BinaryOperator::kBitOr:
    case BinaryOperator::kBitXor:
    case BinaryOperator::kLeftShift:
    case BinaryOperator::kRightShift:
      return std::nullopt;
  }
  return std::nullopt;
}

/// How often a sequence is repeated; nullopt: not a repetition.
std::optional<std::uint64_t> repetition(const Value& count) {
  auto number = integer_of(count);
  if (!number) return std::nullopt;
  return *number < 0 ? 0 : static_cast<std::uint64_t>(*number);
}

template <class T>
bool ordered(BinaryOperator op, const T& a, const T& b) {
  switch (op) {
    case BinaryOperator::kLt:
      return a < b;
    case BinaryOperator::kLe:
      return a <= b;
    case BinaryOperator::kGt:
      return a > b;
    default:
      return a >= b;
  }
}

}  // namespace

Value Interpreter::Implementation::binary(py::BinaryOp op, const Value& left, const Value& right) {
  switch (op) {
    case py::BinaryOp::kAdd:
      return binary(BinaryOperator::kAdd, left, right);
    case py::BinaryOp::kSub:
      return binary(BinaryOperator::kSub, left, right);
    case py::BinaryOp::kMul:
      return binary(BinaryOperator::kMul, left, right);
    case py::BinaryOp::kDiv:
      return binary(BinaryOperator::kDiv, left, right);
    case py::BinaryOp::kFloorDiv:
      return binary(BinaryOperator::kFloorDiv, left, right);
    case py::BinaryOp::kMod:
      return binary(BinaryOperator::kMod, left, right);
    case py::BinaryOp::kPow:
      return binary(BinaryOperator::kPow, left, right);
    case py::BinaryOp::kBitAnd:
      return binary(BinaryOperator::kBitAnd, left, right);
    case py::BinaryOp::kBitOr:
      return binary(BinaryOperator::kBitOr, left, right);
    case py::BinaryOp::kBitXor:
      return binary(BinaryOperator::kBitXor, left, right);
    case py::BinaryOp::kLeftShift:
      return binary(BinaryOperator::kLeftShift, left, right);
    case py::BinaryOp::kRightShift:
      return binary(BinaryOperator::kRightShift, left, right);
    case py::BinaryOp::kMatMul:
      break;
  }
  raise_type_error(fmt::format("unsupported operand type(s) for @: '{}' and '{}'", type_name(left), type_name(right)));
}

Value Interpreter::Implementation::binary(BinaryOperator op, const Value& left, const Value& right) {
  if (const auto* a = left.as_int()) {
    if (const auto* b = right.as_int()) return *integer_operation(op, *a, *b);
  }
  if (op == BinaryOperator::kMod && left.as_str()) return percent(left, right);
  if (const Opaque* unknown = left.as_opaque() ? left.as_opaque() : right.as_opaque()) {
    return opaque(unknown->what, *unknown);
  }
  if (const auto* object = std::get_if<ObjectPtr>(&left.payload())) {
    if (auto result = (*object)->binary(owner_, op, right, false)) return *std::move(result);
  }
  if (const auto* object = std::get_if<ObjectPtr>(&right.payload())) {
    if (auto result = (*object)->binary(owner_, op, left, true)) return *std::move(result);
  }
  const Value* left_inner = payload_of(left);
  const Value* right_inner = payload_of(right);
  if (left_inner || right_inner) {
    return binary(op, left_inner ? *left_inner : left, right_inner ? *right_inner : right);
  }
  const auto a_int = integer_of(left);
  const auto b_int = integer_of(right);
  if (a_int && b_int) {
    const bool bits = op == BinaryOperator::kBitAnd || op == BinaryOperator::kBitOr || op == BinaryOperator::kBitXor;
    Value result = *integer_operation(op, *a_int, *b_int);
    if (bits && left.as_bool() && right.as_bool()) return *result.as_int() != 0;
    return result;
  }
  if (auto a = real_of(left)) {
    if (auto b = real_of(right)) {
      if (op == BinaryOperator::kPow && *a < 0 && *b != std::floor(*b))
        not_supported("complex numbers are not supported");
      if (auto result = real_operation(op, *a, *b)) return *std::move(result);
      unsupported(op, left, right);
    }
  }
  if (op == BinaryOperator::kEq) return equal(left, right);
  if (op == BinaryOperator::kNe) return !equal(left, right);
  if (const auto* a = left.as_str()) {
    if (const auto* b = right.as_str()) {
      if (op == BinaryOperator::kAdd) {
        check_text(a->size() + b->size());
        charge((a->size() + b->size()) / 64);
        return *a + *b;
      }
      if (is_comparison(op)) return ordered(op, *a, *b);
    }
  }
  if (const auto* a = left.as_bytes()) {
    if (const auto* b = right.as_bytes()) {
      if (op == BinaryOperator::kAdd) {
        check_text(a->data.size() + b->data.size());
        charge((a->data.size() + b->data.size()) / 64);
        return Bytes{a->data + b->data};
      }
      if (is_comparison(op)) return ordered(op, a->data, b->data);
    }
  }
  if (left.as_list() && right.as_list()) {
    const auto& a = left.as_list()->items;
    const auto& b = right.as_list()->items;
    if (op == BinaryOperator::kAdd) {
      check_items(a.size() + b.size());
      charge(a.size() + b.size());
      std::vector<Value> items = a;
      items.insert(items.end(), b.begin(), b.end());
      return make_list(std::move(items));
    }
  }
  if (left.as_tuple() && right.as_tuple() && op == BinaryOperator::kAdd) {
    const auto& a = left.as_tuple()->items;
    const auto& b = right.as_tuple()->items;
    check_items(a.size() + b.size());
    charge(a.size() + b.size());
    std::vector<Value> items = a;
    items.insert(items.end(), b.begin(), b.end());
    return make_tuple(std::move(items));
  }
  if (is_comparison(op) && ((left.as_list() && right.as_list()) || (left.as_tuple() && right.as_tuple()))) {
    // Lexicographic: the first pair that differs decides.
    const auto& a = *left.as_sequence();
    const auto& b = *right.as_sequence();
    if (++text_depth_ > 200) raise_python("RecursionError", "maximum recursion depth exceeded in comparison");
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      step();
      if (!same_or_equal(a[i], b[i])) {
        Value result = binary(op, Value(a[i]), Value(b[i]));
        --text_depth_;
        return result;
      }
    }
    --text_depth_;
    return ordered(op, a.size(), b.size());
  }
  if (op == BinaryOperator::kMul) {
    const bool swapped = integer_of(left).has_value();
    const Value& sequence = swapped ? right : left;
    if (auto times = repetition(swapped ? left : right)) {
      if (sequence.as_str() || sequence.as_bytes()) {
        const std::string& unit = sequence.as_str() ? *sequence.as_str() : sequence.as_bytes()->data;
        if (!unit.empty() && *times > limits_.size / unit.size()) check_text(UINT64_MAX);
        std::string out;
        if (!unit.empty()) {
          charge(*times * unit.size() / 64);
          out.reserve(static_cast<std::size_t>(*times) * unit.size());
          for (std::uint64_t i = 0; i < *times; ++i) out += unit;
        }
        return sequence.as_str() ? Value(std::move(out)) : Value(Bytes{std::move(out)});
      }
      if (const auto* unit = sequence.as_sequence()) {
        if (!unit->empty() && *times > limits_.size / unit->size()) check_items(UINT64_MAX);
        std::vector<Value> items;
        if (!unit->empty()) {
          charge(*times * unit->size());
          items.reserve(static_cast<std::size_t>(*times) * unit->size());
          for (std::uint64_t i = 0; i < *times; ++i) items.insert(items.end(), unit->begin(), unit->end());
        }
        return sequence.as_list() ? make_list(std::move(items)) : make_tuple(std::move(items));
      }
    }
  }
  if (left.as_set() && right.as_set()) {
    charge(left.as_set()->items().size() + right.as_set()->items().size());
    if (auto result = set_operation(op, *left.as_set(), *right.as_set())) return *std::move(result);
  }
  if (left.as_dict() && right.as_dict() && op == BinaryOperator::kBitOr) {
    charge(left.as_dict()->size() + right.as_dict()->size());
    auto merged = std::make_shared<Dict>(*left.as_dict());
    for (const auto& [key, value] : right.as_dict()->entries()) merged->set(key, value);
    return merged;
  }
  // `str | None` in a value: types are joined by |, and nothing looks inside.
  if (op == BinaryOperator::kBitOr && (left.as<BuiltinType>() || right.as<BuiltinType>())) return left;
  unsupported(op, left, right);
}

Value Interpreter::Implementation::in_place(py::BinaryOp op, const Value& left, const Value& right) {
  if (op == py::BinaryOp::kAdd && left.as_list() && !right.is_opaque()) {
    std::vector<Value> items = items_of(right, "what is added to this list");
    const ListPtr list = std::get<ListPtr>(left.payload());
    check_items(list->items.size() + items.size());
    for (Value& item : items) {
      may_form_ring(left, item);
      list->items.push_back(std::move(item));
    }
    return left;
  }
  if (op == py::BinaryOp::kBitOr && left.as_dict() && right.as_dict()) {
    const DictPtr dict = std::get<DictPtr>(left.payload());
    const Dict copy = *right.as_dict();
    for (const auto& [key, value] : copy.entries()) {
      may_form_ring(left, value);
      dict->set(key, value);
    }
    return left;
  }
  if (left.as_set() && right.as_set() && !left.as_set()->frozen) {
    const Value result = binary(op, left, right);
    if (const Set* made = result.as_set()) {
      const Set copy = *made;
      Set* set = left.as_set();
      set->clear();
      for (const Value& item : copy.items()) set->add(item);
      return left;
    }
  }
  return binary(op, left, right);
}

Value Interpreter::Implementation::unary(py::UnaryOp op, const Value& operand) {
  if (const Opaque* unknown = operand.as_opaque()) return opaque(unknown->what, *unknown);
  if (const auto* object = std::get_if<ObjectPtr>(&operand.payload())) {
    const UnaryOperator wanted = op == py::UnaryOp::kNegative   ? UnaryOperator::kNegative
                                 : op == py::UnaryOp::kPositive ? UnaryOperator::kPositive
                                                                : UnaryOperator::kInvert;
    if (auto result = (*object)->unary(owner_, wanted)) return *std::move(result);
    if (const Value* inner = payload_of(operand)) return unary(op, *inner);
  }
  if (auto number = integer_of(operand)) {
    std::int64_t result = 0;
    if (op == py::UnaryOp::kPositive) return *number;
    if (op == py::UnaryOp::kInvert) return ~*number;
    if (__builtin_sub_overflow(std::int64_t{0}, *number, &result)) overflow();
    return result;
  }
  if (const auto* real = operand.as_float(); real && op != py::UnaryOp::kInvert) {
    return op == py::UnaryOp::kNegative ? -*real : *real;
  }
  const char* sign = op == py::UnaryOp::kNegative ? "-" : op == py::UnaryOp::kPositive ? "+" : "~";
  raise_type_error(fmt::format("bad operand type for unary {}: '{}'", sign, type_name(operand)));
}

bool Interpreter::Implementation::same_or_equal(const Value& left, const Value& right) {
  if (left.as<Instance>() || right.as<Instance>()) {
    const auto* a = std::get_if<ObjectPtr>(&left.payload());
    const auto* b = std::get_if<ObjectPtr>(&right.payload());
    if (a && b && *a == *b) return true;
    const Value result = binary(BinaryOperator::kEq, left, right);
    return !result.is_opaque() && truth(result, "this comparison");
  }
  return equal(left, right);
}

bool Interpreter::Implementation::less(const Value& left, const Value& right) {
  return truth(binary(BinaryOperator::kLt, left, right), "the order of these values");
}

Value Interpreter::Implementation::contains(const Value& container, const Value& item) {
  if (const Opaque* unknown = container.as_opaque()) return opaque(unknown->what, *unknown);
  if (const auto* items = container.as_sequence()) {
    const Opaque* doubt = item.as_opaque();
    charge(items->size() / 8);
    for (std::size_t i = 0; i < items->size(); ++i) {
      if (const Opaque* other = (*items)[i].as_opaque()) {
        if (other == item.as_opaque()) return true;
        if (!doubt) doubt = other;
      } else if (same_or_equal(Value((*items)[i]), item)) {
        return true;
      }
      items = container.as_sequence();
    }
    if (doubt) return opaque(doubt->what, *doubt);
    return false;
  }
  if (const Opaque* unknown = item.as_opaque()) {
    const bool empty = (container.as_dict() && container.as_dict()->size() == 0) ||
                       (container.as_set() && container.as_set()->items().empty());
    if (empty) return false;
    if (!std::holds_alternative<ObjectPtr>(container.payload())) return opaque(unknown->what, *unknown);
  }
  if (const Dict* dict = container.as_dict()) return dict->find(item) != nullptr;
  if (const Set* set = container.as_set()) return set->contains(item);
  if (const auto* text = container.as_str()) {
    const Value* inner = payload_of(item);
    const auto* part = inner ? inner->as_str() : item.as_str();
    if (!part) {
      raise_type_error("'in <string>' requires string as left operand, not " + type_name(item));
    }
    charge(text->size() / 64);
    return text->find(*part) != std::string::npos;
  }
  if (const auto* bytes = container.as_bytes()) {
    if (const auto* part = item.as_bytes()) return bytes->data.find(part->data) != std::string::npos;
    if (const auto* number = item.as_int()) {
      return *number >= 0 && *number < 256 && bytes->data.find(static_cast<char>(*number)) != std::string::npos;
    }
  }
  if (const auto* object = std::get_if<ObjectPtr>(&container.payload())) {
    if (auto found = (*object)->contains(owner_, item)) return *found;
    bool found = false;
    for_each(
        container,
        [&](Value other) {
          found = same_or_equal(other, item);
          return !found;
        },
        "what `in` looks into");
    return found;
  }
  raise_type_error("argument of type '" + type_name(container) + "' is not iterable");
}

Value Interpreter::Implementation::compare(py::CompareOp op, const Value& left, const Value& right) {
  switch (op) {
    case py::CompareOp::kEq:
      return binary(BinaryOperator::kEq, left, right);
    case py::CompareOp::kNe:
      return binary(BinaryOperator::kNe, left, right);
    case py::CompareOp::kLt:
      return binary(BinaryOperator::kLt, left, right);
    case py::CompareOp::kLe:
      return binary(BinaryOperator::kLe, left, right);
    case py::CompareOp::kGt:
      return binary(BinaryOperator::kGt, left, right);
    case py::CompareOp::kGe:
      return binary(BinaryOperator::kGe, left, right);
    case py::CompareOp::kIn:
      return contains(right, left);
    case py::CompareOp::kNotIn: {
      Value found = contains(right, left);
      if (found.is_opaque()) return found;
      return !*found.as_bool();
    }
    case py::CompareOp::kIs:
    case py::CompareOp::kIsNot: {
      const bool wanted = op == py::CompareOp::kIs;
      const Opaque* unknown = left.as_opaque() ? left.as_opaque() : right.as_opaque();
      if (unknown) {
        if (left.as_opaque() == right.as_opaque()) return wanted;
        return opaque(unknown->what, *unknown);
      }
      if (left.payload().index() != right.payload().index()) return !wanted;
      const bool same = std::visit(
          [](const auto& a, const auto& b) {
            if constexpr (std::is_same_v<std::decay_t<decltype(a)>, std::decay_t<decltype(b)>>) return a == b;
            return false;
          },
          left.payload(), right.payload());
      return same == wanted;
    }
  }
  return {};
}

bool Interpreter::Implementation::truth(const Value& value, const std::string& needed_for) {
  struct Visitor {
    Implementation& self;
    const Value& whole;
    const std::string& needed;
    bool operator()(const NoneType&) const { return false; }
    bool operator()(bool flag) const { return flag; }
    bool operator()(std::int64_t number) const { return number != 0; }
    bool operator()(double number) const { return number != 0; }
    bool operator()(const std::string& text) const { return !text.empty(); }
    bool operator()(const Bytes& bytes) const { return !bytes.data.empty(); }
    bool operator()(const ListPtr& list) const { return !list->items.empty(); }
    bool operator()(const TuplePtr& tuple) const { return !tuple->items.empty(); }
    bool operator()(const DictPtr& dict) const { return dict->size() > 0; }
    bool operator()(const SetPtr& set) const { return !set->items().empty(); }
    bool operator()(const ObjectPtr& object) const { return object->truth(self.owner_); }
    bool operator()(const OpaquePtr&) const { self.refuse_opaque(whole, needed); }
  };
  return std::visit(Visitor{*this, value, needed_for}, value.payload());
}

Value Interpreter::Implementation::percent(const Value& format, const Value& arguments) {
  const auto find_unknown = [](const Value& value) -> const Opaque* {
    if (value.is_opaque()) return value.as_opaque();
    if (const auto* items = value.as_sequence()) {
      for (const Value& item : *items) {
        if (item.is_opaque()) return item.as_opaque();
      }
    }
    if (const Dict* dict = value.as_dict()) {
      for (const auto& [key, held] : dict->entries()) {
        if (held.is_opaque()) return held.as_opaque();
      }
    }
    return nullptr;
  };
  if (const Opaque* unknown = find_unknown(arguments)) return opaque(unknown->what, *unknown);
  std::string out = percent_format(owner_, *format.as_str(), arguments);
  check_text(out.size());
  charge(out.size() / 64);
  return out;
}

}  // namespace bascule::evaluate
