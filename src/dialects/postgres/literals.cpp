// Values as SQL. What psycopg2 sends for them, so that columns of any type take them alike: dates, times and bytes
// carry their type, plain texts do not (the server takes them for whatever the column needs).
#include <cmath>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/postgres/render.h"

namespace bascule::dialects::postgres {

namespace {

bool has_offset(std::string_view iso) {
  const auto time = iso.find(':');
  return time != std::string_view::npos && iso.find_first_of("+-Z", time) != std::string_view::npos;
}

std::string interval_text(std::int64_t microseconds) {
  constexpr std::int64_t kSecond = 1'000'000;
  constexpr std::int64_t kDay = 86'400 * kSecond;
  std::int64_t days = microseconds / kDay;
  std::int64_t rest = microseconds % kDay;
  if (rest < 0) {  // as Python keeps a timedelta: only the days are negative
    --days;
    rest += kDay;
  }
  return fmt::format("{} days {}.{:06} seconds", days, rest / kSecond, rest % kSecond);
}

/// An element of an array's text form: {"a","b"}.
struct ArrayElement {
  std::string operator()(const model::NullValue&) const { return "NULL"; }
  std::string operator()(bool value) const { return value ? "t" : "f"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return std::isfinite(value) ? number_text(value) : special(value); }
  std::string operator()(const std::string& value) const { return escaped(value); }
  std::string operator()(const model::DecimalValue& value) const { return value.digits; }
  std::string operator()(const model::BytesValue& value) const { return escaped("\\x" + hex(value.bytes)); }
  std::string operator()(const model::DateValue& value) const { return escaped(value.iso); }
  std::string operator()(const model::TimeValue& value) const { return escaped(value.iso); }
  std::string operator()(const model::DateTimeValue& value) const { return escaped(value.iso); }
  std::string operator()(const model::IntervalValue& value) const { return escaped(interval_text(value.microseconds)); }
  std::string operator()(const model::UuidValue& value) const { return value.text; }
  std::string operator()(const model::JsonValue& value) const { return escaped(value.text); }
  std::string operator()(const model::ArrayValue& value) const {
    std::vector<std::string> items;
    for (const auto& item : value.items) items.push_back(std::visit(*this, item));
    return "{" + join(items, ",") + "}";
  }

  static std::string special(double value) { return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity"; }
  static std::string escaped(std::string_view text) {
    return "\"" + replace_all(replace_all(text, "\\", "\\\\"), "\"", "\\\"") + "\"";
  }
};
static_assert(kCovers<ArrayElement, model::Value>);

struct ValueSpeller {
  PostgresRenderer& renderer;
  const model::Type* type;
  bool json;
  model::ScalarKind kind;  ///< kNull: not a scalar type, or not known

  std::string operator()(const model::NullValue&) const { return json ? "'null'" : "NULL"; }
  std::string operator()(bool value) const {
    if (json) return value ? "'true'" : "'false'";
    return value ? "true" : "false";
  }
  std::string operator()(std::int64_t value) const {
    if (json) return quoted_text(std::to_string(value));
    const bool is_boolean = kind == model::ScalarKind::kBoolean || kind == model::ScalarKind::kSqlBoolean;
    if (is_boolean && (value == 0 || value == 1)) return value == 1 ? "true" : "false";
    return std::to_string(value);
  }
  std::string operator()(double value) const {
    if (!std::isfinite(value)) return "'" + ArrayElement::special(value) + "'::float8";
    return json ? quoted_text(number_text(value)) : number_text(value);
  }
  std::string operator()(const std::string& value) const {
    if (json) return renderer.text(json_text(value));
    if (kind == model::ScalarKind::kUuid && scalar_is_text_uuid()) return renderer.text(replace_all(value, "-", ""));
    return renderer.text(value);
  }
  std::string operator()(const model::DecimalValue& value) const {
    if (value.digits.find_first_not_of("+-.0123456789eE") == std::string::npos) return value.digits;
    return "'" + replace_all(value.digits, "'", "''") + "'::numeric";
  }
  std::string operator()(const model::BytesValue& value) const { return "'\\x" + hex(value.bytes) + "'::bytea"; }
  std::string operator()(const model::DateValue& value) const { return renderer.text(value.iso) + "::date"; }
  std::string operator()(const model::TimeValue& value) const {
    return renderer.text(value.iso) + (has_offset(value.iso) ? "::timetz" : "::time");
  }
  std::string operator()(const model::DateTimeValue& value) const {
    return renderer.text(value.iso) + (has_offset(value.iso) ? "::timestamptz" : "::timestamp");
  }
  std::string operator()(const model::IntervalValue& value) const {
    return "'" + interval_text(value.microseconds) + "'::interval";
  }
  std::string operator()(const model::UuidValue& value) const {
    if (kind == model::ScalarKind::kUuid && scalar_is_text_uuid())
      return renderer.text(replace_all(value.text, "-", ""));
    return renderer.text(value.text) + "::uuid";
  }
  std::string operator()(const model::JsonValue& value) const { return renderer.text(value.text); }
  std::string operator()(const model::ArrayValue& value) const {
    const std::string array = renderer.text(ArrayElement{}(value));
    return type == nullptr ? array : array + "::" + array_type();
  }

  bool scalar_is_text_uuid() const {
    const auto* scalar = std::get_if<model::ScalarType>(&model::resolve_variant(*type, "postgresql"));
    return scalar != nullptr && !scalar->native;
  }
  std::string array_type() const {
    const std::string sql = renderer.type(*type);
    return sql.substr(0, sql.find(" COLLATE "));
  }
};
static_assert(kCovers<ValueSpeller, model::Value>);

}  // namespace

std::string PostgresRenderer::value(const model::Value& value, const model::Type* type) {
  const auto kind = scalar_kind(type, dialect());
  return std::visit(ValueSpeller{*this, type, is_json(type, dialect()), kind.value_or(model::ScalarKind::kNull)},
                    value);
}

std::string PostgresRenderer::text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return unsupported("a text holds a NUL character, which PostgreSQL cannot store", "remove it, or use bytes");
  return quoted_text(text);
}

}  // namespace bascule::dialects::postgres
