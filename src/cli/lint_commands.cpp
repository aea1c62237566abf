#include "cli/lint_commands.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "app/explain.h"
#include "app/lint.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/request.h"
#include "report/diagnostics.h"
#include "report/lint.h"

namespace bascule::cli {

namespace {

std::string read_stdin() {
  std::string text;
  char buffer[65536];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) text.append(buffer, count);
  return text;
}

app::LintRequest lint_request(const CommandLine& line) {
  app::LintRequest wanted;
  wanted.files = line.targets;
  wanted.since = line.lint.since;
  wanted.pending = line.lint.pending;
  wanted.server_version = line.lint.server_version;
  wanted.dialect = line.lint.dialect;
  wanted.fail_on = line.lint.fail_on;
  wanted.write_baseline = line.lint.write_baseline;
  wanted.use_baseline = !line.lint.no_baseline;
  wanted.rules = line.lint.rules;
  if (line.targets.size() == 1 && line.targets.front() == "-") {
    wanted.files.clear();
    wanted.stdin_text = read_stdin();
    wanted.stdin_path = line.lint.stdin_path;
  }
  return wanted;
}

bool on_github(const app::Request& request) {
  const auto found = request.environment.find("GITHUB_ACTIONS");
  return found != request.environment.end() && found->second == "true";
}

std::string report_text(const safety::LintResult& result, const std::string& output, const report::Style& style) {
  if (output == "json") return report::lint_json(result).dump();
  if (output == "sarif") return report::lint_sarif(result).dump();
  if (output == "gitlab") return report::lint_gitlab(result).dump();
  if (output == "github") return report::lint_github(result);
  if (output == "markdown") return report::lint_markdown(result);
  return report::lint_text(result, style);
}

Json rule_json(const safety::Rule& rule) {
  return Json::object()
      .set("id", rule.id)
      .set("group", report::group_name(rule.group))
      .set("level", safety::level_name(rule.level))
      .set("postgresql", (rule.databases & safety::kPostgres) != 0)
      .set("sqlite", (rule.databases & safety::kSqlite) != 0)
      .set("mariadb", (rule.databases & safety::kMariadb) != 0)
      .set("title", rule.title)
      .set("catches", rule.catches)
      .set("why", rule.why)
      .set("safe_sql", rule.safe_sql)
      .set("safe_alembic", rule.safe_alembic);
}

/// A line a rule, under the names of their groups.
std::string rule_list(const std::vector<const safety::Rule*>& rules, const report::Style& style) {
  std::size_t width = 0;
  for (const safety::Rule* rule : rules) width = std::max(width, rule->id.size());
  std::string out;
  const safety::Rule* last = nullptr;
  for (const safety::Rule* rule : rules) {
    if (last == nullptr || last->group != rule->group)
      out += std::string(last == nullptr ? "" : "\n") + style.bold(report::group_name(rule->group)) + "\n";
    out += fmt::format("  {:<{}}  {:<7}  {}\n", rule->id, width, safety::level_name(rule->level), rule->title);
    last = rule;
  }
  return out;
}

int cannot_write(const FileError& error, Console& console) {
  Diagnostic out;
  out.code = "cannot-write";
  out.message = error.message;
  return console.fail(app::make_failure(app::ExitCode::kFailed, std::move(out)));
}

}  // namespace

int lint(const CommandLine& line, Console& console) {
  const app::Request request = request_of(line, console);
  // Kept to the end of the process, which gives everything back at once: to free what a thousand migrations were read
  // into, piece by piece, takes as long as to report on them.
  static const auto& done = *new app::Outcome<app::LintReport>(app::lint(request, lint_request(line)));
  if (!done) return console.fail(done.error());
  const safety::LintResult& result = done->result;
  const std::string output = console.json() ? "json" : line.lint.output.value_or("text");
  if (line.lint.output_file) {
    const std::string text = report_text(result, output, report::Style(false));
    if (auto written = write_file_atomically(*line.lint.output_file, text); !written)
      return cannot_write(written.error(), console);
    console.say(counted(result.findings.size(), "finding") + ", written to " + *line.lint.output_file + "\n");
  } else {
    console.print(report_text(result, output, console.out_style()));
  }
  if (output == "text" && !line.lint.output && on_github(request)) console.print(report::lint_github(result));
  if (output != "text" || line.lint.output_file) console.warn(result.problems);
  if (done->baseline_written && output == "text")
    console.say(counted(*done->baseline_written, "finding") + " noted in " + *line.lint.write_baseline + ".\n");
  if (result.problems.has_errors()) return static_cast<int>(app::ExitCode::kUnsound);
  return app::fails(*done) ? static_cast<int>(app::ExitCode::kFailed) : 0;
}

int explain(const CommandLine& line, Console& console) {
  const std::string what = line.targets.empty() ? "" : line.targets.front();
  auto done = app::explain(request_of(line, console), {what, line.lint.server_version, line.lint.dialect});
  if (!done) return console.fail(done.error());
  if (console.json()) {
    Json list = Json::array();
    if (done->rule != nullptr) {
      console.print_json(rule_json(*done->rule));
      return 0;
    }
    for (const safety::Rule* rule : done->rules) list.push(rule_json(*rule));
    for (const app::ExplainedStatement& one : done->statements)
      list.push(Json::object().set("sql", one.sql).set("impact", report::impact_json(one.impact)));
    console.print_json(done->statements.empty()
                           ? list
                           : Json::object().set("server", done->server).set("statements", std::move(list)));
    return 0;
  }
  if (done->rule != nullptr) {
    console.print(report::rule_text(*done->rule, console.out_style()));
    return 0;
  }
  if (!done->rules.empty()) {
    console.print(rule_list(done->rules, console.out_style()));
    return 0;
  }
  for (const app::ExplainedStatement& one : done->statements) {
    console.print(console.out_style().bold(one.sql) + "\n");
    console.print(report::impact_text(one.impact, console.out_style()) + "\n");
  }
  console.say("On " + done->server + ".\n");
  return 0;
}

}  // namespace bascule::cli
