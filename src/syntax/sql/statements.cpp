#include "syntax/sql/statements.h"

#include <cctype>
#include <string>

namespace bascule::syntax::sql {

namespace {

bool is_word(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) != 0 || c == '_' || u >= 0x80;
}

/// The end of the token that begins at i, or i + 1; solid says whether it is more than blank or comment.
std::size_t skip_token(std::string_view s, std::size_t i, bool& solid) {
  const char c = s[i];
  const char next = i + 1 < s.size() ? s[i + 1] : '\0';
  if (c == '-' && next == '-') {
    const auto end = s.find('\n', i);
    return end == std::string_view::npos ? s.size() : end + 1;
  }
  if (c == '/' && next == '*') {
    int depth = 1;
    std::size_t j = i + 2;
    for (; j < s.size() && depth > 0; ++j) {
      const char after = j + 1 < s.size() ? s[j + 1] : '\0';
      if (s[j] == '/' && after == '*')
        ++depth, ++j;
      else if (s[j] == '*' && after == '/')
        --depth, ++j;
    }
    return j;
  }
  if (std::isspace(static_cast<unsigned char>(c)) != 0) return i + 1;
  solid = true;
  if (c == '\'' || c == '"') {
    const bool escapes = c == '\'' && i > 0 && (s[i - 1] == 'E' || s[i - 1] == 'e') && (i < 2 || !is_word(s[i - 2]));
    std::size_t j = i + 1;
    for (; j < s.size(); ++j) {
      if (escapes && s[j] == '\\')
        ++j;
      else if (s[j] == c)
        break;
    }
    return j < s.size() ? j + 1 : s.size();
  }
  if (c == '$' && (i == 0 || !is_word(s[i - 1]))) {
    std::size_t j = i + 1;
    while (j < s.size() && is_word(s[j])) ++j;
    const bool tag_ok = i + 1 == j || std::isdigit(static_cast<unsigned char>(s[i + 1])) == 0;
    if (j < s.size() && s[j] == '$' && tag_ok) {
      const std::string_view tag = s.substr(i, j - i + 1);
      const auto end = s.find(tag, j + 1);
      return end == std::string_view::npos ? s.size() : end + tag.size();
    }
  }
  return i + 1;
}

}  // namespace

std::vector<std::string_view> split_postgres(std::string_view script) {
  std::vector<std::string_view> statements;
  std::size_t start = 0;
  bool solid = false;
  for (std::size_t i = 0; i < script.size();) {
    if (script[i] == ';') {
      if (solid) statements.push_back(script.substr(start, i - start));
      start = ++i;
      solid = false;
    } else {
      i = skip_token(script, i, solid);
    }
  }
  if (solid) statements.push_back(script.substr(start));
  return statements;
}

}  // namespace bascule::syntax::sql
