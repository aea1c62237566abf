#include "dialects/postgres/statement_text.h"

#include <algorithm>
#include <charconv>

namespace bascule::dialects::postgres {

namespace sql = syntax::sql;

StatementText::StatementText(std::string_view text) : sql_(text) {
  sql::Lexer lexer(text, sql::Flavour::kPostgres);
  std::vector<std::size_t> open;
  std::vector<std::size_t> runs = {0};  // tokens since the last comma, at each depth of brackets
  while (const auto token = lexer.next()) {
    const std::size_t index = tokens_.size();
    tokens_.push_back(*token);
    partners_.push_back(static_cast<std::uint32_t>(index));
    longest_run_ = std::max(longest_run_, ++runs.back());
    if (symbol(index, ',')) runs.back() = 0;
    if (symbol(index, '(') || symbol(index, '[')) {
      open.push_back(index);
      runs.push_back(0);
    } else if ((symbol(index, ')') || symbol(index, ']')) && !open.empty()) {
      partners_[open.back()] = static_cast<std::uint32_t>(index);
      open.pop_back();
      runs.pop_back();
    }
  }
  for (const std::size_t unmatched : open) partners_[unmatched] = static_cast<std::uint32_t>(tokens_.size());
}

std::size_t StatementText::at(std::size_t offset) const {
  const auto found = std::lower_bound(tokens_.begin(), tokens_.end(), offset,
                                      [](const sql::Token& token, std::size_t wanted) { return token.begin < wanted; });
  return static_cast<std::size_t>(found - tokens_.begin());
}

std::string_view StatementText::written(std::size_t token) const {
  return token < tokens_.size() ? sql::written(sql_, tokens_[token]) : std::string_view();
}

bool StatementText::word(std::size_t token, std::string_view wanted) const {
  return token < tokens_.size() && sql::is_word(sql_, tokens_[token], wanted);
}

bool StatementText::symbol(std::size_t token, char wanted) const {
  return token < tokens_.size() && sql::is_symbol(sql_, tokens_[token], wanted);
}

bool StatementText::number(std::size_t token) const {
  return token < tokens_.size() && tokens_[token].kind == sql::TokenKind::kNumber;
}

std::size_t StatementText::after(std::size_t token) const {
  return token < tokens_.size() ? partners_[token] + std::size_t{1} : token;
}

std::size_t StatementText::find_word(Range range, std::string_view wanted) const {
  std::size_t token = range.begin;
  while (token < range.end && !word(token, wanted)) token = after(token);
  return std::min(token, range.end);
}

std::size_t StatementText::find_symbol(Range range, char wanted) const {
  std::size_t token = range.begin;
  while (token < range.end && !symbol(token, wanted)) token = after(token);
  return std::min(token, range.end);
}

StatementText::Range StatementText::inside(std::size_t token) const {
  if (token >= tokens_.size() || partners_[token] == token) return {token, token};
  return {token + 1, partners_[token]};
}

std::vector<StatementText::Range> StatementText::split(Range range) const {
  std::vector<Range> parts;
  for (std::size_t begin = range.begin; begin < range.end;) {
    const std::size_t comma = find_symbol({begin, range.end}, ',');
    parts.push_back({begin, comma});
    begin = comma + 1;
  }
  return parts;
}

std::string StatementText::slice(Range range) const {
  range.end = std::min(range.end, tokens_.size());
  if (range.empty()) return {};
  const std::size_t begin = tokens_[range.begin].begin;
  return std::string(sql_.substr(begin, tokens_[range.end - 1].end - begin));
}

std::optional<std::int64_t> StatementText::integer(std::size_t token) const {
  const bool negative = symbol(token, '-');
  if (negative || symbol(token, '+')) ++token;
  const std::string digits = (negative ? "-" : "") + std::string(written(token));
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace bascule::dialects::postgres
