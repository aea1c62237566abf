#include "safety/finding.h"

#include <array>

namespace bascule::safety {

namespace {
constexpr std::array<std::string_view, 4> kLevels{"off", "note", "warning", "error"};
}

std::string_view level_name(Level level) { return kLevels.at(static_cast<std::size_t>(level)); }

std::optional<Level> level_named(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i)
    if (kLevels.at(i) == name) return static_cast<Level>(i);
  return std::nullopt;
}

}  // namespace bascule::safety
