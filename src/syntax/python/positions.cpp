#include "syntax/python/positions.h"

#include <algorithm>

namespace bascule::syntax::python {

namespace {

constexpr std::uint32_t kStride = 64;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

Positions::Positions(std::string_view text, std::uint32_t start) : text_(text) {
  lines_.push_back(start);
  for (std::uint32_t i = start; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n' || (c == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) lines_.push_back(i + 1);
    ascii_ &= static_cast<unsigned char>(c) < 0x80;
  }
  if (ascii_) return;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (i % kStride == 0) counts_.push_back(count);
    if (begins_character(text[i])) ++count;
  }
}

std::uint32_t Positions::characters_before(std::uint32_t offset) const {
  if (ascii_) return offset;
  std::uint32_t block = std::min<std::uint32_t>(offset / kStride, static_cast<std::uint32_t>(counts_.size()) - 1);
  std::uint32_t count = counts_[block];
  for (std::uint32_t i = block * kStride; i < offset; ++i) {
    if (begins_character(text_[i])) ++count;
  }
  return count;
}

Position Positions::at(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  auto line = after == lines_.begin() ? lines_.begin() : after - 1;
  std::uint32_t begin = std::min(*line, offset);
  return {static_cast<std::uint32_t>(line - lines_.begin()) + 1,
          characters_before(offset) - characters_before(begin) + 1, offset};
}

}  // namespace bascule::syntax::python
