// What: datetime's classes as native objects: date, time, datetime, timedelta, timezone.
// Must not know: databases, the interpreter's inside.
// Invariants: the proleptic Gregorian calendar, years 1 to 9999; a timedelta is counted in microseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evaluate/interpreter.h"
#include "evaluate/value.h"

namespace bascule::evaluate {

/// Days since 1970-01-01 and back.
std::int64_t days_from_date(std::int64_t year, std::int64_t month, std::int64_t day);
struct CivilDate {
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;
};
CivilDate date_from_days(std::int64_t days);

/// strftime for date, time and datetime; nullopt: the value is none of them.
std::optional<std::string> format_temporal(const Value& value, std::string_view format);

/// The module datetime.
Value datetime_module();
/// The module time.
Value time_module();

}  // namespace bascule::evaluate
