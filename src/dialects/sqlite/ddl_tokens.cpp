#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"

namespace bascule::dialects::sqlite {

namespace {

bool starts_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool continues_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  std::vector<Token> scan() {
    std::vector<Token> tokens;
    while (skip_blanks(), at_ < sql_.size()) tokens.push_back(next());
    return tokens;
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

  void skip_blanks() {
    while (at_ < sql_.size()) {
      if (std::isspace(static_cast<unsigned char>(peek())) != 0) {
        ++at_;
      } else if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        const std::size_t end = sql_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? sql_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  Token next() {
    const std::size_t begin = at_;
    const char c = peek();
    if (c == '\'') return finish(TokenKind::kString, begin, quoted('\''), true);
    if (c == '"' || c == '`') return finish(TokenKind::kQuotedName, begin, quoted(c), false);
    if (c == '[') {
      const std::size_t end = std::min(sql_.find(']', at_), sql_.size());
      std::string name(sql_.substr(at_ + 1, end - at_ - 1));
      at_ = std::min(end + 1, sql_.size());
      return finish(TokenKind::kQuotedName, begin, std::move(name), false);
    }
    if ((c == 'x' || c == 'X') && peek(1) == '\'') {
      ++at_;
      quoted('\'');
      return finish(TokenKind::kString, begin, {}, true);
    }
    if (starts_word(c)) {
      while (at_ < sql_.size() && continues_word(peek())) ++at_;
      return finish(TokenKind::kWord, begin, {}, true);
    }
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      while (continues_word(peek()) || peek() == '.' ||
             ((peek() == '+' || peek() == '-') && (sql_[at_ - 1] == 'e' || sql_[at_ - 1] == 'E') &&
              !(sql_[begin] == '0' && begin + 1 < sql_.size() && (sql_[begin + 1] | 0x20) == 'x'))) {
        ++at_;
      }
      return finish(TokenKind::kNumber, begin, {}, true);
    }
    ++at_;
    return finish(TokenKind::kOther, begin, {}, true);
  }

  Token finish(TokenKind kind, std::size_t begin, std::string text, bool as_written) const {
    if (as_written) text = std::string(sql_.substr(begin, at_ - begin));
    return Token{kind, begin, at_, std::move(text)};
  }

  std::string quoted(char quote) {
    std::string text;
    for (++at_; at_ < sql_.size(); ++at_) {
      if (peek() == quote) {
        if (peek(1) != quote) {
          ++at_;
          break;
        }
        ++at_;
      }
      text += peek();
    }
    return text;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace

bool Token::is_word(std::string_view word) const { return kind == TokenKind::kWord && iequals_ascii(text, word); }

std::vector<Token> tokenize(std::string_view sql) { return Scanner(sql).scan(); }

}  // namespace bascule::dialects::sqlite
