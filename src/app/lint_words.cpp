#include "app/lint_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "syntax/python/comments.h"
#include "syntax/sql/comments.h"

namespace bascule::app {

namespace {

/// What tools write or read at the top of a file: "Revises: ae10", "revision: 002", "migrate:up", "+goose Up".
bool is_machine_line(std::string_view line) {
  constexpr std::array<std::string_view, 12> kMarks = {"revision id:",   "revises:",    "create date:", "create-date:",
                                                       "revision:",      "message:",    "migrate:",     "+goose",
                                                       "branch labels:", "depends-on:", "transaction:", "bascule:"};
  const std::string lower = to_lower_ascii(line);
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) { return lower.starts_with(mark); });
}

class Words {
 public:
  explicit Words(std::string_view message) : message_(trim(message)) {}
  void add(std::string_view line) {
    line = trim(line);
    if (line.empty() || line == message_ || is_machine_line(line)) return;
    if (!out_.empty()) out_ += '\n';
    out_ += line;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string_view message_;
  std::string out_;
};

/// The text between a string literal's quotes; empty: there is none at the beginning.
std::string_view leading_literal(std::string_view text) {
  const std::size_t quote = text.find_first_of("\"'");
  if (quote == std::string_view::npos || quote > 2) return {};
  text.remove_prefix(quote);
  const bool triple = text.size() > 2 && text[1] == text[0] && text[2] == text[0];
  const std::string_view mark = text.substr(0, triple ? 3 : 1);
  const std::size_t close = text.find(mark, mark.size());
  return close == std::string_view::npos ? std::string_view() : text.substr(mark.size(), close - mark.size());
}

/// The docstring of upgrade().
std::string_view function_docstring(std::string_view text) {
  std::size_t at = text.find("def upgrade(");
  if (at == std::string_view::npos) return {};
  at = text.find(':', text.find(')', at));
  if (at == std::string_view::npos) return {};
  const std::string_view body = trim(text.substr(at + 1));
  return body.starts_with('"') || body.starts_with('\'') ? leading_literal(body) : std::string_view();
}

}  // namespace

bool is_python(const std::string& path) { return path.ends_with(".py"); }

std::string description_of(const SourceFile& file, const std::string& message) {
  Words words(message);
  std::string_view rest = file.text();
  const bool python = is_python(file.path());
  const std::string_view mark = python ? "#" : "--";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trim(rest.substr(0, end));
    if (line.starts_with(mark))
      words.add(line.substr(mark.size()));
    else if (!python && line.starts_with("/*"))
      for (const std::string_view one : split(rest.substr(2, std::min(rest.find("*/"), rest.size()) - 2), '\n'))
        words.add(trim(one).starts_with('*') ? trim(one).substr(1) : one);
    else if (!line.empty())
      break;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!python) return words.take();
  for (const std::string_view line : split(leading_literal(trim(rest)), '\n')) words.add(line);
  for (const std::string_view line : split(function_docstring(file.text()), '\n')) words.add(line);
  return words.take();
}

std::vector<safety::SourceComment> comments_of(const SourceFilePtr& file, const std::string& dialect) {
  std::vector<safety::SourceComment> out;
  if (!file || !safety::may_hold_suppression(file->text())) return out;
  const auto flavour = dialect == "sqlite" ? syntax::sql::Flavour::kSqlite : syntax::sql::Flavour::kPostgres;
  const auto found =
      is_python(file->path()) ? syntax::python::comments(file->text()) : syntax::sql::comments(file->text(), flavour);
  for (const syntax::Comment& one : found) out.push_back({std::string(one.text), {file, one.span}, one.alone});
  return out;
}

}  // namespace bascule::app
