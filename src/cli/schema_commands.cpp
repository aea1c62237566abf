#include "cli/schema_commands.h"

#include <utility>

#include "app/schema.h"
#include "base/text.h"
#include "cli/request.h"
#include "report/diagnostics.h"
#include "report/schema.h"

namespace bascule::cli {

namespace {

/// What to look at when nothing is named: a database that was, else the newest revision.
app::SchemaSource source_of(const CommandLine& line) {
  if (!line.targets.empty()) return app::schema_source(line.targets.front());
  return app::schema_source(line.url ? "database" : "heads");
}

}  // namespace

int schema(const CommandLine& line, Console& console) {
  auto report = app::read_schema(request_of(line, console), source_of(line));
  if (!report) return console.fail(report.error());
  if (console.json()) {
    console.print_json(report::to_json(report->schema)
                           .set("source", report->source)
                           .set("dialect", report->dialect->name())
                           .set("diagnostics", report::to_json(report->warnings)));
    return 0;
  }
  std::string text;
  for (const std::string& statement : app::schema_sql(*report)) text += statement + "\n\n";
  if (!text.empty()) text.pop_back();
  console.print(text);
  console.warn(report->warnings);
  return 0;
}

int diff(const CommandLine& line, Console& console) {
  const app::SchemaSource from = app::schema_source(line.targets.front());
  const app::SchemaSource to = app::schema_source(line.targets.size() > 1 ? line.targets[1] : "database");
  auto report = app::diff_schemas(request_of(line, console), from, to);
  if (!report) return console.fail(report.error());
  const int code = line.exit_code && !report->changes.empty() ? static_cast<int>(app::ExitCode::kFailed) : 0;
  if (console.json()) {
    Json changes = Json::array();
    for (const app::SchemaChange& change : report->changes) {
      Json one = Json::object();
      one.set("operation", model::operation_name(change.operation))
          .set("subject", model::operation_subject(change.operation))
          .set("sql", change.sql);
      if (!change.problem.empty()) one.set("problem", change.problem);
      changes.push(std::move(one));
    }
    console.print_json(Json::object()
                           .set("from", report->from)
                           .set("to", report->to)
                           .set("dialect", report->dialect->name())
                           .set("changes", std::move(changes))
                           .set("diagnostics", report::to_json(report->warnings)));
    return code;
  }
  std::string text;
  for (const app::SchemaChange& change : report->changes) {
    const std::string what =
        std::string(model::operation_name(change.operation)) + " " + model::operation_subject(change.operation);
    text += console.out_style().dim("-- " + what) + "\n";
    if (!change.problem.empty()) text += "-- " + change.problem + "\n";
    for (const std::string& sql : change.sql) text += sql + ";\n";
  }
  console.print(text);
  console.warn(report->warnings);
  if (report->changes.empty())
    console.say("No difference between " + report->from + " and " + report->to + ".\n");
  else
    console.say(counted(report->changes.size(), "difference") + " from " + report->from + " to " + report->to + ".\n");
  return code;
}

}  // namespace bascule::cli
