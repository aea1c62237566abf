// What: from byte offsets to lines and columns, quickly.
// Must not know: tokens.
// Invariants: lines end where Python ends them ("\n", "\r\n" and a lone "\r"); columns count characters and do not
// count a byte order mark.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/source.h"

namespace bascule::syntax::python {

class Positions {
 public:
  /// @param start where the first line begins (behind a byte order mark).
  Positions(std::string_view text, std::uint32_t start);
  Position at(std::uint32_t offset) const;
  Span span(std::uint32_t begin, std::uint32_t end) const { return {at(begin), at(end)}; }

 private:
  std::uint32_t characters_before(std::uint32_t offset) const;

  std::string_view text_;
  bool ascii_ = true;
  std::vector<std::uint32_t> lines_;   ///< where each begins
  std::vector<std::uint32_t> counts_;  ///< characters before each multiple of kStride
};

}  // namespace bascule::syntax::python
