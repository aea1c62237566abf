#include "app/lint_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "formats/sql_script.h"
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
  if (quote > 2) return {};  // there may be none at all
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

namespace {

/// A literal's SQL, as long as it is in the file. A line end that is written as an escape ends a comment as a real one
/// does.
std::string sql_of(std::string_view content, bool raw) {
  std::string out(content);
  if (raw) return out;
  for (std::size_t at = out.find('\\'); at != std::string::npos && at + 1 < out.size(); at = out.find('\\', at + 2))
    if (out[at + 1] == 'n') out.replace(at, 2, "\n ");
  return out;
}

/// The comments of the SQL that stands in literals of these calls.
void add_comments_of_literals(const SourceFilePtr& file, syntax::sql::Flavour flavour, const std::vector<Span>& calls,
                              std::vector<safety::SourceComment>& out) {
  for (const syntax::python::Literal& literal : syntax::python::literals(file->text())) {
    const std::string_view content = file->text().substr(literal.begin, literal.end - literal.begin);
    const bool sent = std::any_of(calls.begin(), calls.end(), [&](const Span& call) {
      return call.begin.offset <= literal.begin && literal.end <= call.end.offset;
    });
    if (!sent || !safety::may_hold_suppression(content)) continue;
    const std::string sql = sql_of(content, literal.raw);
    for (const syntax::Comment& one : syntax::sql::comments(sql, flavour)) {
      const Span span{file->at(literal.begin + one.span.begin.offset), file->at(literal.begin + one.span.end.offset)};
      // Behind an escape the statement goes on in the same line of the file.
      const std::size_t end = literal.begin + one.span.end.offset;
      const bool line_ends = end >= literal.end || file->text()[end] == '\n' || file->text()[end] == '\r';
      out.push_back({std::string(one.text), {file, span}, one.alone && line_ends});
    }
  }
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

std::vector<safety::SourceComment> comments_of(const SourceFilePtr& file, const std::string& dialect,
                                               const std::vector<Span>& calls) {
  std::vector<safety::SourceComment> out;
  if (!file || !safety::may_hold_suppression(file->text())) return out;
  const auto flavour = formats::flavour_of(dialect);
  const bool python = is_python(file->path());
  const auto found = python ? syntax::python::comments(file->text()) : syntax::sql::comments(file->text(), flavour);
  for (const syntax::Comment& one : found) out.push_back({std::string(one.text), {file, one.span}, one.alone});
  if (!python || calls.empty()) return out;
  add_comments_of_literals(file, flavour, calls, out);
  std::stable_sort(out.begin(), out.end(), [](const safety::SourceComment& a, const safety::SourceComment& b) {
    return a.location.span.begin.offset < b.location.span.begin.offset;
  });
  return out;
}

}  // namespace bascule::app
