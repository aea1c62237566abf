// What: Python's tokens, as far as header_scan needs them.
// Must not know: what they mean.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bascule::formats::alembic {

struct HeaderToken {
  enum class Kind { kName, kString, kNumber, kPunctuation, kNewline, kEnd };
  Kind kind = Kind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t column = 0;  ///< bytes after the last line end, of the token's first byte
  int depth = 0;           ///< open brackets before the token
  std::string_view text;   ///< a string: without quotes and prefix
  bool plain = true;       ///< a string: no f or b prefix, no escape
};

/// One token after the other. A newline token only where no bracket is open; blank lines and comments give none.
class HeaderTokens {
 public:
  explicit HeaderTokens(std::string_view text);
  HeaderToken next();
  /// An unterminated string or a stray bracket was met.
  bool broken() const { return broken_; }

 private:
  HeaderToken make(HeaderToken::Kind kind, std::size_t begin, std::size_t end) const;
  HeaderToken string_token(std::size_t begin, std::size_t quote);
  void skip_blanks();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int depth_ = 0;
  bool line_has_token_ = false;
  bool broken_ = false;
};

}  // namespace bascule::formats::alembic
