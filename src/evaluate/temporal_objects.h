// What: the objects behind temporal.h, for the files that make and show them.
// Must not know: databases.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "evaluate/natives.h"
#include "evaluate/temporal.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

inline constexpr std::int64_t kSecond = 1'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

/// timedelta, in microseconds.
class TimedeltaObject final : public Object {
 public:
  explicit TimedeltaObject(std::int64_t given) : microseconds(given) {}
  std::int64_t microseconds;
  std::string type_name() const override { return "timedelta"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::optional<Value> unary(Interpreter& interpreter, UnaryOperator op) override;
  bool truth(Interpreter&) override { return microseconds != 0; }
  std::string repr(Interpreter& interpreter) override;
  std::string str(Interpreter& interpreter) override;
  bool equals(const Object& other) const override;
  std::size_t hash() const override { return std::hash<std::int64_t>{}(microseconds); }
};

/// timezone: a fixed offset from UTC, in microseconds.
class TimezoneObject final : public Object {
 public:
  TimezoneObject(std::int64_t given, std::string its_name) : offset(given), name(std::move(its_name)) {}
  std::int64_t offset;
  std::string name;  ///< empty: UTC+HH:MM
  std::string shown() const;
  std::string type_name() const override { return "timezone"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  std::string repr(Interpreter& interpreter) override;
  std::string str(Interpreter&) override { return shown(); }
  bool equals(const Object& other) const override;
  std::size_t hash() const override { return std::hash<std::int64_t>{}(offset); }
};

/// date, time or datetime. days since 1970 (0 for a time), microseconds of the day (0 for a date).
class TemporalObject final : public Object {
 public:
  TemporalKind kind = TemporalKind::kDate;
  std::int64_t days = 0;
  std::int64_t micros = 0;
  std::shared_ptr<TimezoneObject> zone;

  std::string iso(std::string_view separator, std::string_view timespec = "auto") const;
  /// Microseconds since 1970; of UTC if the zone is known.
  std::int64_t absolute() const { return days * kDay + micros - (zone ? zone->offset : 0); }
  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::string repr(Interpreter& interpreter) override;
  std::string str(Interpreter&) override { return iso(" "); }
  bool equals(const Object& other) const override;
  std::size_t hash() const override { return std::hash<std::int64_t>{}(absolute()); }

 private:
  std::optional<Value> field(std::string_view name) const;
};

using TemporalPtr = std::shared_ptr<TemporalObject>;

Value make_timedelta(std::int64_t microseconds);
/// Throws OverflowError outside years 1 to 9999.
Value make_temporal(TemporalKind kind, std::int64_t days, std::int64_t micros, std::shared_ptr<TimezoneObject> zone);
/// Microseconds since 1970 as a datetime in the zone.
Value datetime_at(std::int64_t absolute, std::shared_ptr<TimezoneObject> zone);
const std::shared_ptr<TimezoneObject>& utc();
/// Checks ranges: ValueError.
std::int64_t checked_date(std::int64_t year, std::int64_t month, std::int64_t day);
std::int64_t checked_time(std::int64_t hour, std::int64_t minute, std::int64_t second, std::int64_t microsecond);

std::string strftime_of(const TemporalObject& value, std::string_view format);
/// fromisoformat of date, time or datetime: ValueError.
Value parse_iso(TemporalKind kind, const std::string& text);
Value parse_strptime(const std::string& text, std::string_view format);

}  // namespace bascule::evaluate
