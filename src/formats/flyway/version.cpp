#include "formats/flyway/version.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"

namespace bascule::formats::flyway {

namespace {

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  if (const auto by_length = a.size() <=> b.size(); by_length != 0) return by_length;
  return a <=> b;
}

}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  Version out;
  out.text_ = replace_all(text, "_", ".");
  for (const std::string_view part : split(out.text_, '.')) {
    const bool digits =
        !part.empty() && std::all_of(part.begin(), part.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!digits) return std::nullopt;
    const auto first = part.find_first_not_of('0');
    out.parts_.emplace_back(first == std::string_view::npos ? std::string_view() : part.substr(first));
  }
  while (out.parts_.size() > 1 && out.parts_.back().empty()) out.parts_.pop_back();
  return out;
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  const std::size_t count = std::max(parts_.size(), other.parts_.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view mine = i < parts_.size() ? std::string_view(parts_[i]) : std::string_view();
    const std::string_view theirs = i < other.parts_.size() ? std::string_view(other.parts_[i]) : std::string_view();
    if (const auto order = compare_numbers(mine, theirs); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace bascule::formats::flyway
