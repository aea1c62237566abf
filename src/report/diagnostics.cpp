#include "report/diagnostics.h"

#include "base/text.h"
#include "report/layout.h"

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
    if (!here && line.size() > kLineWindow) line = line.substr(0, kLineWindow) + "...";
    out += "      " + line + "\n";
    if (here) out += "      " + std::string(at.column - 1, ' ') + style.red("^") + "\n";
  }
  if (lines >= first + kLines) out += "      ...\n";
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
