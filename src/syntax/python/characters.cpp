#include "syntax/python/characters.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace bascule::syntax::python {

namespace {

/// Stretches beyond ASCII without name characters, in order: Latin-1's marks, punctuation, currency, arrows to symbols,
/// ideographic marks, private use, forms, specials, emoji.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 26> kNotInNames = {{
    {0x80, 0xA9},       {0xAB, 0xB4},       {0xB6, 0xB6},     {0xB8, 0xB9},     {0xBB, 0xBF},     {0xD7, 0xD7},
    {0xF7, 0xF7},       {0x1680, 0x1680},   {0x180E, 0x180E}, {0x2000, 0x203E}, {0x2041, 0x2053}, {0x2055, 0x2070},
    {0x2074, 0x207E},   {0x2080, 0x208F},   {0x20A0, 0x20CF}, {0x2190, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x3004},
    {0x3008, 0x3020},   {0x3030, 0x3030},   {0xD800, 0xF8FF}, {0xFE10, 0xFE1F}, {0xFF01, 0xFF0F}, {0xFFE0, 0xFFFF},
    {0x1F000, 0x1FAFF}, {0xE0000, 0xE00FF},
}};

}  // namespace

Character character_at(std::string_view text, std::size_t offset) {
  auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])) : 0U;
  };
  std::uint32_t first = byte(offset);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {((first & 0x1FU) << 6U) | (byte(offset + 1) & 0x3FU), 2};
  if (first < 0xF0) {
    return {((first & 0x0FU) << 12U) | ((byte(offset + 1) & 0x3FU) << 6U) | (byte(offset + 2) & 0x3FU), 3};
  }
  return {((first & 0x07U) << 18U) | ((byte(offset + 1) & 0x3FU) << 12U) | ((byte(offset + 2) & 0x3FU) << 6U) |
              (byte(offset + 3) & 0x3FU),
          4};
}

bool is_name_character(std::uint32_t code) {
  if (code >= 0xF0000) return false;
  auto after = std::upper_bound(kNotInNames.begin(), kNotInNames.end(), code,
                                [](std::uint32_t value, const auto& range) { return value < range.first; });
  return after == kNotInNames.begin() || code > std::prev(after)->second;
}

void append_utf8(std::string& out, std::uint32_t code) {
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace bascule::syntax::python
