// What: which characters Python allows in names, and their UTF-8.
// Must not know: tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bascule::syntax::python {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_start_ascii(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// The character at an offset of valid UTF-8, and its length in bytes.
struct Character {
  std::uint32_t code = 0;
  std::uint32_t length = 1;
};
Character character_at(std::string_view text, std::size_t offset);

/// Whether a character beyond ASCII may stand in a name. Known marks, symbols, spaces and emoji are refused; the rest
/// is allowed, which is slightly more than Unicode's XID tables.
bool is_name_character(std::uint32_t code);

/// Appends a code point as UTF-8.
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace bascule::syntax::python
