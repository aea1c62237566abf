#include "syntax/python/encoding.h"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "syntax/python/characters.h"

namespace bascule::syntax::python {

namespace {

constexpr std::size_t kMaxFile = 32U << 20U;

/// Offset of the first byte that is not UTF-8 (overlong forms and surrogates included).
std::optional<std::size_t> first_bad_byte(std::string_view text) {
  std::size_t at = 0;
  auto follows = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
  };
  while (at < text.size()) {
    auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      ++at;
      continue;
    }
    std::size_t length = c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
    if (length == 0) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if (!follows(at + i)) return at;
    }
    std::uint32_t code = character_at(text, at).code;
    if ((length == 3 && code < 0x800) || (length == 4 && (code < 0x10000 || code > 0x10FFFF)) ||
        (code >= 0xD800 && code <= 0xDFFF)) {
      return at;
    }
    at += length;
  }
  return std::nullopt;
}

struct Cookie {
  std::string name;
  std::uint32_t begin = 0;
};

/// PEP 263: a comment alone in line 1, or in line 2 when line 1 is blank or a comment: `coding[:=]\s*([-\w.]+)`.
std::optional<Cookie> cookie(std::string_view text, std::uint32_t start) {
  std::size_t line_begin = start;
  for (int line = 0; line < 2 && line_begin < text.size(); ++line) {
    std::size_t line_end = std::min(text.find_first_of("\r\n", line_begin), text.size());
    std::string_view content = text.substr(line_begin, line_end - line_begin);
    std::size_t first = content.find_first_not_of(" \t\f");
    if (first != std::string_view::npos && content[first] != '#') return std::nullopt;
    for (std::size_t at = content.find("coding"); first != std::string_view::npos && at != std::string_view::npos;
         at = content.find("coding", at + 1)) {
      std::size_t name = at + 6;
      if (name >= content.size() || (content[name] != ':' && content[name] != '=')) continue;
      name = content.find_first_not_of(" \t", name + 1);
      if (name == std::string_view::npos) continue;
      std::size_t end = name;
      auto allowed = [](char c) { return is_name_start_ascii(c) || is_digit(c) || c == '-' || c == '.'; };
      while (end < content.size() && allowed(content[end])) ++end;
      if (end > name)
        return Cookie{std::string(content.substr(name, end - name)), static_cast<std::uint32_t>(line_begin + name)};
    }
    line_begin =
        line_end + ((line_end + 1 < text.size() && text[line_end] == '\r' && text[line_end + 1] == '\n') ? 2 : 1);
  }
  return std::nullopt;
}

std::string normal_name(std::string_view name) {
  std::string out;
  for (char c : name) out += c == '_' ? '-' : (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
  return out;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

std::uint32_t check_encoding(std::string_view text) {
  if (text.size() > kMaxFile) {
    throw SyntaxFailure{"too-large", fmt::format("the file has {} bytes; at most {} are read", text.size(), kMaxFile),
                        0, 0, ""};
  }
  if (std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    auto at = static_cast<std::uint32_t>(nul);
    throw SyntaxFailure{"nul-in-file", "the file contains a NUL byte: it is not Python source text", at, at + 1,
                        "restore the file from version control, or remove the byte: tr -d '\\000' < FILE > FIXED"};
  }
  std::uint32_t start = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
  std::optional<Cookie> declared = cookie(text, start);
  std::string name = declared ? normal_name(declared->name) : "utf-8";
  auto convert = [](std::string_view from) {
    return fmt::format("convert it: iconv -f {} -t utf-8 FILE > FIXED, and remove the coding comment", from);
  };
  std::optional<std::size_t> bad = first_bad_byte(text);
  bool utf8 = is_one_of(name, {"utf-8", "utf8", "u8", "utf", "utf-8-sig", "cp65001"}) || name.starts_with("utf-8-");
  bool ascii_based = is_one_of(name, {"ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "iso8859-1",
                                      "iso-latin-1", "l1", "cp1252", "windows-1252", "iso-8859-15", "latin-9"});
  if (declared && !utf8) {
    auto end = declared->begin + static_cast<std::uint32_t>(declared->name.size());
    if (!ascii_based || start != 0) {
      throw SyntaxFailure{"not-utf8",
                          fmt::format("the file declares the encoding {}; Bascule reads UTF-8", declared->name),
                          declared->begin, end, convert(declared->name)};
    }
    auto beyond = std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    if (beyond != text.end()) {
      throw SyntaxFailure{
          "not-utf8",
          fmt::format("the file declares the encoding {} and has characters beyond ASCII; Bascule reads UTF-8",
                      declared->name),
          declared->begin, end, convert(declared->name)};
    }
  }
  if (bad) {
    auto at = static_cast<std::uint32_t>(*bad);
    throw SyntaxFailure{"not-utf8", fmt::format("byte 0x{:02x} is not UTF-8", static_cast<unsigned char>(text[*bad])),
                        at, at + 1, convert("latin1")};
  }
  return start;
}

}  // namespace bascule::syntax::python
