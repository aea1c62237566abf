#include "cli/online_commands.h"

#include <string>
#include <utility>

#include "app/online.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/request.h"

namespace bascule::cli {

app::Outcome<void> listen(const CommandLine& line, app::Request& request, EventSink& events) {
  if (!request.online) return {};
  request.online->listener = &events;
  if (!line.online.events) return {};
  if (auto opened = events.write_lines(*line.online.events); !opened) {
    Diagnostic wrong;
    wrong.code = "events-file";
    wrong.message = opened.error();
    wrong.help = "name a file that can be written, or - for standard output";
    return failure(app::make_failure(app::ExitCode::kUsage, std::move(wrong)));
  }
  return {};
}

int abort_run(const CommandLine& line, Console& console) {
  app::Request request = request_of(line, console);
  EventSink events(console);
  if (auto heard = listen(line, request, events); !heard) return console.fail(heard.error());
  auto report = app::abort_online(request);
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.print_json(Json::object()
                           .set("revision", report->revision)
                           .set("steps_undone", report->steps_undone)
                           .set("stays", report->stays));
    return 0;
  }
  console.say("Took back " + counted(report->steps_undone, "step") + " of revision '" + report->revision + "' in " +
              report->address.url.display() + ".\n");
  for (const std::string& sql : report->stays)
    console.say("Rows stay as this left them: " + std::string(trim(sql)) + "\n");
  return 0;
}

}  // namespace bascule::cli
