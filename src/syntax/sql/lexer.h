// What: the tokens of SQL text, for every family of databases whose texts differ in quoting and comments.
// Must not know: what a statement means, or where it ends beyond its terminator.
// Invariants: tokens lie in the text in order, blanks and comments between them; any bytes are taken; one pass, linear
// time, no recursion. An unclosed token reaches to the end of the text and is told by unclosed().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace bascule::syntax::sql {

/// Families of databases by how their texts are cut. kMysql stands for MariaDB too.
enum class Flavour : std::uint8_t { kPostgres, kSqlite, kMysql };

enum class TokenKind : std::uint8_t {
  kWord,        ///< an unquoted name or keyword
  kQuotedName,  ///< "name", `name`, [name], U&"name"
  kString,      ///< 'text' in every spelling of the family, dollar quotes, bit strings and blobs
  kNumber,
  kSymbol,      ///< one character, or the brackets of a conditional comment of MySQL
  kTerminator,  ///< ";", or what DELIMITER has put in its place
};

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What was opened and never closed.
enum class Unclosed : std::uint8_t { kString, kDollarQuote, kComment, kQuotedName };

struct UnclosedToken {
  Unclosed what = Unclosed::kString;
  std::size_t begin = 0;
};

class Lexer {
 public:
  /// text must outlive the lexer.
  Lexer(std::string_view text, Flavour flavour) : text_(text), flavour_(flavour) {}

  /// The next token; nullopt at the end.
  std::optional<Token> next();
  /// Where the last token ended.
  std::size_t at() const { return at_; }
  /// Goes on from there, as if what lies before had been read.
  void jump(std::size_t at) { at_ = at; }
  /// What ends a statement. terminator must outlive its use and not be empty.
  void set_terminator(std::string_view terminator) { terminator_ = terminator; }
  const std::optional<UnclosedToken>& unclosed() const { return unclosed_; }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool at_terminator() const;
  void skip_blanks();
  bool skip_comment();
  void skip_nested_comment();
  void skip_line();
  Token finish(TokenKind kind, std::size_t begin) const { return {kind, begin, at_}; }
  Token quoted(TokenKind kind, std::size_t begin, char quote, bool backslashes);
  Token bracketed(std::size_t begin);
  bool dollar_quote();
  std::optional<Token> prefixed_quote();
  void number();
  void unclosed_at(Unclosed what, std::size_t begin);

  std::string_view text_;
  std::string_view terminator_ = ";";
  std::size_t at_ = 0;
  std::optional<std::size_t> conditional_comment_;
  std::optional<UnclosedToken> unclosed_;
  Flavour flavour_;
};

/// The token as written.
inline std::string_view written(std::string_view text, const Token& token) {
  return text.substr(token.begin, token.end - token.begin);
}
/// Whether the token is this unquoted word, whatever its case.
bool is_word(std::string_view text, const Token& token, std::string_view word);
inline bool is_symbol(std::string_view text, const Token& token, char symbol) {
  return token.kind == TokenKind::kSymbol && token.end == token.begin + 1 && text[token.begin] == symbol;
}

}  // namespace bascule::syntax::sql
