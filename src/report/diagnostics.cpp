#include "report/diagnostics.h"

#include <algorithm>

#include "base/text.h"

namespace bascule::report {

namespace {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

std::string coloured_severity(const Diagnostic& diagnostic, const Style& style) {
  std::string head(severity_name(diagnostic.severity));
  if (!diagnostic.code.empty()) head += "[" + diagnostic.code + "]";
  return diagnostic.severity == Severity::kError ? style.red(head) : style.yellow(head);
}

/// Terminals must not be driven by what stands in a file: control characters become blanks.
std::string printable(std::string_view line) {
  std::string out(line);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return out;
}

/// Very long lines are shown around the place.
constexpr std::size_t kWindow = 160;

void add_place(std::string& out, const Location& location, const Style& style) {
  if (!location.file) return;
  const Position& begin = location.span.begin;
  const std::string path = location.file->path();
  const std::string number = begin.known() ? std::to_string(begin.line) : "1";
  const std::string margin(number.size(), ' ');
  out += margin + style.blue("--> ") + path;
  if (begin.known()) out += ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
  out += "\n";
  if (!begin.known()) return;
  std::string line = printable(location.file->line(begin.line));
  std::size_t column = begin.column > 0 ? begin.column - 1 : 0;
  std::size_t width = 1;
  if (location.span.end.line == begin.line && location.span.end.column > begin.column) {
    width = location.span.end.column - begin.column;
  }
  if (line.size() > kWindow && utf8_length(line) == line.size()) {  // plain ASCII: columns are bytes
    const std::size_t from = column > kWindow / 2 ? column - kWindow / 2 : 0;
    line = (from > 0 ? "..." : "") + line.substr(from, kWindow) + (from + kWindow < line.size() ? "..." : "");
    column = column - from + (from > 0 ? 3 : 0);
    width = std::min(width, kWindow);
  }
  const std::size_t room = utf8_length(line) > column ? utf8_length(line) - column : 1;
  width = std::max<std::size_t>(1, std::min(width, room));
  const std::string bar = style.blue("|");
  out += margin + " " + bar + "\n";
  out += style.blue(number) + " " + bar + " " + line + "\n";
  out += margin + " " + bar + " " + std::string(column, ' ') + style.red(std::string(width, '^')) + "\n";
}

/// A statement of several lines, with the caret under the server's position.
void add_related(std::string& out, const RelatedPlace& related, const Style& style) {
  const SourceFilePtr& file = related.location.file;
  if (!file) {
    out += "  " + style.blue("= ") + related.message + "\n";
    return;
  }
  if (file->path() != "statement") {
    out += "  " + style.blue("= ") + related.message + ":\n";
    add_place(out, related.location, style);
    return;
  }
  out += "  " + style.blue("= ") + related.message + ":\n";
  const Position& at = related.location.span.begin;
  constexpr std::uint32_t kLines = 40;
  const auto lines = static_cast<std::uint32_t>(split(file->text(), '\n').size());
  const std::uint32_t first = at.known() && at.line > kLines / 2 ? at.line - kLines / 2 : 1;
  if (first > 1) out += "      ...\n";
  for (std::uint32_t number = first; number <= lines && number < first + kLines; ++number) {
    std::string line = printable(file->line(number));
    const bool here = at.known() && at.line == number;
    if (!here && line.size() > kWindow) line = line.substr(0, kWindow) + "...";
    out += "      " + line + "\n";
    if (here) out += "      " + std::string(at.column - 1, ' ') + style.red("^") + "\n";
  }
  if (lines >= first + kLines) out += "      ...\n";
}

void add_lines(std::string& out, std::string_view text, std::string_view label, const Style& style) {
  if (text.empty()) return;
  bool first = true;
  for (std::string_view line : split(text, '\n')) {
    out += first ? "  " + style.blue("= ") + std::string(label) : "    ";
    out += std::string(line) + "\n";
    first = false;
  }
}

Json place_json(const Location& location) {
  if (!location.file) return Json();
  Json out = Json::object();
  out.set("file", location.file->path());
  if (location.span.begin.known()) {
    out.set("line", location.span.begin.line).set("column", location.span.begin.column);
    out.set("end_line", location.span.end.line).set("end_column", location.span.end.column);
  }
  return out;
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic, const Style& style) {
  std::string out = coloured_severity(diagnostic, style) + ": " + style.bold(diagnostic.message) + "\n";
  add_place(out, diagnostic.location, style);
  add_lines(out, diagnostic.cause, "", style);
  for (const RelatedPlace& related : diagnostic.related) add_related(out, related, style);
  add_lines(out, diagnostic.help, "help: ", style);
  return out;
}

std::string to_text(const Diagnostics& diagnostics, const Style& style) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    if (!out.empty()) out += "\n";
    out += to_text(diagnostic, style);
  }
  return out;
}

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.list()) {
    Json one = Json::object();
    one.set("code", diagnostic.code).set("severity", severity_name(diagnostic.severity));
    one.set("message", diagnostic.message).set("place", place_json(diagnostic.location));
    one.set("cause", diagnostic.cause).set("help", diagnostic.help);
    Json related = Json::array();
    for (const RelatedPlace& place : diagnostic.related) {
      Json item = Json::object();
      item.set("message", place.message).set("place", place_json(place.location));
      if (place.location.file && place.location.file->path() == "statement")
        item.set("sql", place.location.file->text());
      related.push(std::move(item));
    }
    one.set("related", std::move(related));
    list.push(std::move(one));
  }
  return list;
}

}  // namespace bascule::report
