#include "cli/commands.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "app/author.h"
#include "app/inspect.h"
#include "app/migrate.h"
#include "base/check.h"
#include "base/text.h"
#include "cli/completion.h"
#include "cli/console.h"
#include "cli/event_sink.h"
#include "cli/history_commands.h"
#include "cli/lint_commands.h"
#include "cli/online_commands.h"
#include "cli/request.h"
#include "cli/schema_commands.h"
#include "report/diagnostics.h"
#include "report/plan.h"
#include "report/revisions.h"

namespace bascule::cli {

namespace {

Json views_json(const std::vector<graph::RevisionView>& views) {
  Json list = Json::array();
  for (const graph::RevisionView& view : views) list.push(report::to_json(view));
  return list;
}

std::string heads_text(const std::vector<std::string>& heads) { return heads.empty() ? "<base>" : join(heads, ", "); }

int migrate(const CommandLine& line, Console& console, model::Direction direction) {
  const std::string& target = line.targets.front();
  if (!line.sql) return run_and_report(line, console, direction, target);
  Diagnostics warnings;
  auto script = app::offline_script(request_of(line, console), direction, target, warnings);
  if (!script) return console.fail(script.error());
  console.warn(warnings);
  if (console.json())
    console.print_json(Json::object().set("sql", *script));
  else
    console.print(*script);
  return 0;
}

int upgrade(const CommandLine& line, Console& console) { return migrate(line, console, model::Direction::kUpgrade); }
int downgrade(const CommandLine& line, Console& console) {
  return migrate(line, console, model::Direction::kDowngrade);
}

int plan(const CommandLine& line, Console& console) {
  const auto direction = line.down ? model::Direction::kDowngrade : model::Direction::kUpgrade;
  const std::string target = line.targets.empty() ? (line.down ? "-1" : "heads") : line.targets.front();
  Diagnostics warnings;
  if (line.online.online) return compare_plans(line, console, direction, target);
  auto made = app::plan_migration(request_of(line, console), direction, target, warnings);
  if (!made) return console.fail(made.error());
  console.warn(warnings);
  if (console.json())
    console.print_json(report::to_json(*made));
  else
    console.print(report::to_text(*made, console.out_style()));
  return 0;
}

int check(const CommandLine& line, Console& console) {
  auto report = app::check_project(request_of(line, console));
  if (!report) return console.fail(report.error());
  const bool sound = !report->diagnostics.has_errors();
  const auto code = sound ? app::ExitCode::kDone : app::ExitCode::kUnsound;
  if (console.json()) {
    Json live = Json::array();
    for (const app::CheckReport::Live& one : report->live) {
      Json item = Json::object();
      item.set("revision", one.revision);
      item.set("direction", one.direction == model::Direction::kUpgrade ? "upgrade" : "downgrade");
      if (one.location.file) item.set("file", one.location.file->path()).set("line", one.location.span.begin.line);
      item.set("needs", one.what);
      live.push(std::move(item));
    }
    Json handed_over = Json::array();
    for (const app::CheckReport::HandedOver& one : report->handed_over) {
      handed_over.push(Json::object()
                           .set("revision", one.revision)
                           .set("direction", one.direction == model::Direction::kUpgrade ? "upgrade" : "downgrade")
                           .set("command", one.how.command)
                           .set("why", one.how.why));
    }
    console.print_json(Json::object()
                           .set("sound", sound)
                           .set("revisions", report->revisions)
                           .set("sound_revisions", report->sound)
                           .set("operations", report->operations)
                           .set("live", std::move(live))
                           .set("handed_over", std::move(handed_over))
                           .set("dialect", report->dialect)
                           .set("diagnostics", report::to_json(report->diagnostics)));
    return static_cast<int>(code);
  }
  if (!report->diagnostics.empty()) console.warn(report->diagnostics);
  const std::string summary = fmt::format("{} of {} can be run on {} ({} operations both ways).\n", report->sound,
                                          counted(report->revisions, "revision"), report->dialect, report->operations);
  console.say(summary);
  if (!report->live.empty()) {
    console.say("Evaluated while they run, because their statements depend on the database:\n");
    for (const app::CheckReport::Live& one : report->live) {
      const std::string place =
          one.location.file ? one.location.file->path() + ":" + std::to_string(one.location.span.begin.line) : "";
      console.say(fmt::format("  {} {}  {}  needs {}\n", one.revision,
                              one.direction == model::Direction::kUpgrade ? "upgrade" : "downgrade", place, one.what));
    }
  }
  if (!report->handed_over.empty()) {
    console.say("Handed over to the project's own tool, because they need code that Bascule does not run:\n");
    for (const app::CheckReport::HandedOver& one : report->handed_over) {
      const std::string place =
          one.how.location.file ? one.how.location.file->path() + ":" + std::to_string(one.how.location.span.begin.line)
                                : "";
      console.say(fmt::format("  {}  {}  {}\n", join(one.how.command, " "), place, one.how.why));
    }
  }
  return static_cast<int>(code);
}

int stamp(const CommandLine& line, Console& console) {
  auto report = app::stamp(request_of(line, console), line.targets, line.purge, line.sql);
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.print_json(
        Json::object().set("before", report->before).set("after", report->after).set("sql", report->script));
  } else if (line.sql) {
    console.print(report->script);
  } else {
    console.say("Stamped: " + heads_text(report->before) + " -> " + heads_text(report->after) + ".\n");
  }
  return 0;
}

int current(const CommandLine& line, Console& console) {
  auto report = app::current(request_of(line, console));
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.print_json(Json::object()
                           .set("database", report->address.url.display())
                           .set("current", views_json(report->applied))
                           .set("unknown", report->unknown)
                           .set("at_heads", report->at_heads));
  } else {
    if (console.verbose()) console.say("Current revision(s) for " + report->address.url.display() + ":\n");
    for (const graph::RevisionView& view : report->applied) {
      console.print(console.verbose() ? report::revision_details(view, console.out_style())
                                      : report::revision_name(view, console.out_style()) + "\n");
    }
    for (const std::string& row : report->unknown) console.print(row + " (no file knows this revision)\n");
  }
  if (line.check_heads && !report->at_heads) {
    console.say("Revisions are pending; run: bascule upgrade heads\n");
    return static_cast<int>(app::ExitCode::kFailed);
  }
  return report->unknown.empty() ? 0 : static_cast<int>(app::ExitCode::kFailed);
}

