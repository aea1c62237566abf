// What: stdlib values that natives of a format need to recognise: datetime, uuid, Decimal, enum classes.
// Must not know: databases.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluate/value.h"

namespace bascule::evaluate {

/// datetime.date / time / datetime; iso as in model/value.h ("2024-01-31 12:30:00+00:00" for datetime).
enum class TemporalKind { kDate, kTime, kDateTime };
struct Temporal {
  TemporalKind kind = TemporalKind::kDate;
  std::string iso;
};
/// nullopt: the value is none of them.
std::optional<Temporal> as_temporal(const Value& value);
/// datetime.timedelta in microseconds.
std::optional<std::int64_t> as_timedelta(const Value& value);
/// uuid.UUID as 36 characters.
std::optional<std::string> as_uuid(const Value& value);
/// decimal.Decimal's digits.
std::optional<std::string> as_decimal(const Value& value);
/// An enum class defined in the module (or made by Enum("X", "a b")): its name and its members in order.
struct EnumClass {
  std::string name;
  std::vector<std::pair<std::string, Value>> members;
};
std::optional<EnumClass> as_enum_class(const Value& value);
/// A member of such a class: its name and value.
struct EnumMember {
  std::string class_name;
  std::string name;
  Value value;
};
std::optional<EnumMember> as_enum_member(const Value& value);
/// A class that the module defines: its name, the values of its bases, and an attribute looked up on it.
struct UserClass {
  std::string name;
  std::vector<Value> bases;
};
std::optional<UserClass> as_user_class(const Value& value);
/// The class of an instance of a class that the module defines; nullopt if the value is not such an instance.
std::optional<Value> class_of_instance(const Value& value);
/// What an instance of a class that derives from a native gave that native's __init__ (its own arguments, or those of
/// its super().__init__(...)); nullopt: nothing.
std::optional<Arguments> construction_arguments(const Value& value);
/// json.dumps(value) with Python's defaults; throws a Python TypeError for what has no JSON form.
std::string to_json(Interpreter& interpreter, const Value& value);
/// json.loads(text); throws Python's JSONDecodeError.
Value from_json(Interpreter& interpreter, std::string_view text);

}  // namespace bascule::evaluate
