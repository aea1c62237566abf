// strftime, strptime and fromisoformat.
#include <array>
#include <cctype>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/native_tools.h"
#include "evaluate/temporal_objects.h"

namespace bascule::evaluate {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

std::string compact_offset(std::int64_t offset) {
  std::int64_t size = std::abs(offset);
  return fmt::format("{}{:02}{:02}", offset < 0 ? '-' : '+', size / kHour, size / kMinute % 60);
}

/// Reads a text from the left; every read raises the given error when it fails.
class Scanner {
 public:
  Scanner(const std::string& text, std::string error) : text_(text), error_(std::move(error)) {}
  [[noreturn]] void fail() const { raise_python("ValueError", error_); }
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool accept(char c) {
    if (peek() != c || done()) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  bool digit() const { return peek() >= '0' && peek() <= '9'; }
  std::int64_t number(int least, int most) {
    std::int64_t out = 0;
    int count = 0;
    for (; count < most && digit(); ++count) out = out * 10 + (text_[at_++] - '0');
    if (count < least) fail();
    return out;
  }
  std::int64_t fraction() {
    std::int64_t out = 0;
    int count = 0;
    for (; digit(); ++at_) {
      if (count < 6) {
        out = out * 10 + (peek() - '0');
        ++count;
      }
    }
    if (count == 0) fail();
    for (; count < 6; ++count) out *= 10;
    return out;
  }
  std::shared_ptr<TimezoneObject> zone() {
    if (accept('Z')) return utc();
    bool minus = peek() == '-';
    if (!accept('+') && !accept('-')) fail();
    std::int64_t offset = number(2, 2) * kHour;
    accept(':');
    if (digit()) offset += number(2, 2) * kMinute;
    if (accept(':')) offset += number(2, 2) * kSecond;
    if (offset >= kDay) fail();
    return offset == 0 ? utc() : std::make_shared<TimezoneObject>(minus ? -offset : offset, "");
  }
  template <std::size_t N>
  std::int64_t name(const std::array<std::string_view, N>& names, bool full) {
    for (std::size_t i = 0; i < N; ++i) {
      std::string_view wanted = full ? names[i] : names[i].substr(0, 3);
      if (iequals_ascii(std::string_view(text_).substr(at_, wanted.size()), wanted)) {
        at_ += wanted.size();
        return static_cast<std::int64_t>(i);
      }
    }
    fail();
  }
  void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n') ++at_;
  }

 private:
  const std::string& text_;
  std::string error_;
  std::size_t at_ = 0;
};

}  // namespace

std::string strftime_of(const TemporalObject& value, std::string_view format) {
  CivilDate date = value.kind == TemporalKind::kTime ? CivilDate{1900, 1, 1} : date_from_days(value.days);
  std::int64_t days = value.kind == TemporalKind::kTime ? days_from_date(1900, 1, 1) : value.days;
  auto weekday = static_cast<std::size_t>(((days + 3) % 7 + 7) % 7);
  std::int64_t day_of_year = days - days_from_date(date.year, 1, 1) + 1;
  std::int64_t hour = value.micros / kHour;
  std::int64_t minute = value.micros / kMinute % 60;
  std::int64_t second = value.micros / kSecond % 60;
  std::string_view day_name = kDays[weekday];
  std::string_view month_name = kMonths[static_cast<std::size_t>(date.month - 1)];
  auto week = [&](std::int64_t first_day) {
    return (day_of_year + 6 - (static_cast<std::int64_t>(weekday) - first_day + 7) % 7) / 7;
  };
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      out += format[i];
      continue;
    }
    char code = format[++i];
    bool bare = code == '-' && i + 1 < format.size();
    if (bare) code = format[++i];
    auto two = [&](std::int64_t number) { return bare ? std::to_string(number) : fmt::format("{:02}", number); };
    switch (code) {
      case 'Y':
        out += fmt::format("{}", date.year);
        break;
      case 'y':
        out += two(date.year % 100);
        break;
      case 'm':
        out += two(date.month);
        break;
      case 'd':
        out += two(date.day);
        break;
      case 'e':
        out += fmt::format("{:2}", date.day);
        break;
      case 'H':
        out += two(hour);
        break;
      case 'I':
        out += two(hour % 12 == 0 ? 12 : hour % 12);
        break;
      case 'M':
        out += two(minute);
        break;
      case 'S':
        out += two(second);
        break;
      case 'f':
        out += fmt::format("{:06}", value.micros % kSecond);
        break;
      case 'j':
        out += bare ? std::to_string(day_of_year) : fmt::format("{:03}", day_of_year);
        break;
      case 'p':
        out += hour < 12 ? "AM" : "PM";
        break;
      case 'a':
        out += day_name.substr(0, 3);
        break;
      case 'A':
        out += day_name;
        break;
      case 'b':
      case 'h':
        out += month_name.substr(0, 3);
        break;
      case 'B':
        out += month_name;
        break;
      case 'u':
        out += std::to_string(weekday + 1);
        break;
      case 'w':
        out += std::to_string((weekday + 1) % 7);
        break;
      case 'U':
        out += two(week(6));
        break;
      case 'W':
        out += two(week(0));
        break;
      case 'z':
        out += value.zone ? compact_offset(value.zone->offset) : "";
        break;
      case 'Z':
        out += value.zone ? value.zone->shown() : "";
        break;
      case 's':
        out += std::to_string(value.absolute() / kSecond);
        break;
      case 'D':
        out += fmt::format("{:02}/{:02}/{:02}", date.month, date.day, date.year % 100);
        break;
      case 'F':
        out += fmt::format("{}-{:02}-{:02}", date.year, date.month, date.day);
        break;
      case 'T':
      case 'X':
        out += fmt::format("{:02}:{:02}:{:02}", hour, minute, second);
        break;
      case 'R':
        out += fmt::format("{:02}:{:02}", hour, minute);
        break;
      case 'x':
        out += fmt::format("{:02}/{:02}/{:02}", date.month, date.day, date.year % 100);
        break;
      case 'c':
        out += fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", day_name.substr(0, 3), month_name.substr(0, 3), date.day,
                           hour, minute, second, date.year);
        break;
      case 'n':
        out += '\n';
        break;
      case 't':
        out += '\t';
        break;
      case '%':
        out += '%';
        break;
      default:  // an open set: whatever the author wrote stays
        out += '%';
        out += code;
    }
  }
  return out;
}

