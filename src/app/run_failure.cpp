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
  // Blank lines around it tell nothing; its own indentation is kept.
  const std::size_t first = sql.find_first_not_of(" \t\r\n");
  const std::size_t last = sql.find_last_not_of(" \t\r\n");
  const std::size_t line = first == std::string::npos ? std::string::npos : sql.rfind('\n', first);
  const std::size_t cut = line == std::string::npos ? 0 : line + 1;
  auto text = std::make_shared<const SourceFile>("statement",
                                                 last == std::string::npos ? sql : sql.substr(cut, last + 1 - cut));
  Location location;
  location.file = text;
  if (error.offset && *error.offset >= cut) {
    location.span.begin = text->at(*error.offset - cut);
    location.span.end = location.span.begin;
  }
  return {"the statement", std::move(location)};
}

std::string where_it_stands(const exec::RunFailure& failure, const plan::Plan& plan) {
  const plan::RevisionPlan& revision = plan.revisions[failure.revision];
  const std::size_t done = failure.revisions_done;
  const std::vector<std::string>& heads =
      done == 0 ? plan.revisions.front().heads_before : plan.revisions[done - 1].heads_after;
  const std::string stands = "the database stands at " + heads_text(heads);
  if (failure.journaled) {
    return stands + "; of revision '" + revision.revision + "' " + std::to_string(failure.steps_done) + " of " +
           std::to_string(failure.steps_total) + " steps are done and stay: the journal knows which";
  }
  if (failure.kind == exec::RunFailure::Kind::kHandOver) {
    return failure.partly_committed
               ? "before it, " + stands + "; the history has changed since: look with `bascule current`"
               : stands + "; whether the tool left anything else behind is not known: its transactions are its own";
  }
  if (!failure.error.outcome_known) {
    if (!failure.step) {
      return "the connection was lost while revision '" + revision.revision +
             "' was being committed; whether it was is not known: look with `bascule current`";
    }
    return stands +
           "; the connection was lost in a statement outside of a transaction: whether it was done is not known, " +
           "look at the database before running again";
  }
  if (failure.partly_committed) {
    return stands + "; what revision '" + revision.revision +
           "' did before the failure, outside its transaction, stays: check it before running again";
  }
  if (failure.revision > done) {
    return stands + (done == 0 ? "; nothing of this run was kept (it was one transaction)"
                               : "; nothing behind that was kept (it was one transaction)");
  }
  return stands + "; nothing of revision '" + revision.revision + "' was kept";
}

std::string next_command(const plan::RevisionPlan& revision) {
  return revision.direction == model::Direction::kUpgrade ? "bascule upgrade" : "bascule downgrade";
}

std::string way_out(const exec::RunFailure& failure, const plan::RevisionPlan& revision, const Address& address) {
  const std::string again = "then run `" + next_command(revision) + "` again";
  constexpr std::string_view kInsufficientPrivilege = "42501";
  if (!failure.error.connection_usable) return "check the server at " + address.url.display() + ", " + again;
  if (failure.error.sqlstate == kInsufficientPrivilege) {
    return "grant the right to the role '" + address.url.user + "', or connect with one that has it (--url), " + again;
  }
  if (failure.error.retryable) return "wait for the others that use the database, " + again;
  return failure.step || failure.cause ? "correct the migration, " + again : "set right what the server says, " + again;
}

std::string revision_name(const plan::RevisionPlan& revision) {
  return "revision '" + revision.revision + "'" + (revision.message.empty() ? "" : " (" + revision.message + ")");
}

void add_cause(Diagnostic& out, const std::string& line) {
  if (!line.empty()) out.cause += (out.cause.empty() ? "" : "\n") + line;
}

