// What: a literal value that a migration writes into a row or a default, independent of any database.
// Must not know: how a database spells it (Dialect renders it).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bascule::model {

struct NullValue {
  bool operator==(const NullValue&) const = default;
};
/// An exact decimal number (or an integer beyond 64 bits), as its author wrote it.
struct DecimalValue {
  std::string digits;
  bool operator==(const DecimalValue&) const = default;
};
struct BytesValue {
  std::string bytes;
  bool operator==(const BytesValue&) const = default;
};
/// ISO date "2024-01-31".
struct DateValue {
  std::string iso;
  bool operator==(const DateValue&) const = default;
};
/// ISO time "12:30:00[.ffffff][+00:00]".
struct TimeValue {
  std::string iso;
  bool operator==(const TimeValue&) const = default;
};
/// Date and time separated by a blank: "2024-01-31 12:30:00[.ffffff][+00:00]".
struct DateTimeValue {
  std::string iso;
  bool operator==(const DateTimeValue&) const = default;
};
/// A length of time in microseconds (Python's timedelta).
struct IntervalValue {
  std::int64_t microseconds = 0;
  bool operator==(const IntervalValue&) const = default;
};
/// 36 characters, lower case, with dashes.
struct UuidValue {
  std::string text;
  bool operator==(const UuidValue&) const = default;
};
/// A dict or list given for a JSON column, serialised as Python's json.dumps does by default.
struct JsonValue {
  std::string text;
  bool operator==(const JsonValue&) const = default;
};
struct ArrayValue;

using Value = std::variant<NullValue, bool, std::int64_t, double, std::string, DecimalValue, BytesValue, DateValue,
                           TimeValue, DateTimeValue, IntervalValue, UuidValue, JsonValue, ArrayValue>;

/// A list given for an ARRAY column.
struct ArrayValue {
  std::vector<Value> items;
  bool operator==(const ArrayValue& other) const;
};

inline bool ArrayValue::operator==(const ArrayValue& other) const { return items == other.items; }

}  // namespace bascule::model
