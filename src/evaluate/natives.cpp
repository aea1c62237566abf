#include "evaluate/natives.h"

#include "evaluate/native_values.h"
#include "evaluate/temporal_objects.h"

namespace bascule::evaluate {

std::optional<Temporal> as_temporal(const Value& value) {
  auto held = value.as<TemporalObject>();
  if (!held) return std::nullopt;
  return Temporal{held->kind, held->iso(" ")};
}

std::optional<std::int64_t> as_timedelta(const Value& value) {
  auto held = value.as<TimedeltaObject>();
  if (!held) return std::nullopt;
  return held->microseconds;
}

std::optional<std::string> as_uuid(const Value& value) {
  auto held = value.as<UuidObject>();
  if (!held) return std::nullopt;
  return held->text;
}

std::optional<std::string> as_decimal(const Value& value) {
  auto held = value.as<DecimalObject>();
  if (!held) return std::nullopt;
  return held->digits;
}

}  // namespace bascule::evaluate
