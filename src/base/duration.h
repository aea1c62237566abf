// What: lengths of time as people write them.
// Must not know: what they bound.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace bascule {

/// "30s", "500ms", "5m", "2h", or a bare number of seconds; nullopt: not a duration.
std::optional<std::chrono::milliseconds> parse_duration(const std::string& text);

}  // namespace bascule