Value parse_iso(TemporalKind kind, const std::string& text) {
  Scanner scan(text, fmt::format("Invalid isoformat string: '{}'", text));
  std::int64_t days = 0;
  if (kind != TemporalKind::kTime) {
    std::int64_t year = scan.number(4, 4);
    bool dashes = scan.accept('-');
    std::int64_t month = scan.number(2, 2);
    if (dashes) scan.expect('-');
    days = checked_date(year, month, scan.number(2, 2));
    if (kind == TemporalKind::kDate) {
      if (!scan.done()) scan.fail();
      return make_temporal(kind, days, 0, nullptr);
    }
    if (scan.done()) return make_temporal(kind, days, 0, nullptr);
    if (!scan.accept('T') && !scan.accept(' ')) scan.fail();
  }
  std::int64_t hour = scan.number(2, 2);
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t micros = 0;
  bool colon = scan.accept(':');
  if (colon || scan.digit()) {
    minute = scan.number(2, 2);
    if (colon ? scan.accept(':') : scan.digit()) {
      second = scan.number(2, 2);
      if (scan.accept('.') || scan.accept(',')) micros = scan.fraction();
    }
  }
  std::shared_ptr<TimezoneObject> zone;
  if (!scan.done()) zone = scan.zone();
  if (!scan.done()) scan.fail();
  return make_temporal(kind, days, checked_time(hour, minute, second, micros), zone);
}

Value parse_strptime(const std::string& text, std::string_view format) {
  Scanner scan(text, fmt::format("time data '{}' does not match format '{}'", text, format));
  std::int64_t year = 1900, month = 1, day = 1, hour = 0, minute = 0, second = 0, micros = 0;
  std::int64_t half = -1, day_of_year = 0;
  std::shared_ptr<TimezoneObject> zone;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == ' ') {
      scan.blanks();
      continue;
    }
    if (format[i] != '%' || i + 1 >= format.size()) {
      scan.expect(format[i]);
      continue;
    }
    switch (format[++i]) {
      case 'Y':
        year = scan.number(4, 4);
        break;
      case 'y':
        year = scan.number(2, 2);
        year += year < 69 ? 2000 : 1900;
        break;
      case 'm':
        month = scan.number(1, 2);
        break;
      case 'd':
        day = scan.number(1, 2);
        break;
      case 'H':
        hour = scan.number(1, 2);
        break;
      case 'I':
        hour = scan.number(1, 2) % 12;
        break;
      case 'M':
        minute = scan.number(1, 2);
        break;
      case 'S':
        second = scan.number(1, 2);
        break;
      case 'f':
        micros = scan.fraction();
        break;
      case 'j':
        day_of_year = scan.number(1, 3);
        break;
      case 'p':
        half = scan.name(std::array<std::string_view, 2>{"AM", "PM"}, true);
        break;
      case 'a':
        scan.name(kDays, false);
        break;
      case 'A':
        scan.name(kDays, true);
        break;
      case 'b':
        month = scan.name(kMonths, false) + 1;
        break;
      case 'B':
        month = scan.name(kMonths, true) + 1;
        break;
      case 'z':
        zone = scan.zone();
        break;
      case 'Z':
        scan.name(std::array<std::string_view, 2>{"UTC", "GMT"}, true);
        break;
      case '%':
        scan.expect('%');
        break;
      default:  // an open set: whatever the author wrote
        raise_python("ValueError", fmt::format("'{}' is a bad directive in format '{}'", format[i], format));
    }
  }
  if (!scan.done()) raise_python("ValueError", "unconverted data remains");
  if (half == 1) hour += 12;
  std::int64_t days = day_of_year > 0 ? checked_date(year, 1, 1) + day_of_year - 1 : checked_date(year, month, day);
  return make_temporal(TemporalKind::kDateTime, days, checked_time(hour, minute, second, micros), zone);
}

}  // namespace bascule::evaluate
