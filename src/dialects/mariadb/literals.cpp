// Values as SQL: what SQLAlchemy's MariaDB types store. Dates and times are texts without an offset; intervals are the
// moment that lies as far from 1970 began.
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/mariadb/render.h"

namespace bascule::dialects::mariadb {

namespace {

using model::ScalarKind;

/// "12:30:00.25": the offset dropped, a fraction only where there is one.
std::string time_text(std::string_view iso) { return std::string(iso.substr(0, iso.find_first_of("+-Z"))); }

std::string date_time_text(std::string_view iso) {
  constexpr std::size_t kDate = 10;  // "2024-01-31"
  if (iso.size() <= kDate) return std::string(iso) + " 00:00:00";
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
  MariadbRenderer& renderer;
  bool json;
  ScalarKind kind;  ///< kNull: not a scalar type, or not known

  bool is_uuid() const { return kind == ScalarKind::kUuid && !renderer.is_mariadb(); }

  std::string operator()(const model::NullValue&) const { return json ? "'null'" : "NULL"; }
  std::string operator()(bool value) const {
    if (json) return value ? "'true'" : "'false'";
    return value ? "true" : "false";
  }
  std::string operator()(std::int64_t value) const {
    const std::string digits = std::to_string(value);
    return json ? quoted_text(digits) : digits;
  }
  std::string operator()(double value) const {
    if (std::isnan(value)) return "NULL";
    if (std::isinf(value)) return renderer.unsupported("MariaDB has no infinite numbers", "use NULL");
    return json ? quoted_text(number_text(value)) : number_text(value);
  }
  std::string operator()(const std::string& value) const {
    if (json) return renderer.text(json_text(value));
    return renderer.text(is_uuid() ? replace_all(value, "-", "") : value);
  }
  std::string operator()(const model::DecimalValue& value) const {
    if (value.digits.find_first_not_of("+-.0123456789eE") != std::string::npos) return renderer.text(value.digits);
    return value.digits;
  }
  std::string operator()(const model::BytesValue& value) const { return "x'" + hex(value.bytes) + "'"; }
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
    return renderer.text(is_uuid() ? replace_all(value.text, "-", "") : value.text);
  }
  std::string operator()(const model::JsonValue& value) const { return renderer.text(value.text); }
  std::string operator()(const model::ArrayValue&) const {
    return renderer.unsupported("MariaDB has no arrays", "use sa.JSON() for the column on MariaDB");
  }
};
static_assert(kCovers<ValueSpeller, model::Value>);

}  // namespace

std::string MariadbRenderer::value(const model::Value& value, const model::Type* type) {
  const auto kind = scalar_kind(type, dialect());
  return std::visit(ValueSpeller{*this, is_json(type, dialect()), kind.value_or(ScalarKind::kNull)}, value);
}

std::string MariadbRenderer::text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return unsupported("a text holds a NUL character, which stands in no statement", "remove it, or use bytes");
  return replace_all(quoted_text(text), "\\", "\\\\");
}

}  // namespace bascule::dialects::mariadb
