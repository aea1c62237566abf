#include "syntax/python/literals.h"

#include <charconv>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <vector>

#include <fmt/core.h>

#include "syntax/python/characters.h"
#include "syntax/python/lexer.h"

namespace bascule::syntax::python {

namespace {

/// CPython refuses longer decimal literals.
constexpr std::size_t kMaxDigits = 4300;

/// Digits of any radix as decimal digits, by schoolbook arithmetic in base 10^9.
std::string to_decimal(std::string_view digits, std::uint32_t radix) {
  std::vector<std::uint32_t> limbs = {0};
  for (char c : digits) {
    std::uint64_t carry =
        is_digit(c) ? static_cast<std::uint64_t>(c - '0') : static_cast<std::uint64_t>((c | 0x20) - 'a' + 10);
    for (std::uint32_t& limb : limbs) {
      std::uint64_t sum = static_cast<std::uint64_t>(limb) * radix + carry;
      limb = static_cast<std::uint32_t>(sum % 1'000'000'000U);
      carry = sum / 1'000'000'000U;
    }
    if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
  }
  std::string out = std::to_string(limbs.back());
  for (std::size_t i = limbs.size() - 1; i-- > 0;) out += fmt::format("{:09}", limbs[i]);
  return out;
}

class StringDecoder {
 public:
  StringDecoder(std::string_view content, std::uint32_t offset, bool raw, bool bytes, bool doubled)
      : content_(content), offset_(offset), raw_(raw), bytes_(bytes), doubled_(doubled) {}

  std::string run() {
    out_.reserve(content_.size());
    while (at_ < content_.size()) {
      char c = content_[at_];
      if (c == '\r') {
        newline();
      } else if (c == '\\' && !raw_) {
        escape();
      } else {
        out_ += c;
        ++at_;
        if (doubled_ && (c == '{' || c == '}') && at_ < content_.size() && content_[at_] == c) ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(std::size_t begin, std::string message, std::string code = "syntax-error") const {
    throw SyntaxFailure{std::move(code), std::move(message), offset_ + static_cast<std::uint32_t>(begin),
                        offset_ + static_cast<std::uint32_t>(at_), ""};
  }

  void newline() {
    out_ += '\n';
    ++at_;
    if (at_ < content_.size() && content_[at_] == '\n') ++at_;
  }

  void put(std::uint32_t code, std::size_t begin) {
    if (bytes_) {
      out_ += static_cast<char>(static_cast<unsigned char>(code & 0xFFU));
      return;
    }
    if (code > 0x10FFFF) fail(begin, "illegal Unicode character in an escape");
    if (code >= 0xD800 && code <= 0xDFFF) {
      fail(begin, "a surrogate in an escape has no UTF-8; write the character itself or \\UXXXXXXXX",
           "unsupported-syntax");
    }
    append_utf8(out_, code);
  }

  void hex(std::size_t begin, std::size_t count) {
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < count; ++i, ++at_) {
      int digit = at_ < content_.size() ? hex_digit(content_[at_]) : -1;
      if (digit < 0)
        fail(begin, fmt::format("truncated escape: \\{} needs {} hexadecimal digits", content_[begin + 1], count));
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    put(code, begin);
  }

  static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  void escape() {
    std::size_t begin = at_++;
    if (at_ >= content_.size()) {
      out_ += '\\';
      return;
    }
    char c = content_[at_];
    static constexpr std::string_view kSimple = "\\'\"abfnrtv";
    static constexpr std::string_view kMeaning = "\\'\"\a\b\f\n\r\t\v";
    if (std::size_t simple = kSimple.find(c); simple != std::string_view::npos) {
      out_ += kMeaning[simple];
      ++at_;
    } else if (c == '\n') {
      ++at_;
    } else if (c == '\r') {
      ++at_;
      if (at_ < content_.size() && content_[at_] == '\n') ++at_;
    } else if (c >= '0' && c <= '7') {
      std::uint32_t code = 0;
      for (int i = 0; i < 3 && at_ < content_.size() && content_[at_] >= '0' && content_[at_] <= '7'; ++i, ++at_) {
        code = code * 8 + static_cast<std::uint32_t>(content_[at_] - '0');
      }
      put(code, begin);
    } else if (c == 'x') {
      ++at_;
      hex(begin, 2);
    } else if (!bytes_ && (c == 'u' || c == 'U')) {
      ++at_;
      hex(begin, c == 'u' ? 4 : 8);
    } else if (!bytes_ && c == 'N') {
      ++at_;
      if (at_ >= content_.size() || content_[at_] != '{') fail(begin, "malformed \\N character escape");
      while (at_ < content_.size() && content_[at_] != '}') ++at_;
      if (at_ >= content_.size()) fail(begin, "malformed \\N character escape");
      ++at_;
      fail(begin, "characters by name (\\N{...}) are not read; write the character itself or \\uXXXX",
           "unsupported-syntax");
    } else {
      out_ += '\\';  // an escape that Python does not know stands for itself
    }
  }

  std::string_view content_;
  std::uint32_t offset_;
  bool raw_;
  bool bytes_;
  bool doubled_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

Constant number_value(std::string_view literal, std::uint32_t offset) {
  std::string digits;
  for (char c : literal) {
    if (c != '_') digits += c;
  }
  std::uint32_t radix = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    char kind = static_cast<char>(digits[1] | 0x20);
    radix = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
  }
  if (radix != 10) digits.erase(0, 2);
  if (radix == 10) {
    if ((digits.back() | 0x20) == 'j') return {Constant::Imaginary{}};
    if (digits.find_first_of(".eE") != std::string::npos) return {std::strtod(digits.c_str(), nullptr)};
  }
  std::int64_t small = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), small, static_cast<int>(radix));
  if (error == std::errc() && end == digits.data() + digits.size()) return {small};
  if (digits.size() > kMaxDigits) {
    throw SyntaxFailure{radix == 10 ? "syntax-error" : "unsupported-syntax",
                        fmt::format("integer literal with more than {} digits", kMaxDigits), offset,
                        offset + static_cast<std::uint32_t>(literal.size()), ""};
  }
  return {Constant::BigInteger{to_decimal(digits, radix)}};
}

std::string string_value(std::string_view content, std::uint32_t offset, bool raw, bool bytes, bool doubled_braces) {
  return StringDecoder(content, offset, raw, bytes, doubled_braces).run();
}

}  // namespace bascule::syntax::python
