#include "safety/write_help.h"

#include <algorithm>

#include "base/text.h"

namespace bascule::safety {

namespace {

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

/// "{table}" becomes orders; braces around anything but a name stay.
std::string fill_in(std::string_view text, const Names& names) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    if (!is_name(inside)) {
      out += text.substr(0, open + 1);
      text.remove_prefix(open + 1);
      continue;
    }
    out += text.substr(0, open);
    const auto found = names.find(std::string(inside));
    out += found == names.end() || found->second.empty() ? "<" + std::string(inside) + ">" : found->second;
    text.remove_prefix(close + 1);
  }
  return out + std::string(text);
}

/// SQL as an Alembic file runs it: comments stay comments, each statement is an op.execute.
std::string as_alembic(std::string_view sql) {
  std::string out;
  std::string statement;
  const auto flush = [&] {
    if (trim(statement).empty()) return;
    std::string_view text = trim(statement);
    if (text.ends_with(';')) text.remove_suffix(1);
    const char* quotes =
        text.find('\n') != std::string_view::npos || text.find('"') != std::string_view::npos ? "\"\"\"" : "\"";
    out += std::string("op.execute(") + quotes + std::string(text) + quotes + ")\n";
    statement.clear();
  };
  for (const std::string_view line : split(sql, '\n')) {
    if (trim(line).starts_with("--") && trim(statement).empty()) {
      out += "#" + std::string(trim(line).substr(2)) + "\n";
      continue;
    }
    statement += std::string(line) + "\n";
    if (trim(line).ends_with(';')) flush();
  }
  flush();
  return std::string(trim(out));
}

}  // namespace

std::string write_help(const Rule& rule, Spelling spelling, const Names& names) {
  if (spelling == Spelling::kSql) return fill_in(rule.safe_sql, names);
  if (!rule.safe_alembic.empty()) return fill_in(rule.safe_alembic, names);
  return as_alembic(fill_in(rule.safe_sql, names));
}

}  // namespace bascule::safety
