#include "cli/history_commands.h"

#include <utility>

#include "app/clean.h"
#include "app/sequence.h"
#include "app/status.h"
#include "base/text.h"
#include "cli/request.h"
#include "report/diagnostics.h"
#include "report/status.h"

namespace bascule::cli {

namespace {

using report::Json;

std::string summary(const app::StatusReport& report) {
  std::size_t pending = 0;
  for (const auto& entry : report.entries)
    if (entry.state == history::EntryState::kPending || entry.state == history::EntryState::kOutdated) ++pending;
  std::string text = report.address.url.display();
  text += report.standing.empty() ? " is empty" : " stands at " + report.standing;
  text += pending == 0 ? "; nothing is pending.\n" : "; " + std::to_string(pending) + " pending.\n";
  return text;
}

}  // namespace

int status(const CommandLine& line, Console& console) {
  auto report = app::status(request_of(line, console));
  if (!report) return console.fail(report.error());
  const bool sound = !report->problems.has_errors();
  if (console.json()) {
    Json entries = Json::array();
    for (const auto& entry : report->entries) entries.push(report::to_json(entry));
    console.print_json(Json::object()
                           .set("format", report->format)
                           .set("project", report->place)
                           .set("database", report->address.url.display())
                           .set("standing", report->standing)
                           .set("history_table", report->table)
                           .set("history_table_exists", report->table_exists)
                           .set("entries", std::move(entries))
                           .set("problems", report::to_json(report->problems)));
    return sound ? 0 : static_cast<int>(app::ExitCode::kFailed);
  }
  console.print(line.table ? report::info_table(report->entries)
                           : report::status_table(report->entries, console.out_style()));
  console.say(summary(*report));
  console.warn(report->problems);
  // Flyway's info only tells.
  return sound || line.table ? 0 : static_cast<int>(app::ExitCode::kFailed);
}

int validate(const CommandLine& line, Console& console) {
  auto report = app::validate(request_of(line, console));
  if (!report) return console.fail(report.error());
  const bool sound = !report->problems.has_errors();
  if (console.json()) {
    console.print_json(Json::object()
                           .set("valid", sound)
                           .set("entries", report->entries)
                           .set("problems", report::to_json(report->problems)));
  } else {
    console.warn(report->problems);
    if (sound) console.say("Validated " + counted(report->entries, "migration") + ".\n");
  }
  return sound ? 0 : static_cast<int>(app::ExitCode::kFailed);
}

int amend(const CommandLine& line, Console& console) {
  auto report = app::amend(request_of(line, console), {line.command, line.targets, line.options}, line.sql);
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.print_json(Json::object().set("done", report->done).set("sql", report->script));
    return 0;
  }
  if (line.sql) {
    console.print(report->script);
    return 0;
  }
  for (const std::string& done : report->done) console.say(done + "\n");
  if (report->done.empty()) console.say("Nothing to do.\n");
  return 0;
}

int clean(const CommandLine& line, Console& console) {
  auto report = app::clean(request_of(line, console), line.force);
  if (!report) return console.fail(report.error());
  if (console.json())
    console.print_json(
        Json::object().set("database", report->address.url.display()).set("statements", report->dropped));
  else
    console.say("Cleaned " + report->address.url.display() + ".\n");
  return 0;
}

int reset(const CommandLine& line, Console& console) {
  auto report = app::clean(request_of(line, console), line.force);
  if (!report) return console.fail(report.error());
  console.say("Cleaned " + report->address.url.display() + ".\n");
  return run_and_report(line, console, model::Direction::kUpgrade, "head");
}

int redo(const CommandLine& line, Console& console) {
  const int down = run_and_report(line, console, model::Direction::kDowngrade, "-1");
  return down != 0 ? down : run_and_report(line, console, model::Direction::kUpgrade, "+1");
}

}  // namespace bascule::cli
