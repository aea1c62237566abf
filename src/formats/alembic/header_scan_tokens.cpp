#include "formats/alembic/header_scan_tokens.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace bascule::formats::alembic {
namespace {

enum class Class : unsigned char {
  kOther,
  kBlank,
  kNewline,
  kName,
  kDigit,
  kQuote,
  kOpen,
  kClose,
  kComment,
  kBackslash
};

constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> classes{};
  for (int c = 'a'; c <= 'z'; ++c) classes[static_cast<std::size_t>(c)] = Class::kName;
  for (int c = 'A'; c <= 'Z'; ++c) classes[static_cast<std::size_t>(c)] = Class::kName;
  for (int c = 128; c < 256; ++c) classes[static_cast<std::size_t>(c)] = Class::kName;
  for (int c = '0'; c <= '9'; ++c) classes[static_cast<std::size_t>(c)] = Class::kDigit;
  classes['_'] = Class::kName;
  for (const char c : {' ', '\t', '\r', '\f'}) classes[static_cast<unsigned char>(c)] = Class::kBlank;
  classes['\n'] = Class::kNewline;
  classes['"'] = classes['\''] = Class::kQuote;
  for (const char c : {'(', '[', '{'}) classes[static_cast<unsigned char>(c)] = Class::kOpen;
  for (const char c : {')', ']', '}'}) classes[static_cast<unsigned char>(c)] = Class::kClose;
  classes['#'] = Class::kComment;
  classes['\\'] = Class::kBackslash;
  return classes;
}();

Class class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }

}  // namespace

HeaderTokens::HeaderTokens(std::string_view text) : text_(text) {
  if (text_.starts_with("\xEF\xBB\xBF")) line_start_ = at_ = 3;
}

HeaderToken HeaderTokens::make(HeaderToken::Kind kind, std::size_t begin, std::size_t end) const {
  HeaderToken token;
  token.kind = kind;
  token.begin = begin;
  token.end = end;
  token.column = begin - line_start_;
  token.depth = depth_;
  token.text = text_.substr(begin, end - begin);
  return token;
}

/// begin: the prefix's first byte; quote: where the quote is.
HeaderToken HeaderTokens::string_token(std::size_t begin, std::size_t quote) {
  const char mark = text_[quote];
  const bool triple = text_.substr(quote, 3) == std::string_view(mark == '"' ? "\"\"\"" : "'''");
  bool raw = false;
  bool plain = true;
  for (const char c : text_.substr(begin, quote - begin)) {
    if (c == 'r' || c == 'R') raw = true;
    if (c == 'f' || c == 'F' || c == 'b' || c == 'B' || c == 't' || c == 'T') plain = false;
  }
  const std::size_t body = quote + (triple ? 3 : 1);
  std::size_t i = body;
  while (true) {
    if (i >= text_.size()) {
      broken_ = true;
      break;
    }
    const char c = text_[i];
    if (c == '\\') {
      if (!raw) plain = false;
      i += 2;
      continue;
    }
    if (c == '\n' && !triple) {
      broken_ = true;
      break;
    }
    if (c == '\r') plain = plain && triple;
    if (c == mark && (!triple || text_.substr(i, 3) == text_.substr(quote, 3))) break;
    ++i;
  }
  i = std::min(i, text_.size());
  HeaderToken token = make(HeaderToken::Kind::kString, begin, std::min(i + (triple ? 3 : 1), text_.size()));
  token.text = text_.substr(body, i - body);
  token.plain = plain;
  const std::size_t last_line = token.text.rfind('\n');
  if (last_line != std::string_view::npos) line_start_ = body + last_line + 1;
  at_ = token.end;
  return token;
}

void HeaderTokens::skip_blanks() {
  while (at_ < text_.size()) {
    const Class c = class_of(text_[at_]);
    if (c == Class::kBlank) {
      ++at_;
    } else if (c == Class::kComment) {
      const void* end = std::memchr(text_.data() + at_, '\n', text_.size() - at_);
      at_ = end == nullptr ? text_.size() : static_cast<std::size_t>(static_cast<const char*>(end) - text_.data());
    } else if (c == Class::kNewline && (depth_ > 0 || !line_has_token_)) {
      line_start_ = ++at_;
    } else if (c == Class::kBackslash) {
      // A line joined to the next: the newline after it is not one.
      ++at_;
      if (at_ < text_.size() && text_[at_] == '\r') ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') line_start_ = ++at_;
    } else {
      return;
    }
  }
}

HeaderToken HeaderTokens::next() {
  skip_blanks();
  if (at_ >= text_.size() || broken_) return make(HeaderToken::Kind::kEnd, text_.size(), text_.size());
  const std::size_t begin = at_;
  const Class c = class_of(text_[at_]);
  if (c == Class::kNewline) {
    const HeaderToken token = make(HeaderToken::Kind::kNewline, begin, begin + 1);
    line_start_ = ++at_;
    line_has_token_ = false;
    return token;
  }
  line_has_token_ = true;
  if (c == Class::kQuote) return string_token(begin, begin);
  if (c == Class::kName || c == Class::kDigit) {
    while (at_ < text_.size() && (class_of(text_[at_]) == Class::kName || class_of(text_[at_]) == Class::kDigit)) ++at_;
    if (c == Class::kName && at_ < text_.size() && class_of(text_[at_]) == Class::kQuote && at_ - begin <= 2)
      return string_token(begin, at_);
    return make(c == Class::kName ? HeaderToken::Kind::kName : HeaderToken::Kind::kNumber, begin, at_);
  }
  const HeaderToken token = make(HeaderToken::Kind::kPunctuation, begin, begin + 1);
  ++at_;
  if (c == Class::kOpen) ++depth_;
  if (c == Class::kClose && --depth_ < 0) broken_ = true;
  return token;
}

}  // namespace bascule::formats::alembic
