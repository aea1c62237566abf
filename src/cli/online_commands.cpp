#include "cli/online_commands.h"

#include <string>
#include <utility>

#include "app/backfill.h"
#include "app/online.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/history_commands.h"
#include "cli/request.h"
#include "report/online_plan.h"

namespace bascule::cli {

app::Outcome<void> listen(const CommandLine& line, app::Request& request, EventSink& events) {
  if (!request.online) return {};
  request.online->listener = &events;
  const auto refused = [](std::string code, std::string message, std::string help) {
    Diagnostic wrong;
    wrong.code = std::move(code);
    wrong.message = std::move(message);
    wrong.help = std::move(help);
    return failure(app::make_failure(app::ExitCode::kUsage, std::move(wrong)));
  };
  for (const std::string& hook : line.online.hooks) {
    if (auto added = events.add_hook(hook, request.environment); !added)
      return refused("invalid-hook", added.error(), "see `bascule upgrade --help`");
  }
  if (line.online.metrics) events.keep_metrics(*line.online.metrics);
  if (line.online.load_hook) events.ask_for_load(*line.online.load_hook, request.environment);
  if (!line.online.events) return {};
  if (auto opened = events.write_lines(*line.online.events); !opened)
    return refused("events-file", opened.error(), "name a file that can be written, or - for standard output");
  return {};
}

int compare_plans(const CommandLine& line, Console& console, model::Direction direction, const std::string& target) {
  Diagnostics warnings;
  auto plans = app::compare_online(request_of(line, console), direction, target, warnings);
  if (!plans) return console.fail(plans.error());
  console.warn(warnings);
  if (console.json())
    console.print_json(report::to_json(*plans));
  else
    console.print(report::to_text(*plans, console.out_style()));
  return 0;
}

int abort_run(const CommandLine& line, Console& console) {
  app::Request request = request_of(line, console);
  EventSink events(console);
  if (auto heard = listen(line, request, events); !heard) return console.fail(heard.error());
  auto report = app::abort_online(request);
  if (!report) return console.fail(report.error());
  if (console.json()) {
    Json stays = Json::array();
    for (const exec::Staying& one : report->stays)
      stays.push(Json::object().set("statement", one.statement).set("why", one.why));
    console.print_json(Json::object()
                           .set("revision", report->revision)
                           .set("steps_undone", report->steps_undone)
                           .set("stays", std::move(stays)));
    return 0;
  }
  console.say("Took back " + counted(report->steps_undone, "step") + " of revision '" + report->revision + "' in " +
              report->address.url.display() + ".\n");
  for (const exec::Staying& one : report->stays)
    console.say("Stays: " + std::string(trim(one.statement)) + "\n       " + one.why + "\n");
  return 0;
}

int backfill(const CommandLine& line, Console& console) {
  const BackfillLine& said = line.backfill;
  const bool one_of =
      static_cast<int>(!said.set.empty()) + static_cast<int>(said.remove) + static_cast<int>(said.forget) == 1;
  if (!one_of) {
    Diagnostic wrong;
    wrong.code = "backfill-what";
    wrong.message = "say what becomes of the rows: one of --set, --delete and --forget";
    wrong.help =
        "bascule backfill users --set \"full_name = first_name || ' ' || last_name\" --where \"full_name IS NULL\"";
    return console.fail(app::make_failure(app::ExitCode::kUsage, std::move(wrong)));
  }
  const Stopwatch watch;
  app::Request request = request_of(line, console);
  EventSink events(console);
  if (auto heard = listen(line, request, events); !heard) return console.fail(heard.error());
  auto report = app::backfill(request, {line.targets.front(), said.set, said.where, said.remove, said.forget});
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.print_json(Json::object()
                           .set("statement", report->statement)
                           .set("rows", report->rows)
                           .set("resumed", report->resumed)
                           .set("microseconds", watch.passed().count()));
  } else if (report->forgotten) {
    console.say("Given up; what was done stays.\n");
  } else {
    console.say(counted(static_cast<std::size_t>(report->rows), "row") + (said.remove ? " deleted" : " changed") +
                " in " + duration_text(watch.passed()) + "; " + report->address.url.display() + ".\n");
  }
  return 0;
}

int wish(const CommandLine& line, Console& console) {
  const std::string wanted = line.command == "resume"  ? ""
                             : line.command == "pause" ? "pause"
                                                       : "throttle " + line.targets.front();
  auto revision = app::ask_online(request_of(line, console), wanted);
  if (!revision) return console.fail(revision.error());
  if (console.json()) {
    console.print_json(Json::object().set("revision", *revision).set("wish", wanted));
    return 0;
  }
  console.say("Revision '" + *revision + "' " +
              (line.command == "resume"  ? "goes on"
               : line.command == "pause" ? "pauses between two batches; it goes on with: bascule resume"
                                         : "works " + line.targets.front() + " % of the time") +
              ".\n");
  return 0;
}

}  // namespace bascule::cli
