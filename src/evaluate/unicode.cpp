#include "evaluate/unicode.h"

#include "evaluate/format_spec.h"
#include "syntax/python/characters.h"

namespace bascule::evaluate {

std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = character_length(text[at]);
    auto first = static_cast<unsigned char>(text[at]);
    std::uint32_t code = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
      code = (code << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    out.push_back(code);
    at += length;
  }
  return out;
}

void append_code_point(std::string& out, std::uint32_t code) { syntax::python::append_utf8(out, code); }

std::string from_code_points(const std::vector<std::uint32_t>& codes) {
  std::string out;
  out.reserve(codes.size());
  for (std::uint32_t code : codes) append_code_point(out, code);
  return out;
}

namespace {

bool between(std::uint32_t code, std::uint32_t first, std::uint32_t last) { return code >= first && code <= last; }

/// Scripts whose letters come in neighbouring pairs, upper case first: Latin Extended-A, Cyrillic's later letters.
bool in_pairs(std::uint32_t code) {
  return between(code, 0x100, 0x12F) || between(code, 0x132, 0x137) || between(code, 0x14A, 0x177) ||
         between(code, 0x460, 0x481) || between(code, 0x48A, 0x4BF) || between(code, 0x4D0, 0x52F) ||
         between(code, 0x1E00, 0x1E95);
}
/// The same with the upper case on odd numbers.
bool in_odd_pairs(std::uint32_t code) { return between(code, 0x139, 0x148) || between(code, 0x179, 0x17E); }

}  // namespace

std::uint32_t to_upper(std::uint32_t code) {
  if (between(code, 'a', 'z')) return code - 32;
  if (code < 0x80) return code;
  if (code == 0xB5) return 0x39C;
  if (between(code, 0xE0, 0xFE) && code != 0xF7) return code - 32;
  if (code == 0xFF) return 0x178;
  if (in_pairs(code)) return code & ~1U;
  if (in_odd_pairs(code)) return code - (code % 2 == 0 ? 1 : 0);
  if (code == 0x3C2) return 0x3A3;
  if (between(code, 0x3B1, 0x3CB)) return code - 32;
  if (between(code, 0x430, 0x44F)) return code - 32;
  if (between(code, 0x450, 0x45F)) return code - 80;
  return code;
}

std::uint32_t to_lower(std::uint32_t code) {
  if (between(code, 'A', 'Z')) return code + 32;
  if (code < 0x80) return code;
  if (between(code, 0xC0, 0xDE) && code != 0xD7) return code + 32;
  if (code == 0x178) return 0xFF;
  if (in_pairs(code)) return code | 1U;
  if (in_odd_pairs(code)) return code + (code % 2 == 1 ? 1 : 0);
  if (between(code, 0x391, 0x3AB) && code != 0x3A2) return code + 32;
  if (between(code, 0x410, 0x42F)) return code + 32;
  if (between(code, 0x400, 0x40F)) return code + 80;
  return code;
}

bool is_upper(std::uint32_t code) { return to_lower(code) != code; }
bool is_lower(std::uint32_t code) { return to_upper(code) != code || code == 0xDF; }

bool is_letter(std::uint32_t code) {
  if (code < 0x80) return between(code, 'a', 'z') || between(code, 'A', 'Z');
  if (code < 0xC0) return code == 0xAA || code == 0xB5 || code == 0xBA;
  if (code == 0xD7 || code == 0xF7) return false;
  return code < 0x2000 || between(code, 0x2C00, 0x2DFF) || between(code, 0x3040, 0xD7FF) ||
         between(code, 0xF900, 0xFDFF) || between(code, 0x20000, 0x3FFFF);
}

bool is_decimal(std::uint32_t code) {
  return between(code, '0', '9') || between(code, 0x660, 0x669) || between(code, 0x6F0, 0x6F9) ||
         between(code, 0x966, 0x96F) || between(code, 0xFF10, 0xFF19);
}

bool is_space(std::uint32_t code) {
  return between(code, 9, 13) || between(code, 0x1C, 0x20) || code == 0x85 || code == 0xA0 || code == 0x1680 ||
         between(code, 0x2000, 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
         code == 0x3000;
}

}  // namespace bascule::evaluate
