#include "syntax/sql/lexer.h"

#include <algorithm>

#include "base/text.h"

namespace bascule::syntax::sql {

namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }

}  // namespace

bool is_word(std::string_view text, const Token& token, std::string_view word) {
  return token.kind == TokenKind::kWord && iequals_ascii(written(text, token), word);
}

bool Lexer::at_terminator() const {
  return peek() == terminator_[0] && text_.compare(at_, terminator_.size(), terminator_) == 0;
}

void Lexer::unclosed_at(Unclosed what, std::size_t begin) {
  if (!unclosed_) unclosed_ = UnclosedToken{what, begin};
  at_ = text_.size();
}

void Lexer::skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }

void Lexer::skip_nested_comment() {
  const std::size_t begin = at_;
  std::size_t depth = 0;
  while (at_ < text_.size()) {
    if (peek() == '/' && peek(1) == '*') {
      ++depth;
      at_ += 2;
    } else if (peek() == '*' && peek(1) == '/') {
      at_ += 2;
      if (--depth == 0) return;
    } else {
      ++at_;
    }
  }
  unclosed_at(Unclosed::kComment, begin);
}

bool Lexer::skip_comment() {
  const char c = peek();
  if (c == '-' && peek(1) == '-') {
    // To MySQL two dashes are two minus signs unless a blank follows.
    if (flavour_ == Flavour::kMysql && at_ + 2 < text_.size() && !is_blank(peek(2))) return false;
    skip_line();
    return true;
  }
  if (c == '#' && flavour_ == Flavour::kMysql) {
    skip_line();
    return true;
  }
  if (c != '/' || peek(1) != '*') return false;
  if (flavour_ == Flavour::kPostgres) {
    skip_nested_comment();
    return true;
  }
  // What stands in a conditional comment is run: it is no comment here.
  if (flavour_ == Flavour::kMysql && (peek(2) == '!' || (peek(2) == 'M' && peek(3) == '!'))) return false;
  const std::size_t end = text_.find("*/", at_ + 2);
  if (end != std::string_view::npos)
    at_ = end + 2;
  else if (flavour_ == Flavour::kSqlite)
    at_ = text_.size();  // SQLite takes the end of the text for the end of the comment
  else
    unclosed_at(Unclosed::kComment, at_);
  return true;
}

void Lexer::skip_blanks() {
  if (at_ == 0 && text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
  while (at_ < text_.size()) {
    if (is_blank(peek()))
      ++at_;
    else if (at_terminator() || !skip_comment())
      return;
  }
}

Token Lexer::quoted(TokenKind kind, std::size_t begin, char quote, bool backslashes) {
  const char stops[] = {quote, '\\'};
  const std::string_view wanted(stops, backslashes ? 2 : 1);
  for (++at_; at_ < text_.size(); ++at_) {
    at_ = std::min(text_.find_first_of(wanted, at_), text_.size());
    if (at_ == text_.size()) break;
    if (peek() == '\\' && quote != '\\') {
      ++at_;
    } else if (peek(1) == quote) {
      ++at_;
    } else {
      ++at_;
      return finish(kind, begin);
    }
  }
  unclosed_at(kind == TokenKind::kString ? Unclosed::kString : Unclosed::kQuotedName, begin);
  return finish(kind, begin);
}

Token Lexer::bracketed(std::size_t begin) {
  const std::size_t end = text_.find(']', at_);
  if (end == std::string_view::npos)
    unclosed_at(Unclosed::kQuotedName, begin);
  else
    at_ = end + 1;
  return finish(TokenKind::kQuotedName, begin);
}

/// $tag$ ... $tag$
bool Lexer::dollar_quote() {
  std::size_t end = at_ + 1;
  if (end < text_.size() && is_digit(text_[end])) return false;  // $1
  while (end < text_.size() && text_[end] != '$' && continues_word(text_[end])) ++end;
  if (end >= text_.size() || text_[end] != '$') return false;
  const std::string_view tag = text_.substr(at_, end + 1 - at_);
  const std::size_t close = text_.find(tag, end + 1);
  if (close == std::string_view::npos)
    unclosed_at(Unclosed::kDollarQuote, at_);
  else
    at_ = close + tag.size();
  return true;
}

/// A string or name whose quotes stand behind letters: E'', B'', X'', N'', U&''.
std::optional<Token> Lexer::prefixed_quote() {
  const std::size_t begin = at_;
  const char letter = static_cast<char>(peek() | 0x20);
  if (peek(1) == '\'') {
    const bool known =
        flavour_ == Flavour::kSqlite ? letter == 'x' : letter == 'e' || letter == 'b' || letter == 'x' || letter == 'n';
    if (!known || (letter == 'e' && flavour_ != Flavour::kPostgres)) return std::nullopt;
    ++at_;
    return quoted(TokenKind::kString, begin, '\'', letter == 'e' || flavour_ == Flavour::kMysql);
  }
  if (flavour_ != Flavour::kPostgres || letter != 'u' || peek(1) != '&') return std::nullopt;
  if (peek(2) != '\'' && peek(2) != '"') return std::nullopt;
  at_ += 2;
  return quoted(peek() == '"' ? TokenKind::kQuotedName : TokenKind::kString, begin, peek(), false);
}

void Lexer::number() {
  const std::size_t begin = at_;
  const bool hexadecimal = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
  while (at_ < text_.size() && !at_terminator()) {
    const bool exponent_sign = !hexadecimal && at_ > begin && (peek() == '+' || peek() == '-') &&
                               (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E') && is_digit(peek(1));
    if (!continues_word(peek()) && peek() != '.' && !exponent_sign) return;
    ++at_;
  }
}

std::optional<Token> Lexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) {
    if (conditional_comment_ && !unclosed_) unclosed_ = UnclosedToken{Unclosed::kComment, *conditional_comment_};
    return std::nullopt;
  }
  const std::size_t begin = at_;
  const char c = peek();
  if (at_terminator()) {
    at_ += terminator_.size();
    return finish(TokenKind::kTerminator, begin);
  }
  if (starts_word(c)) {
    if (auto token = prefixed_quote()) return token;
    while (at_ < text_.size() && continues_word(peek()) && !at_terminator()) ++at_;
    return finish(TokenKind::kWord, begin);
  }
  const bool mysql = flavour_ == Flavour::kMysql;
  if (c == '\'') return quoted(TokenKind::kString, begin, c, mysql);
  if (c == '"') return quoted(mysql ? TokenKind::kString : TokenKind::kQuotedName, begin, c, mysql);
  if (c == '`' && flavour_ != Flavour::kPostgres) return quoted(TokenKind::kQuotedName, begin, c, false);
  if (c == '[' && flavour_ == Flavour::kSqlite) return bracketed(begin);
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
    number();
    return finish(TokenKind::kNumber, begin);
  }
  if (c == '$' && flavour_ == Flavour::kPostgres && dollar_quote()) return finish(TokenKind::kString, begin);
  if (mysql && c == '/' && peek(1) == '*') {
    conditional_comment_ = begin;
    at_ += peek(2) == 'M' ? 4 : 3;
    while (is_digit(peek())) ++at_;
    return finish(TokenKind::kSymbol, begin);
  }
  if (conditional_comment_ && c == '*' && peek(1) == '/') {
    conditional_comment_.reset();
    at_ += 2;
    return finish(TokenKind::kSymbol, begin);
  }
  ++at_;
  return finish(TokenKind::kSymbol, begin);
}

}  // namespace bascule::syntax::sql
