// The modules datetime and time.
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>

#include "evaluate/native_tools.h"
#include "evaluate/temporal_objects.h"

namespace bascule::evaluate {

namespace {

std::int64_t now_micros() {
  using std::chrono::duration_cast;
  return duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// The local time's distance from UTC at a moment.
std::int64_t local_offset(std::int64_t absolute) {
  std::time_t seconds = static_cast<std::time_t>(absolute / kSecond);
  std::tm local{};
  if (localtime_r(&seconds, &local) == nullptr) return 0;
  return static_cast<std::int64_t>(local.tm_gmtoff) * kSecond;
}

Value naive(std::int64_t absolute, std::int64_t offset) {
  auto aware = datetime_at(absolute + offset, nullptr);
  return aware;
}

std::shared_ptr<TimezoneObject> zone_argument(const std::optional<Value>& given) {
  if (!given || given->is_none()) return nullptr;
  auto zone = given->as<TimezoneObject>();
  if (!zone)
    raise_type_error("tzinfo argument must be None or of a tzinfo subclass that Bascule knows (datetime.timezone)");
  return zone;
}

Value datetime_now(Interpreter&, Arguments& arguments) {
  Binder bind("datetime.now", arguments, {"tz"});
  std::int64_t now = now_micros();
  if (auto zone = zone_argument(bind.optional("tz"))) return datetime_at(now, zone);
  return naive(now, local_offset(now));
}

std::int64_t stamp(const Binder& bind) {
  double seconds = real_argument(bind.function(), bind.required("timestamp"));
  if (!(std::fabs(seconds) < 2.6e11)) raise_python("OverflowError", "timestamp out of range");
  return static_cast<std::int64_t>(std::nearbyint(seconds * 1e6));
}

Value datetime_from_timestamp(Interpreter&, Arguments& arguments) {
  Binder bind("datetime.fromtimestamp", arguments, {"timestamp", "tz"});
  std::int64_t at = stamp(bind);
  if (auto zone = zone_argument(bind.optional("tz"))) return datetime_at(at, zone);
  return naive(at, local_offset(at));
}

std::int64_t part(const Binder& bind, const char* name, std::int64_t otherwise) {
  auto given = bind.optional(name);
  return given ? int_argument(bind.function(), *given) : otherwise;
}

Value make_date(Interpreter&, Arguments& arguments) {
  Binder bind("date", arguments, {"year", "month", "day"});
  return make_temporal(
      TemporalKind::kDate,
      checked_date(int_argument("date", bind.required("year")), int_argument("date", bind.required("month")),
                   int_argument("date", bind.required("day"))),
      0, nullptr);
}

std::int64_t time_part(const Binder& bind) {
  return checked_time(part(bind, "hour", 0), part(bind, "minute", 0), part(bind, "second", 0),
                      part(bind, "microsecond", 0));
}

Value make_time(Interpreter&, Arguments& arguments) {
  Binder bind("time", arguments, {"hour", "minute", "second", "microsecond", "tzinfo"}, {"fold"});
  return make_temporal(TemporalKind::kTime, 0, time_part(bind), zone_argument(bind.optional("tzinfo")));
}

Value make_datetime(Interpreter&, Arguments& arguments) {
  Binder bind("datetime", arguments, {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo"},
              {"fold"});
  std::int64_t days =
      checked_date(int_argument("datetime", bind.required("year")), int_argument("datetime", bind.required("month")),
                   int_argument("datetime", bind.required("day")));
  return make_temporal(TemporalKind::kDateTime, days, time_part(bind), zone_argument(bind.optional("tzinfo")));
}

Value new_timedelta(Interpreter&, Arguments& arguments) {
  Binder bind("timedelta", arguments, {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"});
  bind.reject_extra();
  long double total = 0;
  std::int64_t whole = 0;
  bool overflow = false;
  auto take = [&](const char* name, std::int64_t unit) {
    auto given = bind.optional(name);
    if (!given) return;
    if (const double* real = given->as_float()) {
      total += static_cast<long double>(*real) * static_cast<long double>(unit);
      return;
    }
    std::int64_t product = 0;
    overflow |= __builtin_mul_overflow(int_argument("timedelta", *given), unit, &product);
    overflow |= __builtin_add_overflow(whole, product, &whole);
  };
  take("days", kDay);
  take("seconds", kSecond);
  take("microseconds", 1);
  take("milliseconds", 1000);
  take("minutes", kMinute);
  take("hours", kHour);
  take("weeks", 7 * kDay);
  overflow |= !(std::fabs(total) < 9.2e18L);
  if (!overflow) overflow = __builtin_add_overflow(whole, static_cast<std::int64_t>(std::nearbyintl(total)), &whole);
  if (overflow) raise_python("OverflowError", "timedelta out of range");
  return make_timedelta(whole);
}

Value new_timezone(Interpreter&, Arguments& arguments) {
  Binder bind("timezone", arguments, {"offset", "name"});
  auto offset = as_timedelta(bind.required("offset"));
  if (!offset) raise_type_error("timezone() argument 1 must be datetime.timedelta");
  if (*offset <= -kDay || *offset >= kDay)
    raise_python("ValueError", "offset must be strictly between -24 and 24 hours");
  auto name = bind.present("name");
  return ObjectPtr(std::make_shared<TimezoneObject>(*offset, name ? text_argument("timezone", *name) : ""));
}

Value combine(Interpreter&, Arguments& arguments) {
  Binder bind("datetime.combine", arguments, {"date", "time", "tzinfo"});
  auto date = bind.required("date").as<TemporalObject>();
  auto time = bind.required("time").as<TemporalObject>();
  if (!date || !time || date->kind == TemporalKind::kTime || time->kind != TemporalKind::kTime) {
    raise_type_error("combine() needs a date and a time");
  }
  auto zone = bind.given("tzinfo") ? zone_argument(bind.optional("tzinfo")) : time->zone;
  return make_temporal(TemporalKind::kDateTime, date->days, time->micros, zone);
}

Value iso_reader(TemporalKind kind) {
  return pure_function("fromisoformat", [kind](Interpreter&, Arguments& arguments) {
    Binder bind("fromisoformat", arguments, {"date_string"});
    return parse_iso(kind, text_argument("fromisoformat", bind.required("date_string")));
  });
}

NativeClass::Test is_temporal(TemporalKind kind) {
  return [kind](const Value& value) {
    auto temporal = value.as<TemporalObject>();
    return temporal &&
           (temporal->kind == kind || (kind == TemporalKind::kDate && temporal->kind == TemporalKind::kDateTime));
  };
}

Value make_class(std::string name, NativeFunction construct, NativeClass::Test test,
                 std::map<std::string, Value, std::less<>> members) {
  return ObjectPtr(
      std::make_shared<NativeClass>(std::move(name), std::move(construct), std::move(test), std::move(members)));
}

Value today_date(Interpreter&, Arguments&) {
  std::int64_t now = now_micros();
  auto local = naive(now, local_offset(now)).as<TemporalObject>();
  return make_temporal(TemporalKind::kDate, local->days, 0, nullptr);
}

}  // namespace

Value datetime_module() {
  Value date = make_class("datetime.date", make_date, is_temporal(TemporalKind::kDate),
                          {{"today", make_function("date.today", today_date)},
                           {"fromisoformat", iso_reader(TemporalKind::kDate)},
                           {"min", make_temporal(TemporalKind::kDate, days_from_date(1, 1, 1), 0, nullptr)},
                           {"max", make_temporal(TemporalKind::kDate, days_from_date(9999, 12, 31), 0, nullptr)}});
  Value time = make_class("datetime.time", make_time, is_temporal(TemporalKind::kTime),
                          {{"fromisoformat", iso_reader(TemporalKind::kTime)},
                           {"min", make_temporal(TemporalKind::kTime, 0, 0, nullptr)},
                           {"max", make_temporal(TemporalKind::kTime, 0, kDay - 1, nullptr)}});
  auto utc_now = [](Interpreter&, Arguments&) { return naive(now_micros(), 0); };
  Value datetime = make_class(
      "datetime.datetime", make_datetime, is_temporal(TemporalKind::kDateTime),
      {{"now", pure_function("datetime.now", datetime_now)},
       {"utcnow", make_function("datetime.utcnow", utc_now)},
       {"today", make_function("datetime.today", datetime_now)},
       {"fromtimestamp", pure_function("datetime.fromtimestamp", datetime_from_timestamp)},
       {"utcfromtimestamp", pure_function("datetime.utcfromtimestamp",
                                          [](Interpreter&, Arguments& arguments) {
                                            Binder bind("datetime.utcfromtimestamp", arguments, {"timestamp"});
                                            return naive(stamp(bind), 0);
                                          })},
       {"fromisoformat", iso_reader(TemporalKind::kDateTime)},
       {"combine", pure_function("datetime.combine", combine)},
       {"strptime", pure_function("datetime.strptime",
                                  [](Interpreter&, Arguments& arguments) {
                                    Binder bind("datetime.strptime", arguments, {"date_string", "format"});
                                    return parse_strptime(text_argument("strptime", bind.required("date_string")),
                                                          text_argument("strptime", bind.required("format")));
                                  })},
       {"min", make_temporal(TemporalKind::kDateTime, days_from_date(1, 1, 1), 0, nullptr)},
       {"max", make_temporal(TemporalKind::kDateTime, days_from_date(9999, 12, 31), kDay - 1, nullptr)}});
  Value timedelta = make_class(
      "datetime.timedelta", new_timedelta, [](const Value& v) { return v.as<TimedeltaObject>() != nullptr; },
      {{"max", make_timedelta(std::numeric_limits<std::int64_t>::max())}, {"resolution", make_timedelta(1)}});
  auto is_zone = [](const Value& v) { return v.as<TimezoneObject>() != nullptr; };
  Value timezone = make_class("datetime.timezone", new_timezone, is_zone, {{"utc", ObjectPtr(utc())}});
  Value tzinfo =
      make_class("datetime.tzinfo", [](Interpreter&, Arguments&) -> Value { raise_type_error("tzinfo is abstract"); },
                 is_zone, {});
  return make_namespace("datetime", {{"date", date},
                                     {"time", time},
                                     {"datetime", datetime},
                                     {"timedelta", timedelta},
                                     {"timezone", timezone},
                                     {"tzinfo", tzinfo},
                                     {"UTC", ObjectPtr(utc())},
                                     {"MINYEAR", 1},
                                     {"MAXYEAR", 9999}});
}

Value time_module() {
  auto seconds = [](Interpreter&, Arguments&) -> Value { return static_cast<double>(now_micros()) / 1e6; };
  return make_namespace(
      "time", {{"time", make_function("time.time", seconds)},
               {"monotonic", make_function("time.monotonic", seconds)},
               {"perf_counter", make_function("time.perf_counter", seconds)},
               {"time_ns",
                make_function("time.time_ns", [](Interpreter&, Arguments&) -> Value { return now_micros() * 1000; })},
               // Waiting changes nothing that a plan could show.
               {"sleep", make_function("time.sleep", [](Interpreter&, Arguments&) -> Value { return {}; })},
               {"strftime", pure_function("time.strftime", [](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("time.strftime", arguments, {"format"});
                  std::int64_t now = now_micros();
                  auto local = naive(now, local_offset(now)).as<TemporalObject>();
                  return strftime_of(*local, text_argument("time.strftime", bind.required("format")));
                })}});
}

}  // namespace bascule::evaluate
