#include "formats/flyway/encoding.h"

#include <array>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace bascule::formats::flyway {

namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

void append_utf8(std::string& out, std::uint32_t c) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

/// windows-1252 from 0x80 to 0x9F; 0: no character.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                        0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string from_single_bytes(std::string_view bytes, bool windows) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    std::uint32_t code = value;
    if (windows && value >= 0x80 && value < 0xA0) code = kWindows1252[value - 0x80U];
    append_utf8(out, code == 0 && value != 0 ? 0xFFFD : code);
  }
  return out;
}

Result<std::string, std::string> from_utf16(std::string_view bytes, bool big_endian) {
  if (bytes.size() % 2 != 0) return failure(std::string("is not UTF-16: it has an odd number of bytes"));
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return big_endian ? static_cast<std::uint32_t>(first << 8 | second)
                      : static_cast<std::uint32_t>(second << 8 | first);
  };
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {
      const std::uint32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
      if (code >= 0xDC00 || low < 0xDC00 || low >= 0xE000)
        return failure(std::string("is not UTF-16: half a character at byte " + std::to_string(at)));
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_utf8(out, code);
  }
  return out;
}

}  // namespace

Result<std::string, std::string> decode(std::string bytes, std::string_view encoding) {
  const std::string name = to_lower_ascii(encoding);
  if (name == "utf-8" || name == "utf8") {
    if (const auto bad = invalid_utf8(bytes)) return failure("is not UTF-8: see byte " + std::to_string(*bad));
    if (bytes.starts_with(kMark)) bytes.erase(0, kMark.size());
    return bytes;
  }
  std::string out;
  if (name == "iso-8859-1" || name == "iso8859_1" || name == "latin1") {
    out = from_single_bytes(bytes, false);
  } else if (name == "windows-1252" || name == "cp1252") {
    out = from_single_bytes(bytes, true);
  } else if (name == "us-ascii" || name == "ascii") {
    for (std::size_t i = 0; i < bytes.size(); ++i)
      if (static_cast<unsigned char>(bytes[i]) >= 0x80)
        return failure("is not US-ASCII: see byte " + std::to_string(i));
    return bytes;
  } else if (name == "utf-16" || name == "utf-16be" || name == "utf-16le") {
    bool big = name != "utf-16le";
    std::string_view rest = bytes;
    if (name == "utf-16" && rest.starts_with("\xFF\xFE")) big = false;
    if (name == "utf-16" && (rest.starts_with("\xFF\xFE") || rest.starts_with("\xFE\xFF"))) rest.remove_prefix(2);
    BASCULE_TRY_ASSIGN(out, from_utf16(rest, big));
  } else {
    return failure("cannot be read: the encoding '" + std::string(encoding) + "' is not known");
  }
  if (out.starts_with(kMark)) out.erase(0, kMark.size());
  return out;
}

std::string detect_encoding(std::string_view bytes) {
  const bool even = bytes.size() % 2 == 0;
  if (even && bytes.starts_with("\xFE\xFF")) return "UTF-16BE";
  if (even && bytes.starts_with("\xFF\xFE")) return "UTF-16LE";
  if (even && !bytes.empty()) {
    std::ptrdiff_t zeros = 0;
    for (std::size_t i = 1; i < bytes.size(); i += 2) zeros += bytes[i] == '\0' ? 1 : -1;
    if (zeros > 0) return "UTF-16LE";
  }
  return invalid_utf8(bytes) ? "ISO-8859-1" : "UTF-8";
}

}  // namespace bascule::formats::flyway
