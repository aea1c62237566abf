// What: the words of one MariaDB statement, names and texts without their quotes, and a cursor over them.
// Must not know: what a statement means.
// Invariants: tokens lie in the text in order; the brackets of conditional comments (/*!40101 ... */) are left out:
// what stands in them is done. Beyond the end lies an empty token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/identifier.h"

namespace bascule::dialects::mariadb {

enum class TokenKind : std::uint8_t { kEnd, kWord, kQuotedName, kString, kNumber, kSymbol };

/// text: of a quoted name or a string without its quotes, else as written.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
  /// An unquoted word, whatever its case.
  bool is(std::string_view word) const;
  bool is(char symbol) const { return kind == TokenKind::kSymbol && text.size() == 1 && text[0] == symbol; }
  bool is_name() const { return kind == TokenKind::kWord || kind == TokenKind::kQuotedName; }
};

std::string to_upper(std::string_view text);

/// Tokens hold copies of the text.
std::vector<Token> tokenize(std::string_view sql);

/// Reads along a statement's tokens.
class Cursor {
 public:
  /// sql must outlive the cursor.
  explicit Cursor(std::string_view sql) : sql_(sql), tokens_(tokenize(sql)) {}

  const Token& peek(std::size_t ahead = 0) const;
  bool at_end() const { return at_ >= tokens_.size(); }
  std::size_t at() const { return at_; }
  void jump(std::size_t at) { at_ = at; }
  void step() { ++at_; }
  bool take(std::string_view word);
  bool take(char symbol);
  /// All of them, one after the other, or none.
  bool take_all(std::initializer_list<std::string_view> words);
  bool sees(std::initializer_list<std::string_view> words) const;
  /// Any one of them.
  bool take_any(std::initializer_list<std::string_view> words);

  /// Empty where no name stands here.
  Identifier name();
  QualifiedName qualified_name();
  /// (a, b(10), c DESC); empty: no such list.
  std::vector<Identifier> names();

  /// The text from one token to before another, as written.
  std::string slice(std::size_t first, std::size_t last) const;
  /// The token behind the bracket that closes the one at `open`.
  std::size_t behind_bracket(std::size_t open) const;
  /// What the brackets that open here enclose; the cursor goes behind them. Empty: none open here.
  std::string bracketed();
  /// Goes to the next comma outside of brackets, or to the end.
  void skip_to_comma();
  std::string_view sql() const { return sql_; }

 private:
  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace bascule::dialects::mariadb