int print_views(const app::Outcome<std::vector<graph::RevisionView>>& views, Console& console, bool as_history) {
  if (!views) return console.fail(views.error());
  if (console.json()) {
    console.print_json(views_json(*views));
    return 0;
  }
  std::string text;
  for (const graph::RevisionView& view : *views) {
    if (console.verbose())
      text += report::revision_details(view, console.out_style()) + "\n";
    else if (as_history)
      text += report::history_line(view, console.out_style()) + "\n";
    else
      text += report::revision_name(view, console.out_style()) + "\n";
  }
  console.print(text);
  return 0;
}

int history(const CommandLine& line, Console& console) {
  return print_views(app::history(request_of(line, console), line.range, line.indicate_current), console, true);
}

int heads(const CommandLine& line, Console& console) {
  return print_views(app::heads(request_of(line, console), line.resolve_dependencies), console, false);
}

int branches(const CommandLine& line, Console& console) {
  auto list = app::branches(request_of(line, console));
  if (!list) return console.fail(list.error());
  Json json = Json::array();
  std::string text;
  for (const app::BranchView& branch : *list) {
    text += console.verbose() ? report::revision_details(branch.point, console.out_style())
                              : report::revision_name(branch.point, console.out_style()) + "\n";
    for (const graph::RevisionView& view : branch.into) {
      text += "     -> " + report::revision_name(view, console.out_style()) + ", " + view.revision.message + "\n";
    }
    json.push(Json::object().set("branchpoint", report::to_json(branch.point)).set("into", views_json(branch.into)));
  }
  if (console.json())
    console.print_json(json);
  else
    console.print(text);
  return 0;
}

int show(const CommandLine& line, Console& console) {
  app::ShowReport all;
  for (const std::string& name : line.targets) {
    auto report = app::show(request_of(line, console), name);
    if (!report) return console.fail(report.error());
    for (auto& view : report->revisions) all.revisions.push_back(std::move(view));
    for (auto& text : report->texts) all.texts.push_back(std::move(text));
  }
  if (console.json()) {
    Json list = Json::array();
    for (std::size_t i = 0; i < all.revisions.size(); ++i)
      list.push(report::to_json(all.revisions[i]).set("text", all.texts[i]));
    console.print_json(list);
    return 0;
  }
  for (std::size_t i = 0; i < all.revisions.size(); ++i) {
    console.print(report::revision_details(all.revisions[i], console.out_style()) + "\n" + all.texts[i]);
    if (!all.texts[i].ends_with('\n')) console.print("\n");
  }
  return 0;
}

int print_written(const app::Outcome<app::Written>& written, Console& console, std::string_view next) {
  if (!written) return console.fail(written.error());
  if (console.json()) {
    console.print_json(Json::object().set("revision", written->revision).set("paths", written->paths));
    return 0;
  }
  for (const std::string& path : written->paths) console.say("Wrote " + path + "\n");
  console.say(next);
  return 0;
}