/// Why an online run stopped: nothing of it is in doubt, and the same command goes on.
Failure describe_online(const exec::RunFailure& failure, const plan::Plan& plan, const std::string& settle) {
  const plan::RevisionPlan& revision = plan.revisions[failure.revision];
  const plan::Step* step =
      failure.step && *failure.step < revision.steps.size() ? &revision.steps[*failure.step] : nullptr;
  const std::string where = step == nullptr ? ""
                                            : " at step " + std::to_string(*failure.step + 1) + " of " +
                                                  std::to_string(revision.steps.size());
  Diagnostic out;
  if (step != nullptr) out.location = step->cause.location;
  ExitCode code = ExitCode::kFailed;
  out.message = revision_name(revision) + " stopped" + where + ": " + failure.error.message;
  switch (failure.kind) {
    case exec::RunFailure::Kind::kInterrupted:
      out.code = "interrupted";
      out.message = "stopped by a signal in " + revision_name(revision) + where;
      out.help = "run the same command again to go on";
      code = ExitCode::kInterrupted;
      break;
    case exec::RunFailure::Kind::kLocked:
      out.code = "lock-not-free";
      out.help = "run the same command again when they are gone; or let it end them: --terminate-blockers-after 30s";
      code = ExitCode::kBusy;
      break;
    case exec::RunFailure::Kind::kRowsAgainst:
      out.code = "rows-against";
      out.help = "set these rows right, then run the same command again";
      break;
    case exec::RunFailure::Kind::kInTheWay:
      out.code = "name-in-the-way";
      out.help = "rename or drop what is there, then run the same command again";
      break;
    case exec::RunFailure::Kind::kStopped:
      out.code = "hook-stopped";
      out.help = "run the same command again when the hook lets it";
      break;
    case exec::RunFailure::Kind::kStatement:
    case exec::RunFailure::Kind::kExpand:
    case exec::RunFailure::Kind::kHistoryMoved:
    case exec::RunFailure::Kind::kLive:
    case exec::RunFailure::Kind::kHandOver:
      out.code = "statement-failed";
      out.help = failure.error.connection_usable ? "set right what the server says, then run the same command again"
                                                 : "run the same command again when the server is there";
      break;
  }
  if (failure.kind != exec::RunFailure::Kind::kInterrupted) {
    add_cause(out, failure.error.detail);
    add_cause(out, failure.error.context);
  }
  add_cause(out, where_it_stands(failure, plan));
  if (failure.journaled) out.help += "; or take its steps back: bascule abort";
  if (!settle.empty()) out.help = settle;
  if (!failure.statement.empty() && failure.kind == exec::RunFailure::Kind::kStatement)
    out.related.push_back(statement_place(failure.statement, failure.error));
  return make_failure(code, std::move(out));
}

}  // namespace

Failure describe(const exec::RunFailure& failure, const plan::Plan& plan, const Address& address,
                 const std::string& settle) {
  const plan::RevisionPlan& revision = plan.revisions[failure.revision];
  Diagnostic out;
  const std::string name = revision_name(revision);
  const bool online_stop =
      failure.kind == exec::RunFailure::Kind::kLocked || failure.kind == exec::RunFailure::Kind::kRowsAgainst ||
      failure.kind == exec::RunFailure::Kind::kInTheWay || failure.kind == exec::RunFailure::Kind::kStopped;
  if (online_stop || failure.journaled) return describe_online(failure, plan, settle);
  if (failure.kind == exec::RunFailure::Kind::kInterrupted) {
    out.code = "interrupted";
    out.message = "stopped by a signal in " + name;
    out.cause = where_it_stands(failure, plan);
    out.help = settle.empty() ? "run the same command again to go on" : settle;
    return make_failure(ExitCode::kInterrupted, std::move(out));
  }
  if (failure.kind == exec::RunFailure::Kind::kLive) {
    Failure live{ExitCode::kFailed, {}};
    bool first = true;
    for (const Diagnostic& found : failure.live.list()) {
      Diagnostic one = found;
      if (first) {
        one.message = name + " failed: " + one.message;
        one.cause += (one.cause.empty() ? "" : "\n") + where_it_stands(failure, plan);
      }
      first = false;
      live.diagnostics.add(std::move(one));
    }
    return live;
  }
  if (failure.kind == exec::RunFailure::Kind::kHandOver) {
    out.code = "hand-over-failed";
    out.message = name + " failed in the project's own tool: " + failure.error.message;
    out.location = revision.hand_over->location;
    out.cause = where_it_stands(failure, plan);
    out.help = failure.help;
    return make_failure(ExitCode::kFailed, std::move(out));
  }
  out.code = failure.kind == exec::RunFailure::Kind::kExpand ? "rebuild-failed" : "statement-failed";
  out.message = name + " failed";
  const plan::Cause* cause = failure.step    ? &revision.steps[*failure.step].cause
                             : failure.cause ? &*failure.cause
                                             : nullptr;
  if (cause != nullptr) {
    out.message += " at " + cause->operation + (cause->subject.empty() ? "" : " '" + cause->subject + "'");
    out.location = cause->location;
  } else if (!failure.statement.empty()) {
    out.message += " where the history is kept";
  }
  out.message += ": " + failure.error.message;
  for (const std::string* part : {&failure.error.detail, &failure.error.context}) {
    if (!part->empty()) out.cause += (out.cause.empty() ? "" : "\n") + *part;
  }
  out.cause += (out.cause.empty() ? "" : "\n") + where_it_stands(failure, plan);
  out.help = failure.help.empty() ? failure.error.hint : failure.help;
  if (!settle.empty()) {
    // The server's hint is no way out of this, but may explain it.
    if (!out.help.empty()) out.cause += "\n" + out.help;
    out.help = settle;
  }
  if (out.help.empty()) out.help = way_out(failure, revision, address);
  if (!failure.statement.empty()) out.related.push_back(statement_place(failure.statement, failure.error));
  // Somebody else's lock, before anything of ours ran: as when the run lock is held.
  const bool busy = failure.error.retryable && !failure.step && !failure.cause && !failure.partly_committed;
  return make_failure(busy ? ExitCode::kBusy : ExitCode::kFailed, std::move(out));
}

}  // namespace bascule::app
