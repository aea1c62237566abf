#include "report/plan.h"

#include <algorithm>
#include <variant>

#include "base/overload.h"
#include "base/text.h"

namespace bascule::report {

namespace {

std::string place(const Location& location) {
  if (!location.file) return "";
  std::string out = location.file->path();
  if (location.span.begin.known()) out += ":" + std::to_string(location.span.begin.line);
  return out;
}

std::string rebuild_summary(const model::BatchAlter& batch) {
  std::vector<std::string> changes;
  for (const model::BatchItem& item : batch.items) {
    changes.push_back(std::visit(
        [](const auto& change) { return std::string(model::operation_name(model::Operation(change))); }, item));
  }
  return "rebuild table " + display(batch.table) + " (" + join(changes, ", ") +
         "): copied into a new table of the wanted shape, as the table is then";
}

std::string loss_text(const model::DataLoss& loss) {
  return loss.column.empty() ? "the rows of " + display(loss.table)
                             : "the values of " + display(loss.table) + "." + loss.column.text();
}

std::string direction_name(model::Direction direction) {
  return direction == model::Direction::kUpgrade ? "upgrade" : "downgrade";
}

std::string_view phase_name(plan::Phase phase) {
  switch (phase) {
    case plan::Phase::kExpand:
      return "expand";
    case plan::Phase::kMigrate:
      return "migrate";
    case plan::Phase::kSwitch:
      return "switch";
    case plan::Phase::kContract:
      return "contract";
  }
  return "expand";
}

}  // namespace

std::string to_text(const plan::Plan& plan, const Style& style) {
  if (plan.revisions.empty()) return "Nothing to do.\n";
  std::string out;
  if (!plan.preparation.empty()) {
    const bool makes_table = std::any_of(plan.preparation.begin(), plan.preparation.end(),
                                         [](const std::string& sql) { return sql.starts_with("CREATE TABLE"); });
    out += style.bold("-- first") + (makes_table ? ": the table that remembers which revisions have run\n" : "\n");
    for (const std::string& sql : plan.preparation) out += sql + ";\n";
    out += "\n";
  }
  for (const plan::RevisionPlan& revision : plan.revisions) {
    const std::string from = revision.heads_before.empty() ? "<base>" : join(revision.heads_before, ", ");
    const std::string to = revision.heads_after.empty() ? "<base>" : join(revision.heads_after, ", ");
    out += style.bold("-- " + direction_name(revision.direction) + " " + revision.revision) +
           (revision.message.empty() ? "" : ": " + revision.message) + "\n";
    out += style.dim("-- " + from + " -> " + to + "  (" + revision.path + ")") + "\n";
    if (revision.derived) out += style.dim("-- nobody wrote this way down: it follows from the way up") + "\n";
    for (const model::DataLoss& loss : revision.losses) out += style.dim("-- destroys " + loss_text(loss)) + "\n";
    for (const plan::Step& step : revision.steps) {
      out += style.dim("-- " + place(step.cause.location) + " " + step.cause.operation +
                       (step.in_transaction ? "" : "  [outside a transaction]")) +
             "\n";
      out +=
          std::visit(Overload{[](const plan::Statement& statement) { return std::string(trim(statement.sql)) + ";"; },
                              [](const plan::Rebuild& rebuild) { return "-- " + rebuild_summary(rebuild.batch); }},
                     step.action) +
          "\n";
    }
    if (revision.live) {
      out += style.dim("-- " + place(revision.live->location) + " from here on it depends on " + revision.live->what +
                       ": its statements are known when it runs") +
             "\n";
    } else if (revision.hand_over) {
      out += style.dim("-- handed over to the project's own tool (" + place(revision.hand_over->location) + " " +
                       revision.hand_over->why + "), outside any transaction:") +
             "\n-- " + join(revision.hand_over->command, " ") + "\n";
    } else if (revision.steps.empty()) {
      out += style.dim("-- no statements") + "\n";
    }
    for (const std::string& sql : revision.history) out += sql + ";\n";
    out += "\n";
  }
  return out;
}

Json to_json(const plan::Plan& plan) {
  Json revisions = Json::array();
  for (const plan::RevisionPlan& revision : plan.revisions) {
    Json steps = Json::array();
    for (const plan::Step& step : revision.steps) {
      Json one = Json::object();
      one.set("operation", step.cause.operation).set("subject", step.cause.subject);
      one.set("effect", model::operation_name(step.effect));
      if (step.cause.location.file) {
        one.set("file", step.cause.location.file->path()).set("line", step.cause.location.span.begin.line);
      }
      one.set("in_transaction", step.in_transaction).set("phase", phase_name(step.phase));
      std::visit(Overload{[&](const plan::Statement& statement) { one.set("sql", statement.sql); },
                          [&](const plan::Rebuild& rebuild) { one.set("rebuild", rebuild_summary(rebuild.batch)); }},
                 step.action);
      steps.push(std::move(one));
    }
    Json item = Json::object();
    item.set("revision", revision.revision).set("message", revision.message).set("path", revision.path);
    item.set("direction", direction_name(revision.direction));
    item.set("from", revision.heads_before).set("to", revision.heads_after);
    item.set("steps", std::move(steps));
    if (revision.live) {
      Json live = Json::object();
      live.set("needs", revision.live->what);
      if (revision.live->location.file) {
        live.set("file", revision.live->location.file->path()).set("line", revision.live->location.span.begin.line);
      }
      item.set("live", std::move(live));
    }
    if (revision.hand_over) item.set("hand_over", revision.hand_over->command);
    if (revision.derived) {
      Json losses = Json::array();
      for (const model::DataLoss& loss : revision.losses) losses.push(loss_text(loss));
      item.set("derived", true).set("destroys", std::move(losses));
    }
    item.set("history", revision.history);
    revisions.push(std::move(item));
  }
  Json out = Json::object();
  out.set("format", "bascule-plan").set("version", 1).set("preparation", plan.preparation);
  out.set("revisions", std::move(revisions));
  return out;
}

}  // namespace bascule::report
