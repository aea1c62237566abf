#include <set>
#include <string_view>

#include "base/text.h"
#include "report/diagnostics.h"
#include "report/layout.h"
#include "report/lint.h"
#include "report/lint_words.h"

namespace bascule::report {

namespace {

using safety::Finding;
using safety::Level;

std::string coloured_level(const Finding& finding, const Style& style) {
  const std::string head = std::string(level_name(finding.level)) + "[" + finding.rule + "]";
  switch (finding.level) {
    case Level::kError:
      return style.red(head);
    case Level::kWarning:
      return style.yellow(head);
    case Level::kNote:
    case Level::kOff:
      return style.blue(head);
  }
  return head;
}

/// The source does not show the statement: it is made by a call.
bool made_by_call(const Finding& finding) {
  const Location& at = finding.location;
  if (finding.statement.empty()) return false;
  if (!at.file || !at.span.begin.known()) return true;
  constexpr std::size_t kEnough = 12;
  const std::string_view shown = at.file->line(at.span.begin.line);
  return shown.find(std::string_view(finding.statement).substr(0, kEnough)) == std::string_view::npos;
}

/// Help that was given already is not said again.
void add_help(std::string& out, const Finding& finding, std::set<std::string_view>& given, const Style& style) {
  if (finding.help.empty()) return;
  if (!given.insert(finding.help).second) {
    add_lines(out, "as said above", "help: ", style);
  } else if (finding.help.find('\n') == std::string::npos) {
    add_lines(out, finding.help, "help: ", style);
  } else {
    add_lines(out, "\n" + std::string("  ") + replace_all(finding.help, "\n", "\n  "), "help:", style);
  }
}

std::string title_of(const safety::LintResult& result, const Finding& finding) {
  for (const safety::RevisionView& one : result.chain.revisions) {
    if (one.path != finding.path) continue;
    std::string title = is_bare_file(one) ? "" : one.id;
    if (!one.message.empty()) title += (title.empty() ? "" : ": ") + one.message;
    return title;
  }
  return "";
}

}  // namespace

std::string lint_text(const safety::LintResult& result, const Style& style) {
  std::string out = to_text(result.problems, style);
  if (!out.empty()) out += "\n";
  std::set<std::string_view> given;
  const std::string* path = nullptr;
  for (const Finding& one : result.findings) {
    if (!path || *path != one.path) {
      const std::string title = printable(title_of(result, one));
      out += style.bold(printable(one.path)) + (title.empty() ? "" : " (" + title + ")") + "\n\n";
      path = &one.path;
    }
    out += coloured_level(one, style) + ": " + style.bold(printable(sentence(one))) + "\n";
    add_place(out, one.location, style);
    if (made_by_call(one)) add_lines(out, printable(one.statement), "SQL: ", style);
    add_lines(out, one.why, "", style);
    if (one.estimate) {
      add_lines(out, one.estimate->text, "", style);
      add_lines(out, one.estimate->basis, "basis: ", style);
    }
    for (const std::string& assumption : one.assumptions) add_lines(out, assumption, "assumed: ", style);
    add_help(out, one, given, style);
    out += "\n";
  }
  out += closing_line(result) + "\n";
  if (!result.findings.empty())
    out += style.dim("`bascule explain RULE` tells why a rule says what it says, with examples") + "\n";
  return out;
}

}  // namespace bascule::report