int init(const CommandLine& line, Console& console) {
  const std::string directory = line.targets.empty() ? "migrations" : line.targets.front();
  return print_written(app::init(request_of(line, console), directory), console,
                       "Next: bascule revision -m \"create users\"\n");
}

app::RevisionRequest revision_request(const CommandLine& line) {
  app::RevisionRequest wanted;
  wanted.message = line.message;
  wanted.id = line.rev_id;
  wanted.heads = line.heads;
  wanted.splice = line.splice;
  wanted.branch_labels = line.branch_labels;
  wanted.depends_on = line.depends_on;
  wanted.version_path = line.version_path;
  wanted.sql_file = line.sql_file;
  return wanted;
}

int revision(const CommandLine& line, Console& console) {
  if (line.autogenerate) {
    Diagnostic out;
    out.code = "no-autogenerate";
    out.message = "--autogenerate needs the project's models, which Bascule does not read";
    out.help =
        "write the change by hand (bascule revision -m ...), or generate the file with Alembic and run it with Bascule";
    return console.fail(app::make_failure(app::ExitCode::kUsage, std::move(out)));
  }
  return print_written(app::create_revision(request_of(line, console), revision_request(line)), console,
                       "Next: edit it, then see what it does with: bascule plan\n");
}

int merge(const CommandLine& line, Console& console) {
  const std::vector<std::string> what = line.targets.empty() ? std::vector<std::string>{"heads"} : line.targets;
  return print_written(app::merge(request_of(line, console), what, revision_request(line)), console, "");
}

int completion(const CommandLine& line, Console& console) {
  console.print(completion_script(line.targets.front()));
  return 0;
}

}  // namespace

Json run_json(const app::RunReport& report, const Stopwatch& watch) {
  Json done = Json::array();
  for (const plan::RevisionPlan& revision : report.plan.revisions)
    if (!revision.auxiliary) done.push(revision.revision);
  return Json::object()
      .set("database", report.address.url.display())
      .set("revisions", std::move(done))
      .set("heads", report.heads)
      .set("microseconds", watch.passed().count());
}

void report_run(const app::RunReport& report, const Stopwatch& watch, Console& console) {
  console.warn(report.warnings);
  const auto count =
      static_cast<std::size_t>(std::count_if(report.plan.revisions.begin(), report.plan.revisions.end(),
                                             [](const plan::RevisionPlan& revision) { return !revision.auxiliary; }));
  if (count == 0) {
    console.say("Nothing to do: " + report.address.url.display() + " stands at " + heads_text(report.heads) + ".\n");
  } else {
    console.say(fmt::format("{} {} in {}; {} stands at {}.\n",
                            report.direction == model::Direction::kUpgrade ? "Upgraded" : "Downgraded",
                            counted(count, "revision"), duration_text(watch.passed()), report.address.url.display(),
                            heads_text(report.heads)));
  }
}

int run_and_report(const CommandLine& line, Console& console, model::Direction direction, const std::string& target) {
  const Stopwatch watch;
  app::Request request = request_of(line, console);
  EventSink events(console);
  if (auto heard = listen(line, request, events); !heard) return console.fail(heard.error());
  auto report = app::migrate(request, direction, target, console);
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.warn(report->warnings);
    console.print_json(run_json(*report, watch));
  } else {
    report_run(*report, watch, console);
  }
  return 0;
}

int run_command(const CommandLine& line) {
  using Command = int (*)(const CommandLine&, Console&);
  static const std::map<std::string_view, Command> kCommands = {
      {"upgrade", upgrade},   {"downgrade", downgrade},
      {"plan", plan},         {"check", check},
      {"stamp", stamp},       {"current", current},
      {"history", history},   {"heads", heads},
      {"branches", branches}, {"show", show},
      {"init", init},         {"revision", revision},
      {"merge", merge},       {"completion", completion},
      {"status", status},     {"validate", validate},
      {"baseline", amend},    {"repair", amend},
      {"resolve", amend},     {"force", amend},
      {"clean", clean},       {"reset", reset},
      {"redo", redo},         {"schema", schema},
      {"diff", diff},         {"lint", lint},
      {"explain", explain},   {"abort", abort_run},
      {"pause", wish},        {"resume", wish},
      {"throttle", wish},     {"backfill", backfill},
  };
  Console console(line);
  const auto found = kCommands.find(line.command);
  BASCULE_CHECK(found != kCommands.end(), "the parser knows a command that has no code: " + line.command);
  return found->second(line, console);
}

}  // namespace bascule::cli
