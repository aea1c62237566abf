#include "cli/history_commands.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "app/clean.h"
#include "app/migrate.h"
#include "app/sequence.h"
#include "app/status.h"
#include "base/text.h"
#include "cli/request.h"
#include "report/diagnostics.h"
#include "report/status.h"

namespace bascule::cli {

namespace {

std::size_t pending_count(const app::StatusReport& report) {
  return static_cast<std::size_t>(
      std::count_if(report.entries.begin(), report.entries.end(), [](const history::Entry& entry) {
        return entry.state == history::EntryState::kPending || entry.state == history::EntryState::kOutdated;
      }));
}

std::string summary(const app::StatusReport& report) {
  const std::size_t pending = pending_count(report);
  std::string text = report.address.url.display();
  text += report.standing.empty() ? " is empty" : " stands at " + report.standing;
  text += pending == 0 ? "; nothing is pending.\n" : "; " + std::to_string(pending) + " pending.\n";
  return text;
}

}  // namespace

namespace {

int print_status(const app::StatusReport& report, const CommandLine& line, Console& console) {
  auto code = static_cast<int>(report.code);
  if (code == 0 && line.exit_code && pending_count(report) > 0) code = static_cast<int>(app::ExitCode::kFailed);
  if (console.json()) {
    Json entries = Json::array();
    for (const auto& entry : report.entries) entries.push(report::to_json(entry));
    console.print_json(Json::object()
                           .set("format", report.format)
                           .set("project", report.place)
                           .set("database", report.address.url.display())
                           .set("standing", report.standing)
                           .set("history_table", report.table)
                           .set("history_table_exists", report.table_exists)
                           .set("entries", std::move(entries))
                           .set("problems", report::to_json(report.problems))
                           .set("unfinished", report.unfinished
                                                  ? report::unfinished_json(*report.unfinished, report.unfinished_plan)
                                                  : Json()));
    return code;
  }
  console.print(line.table ? report::info_table(report.entries)
                           : report::status_table(report.entries, console.out_style()));
  console.say(summary(report));
  if (report.unfinished)
    console.print(report::unfinished_text(*report.unfinished, report.unfinished_plan, console.out_style()));
  console.warn(report.problems);
  // Flyway's info only tells.
  return line.table ? 0 : code;
}

/// Looks again and again until the online run that is on is over.
int watch(const CommandLine& line, Console& console) {
  while (true) {
    auto report = app::status(request_of(line, console));
    if (!report) return console.fail(report.error());
    console.clear();
    const int code = print_status(*report, line, console);
    if (!report->unfinished) return code;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace

int status(const CommandLine& line, Console& console) {
  if (line.watch) return watch(line, console);
  auto report = app::status(request_of(line, console));
  if (!report) return console.fail(report.error());
  return print_status(*report, line, console);
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
  return static_cast<int>(report->code);
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
  const app::Request request = request_of(line, console);
  const Stopwatch down_watch;
  auto down = app::migrate(request, model::Direction::kDowngrade, "-1", console);
  if (!down) return console.fail(down.error());
  Json both = Json::object();
  if (console.json())
    both.set("down", run_json(*down, down_watch));
  else
    report_run(*down, down_watch, console);
  const auto& undone = down->plan.revisions;
  const auto last = std::find_if(undone.begin(), undone.end(), [](const auto& one) { return !one.auxiliary; });
  if (last != undone.end()) {
    const Stopwatch up_watch;
    auto up = app::run_again(request, last->revision, console);
    if (!up) return console.fail(up.error());
    if (console.json())
      both.set("up", run_json(*up, up_watch));
    else
      report_run(*up, up_watch, console);
  }
  if (console.json()) console.print_json(both);
  return 0;
}

}  // namespace bascule::cli
