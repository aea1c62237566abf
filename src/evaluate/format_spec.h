// What: a parsed format spec, and padding. Shared by the files of format.h.
// Must not know: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bascule::evaluate {

/// [[fill]align][sign][#][0][width][grouping][.precision][type]; what was not given is 0, width and precision -1.
struct FormatSpec {
  std::string fill = " ";
  char align = 0;
  char sign = 0;
  bool alternate = false;
  bool zero = false;
  std::int64_t width = -1;
  char grouping = 0;
  std::int64_t precision = -1;
  char type = 0;
};

/// Throws ValueError.
FormatSpec parse_spec(std::string_view text);
/// @param natural how to align if the spec does not say.
std::string pad(const std::string& text, const FormatSpec& spec, char natural);
/// The length in bytes of the UTF-8 character that begins so.
std::size_t character_length(char first);
std::string first_characters(std::string_view text, std::int64_t count);

}  // namespace bascule::evaluate
