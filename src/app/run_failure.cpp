#include "app/run_failure.h"

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace bascule::app {

namespace {

std::string heads_text(const std::vector<std::string>& heads) {
  return heads.empty() ? "base (no revision applied)" : "'" + join(heads, "', '") + "'";
}

/// The failed statement as a place that can be shown with a caret under the server's position.
RelatedPlace statement_place(const std::string& sql, const db::DbError& error) {
  auto text = std::make_shared<const SourceFile>("statement", sql);
  Location location;
  location.file = text;
  if (error.offset) {
    location.span.begin = text->at(*error.offset);
    location.span.end = location.span.begin;
  }
  return {"the statement", std::move(location)};
}

std::string where_it_stands(const exec::RunFailure& failure, const plan::Plan& plan) {
  const plan::RevisionPlan& revision = plan.revisions[failure.revision];
  if (!failure.error.outcome_known) {
    return "the connection was lost while revision '" + revision.revision +
           "' was being committed; whether it was is not known: look with `bascule current`";
  }
  const std::size_t done = failure.revisions_done;
  const std::vector<std::string>& heads = done == 0 ? plan.revisions.front().heads_before : plan.revisions[done - 1].heads_after;
  std::string text = "the database stands at " + heads_text(heads);
  if (failure.partly_committed) {
    text += "; what revision '" + revision.revision +
            "' did before the failure, outside its transaction, stays: check it before running again";
  } else {
    text += "; nothing of revision '" + revision.revision + "' was kept";
  }
  return text;
}

std::string next_command(const plan::RevisionPlan& revision) {
  return revision.direction == model::Direction::kUpgrade ? "bascule upgrade" : "bascule downgrade";
}

}  // namespace

Failure describe(const exec::RunFailure& failure, const plan::Plan& plan, const Address& address) {
  const plan::RevisionPlan& revision = plan.revisions[failure.revision];
  Diagnostic out;
  const std::string name = "revision '" + revision.revision + "'" + (revision.message.empty() ? "" : " (" + revision.message + ")");
  if (failure.kind == exec::RunFailure::Kind::kInterrupted) {
    out.code = "interrupted";
    out.message = "stopped by a signal in " + name;
    out.cause = where_it_stands(failure, plan);
    out.help = "run the same command again to go on";
    return make_failure(ExitCode::kInterrupted, std::move(out));
  }
  out.code = failure.kind == exec::RunFailure::Kind::kExpand ? "rebuild-failed" : "statement-failed";
  out.message = name + " failed";
  if (failure.step) {
    const plan::Step& step = revision.steps[*failure.step];
    out.message += " at " + step.cause.operation + (step.cause.subject.empty() ? "" : " '" + step.cause.subject + "'");
    out.location = step.cause.location;
  } else if (!failure.statement.empty()) {
    out.message += " at `" + std::string(trim(failure.statement)) + "`";
  }
  out.message += ": " + failure.error.message;
  for (const std::string* part : {&failure.error.detail, &failure.error.context}) {
    if (!part->empty()) out.cause += (out.cause.empty() ? "" : "\n") + *part;
  }
  out.cause += (out.cause.empty() ? "" : "\n") + where_it_stands(failure, plan);
  out.help = failure.help.empty() ? failure.error.hint : failure.help;
  if (out.help.empty()) {
    out.help = failure.error.connection_usable ? "correct the migration, then run `" + next_command(revision) + "` again"
                                               : "check the server at " + address.url.display() + ", then run `" + next_command(revision) + "` again";
  }
  if (failure.step && !failure.statement.empty()) out.related.push_back(statement_place(failure.statement, failure.error));
  return make_failure(ExitCode::kFailed, std::move(out));
}

}  // namespace bascule::app
