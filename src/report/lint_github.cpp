#include <string_view>

#include "base/text.h"
#include "report/lint.h"
#include "report/lint_words.h"

namespace bascule::report {

namespace {

using safety::Level;

/// GitHub's own escapes: without them a line end would end the command, and what follows could be another one.
std::string data(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "%", "%25"), "\r", "%0D"), "\n", "%0A");
}
std::string property(std::string_view text) { return replace_all(replace_all(data(text), ":", "%3A"), ",", "%2C"); }

std::string_view command_name(Level level) {
  switch (level) {
    case Level::kError:
      return "error";
    case Level::kWarning:
      return "warning";
    case Level::kNote:
    case Level::kOff:
      return "notice";
  }
  return "notice";
}

std::string command(std::string_view name, const Location& location, const std::string& path, std::string_view title,
                    std::string_view message) {
  std::string out = "::" + std::string(name) + " file=" + property(path);
  const Position& begin = location.span.begin;
  const Position& end = location.span.end;
  if (begin.known()) {
    const bool ends = end.line >= begin.line;
    out += ",line=" + std::to_string(begin.line) + ",endLine=" + std::to_string(ends ? end.line : begin.line);
    // GitHub takes columns only where begin and end are in one line.
    if (!ends || end.line == begin.line) {
      out += ",col=" + std::to_string(begin.column);
      if (ends && end.column > begin.column) out += ",endColumn=" + std::to_string(end.column);
    }
  }
  return out + ",title=" + property(title) + "::" + data(message) + "\n";
}

Level level_of(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return Level::kError;
    case Severity::kWarning:
      return Level::kWarning;
    case Severity::kNote:
      return Level::kNote;
  }
  return Level::kError;
}

}  // namespace

std::string lint_github(const safety::LintResult& result) {
  std::string out;
  for (const Diagnostic& one : result.problems.list()) {
    const std::string path = one.location.file ? one.location.file->path() : "";
    const std::string message =
        one.message + (one.cause.empty() ? "" : "\n" + one.cause) + (one.help.empty() ? "" : "\nhelp: " + one.help);
    out += command(command_name(level_of(one.severity)), one.location, path, one.code, message);
  }
  for (const safety::Finding& one : result.findings) {
    std::string message = join(finding_lines(one), "\n");
    if (!one.help.empty()) message += "\nhelp:\n" + one.help;
    out += command(command_name(one.level), one.location, finding_path(one), one.rule, message);
  }
  return out + replace_all(closing_line(result), "\n", " ") + "\n";
}

}  // namespace bascule::report
