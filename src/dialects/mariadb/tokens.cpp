#include "dialects/mariadb/tokens.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "syntax/sql/lexer.h"

namespace bascule::dialects::mariadb {

namespace {

/// The text of a string literal: doubled quotes and backslashes undone. Prefixes (N'', X'') stay: no name has them.
std::string string_text(std::string_view written) {
  const std::size_t open = written.find_first_of("'\"");
  if (open == std::string_view::npos) return std::string(written);
  const char quote = written[open];
  std::string_view inside = written.substr(open + 1);
  if (!inside.empty() && inside.back() == quote) inside.remove_suffix(1);
  std::string out;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    char c = inside[at];
    if (c == '\\' && at + 1 < inside.size()) {
      c = inside[++at];
      if (c == 'n') c = '\n';
      if (c == 't') c = '\t';
    } else if (c == quote && at + 1 < inside.size() && inside[at + 1] == quote) {
      ++at;
    }
    out += c;
  }
  return out;
}

std::string name_text(std::string_view written) {
  written.remove_prefix(1);
  if (!written.empty() && written.back() == '`') written.remove_suffix(1);
  return replace_all(written, "``", "`");
}

}  // namespace

std::string to_upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

bool Token::is(std::string_view word) const { return kind == TokenKind::kWord && iequals_ascii(text, word); }

std::vector<Token> tokenize(std::string_view sql) {
  std::vector<Token> tokens;
  syntax::sql::Lexer lexer(sql, syntax::sql::Flavour::kMysql);
  while (const auto token = lexer.next()) {
    const std::string_view written = syntax::sql::written(sql, *token);
    Token one{TokenKind::kSymbol, token->begin, token->end, {}};
    switch (token->kind) {
      case syntax::sql::TokenKind::kWord:
        one.kind = TokenKind::kWord;
        one.text = std::string(written);
        break;
      case syntax::sql::TokenKind::kQuotedName:
        one.kind = TokenKind::kQuotedName;
        one.text = name_text(written);
        break;
      case syntax::sql::TokenKind::kString:
        one.kind = TokenKind::kString;
        one.text = string_text(written);
        break;
      case syntax::sql::TokenKind::kNumber:
        one.kind = TokenKind::kNumber;
        one.text = std::string(written);
        break;
      case syntax::sql::TokenKind::kSymbol:
        if (written.size() != 1) continue;  // a bracket of a conditional comment
        one.text.assign(1, written.front());
        break;
      case syntax::sql::TokenKind::kTerminator:
        continue;
    }
    tokens.push_back(std::move(one));
  }
  return tokens;
}

const Token& Cursor::peek(std::size_t ahead) const {
  static const Token kEnd{};
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kEnd;
}

bool Cursor::take(std::string_view word) {
  if (!peek().is(word)) return false;
  ++at_;
  return true;
}

bool Cursor::take(char symbol) {
  if (!peek().is(symbol)) return false;
  ++at_;
  return true;
}

bool Cursor::sees(std::initializer_list<std::string_view> words) const {
  std::size_t ahead = 0;
  for (const std::string_view word : words)
    if (!peek(ahead++).is(word)) return false;
  return true;
}

bool Cursor::take_all(std::initializer_list<std::string_view> words) {
  if (!sees(words)) return false;
  at_ += words.size();
  return true;
}

bool Cursor::take_any(std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words)
    if (take(word)) return true;
  return false;
}

Identifier Cursor::name() {
  if (!peek().is_name()) return Identifier();
  Identifier found(peek().text);
  ++at_;
  return found;
}

QualifiedName Cursor::qualified_name() {
  Identifier first = name();
  if (!peek().is('.') || !peek(1).is_name()) return {{}, std::move(first)};
  ++at_;
  return {std::move(first), name()};
}

std::vector<Identifier> Cursor::names() {
  std::vector<Identifier> found;
  if (!peek().is('(')) return found;
  const std::size_t end = behind_bracket(at_);
  ++at_;
  while (at_ < end) {
    if (Identifier one = name(); !one.empty()) found.push_back(std::move(one));
    while (at_ < end && !peek().is(',')) at_ = peek().is('(') ? behind_bracket(at_) : at_ + 1;
    ++at_;
  }
  at_ = end;
  return found;
}

std::string Cursor::slice(std::size_t first, std::size_t last) const {
  if (last > tokens_.size()) last = tokens_.size();
  if (first >= last) return {};
  return std::string(sql_.substr(tokens_[first].begin, tokens_[last - 1].end - tokens_[first].begin));
}

std::size_t Cursor::behind_bracket(std::size_t open) const {
  int depth = 0;
  for (std::size_t at = open; at < tokens_.size(); ++at) {
    if (tokens_[at].is('(')) ++depth;
    if (tokens_[at].is(')') && --depth == 0) return at + 1;
  }
  return tokens_.size();
}

std::string Cursor::bracketed() {
  if (!peek().is('(')) return {};
  const std::size_t open = at_;
  at_ = behind_bracket(open);
  return slice(open + 1, at_ - 1);
}

void Cursor::skip_to_comma() {
  while (!at_end() && !peek().is(',')) at_ = peek().is('(') ? behind_bracket(at_) : at_ + 1;
}

}  // namespace bascule::dialects::mariadb
