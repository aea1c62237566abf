// Values as SQL: what SQLAlchemy's SQLite types store. Dates and times are texts, with six digits of fraction and
// without an offset; intervals are the moment that lies as far from 1970 began; UUIDs are 32 digits.
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/sqlite/render.h"

namespace bascule::dialects::sqlite {

namespace {

using model::ScalarKind;

/// "12:30:00.000000": the fraction filled up, the offset dropped.
std::string time_text(std::string_view iso) {
  iso = iso.substr(0, iso.find_first_of("+-Z"));
  const auto point = iso.find('.');
  std::string fraction(point == std::string_view::npos ? std::string_view() : iso.substr(point + 1, 6));
  fraction.resize(6, '0');
  return std::string(iso.substr(0, point)) + "." + fraction;
}

std::string date_time_text(std::string_view iso) {
  constexpr std::size_t kDate = 10;  // "2024-01-31"
  if (iso.size() <= kDate) return std::string(iso) + " 00:00:00.000000";
  return std::string(iso.substr(0, kDate)) + " " + time_text(iso.substr(kDate + 1));
}

std::string interval_text(std::int64_t microseconds) {
  using std::chrono::floor;
  const std::chrono::sys_time<std::chrono::microseconds> moment{std::chrono::microseconds(microseconds)};
  const auto day = floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const auto rest = (moment - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 3'600'000'000,
                     rest / 60'000'000 % 60, rest / 1'000'000 % 60, rest % 1'000'000);
}

struct ValueSpeller {
  SqliteRenderer& renderer;
  bool json;
  ScalarKind kind;  ///< kNull: not a scalar type, or not known

  bool is_numeric() const {
    return kind == ScalarKind::kNumeric || kind == ScalarKind::kSqlNumeric || kind == ScalarKind::kSqlDecimal;
  }
  bool is_uuid() const { return kind == ScalarKind::kUuid || kind == ScalarKind::kSqlUuid; }

  std::string operator()(const model::NullValue&) const { return json ? "'null'" : "NULL"; }
  std::string operator()(bool value) const {
    if (json) return value ? "'true'" : "'false'";
    return value ? "1" : "0";
  }
  std::string operator()(std::int64_t value) const {
    const std::string digits = std::to_string(value);
    if (json) return quoted_text(digits);
    return is_numeric() ? digits + ".0" : digits;
  }
  std::string operator()(double value) const {
    if (std::isnan(value)) return "NULL";
    if (std::isinf(value)) return value > 0 ? "9e999" : "-9e999";
    return json ? quoted_text(number_text(value)) : number_text(value);
  }
  std::string operator()(const std::string& value) const {
    if (json) return renderer.text(json_text(value));
    return renderer.text(is_uuid() ? replace_all(value, "-", "") : value);
  }
  std::string operator()(const model::DecimalValue& value) const {
    if (value.digits.find_first_not_of("+-.0123456789eE") != std::string::npos) return renderer.text(value.digits);
    const bool whole = value.digits.find_first_of(".eE") == std::string::npos;
    return whole && is_numeric() ? value.digits + ".0" : value.digits;
  }
  std::string operator()(const model::BytesValue& value) const { return "X'" + hex(value.bytes) + "'"; }
  std::string operator()(const model::DateValue& value) const {
    const bool moment =
        kind == ScalarKind::kDateTime || kind == ScalarKind::kSqlDatetime || kind == ScalarKind::kSqlTimestamp;
    return renderer.text(moment ? date_time_text(value.iso) : value.iso);
  }
  std::string operator()(const model::TimeValue& value) const { return renderer.text(time_text(value.iso)); }
  std::string operator()(const model::DateTimeValue& value) const {
    const bool day = kind == ScalarKind::kDate || kind == ScalarKind::kSqlDate;
    return renderer.text(day ? value.iso.substr(0, 10) : date_time_text(value.iso));
  }
  std::string operator()(const model::IntervalValue& value) const {
    return renderer.text(interval_text(value.microseconds));
  }
  std::string operator()(const model::UuidValue& value) const {
    return renderer.text(replace_all(value.text, "-", ""));
  }
  std::string operator()(const model::JsonValue& value) const { return renderer.text(value.text); }
  std::string operator()(const model::ArrayValue&) const {
    return renderer.unsupported("SQLite has no arrays", "use sa.JSON() for the column on SQLite");
  }
};
static_assert(kCovers<ValueSpeller, model::Value>);

}  // namespace

std::string SqliteRenderer::value(const model::Value& value, const model::Type* type) {
  const auto kind = scalar_kind(type, dialect());
  return std::visit(ValueSpeller{*this, is_json(type, dialect()), kind.value_or(ScalarKind::kNull)}, value);
}

std::string SqliteRenderer::text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return unsupported("a text holds a NUL character, at which SQLite would end the statement",
                       "remove it, or use bytes");
  return quoted_text(text);
}

}  // namespace bascule::dialects::sqlite
