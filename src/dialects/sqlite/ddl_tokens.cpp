#include <string>

#include "base/text.h"
#include "dialects/sqlite/ddl_reader.h"
#include "syntax/sql/lexer.h"

namespace bascule::dialects::sqlite {

namespace {

/// A name without its quotes.
std::string unquoted(std::string_view written) {
  const char quote = written[0];
  written.remove_prefix(1);
  const char close = quote == '[' ? ']' : quote;
  if (!written.empty() && written.back() == close) written.remove_suffix(1);
  return quote == '[' ? std::string(written) : replace_all(written, std::string(2, quote), std::string(1, quote));
}

TokenKind kind_of(syntax::sql::TokenKind kind) {
  switch (kind) {
    case syntax::sql::TokenKind::kWord:
      return TokenKind::kWord;
    case syntax::sql::TokenKind::kQuotedName:
      return TokenKind::kQuotedName;
    case syntax::sql::TokenKind::kString:
      return TokenKind::kString;
    case syntax::sql::TokenKind::kNumber:
      return TokenKind::kNumber;
    case syntax::sql::TokenKind::kSymbol:
    case syntax::sql::TokenKind::kTerminator:
      break;
  }
  return TokenKind::kOther;
}

}  // namespace

bool Token::is_word(std::string_view word) const { return kind == TokenKind::kWord && iequals_ascii(text, word); }

std::vector<Token> tokenize(std::string_view sql) {
  std::vector<Token> tokens;
  syntax::sql::Lexer lexer(sql, syntax::sql::Flavour::kSqlite);
  while (const auto token = lexer.next()) {
    const std::string_view written = syntax::sql::written(sql, *token);
    const bool quoted = token->kind == syntax::sql::TokenKind::kQuotedName;
    tokens.push_back(
        {kind_of(token->kind), token->begin, token->end, quoted ? unquoted(written) : std::string(written)});
  }
  return tokens;
}

}  // namespace bascule::dialects::sqlite
