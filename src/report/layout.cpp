#include "report/layout.h"

#include <algorithm>

#include "base/text.h"

namespace bascule::report {

std::string printable(std::string_view line) {
  std::string out(line);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return out;
}

void add_place(std::string& out, const Location& location, const Style& style) {
  if (!location.file) return;
  const Position& begin = location.span.begin;
  const std::string path = location.file->path();
  const std::string number = begin.known() ? std::to_string(begin.line) : "1";
  const std::string margin(number.size(), ' ');
  out += margin + style.blue("--> ") + path;
  if (begin.known()) out += ":" + std::to_string(begin.line);
  if (begin.known() && begin.column > 0) out += ":" + std::to_string(begin.column);
  out += "\n";
  if (!begin.known() || begin.column == 0) return;  // of a journal's step only the line is known
  std::string line = printable(location.file->line(begin.line));
  std::size_t column = begin.column > 0 ? begin.column - 1 : 0;
  std::size_t width = 1;
  if (location.span.end.line == begin.line && location.span.end.column > begin.column) {
    width = location.span.end.column - begin.column;
  }
  if (line.size() > kLineWindow && utf8_length(line) == line.size()) {  // plain ASCII: columns are bytes
    const std::size_t from = column > kLineWindow / 2 ? column - kLineWindow / 2 : 0;
    line = (from > 0 ? "..." : "") + line.substr(from, kLineWindow) + (from + kLineWindow < line.size() ? "..." : "");
    column = column - from + (from > 0 ? 3 : 0);
    width = std::min(width, kLineWindow);
  }
  const std::size_t room = utf8_length(line) > column ? utf8_length(line) - column : 1;
  width = std::max<std::size_t>(1, std::min(width, room));
  const std::string bar = style.blue("|");
  out += margin + " " + bar + "\n";
  out += style.blue(number) + " " + bar + " " + line + "\n";
  out += margin + " " + bar + " " + std::string(column, ' ') + style.red(std::string(width, '^')) + "\n";
}

void add_lines(std::string& out, std::string_view text, std::string_view label, const Style& style) {
  if (text.empty()) return;
  bool first = true;
  for (std::string_view line : split(text, '\n')) {
    out += first ? "  " + style.blue("= ") + std::string(label) : "    ";
    out += printable(line) + "\n";
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

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + " ...";
}

}  // namespace bascule::report
