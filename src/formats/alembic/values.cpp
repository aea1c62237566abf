// Python values as literals, the way SQLAlchemy binds them for a column's type.
#include <fmt/core.h>

#include <cmath>

#include "base/overload.h"
#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/convert.h"

namespace bascule::formats::alembic {

using model::ScalarKind;

namespace {

/// What of a type decides how a value is bound.
struct Binding {
  bool boolean = false, json = false, uuid = false, pickled = false, date = false;
  const model::EnumType* labels = nullptr;
  const model::Type* item = nullptr;
  bool array = false;
};

struct BindingOf {
  Binding operator()(const model::ScalarType& type) const {
    Binding binding;
    switch (type.kind) {
      case ScalarKind::kBoolean:
      case ScalarKind::kSqlBoolean:
        binding.boolean = true;
        break;
      case ScalarKind::kJson:
      case ScalarKind::kSqlJson:
        binding.json = true;
        break;
      case ScalarKind::kUuid:
      case ScalarKind::kSqlUuid:
        binding.uuid = true;
        break;
      case ScalarKind::kDate:
      case ScalarKind::kSqlDate:
        binding.date = true;
        break;
      case ScalarKind::kSmallInteger:
      case ScalarKind::kInteger:
      case ScalarKind::kBigInteger:
      case ScalarKind::kNumeric:
      case ScalarKind::kFloat:
      case ScalarKind::kDouble:
      case ScalarKind::kString:
      case ScalarKind::kText:
      case ScalarKind::kUnicode:
      case ScalarKind::kUnicodeText:
      case ScalarKind::kTime:
      case ScalarKind::kDateTime:
      case ScalarKind::kInterval:
      case ScalarKind::kLargeBinary:
      case ScalarKind::kSqlSmallint:
      case ScalarKind::kSqlInteger:
      case ScalarKind::kSqlBigint:
      case ScalarKind::kSqlNumeric:
      case ScalarKind::kSqlDecimal:
      case ScalarKind::kSqlFloat:
      case ScalarKind::kSqlReal:
      case ScalarKind::kSqlDouble:
      case ScalarKind::kSqlDoublePrecision:
      case ScalarKind::kSqlChar:
      case ScalarKind::kSqlVarchar:
      case ScalarKind::kSqlNchar:
      case ScalarKind::kSqlNvarchar:
      case ScalarKind::kSqlText:
      case ScalarKind::kSqlClob:
      case ScalarKind::kSqlBlob:
      case ScalarKind::kSqlBinary:
      case ScalarKind::kSqlVarbinary:
      case ScalarKind::kSqlTime:
      case ScalarKind::kSqlDatetime:
      case ScalarKind::kSqlTimestamp:
      case ScalarKind::kNull:
        break;
    }
    return binding;
  }
  Binding operator()(const model::NativeType& type) const {
    Binding binding;
    binding.json = type.sql == "JSON" || type.sql == "JSONB";
    return binding;
  }
  Binding operator()(const model::EnumType& type) const {
    Binding binding;
    binding.labels = &type;
    return binding;
  }
  Binding operator()(const model::DomainType&) const { return {}; }
  Binding operator()(const model::RawType&) const { return {}; }
  Binding operator()(const Box<model::ArrayType>& type) const {
    Binding binding;
    binding.array = true;
    binding.item = &type->item;
    return binding;
  }
  Binding operator()(const Box<model::VariantType>& type) const { return std::visit(*this, type->base); }
};
static_assert(kCovers<BindingOf, model::Type>);

[[noreturn]] void refuse_value(const Value& value, const std::string& needed_for) {
  throw evaluate::Refusal("bad-value",
                          fmt::format("{} cannot be a value of type {}", needed_for, evaluate::type_name(value)),
                          "give a str, int, float, bool, None, bytes, datetime, Decimal or UUID, or name the column's "
                          "type so that the value can be converted");
}

model::Value enum_label(const evaluate::EnumMember& member, const model::EnumType& type, const Value& value,
                        const std::string& needed_for) {
  for (const std::string& label : type.values) {
    if (label == member.name) return label;
  }
  if (auto* text = member.value.as_str()) {
    for (const std::string& label : type.values) {
      if (label == *text) return label;
    }
  }
  refuse_value(value, needed_for);
}

model::Value array_value(Interpreter& interpreter, const std::vector<Value>& items, const model::Type* item_type,
                         const model::Type* array_type, const std::string& needed_for) {
  model::ArrayValue array;
  for (const Value& item : items) {
    // A list inside is another dimension of the same array.
    array.items.push_back(to_value(interpreter, item, item.as_sequence() ? array_type : item_type, needed_for));
  }
  return array;
}

}  // namespace

model::Value to_value(Interpreter& interpreter, const Value& value, const model::Type* type,
                      const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  const Binding binding = type ? std::visit(BindingOf{}, *type) : Binding{};
  if (auto expression = value.as<ExpressionObject>()) {
    if (auto* literal = std::get_if<model::LiteralExpr>(&expression->expression())) return literal->value;
    if (std::holds_alternative<model::NullExpr>(expression->expression())) return model::NullValue{};
    if (auto* boolean = std::get_if<model::BooleanExpr>(&expression->expression())) return boolean->value;
    refuse_value(value, needed_for);
  }
  if (binding.json) {
    if (auto text = evaluate::as_uuid(value)) refuse_value(value, needed_for);
    return model::JsonValue{evaluate::to_json(interpreter, value)};
  }
  if (value.is_none()) return model::NullValue{};
  if (auto member = evaluate::as_enum_member(value)) {
    if (binding.labels) return enum_label(*member, *binding.labels, value, needed_for);
    // A (str, Enum) member is its text, an IntEnum member its number; the interpreter knows which by their values.
    if (auto* text = member->value.as_str()) return *text;
    if (auto* number = member->value.as_int()) return *number;
    refuse_value(value, needed_for);
  }
  if (auto* truth = value.as_bool()) return *truth;
  if (auto* number = value.as_int()) {
    if (!binding.boolean) return *number;
    if (*number == 0 || *number == 1) return *number == 1;
    evaluate::raise_python("ValueError", fmt::format("Value {} is not None, True, or False", *number));
  }
  if (auto* number = value.as_float()) {
    if (!std::isfinite(*number)) refuse_value(value, needed_for);
    return *number;
  }
  if (auto* text = value.as_str()) {
    if (binding.boolean) evaluate::raise_type_error(fmt::format("Not a boolean value: '{}'", *text));
    return *text;
  }
  if (auto* bytes = value.as_bytes()) return model::BytesValue{bytes->data};
  if (auto name = value.as<FinalName>()) return name->text();
  if (auto name = value.as<QuotedName>()) return name->text();
  if (auto temporal = evaluate::as_temporal(value)) {
    switch (temporal->kind) {
      case evaluate::TemporalKind::kDate:
        return model::DateValue{temporal->iso};
      case evaluate::TemporalKind::kTime:
        return model::TimeValue{temporal->iso};
      case evaluate::TemporalKind::kDateTime:
        if (binding.date) return model::DateValue{temporal->iso.substr(0, temporal->iso.find(' '))};
        return model::DateTimeValue{temporal->iso};
    }
  }
  if (auto length = evaluate::as_timedelta(value)) return model::IntervalValue{*length};
  if (auto uuid = evaluate::as_uuid(value)) return model::UuidValue{*uuid};
  if (auto digits = evaluate::as_decimal(value)) return model::DecimalValue{*digits};
  if (auto* items = value.as_sequence()) {
    if (binding.array) return array_value(interpreter, *items, binding.item, type, needed_for);
    if (value.as_list()) return array_value(interpreter, *items, nullptr, nullptr, needed_for);
  }
  refuse_value(value, needed_for);
}

Identifier to_identifier(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (auto* text = value.as_str()) return Identifier(*text);
  if (auto name = value.as<FinalName>()) return Identifier(name->text());
  if (auto name = value.as<QuotedName>()) return Identifier(name->text(), name->quote());
  if (auto member = evaluate::as_enum_member(value)) {
    if (auto* text = member->value.as_str()) return Identifier(*text);
  }
  evaluate::raise_type_error(fmt::format("{} must be str, not {}", needed_for, evaluate::type_name(value)));
}

}  // namespace bascule::formats::alembic
