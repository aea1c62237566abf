// The objects of datetime: their fields, arithmetic and order.
#include "evaluate/temporal.h"

#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "evaluate/native_tools.h"
#include "evaluate/temporal_objects.h"

namespace bascule::evaluate {

namespace {

constexpr std::int64_t kFirstDay = -719162;  // 0001-01-01
constexpr std::int64_t kLastDay = 2932896;   // 9999-12-31

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

/// Of the divisor's sign, as Python's.
std::int64_t floor_modulo(std::int64_t a, std::int64_t b) {
  const std::int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

std::int64_t checked(bool overflow, std::int64_t value) {
  if (overflow) raise_python("OverflowError", "date value out of range");
  return value;
}
std::int64_t add(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  bool overflow = __builtin_add_overflow(a, b, &out);
  return checked(overflow, out);
}
std::int64_t multiply(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  bool overflow = __builtin_mul_overflow(a, b, &out);
  return checked(overflow, out);
}
std::int64_t rounded(double value) {
  if (!(std::fabs(value) < 9.2e18)) raise_python("OverflowError", "timedelta out of range");
  return static_cast<std::int64_t>(std::nearbyint(value));
}

std::optional<Value> ordered(BinaryOperator op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case BinaryOperator::kEq:
      return Value(a == b);
    case BinaryOperator::kNe:
      return Value(a != b);
    case BinaryOperator::kLt:
      return Value(a < b);
    case BinaryOperator::kLe:
      return Value(a <= b);
    case BinaryOperator::kGt:
      return Value(a > b);
    case BinaryOperator::kGe:
      return Value(a >= b);
    case BinaryOperator::kAdd:
    case BinaryOperator::kSub:
    case BinaryOperator::kMul:
    case BinaryOperator::kDiv:
    case BinaryOperator::kFloorDiv:
    case BinaryOperator::kMod:
    case BinaryOperator::kPow:
    case BinaryOperator::kBitAnd:
    case BinaryOperator::kBitOr:
    case BinaryOperator::kBitXor:
    case BinaryOperator::kLeftShift:
    case BinaryOperator::kRightShift:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string offset_text(std::int64_t offset) {
  std::int64_t size = std::abs(offset);
  std::string out = fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', size / kHour, size / kMinute % 60);
  if (size % kMinute != 0) out += fmt::format(":{:02}", size / kSecond % 60);
  return out;
}

std::optional<std::int64_t> replaced(const Binder& bind, const char* name) {
  auto given = bind.optional(name);
  if (!given) return std::nullopt;
  return int_argument(bind.function(), *given);
}

}  // namespace

std::int64_t days_from_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  std::int64_t of_era = year - era * 400;
  std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

CivilDate date_from_days(std::int64_t days) {
  days += 719468;
  std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  std::int64_t of_era = days - era * 146097;
  std::int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  std::int64_t month = (5 * of_year + 2) / 153;
  CivilDate out;
  out.day = of_year - (153 * month + 2) / 5 + 1;
  out.month = month < 10 ? month + 3 : month - 9;
  out.year = year + era * 400 + (out.month <= 2 ? 1 : 0);
  return out;
}

std::int64_t checked_date(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (year < 1 || year > 9999) raise_python("ValueError", fmt::format("year {} is out of range", year));
  if (month < 1 || month > 12) raise_python("ValueError", "month must be in 1..12");
  std::int64_t next = month == 12 ? days_from_date(year + 1, 1, 1) : days_from_date(year, month + 1, 1);
  if (day < 1 || day > next - days_from_date(year, month, 1))
    raise_python("ValueError", "day is out of range for month");
  return days_from_date(year, month, day);
}

std::int64_t checked_time(std::int64_t hour, std::int64_t minute, std::int64_t second, std::int64_t microsecond) {
  if (hour < 0 || hour > 23) raise_python("ValueError", "hour must be in 0..23");
  if (minute < 0 || minute > 59) raise_python("ValueError", "minute must be in 0..59");
  if (second < 0 || second > 59) raise_python("ValueError", "second must be in 0..59");
  if (microsecond < 0 || microsecond > 999999) raise_python("ValueError", "microsecond must be in 0..999999");
  return hour * kHour + minute * kMinute + second * kSecond + microsecond;
}

const std::shared_ptr<TimezoneObject>& utc() {
  static const auto zone = std::make_shared<TimezoneObject>(0, "UTC");
  return zone;
}

Value make_timedelta(std::int64_t microseconds) {
  // Its negative has to exist too.
  if (microseconds == std::numeric_limits<std::int64_t>::min())
    raise_python("OverflowError", "date value out of range");
  return ObjectPtr(std::make_shared<TimedeltaObject>(microseconds));
}

Value make_temporal(TemporalKind kind, std::int64_t days, std::int64_t micros, std::shared_ptr<TimezoneObject> zone) {
  if (kind != TemporalKind::kTime && (days < kFirstDay || days > kLastDay))
    raise_python("OverflowError", "date value out of range");
  auto made = std::make_shared<TemporalObject>();
  made->kind = kind;
  made->days = days;
  made->micros = micros;
  made->zone = std::move(zone);
  return ObjectPtr(std::move(made));
}

Value datetime_at(std::int64_t absolute, std::shared_ptr<TimezoneObject> zone) {
  std::int64_t local = add(absolute, zone ? zone->offset : 0);
  std::int64_t days = floor_divide(local, kDay);
  return make_temporal(TemporalKind::kDateTime, days, floor_modulo(local, kDay), std::move(zone));
}

// --- timedelta ---

std::optional<Value> TimedeltaObject::attribute(Interpreter&, std::string_view name) {
  std::int64_t days = floor_divide(microseconds, kDay);
  if (name == "days") return Value(days);
  if (name == "seconds") return Value(floor_modulo(microseconds, kDay) / kSecond);
  if (name == "microseconds") return Value(floor_modulo(microseconds, kDay) % kSecond);
  if (name == "total_seconds") {
    return make_function("timedelta.total_seconds", [count = microseconds](Interpreter&, Arguments&) -> Value {
      return static_cast<double>(count) / static_cast<double>(kSecond);
    });
  }
  return std::nullopt;
}

std::optional<Value> TimedeltaObject::binary(Interpreter&, BinaryOperator op, const Value& other, bool reflected) {
  if (auto delta = other.as<TimedeltaObject>()) {
    std::int64_t a = reflected ? delta->microseconds : microseconds;
    std::int64_t b = reflected ? microseconds : delta->microseconds;
    if (op == BinaryOperator::kAdd) return make_timedelta(add(a, b));
    if (op == BinaryOperator::kSub) return make_timedelta(add(a, -b));
    if ((op == BinaryOperator::kDiv || op == BinaryOperator::kFloorDiv || op == BinaryOperator::kMod) && b == 0) {
      raise_python("ZeroDivisionError", "division by zero");
    }
    if (op == BinaryOperator::kDiv) return Value(static_cast<double>(a) / static_cast<double>(b));
    if (op == BinaryOperator::kFloorDiv) return Value(floor_divide(a, b));
    if (op == BinaryOperator::kMod) return make_timedelta(floor_modulo(a, b));
    return ordered(op, a, b);
  }
  if (const std::int64_t* number = other.as_int()) {
    if (op == BinaryOperator::kMul) return make_timedelta(multiply(microseconds, *number));
    if (!reflected && (op == BinaryOperator::kDiv || op == BinaryOperator::kFloorDiv)) {
      if (*number == 0) raise_python("ZeroDivisionError", "division by zero");
      if (op == BinaryOperator::kFloorDiv) return make_timedelta(floor_divide(microseconds, *number));
      return make_timedelta(rounded(static_cast<double>(microseconds) / static_cast<double>(*number)));
    }
  }
  if (const double* number = other.as_float()) {
    if (op == BinaryOperator::kMul) return make_timedelta(rounded(static_cast<double>(microseconds) * *number));
    if (!reflected && op == BinaryOperator::kDiv) {
      if (*number == 0) raise_python("ZeroDivisionError", "division by zero");
      return make_timedelta(rounded(static_cast<double>(microseconds) / *number));
    }
  }
  return std::nullopt;
}

std::optional<Value> TimedeltaObject::unary(Interpreter&, UnaryOperator op) {
  if (op == UnaryOperator::kNegative) return make_timedelta(multiply(microseconds, -1));
  if (op == UnaryOperator::kPositive) return make_timedelta(microseconds);
  return std::nullopt;
}

std::string TimedeltaObject::repr(Interpreter&) {
  std::int64_t days = floor_divide(microseconds, kDay);
  std::int64_t rest = floor_modulo(microseconds, kDay);
  std::string out;
  auto part = [&](const char* name, std::int64_t count) {
    if (count != 0) out += fmt::format("{}{}={}", out.empty() ? "" : ", ", name, count);
  };
  part("days", days);
  part("seconds", rest / kSecond);
  part("microseconds", rest % kSecond);
  return "datetime.timedelta(" + (out.empty() ? "0" : out) + ")";
}

std::string TimedeltaObject::str(Interpreter&) {
  std::int64_t days = floor_divide(microseconds, kDay);
  std::int64_t rest = floor_modulo(microseconds, kDay);
  std::string out = days == 0 ? "" : fmt::format("{} day{}, ", days, days == 1 || days == -1 ? "" : "s");
  out += fmt::format("{}:{:02}:{:02}", rest / kHour, rest / kMinute % 60, rest / kSecond % 60);
  if (rest % kSecond != 0) out += fmt::format(".{:06}", rest % kSecond);
  return out;
}

bool TimedeltaObject::equals(const Object& other) const {
  const auto* delta = dynamic_cast<const TimedeltaObject*>(&other);
  return delta && delta->microseconds == microseconds;
}

// --- timezone ---

std::string TimezoneObject::shown() const {
  if (!name.empty()) return name;
  return offset == 0 ? "UTC" : "UTC" + offset_text(offset);
}

std::optional<Value> TimezoneObject::attribute(Interpreter&, std::string_view wanted) {
  if (wanted == "utcoffset")
    return make_function("timezone.utcoffset",
                         [held = offset](Interpreter&, Arguments&) { return make_timedelta(held); });
  if (wanted == "tzname")
    return make_function("timezone.tzname", [held = shown()](Interpreter&, Arguments&) { return Value(held); });
  if (wanted == "key" || wanted == "zone") return Value(shown());
  return std::nullopt;
}

std::string TimezoneObject::repr(Interpreter& interpreter) {
  if (offset == 0) return "datetime.timezone.utc";
  return "datetime.timezone(" + TimedeltaObject(offset).repr(interpreter) + (name.empty() ? "" : ", '" + name + "'") +
         ")";
}

bool TimezoneObject::equals(const Object& other) const {
  const auto* zone = dynamic_cast<const TimezoneObject*>(&other);
  return zone && zone->offset == offset;
}

// --- date, time, datetime ---

std::string TemporalObject::type_name() const {
  switch (kind) {
    case TemporalKind::kDate:
      return "date";
    case TemporalKind::kTime:
      return "time";
    case TemporalKind::kDateTime:
      return "datetime";
  }
  return "datetime";
}

std::string TemporalObject::iso(std::string_view separator, std::string_view timespec) const {
  std::string out;
  if (kind != TemporalKind::kTime) {
    CivilDate date = date_from_days(days);
    out = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    if (kind == TemporalKind::kDate) return out;
    out += separator;
  }
  out += fmt::format("{:02}", micros / kHour);
  if (timespec != "hours") out += fmt::format(":{:02}", micros / kMinute % 60);
  if (timespec != "hours" && timespec != "minutes") out += fmt::format(":{:02}", micros / kSecond % 60);
  if (timespec == "milliseconds") out += fmt::format(".{:03}", micros % kSecond / 1000);
  if (timespec == "microseconds" || (timespec == "auto" && micros % kSecond != 0))
    out += fmt::format(".{:06}", micros % kSecond);
  if (zone) out += offset_text(zone->offset);
  return out;
}

std::optional<Value> TemporalObject::field(std::string_view name) const {
  if (kind != TemporalKind::kTime) {
    CivilDate date = date_from_days(days);
    if (name == "year") return Value(date.year);
    if (name == "month") return Value(date.month);
    if (name == "day") return Value(date.day);
  }
  if (kind != TemporalKind::kDate) {
    if (name == "hour") return Value(micros / kHour);
    if (name == "minute") return Value(micros / kMinute % 60);
    if (name == "second") return Value(micros / kSecond % 60);
    if (name == "microsecond") return Value(micros % kSecond);
    if (name == "fold") return Value(0);
    if (name == "tzinfo") return zone ? Value(ObjectPtr(zone)) : Value();
  }
  return std::nullopt;
}

std::optional<Value> TemporalObject::attribute(Interpreter&, std::string_view name) {
  if (auto found = field(name)) return found;
  auto self = std::static_pointer_cast<TemporalObject>(shared_from_this());
  auto method = [&](const char* called, NativeFunction function) {
    return std::optional<Value>(pure_function(type_name() + "." + called, std::move(function)));
  };
  if (name == "isoformat") {
    return method("isoformat", [self](Interpreter&, Arguments& arguments) -> Value {
      bool time_only = self->kind == TemporalKind::kTime;
      Binder bind("isoformat", arguments, {time_only ? "timespec" : "sep", time_only ? "sep" : "timespec"});
      std::string separator = bind.given("sep") ? text_argument("isoformat", *bind.optional("sep")) : "T";
      std::string timespec = bind.given("timespec") ? text_argument("isoformat", *bind.optional("timespec")) : "auto";
      return self->iso(separator, timespec);
    });
  }
  if (name == "strftime" || name == "__format__") {
    return method("strftime", [self](Interpreter&, Arguments& arguments) -> Value {
      Binder bind("strftime", arguments, {"format"});
      return strftime_of(*self, text_argument("strftime", bind.required("format")));
    });
  }
  if (name == "replace") {
    return method("replace", [self](Interpreter&, Arguments& arguments) -> Value {
      bool has_date = self->kind != TemporalKind::kTime;
      bool has_time = self->kind != TemporalKind::kDate;
      Binder bind =
          has_date ? Binder("replace", arguments, {"year", "month", "day", "hour", "minute", "second", "microsecond"},
                            {"tzinfo", "fold"})
                   : Binder("replace", arguments, {"hour", "minute", "second", "microsecond"}, {"tzinfo", "fold"});
      std::int64_t new_days = 0;
      std::int64_t new_micros = 0;
      auto new_zone = self->zone;
      if (has_date) {
        CivilDate date = date_from_days(self->days);
        new_days = checked_date(replaced(bind, "year").value_or(date.year),
                                replaced(bind, "month").value_or(date.month), replaced(bind, "day").value_or(date.day));
      }
      if (has_time) {
        new_micros = checked_time(replaced(bind, "hour").value_or(self->micros / kHour),
                                  replaced(bind, "minute").value_or(self->micros / kMinute % 60),
                                  replaced(bind, "second").value_or(self->micros / kSecond % 60),
                                  replaced(bind, "microsecond").value_or(self->micros % kSecond));
        if (auto given = bind.optional("tzinfo")) new_zone = given->as<TimezoneObject>();
      }
      return make_temporal(self->kind, new_days, new_micros, new_zone);
    });
  }
  if (kind != TemporalKind::kTime) {
    std::int64_t weekday = ((days + 3) % 7 + 7) % 7;
    if (name == "weekday") return method("weekday", [weekday](Interpreter&, Arguments&) { return Value(weekday); });
    if (name == "isoweekday")
      return method("isoweekday", [weekday](Interpreter&, Arguments&) { return Value(weekday + 1); });
    if (name == "toordinal")
      return method("toordinal", [self](Interpreter&, Arguments&) { return Value(self->days - kFirstDay + 1); });
  }
  if (kind == TemporalKind::kDate) return std::nullopt;
  if (name == "utcoffset") {
    return method("utcoffset", [self](Interpreter&, Arguments&) {
      return self->zone ? make_timedelta(self->zone->offset) : Value();
    });
  }
  if (name == "tzname") {
    return method("tzname",
                  [self](Interpreter&, Arguments&) { return self->zone ? Value(self->zone->shown()) : Value(); });
  }
  if (kind == TemporalKind::kTime) return std::nullopt;
  if (name == "date")
    return method("date", [self](Interpreter&, Arguments&) {
      return make_temporal(TemporalKind::kDate, self->days, 0, nullptr);
    });
  if (name == "time")
    return method("time", [self](Interpreter&, Arguments&) {
      return make_temporal(TemporalKind::kTime, 0, self->micros, nullptr);
    });
  if (name == "timetz")
    return method("timetz", [self](Interpreter&, Arguments&) {
      return make_temporal(TemporalKind::kTime, 0, self->micros, self->zone);
    });
  if (name == "timestamp") {
    return method("timestamp",
                  [self](Interpreter&, Arguments&) -> Value { return static_cast<double>(self->absolute()) / 1e6; });
  }
  if (name == "astimezone") {
    return method("astimezone", [self](Interpreter&, Arguments& arguments) -> Value {
      Binder bind("astimezone", arguments, {"tz"});
      auto given = bind.present("tz");
      auto wanted = given ? given->as<TimezoneObject>() : utc();
      if (!wanted) raise_type_error("tz argument must be an instance of tzinfo");
      return datetime_at(self->absolute(), wanted);
    });
  }
  return std::nullopt;
}

std::optional<Value> TemporalObject::binary(Interpreter&, BinaryOperator op, const Value& other, bool reflected) {
  if (auto delta = other.as<TimedeltaObject>()) {
    bool minus = op == BinaryOperator::kSub && !reflected;
    if (kind == TemporalKind::kTime || (op != BinaryOperator::kAdd && !minus)) return std::nullopt;
    std::int64_t change = minus ? multiply(delta->microseconds, -1) : delta->microseconds;
    if (kind == TemporalKind::kDate) return make_temporal(kind, add(days, floor_divide(change, kDay)), 0, nullptr);
    std::int64_t sum = add(micros, change);
    std::int64_t whole = floor_divide(sum, kDay);
    return make_temporal(kind, add(days, whole), floor_modulo(sum, kDay), zone);
  }
  auto same = other.as<TemporalObject>();
  if (!same || same->kind != kind) return std::nullopt;
  bool mixed = (zone == nullptr) != (same->zone == nullptr);
  if (mixed && op == BinaryOperator::kEq) return Value(false);
  if (mixed && op == BinaryOperator::kNe) return Value(true);
  std::int64_t a = reflected ? same->absolute() : absolute();
  std::int64_t b = reflected ? absolute() : same->absolute();
  if (op == BinaryOperator::kSub && kind != TemporalKind::kTime) {
    if (mixed) raise_type_error("can't subtract offset-naive and offset-aware datetimes");
    return make_timedelta(a - b);
  }
  auto result = ordered(op, a, b);
  if (result && mixed) raise_type_error("can't compare offset-naive and offset-aware datetimes");
  return result;
}

std::string TemporalObject::repr(Interpreter& interpreter) {
  std::string out = "datetime." + type_name() + "(";
  CivilDate date = date_from_days(days);
  if (kind != TemporalKind::kTime) out += fmt::format("{}, {}, {}", date.year, date.month, date.day);
  if (kind != TemporalKind::kDate) {
    if (kind == TemporalKind::kDateTime) out += ", ";
    out += fmt::format("{}, {}", micros / kHour, micros / kMinute % 60);
    if (micros % kMinute != 0) out += fmt::format(", {}", micros / kSecond % 60);
    if (micros % kSecond != 0) out += fmt::format(", {}", micros % kSecond);
    if (zone) out += ", tzinfo=" + zone->repr(interpreter);
  }
  return out + ")";
}

bool TemporalObject::equals(const Object& other) const {
  const auto* same = dynamic_cast<const TemporalObject*>(&other);
  return same && same->kind == kind && (same->zone == nullptr) == (zone == nullptr) && same->absolute() == absolute();
}

std::optional<std::string> format_temporal(const Value& value, std::string_view format) {
  auto temporal = value.as<TemporalObject>();
  if (!temporal) return std::nullopt;
  return strftime_of(*temporal, format);
}

}  // namespace bascule::evaluate
