// What: uuid.UUID and decimal.Decimal as native objects.
// Must not know: databases.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "evaluate/value.h"

namespace bascule::evaluate {

/// text: 36 characters, lower case, with dashes.
class UuidObject final : public Object {
 public:
  explicit UuidObject(std::string given) : text(std::move(given)) {}
  std::string text;
  std::string type_name() const override { return "UUID"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::string repr(Interpreter&) override { return "UUID('" + text + "')"; }
  std::string str(Interpreter&) override { return text; }
  bool equals(const Object& other) const override;
  std::size_t hash() const override { return std::hash<std::string>{}(text); }
};

/// uuid.UUID(...).int: a whole number of 128 bits, for text and comparison only. digits: lower-case hexadecimal,
/// without leading zeros.
class UuidInteger final : public Object {
 public:
  explicit UuidInteger(std::string_view hexadecimal);
  std::string digits;
  std::string type_name() const override { return "int"; }
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  bool truth(Interpreter&) override { return digits != "0"; }
  std::string repr(Interpreter& interpreter) override;
  bool equals(const Object& other) const override;
  std::size_t hash() const override { return std::hash<std::string>{}(digits); }
};

/// digits: as Python's str(Decimal) gives them. Arithmetic that would round is refused: money is not to be rounded by
/// chance.
class DecimalObject final : public Object {
 public:
  explicit DecimalObject(std::string given) : digits(std::move(given)) {}
  std::string digits;
  std::string type_name() const override { return "Decimal"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::optional<Value> unary(Interpreter& interpreter, UnaryOperator op) override;
  bool truth(Interpreter&) override { return digits.find_first_of("123456789") != std::string::npos; }
  std::string repr(Interpreter&) override { return "Decimal('" + digits + "')"; }
  std::string str(Interpreter&) override { return digits; }
  bool equals(const Object& other) const override;
  std::size_t hash() const override;
};

}  // namespace bascule::evaluate
