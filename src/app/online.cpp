#include "app/online.h"

#include <algorithm>
#include <array>
#include <utility>

#include "app/online_request.h"
#include "app/run_failure.h"
#include "app/schema_chain.h"
#include "app/sequence.h"
#include "base/line_diff.h"
#include "base/text.h"
#include "dialects/online.h"
#include "plan/stored.h"
#include "planner/online.h"

namespace bascule::app {

namespace {

Failure simple(ExitCode code, std::string name, std::string message, std::string cause, std::string help) {
  Diagnostic out;
  out.code = std::move(name);
  out.message = std::move(message);
  out.cause = std::move(cause);
  out.help = std::move(help);
  return make_failure(code, std::move(out));
}

std::string again(const history::JournaledRun& run) {
  return "bascule " + run.direction + " " + run.revision + " --online";
}

std::unique_ptr<history::HistoryStore> history_of(const Workspace& workspace) {
  formats::Sequence* sequence = workspace.project->sequence();
  return sequence != nullptr ? sequence_history(*sequence) : workspace.project->history_store();
}

class Reconnector final : public exec::Connector {
 public:
  Reconnector(const Request& request, const Address& address) : request_(request), address_(address) {}
  db::DbResult<std::unique_ptr<db::Connection>> connect() override {
    dialects::ConnectOptions options;
    options.notices = request_.notices;
    return address_.dialect->connect(address_.url, options);
  }

 private:
  const Request& request_;
  const Address& address_;
};

bool is_plain(const plan::RevisionPlan& revision) { return revision.auxiliary || revision.live || revision.hand_over; }

/// Whether two connections are one session, or one is several: a pooler in transaction mode.
db::DbResult<bool> is_pooled(db::Connection& connection, exec::Connector& connector, const plan::OnlineWords& words) {
  const auto cell = [](db::Connection& from, const std::string& sql) -> db::DbResult<std::string> {
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, from.query(sql));
    return rows.rows.empty() ? std::string() : rows.rows.front().front().value_or("");
  };
  const std::array<db::Cell, 2> no_bounds = {"0", "0"};
  BASCULE_TRY(connection.query(words.set_timeouts, no_bounds));
  BASCULE_TRY_ASSIGN(const std::string first, cell(connection, words.session_id));
  BASCULE_TRY_ASSIGN(const auto other, connector.connect());
  // The pool gives away what the first connection has just put back.
  BASCULE_TRY_ASSIGN(const std::string second, cell(*other, words.session_id));
  BASCULE_TRY_ASSIGN(const std::string again, cell(connection, words.session_id));
  BASCULE_TRY_ASSIGN(const std::string lasts, cell(connection, words.connection_lasts));
  return first == second || first != again || lasts != "t";
}

/// A pooler that gives each transaction another session takes timeouts and the run lock away.
Outcome<void> refuse_pooler(db::Connection& connection, exec::Connector& connector, const Address& address) {
  const dialects::OnlineDialect* online = address.dialect->online();
  if (online == nullptr) return {};
  auto pooled = is_pooled(connection, connector, online->words());
  if (!pooled) return failure(database_failure(pooled.error(), "looking at the session", address));
  if (!*pooled) return {};
  return failure(simple(ExitCode::kUsage, "session-does-not-last",
                        "the connection's session does not last: there is a pooler in transaction mode in between",
                        "timeouts and the lock that keeps two runs apart belong to a session",
                        "connect to the server itself, or to a pool in session mode (--url)"));
}

}  // namespace

Outcome<std::optional<history::JournaledRun>> read_unfinished(db::Connection& connection, const Address& address,
                                                              const std::string& history_table, Diagnostics* notes) {
  const dialects::OnlineDialect* online = address.dialect->online();
  if (online == nullptr) return std::optional<history::JournaledRun>();
  auto run = history::Journal(online->journal()).unfinished(connection, history_table);
  constexpr std::string_view kInsufficientPrivilege = "42501";
  if (!run && notes != nullptr && run.error().sqlstate == kInsufficientPrivilege) {
    Diagnostic note;
    note.code = "journal-not-read";
    note.severity = Severity::kNote;
    note.message = "whether an online run is unfinished is not known: " + run.error().message;
    note.help = "grant the role '" + address.url.user + "' USAGE on the schema bascule and SELECT on its tables";
    notes->add(std::move(note));
    return std::optional<history::JournaledRun>();
  }
  if (!run) return failure(database_failure(run.error(), "reading the journal", address));
  return std::move(*run);
}

Outcome<void> refuse_unfinished(db::Connection& connection, const Address& address, const std::string& history_table,
                                Diagnostics* notes) {
  BASCULE_TRY_ASSIGN(const auto run, read_unfinished(connection, address, history_table, notes));
  if (!run) return {};
  return failure(simple(ExitCode::kUsage, "unfinished-run",
                        "revision '" + run->revision + "' was begun online and is not finished",
                        "it was begun at " + run->started_at + "; some of its steps are done and stand in the database",
                        "go on: " + again(*run) + "; or take it back: bascule abort"));
}

Outcome<void> check_unchanged(const history::JournaledRun& run, const plan::RevisionPlan& now) {
  const std::string text = plan::naive_text(now);
  if (run.naive == text) return {};
  return failure(simple(ExitCode::kUsage, "unfinished-run-changed",
                        "revision '" + run.revision + "' has changed since it was begun",
                        "its statements then (-) and now (+):\n" + line_diff(run.naive, text),
                        "put the file back as it was and run again, or take it back first: bascule abort"));
}

Outcome<plan::Plan> make_online(const plan::Plan& naive, const Workspace& workspace, const Address& address,
                                db::Connection& connection, const std::vector<std::string>& allow,
                                Diagnostics& warnings) {
  const dialects::Dialect& dialect = *address.dialect;
  const planner::OnlineOptions options{allow};
  if (Diagnostics unknown = planner::check_allowances(options); unknown.has_errors())
    return failure(Failure{ExitCode::kUsage, std::move(unknown)});
  if (dialect.online() == nullptr) {
    Diagnostic note;
    note.code = "online-as-usual";
    note.severity = Severity::kNote;
    note.message = "--online changes nothing here: this database has one writer at a time";
    warnings.add(std::move(note));
    return naive;
  }
  auto server = dialect.server(connection);
  if (!server) return failure(database_failure(server.error(), "asking for the server's version", address));
  auto schema = dialect.introspect(connection, introspect_options(&workspace));
  if (!schema) return failure(database_failure(schema.error(), "reading the schema", address));
  server->schema_complete = true;
  planner::OnlineState state{std::move(*schema), {}};
  plan::Plan out = naive;
  Diagnostics wrong;
  for (plan::RevisionPlan& revision : out.revisions) {
    auto made = planner::online_plan(revision, state, dialect, *server, options);
    if (!made) {
      wrong.append(std::move(made.error()));
      continue;
    }
    revision = std::move(*made);
    if (auto note = planner::note_of(revision)) warnings.add(std::move(*note));
  }
  if (!wrong.empty()) return failure(Failure{ExitCode::kUnsound, std::move(wrong)});
  return out;
}

std::unique_ptr<exec::Connector> connector_to(const Request& request, const Address& address) {
  return std::make_unique<Reconnector>(request, address);
}

OnlineRunner::OnlineRunner(const Request& request, const Workspace& workspace, const Address& address,
                           std::unique_ptr<db::Connection>& connection, exec::InterruptScope& interrupts,
                           const history::HistoryStore& history, exec::Progress& progress, NaiveRun naive)
    : request_(request),
      workspace_(workspace),
      address_(address),
      connection_(connection),
      interrupts_(interrupts),
      history_(history),
      progress_(progress),
      naive_(std::move(naive)),
      reconnector_(connector_to(request, address)),
      clock_(exec::steady_clock()) {}

Outcome<void> OnlineRunner::prepare(plan::Plan& plan, Diagnostics& warnings) {
  resumed_.reset();
  naive_texts_.clear();
  BASCULE_TRY(refuse_pooler(*connection_, *reconnector_, address_));
  BASCULE_TRY_ASSIGN(auto unfinished, read_unfinished(*connection_, address_, history_.table_name()));
  if (!unfinished) {
    for (const plan::RevisionPlan& revision : plan.revisions) naive_texts_.push_back(plan::naive_text(revision));
    BASCULE_TRY_ASSIGN(plan, make_online(plan, workspace_, address_, *connection_, request_.online->allow, warnings));
    return {};
  }
  const auto begun = std::find_if(plan.revisions.begin(), plan.revisions.end(),
                                  [](const plan::RevisionPlan& revision) { return !revision.auxiliary; });
  const bool same = begun != plan.revisions.end() && begun->revision == unfinished->revision &&
                    (begun->direction == model::Direction::kUpgrade) == (unfinished->direction == "upgrade");
  if (!same) return refuse_unfinished(*connection_, address_, history_.table_name());
  // What goes with a step that was taken back (a part's index with the whole's) may be gone, though it is called done.
  if (unfinished->wish == history::kAbortWish ||
      std::any_of(unfinished->steps.begin(), unfinished->steps.end(), [](const history::JournaledStep& step) {
        return step.state == history::JournaledStep::State::kUndone;
      })) {
    return failure(simple(ExitCode::kUsage, "abort-unfinished",
                          "revision '" + unfinished->revision + "' is being taken back, and that is not finished",
                          "some of its steps are undone, others stand", "go on: bascule abort"));
  }
  BASCULE_TRY(check_unchanged(*unfinished, *begun));
  auto stored = plan::read_stored(unfinished->plan);
  if (!stored) {
    return failure(
        simple(ExitCode::kFailed, "journal-unreadable",
               "the journal's plan of revision '" + unfinished->revision + "' cannot be read: " + stored.error(),
               "it was written by Bascule " + unfinished->program, "use that version to go on"));
  }
  begun->steps = std::move(stored->steps);
  plan.revisions.erase(begun + 1, plan.revisions.end());
  for (const plan::RevisionPlan& revision : plan.revisions) naive_texts_.push_back(plan::naive_text(revision));
  resumed_ = std::move(*unfinished);
  return {};
}

Result<void, exec::RunFailure> OnlineRunner::run(const plan::Plan& plan) {
  exec::Listener& listener = *request_.online->listener;
  plan::Event event;
  if (!begun_ && !plan.revisions.empty()) {
    begun_ = true;
    event.kind = plan::Event::Kind::kRunStarted;
    if (std::string veto = listener.event(event); !veto.empty()) {
      exec::RunFailure why;
      why.kind = exec::RunFailure::Kind::kStopped;
      why.error.message = std::move(veto);
      return failure(std::move(why));
    }
  }
  BASCULE_TRY(run_revisions(plan));
  event.kind = plan::Event::Kind::kRunDone;
  if (begun_ && !more()) listener.event(event);
  return {};
}

Result<void, exec::RunFailure> OnlineRunner::run_revisions(const plan::Plan& plan) {
  const dialects::OnlineDialect* online = address_.dialect->online();
  if (online == nullptr) return naive_(plan, *connection_);
  const history::Journal journal(online->journal());
  exec::OnlineTools tools{connection_,     interrupts_, *reconnector_, *request_.online->listener, *clock_,
                          online->words(), journal,     history_,      request_.online->settings};
  bool prepared = false;
  for (std::size_t i = 0; i < plan.revisions.size(); ++i) {
    const plan::RevisionPlan& revision = plan.revisions[i];
    const std::vector<std::string> preparation = prepared ? std::vector<std::string>() : plan.preparation;
    prepared = true;
    const auto at_this = [&](exec::RunFailure why) {
      why.revision = i;
      why.revisions_done += i;
      return failure(std::move(why));
    };
    if (is_plain(revision)) {
      // What runs as it is is bounded too, but for how long its statements may take.
      const std::array<db::Cell, 2> bounds = {std::to_string(request_.online->settings.lock_timeout.count()), "0"};
      if (auto bounded = connection_->query(online->words().set_timeouts, bounds); !bounded) {
        exec::RunFailure why;
        why.error = std::move(bounded.error());
        return at_this(std::move(why));
      }
      tools.bounds.reset();
      if (auto done = naive_(plan::Plan{preparation, {revision}}, *connection_); !done)
        return at_this(std::move(done.error()));
      continue;
    }
    const auto started = clock_->now();
    plan::Event event;
    event.revision = revision.revision;
    event.steps = revision.steps.size();
    event.text = revision.message;
    event.kind = plan::Event::Kind::kRevisionStarted;
    if (std::string veto = tools.listener.event(event); !veto.empty()) {
      exec::RunFailure why;
      why.kind = exec::RunFailure::Kind::kStopped;
      why.error.message = std::move(veto);
      return at_this(std::move(why));
    }
    progress_.revision_started(revision, i, plan.revisions.size());
    const history::JournaledRun* resumed = resumed_ ? &*resumed_ : nullptr;
    if (auto done = exec::run_online(revision, naive_texts_[i], resumed, preparation, tools); !done)
      return at_this(std::move(done.error()));
    progress_.revision_done(revision, clock_->now() - started);
    event.kind = plan::Event::Kind::kRevisionDone;
    event.took = clock_->now() - started;
    tools.listener.event(event);
  }
  return {};
}

Outcome<AbortReport> abort_online(const Request& request) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(auto connection, connect(address, request, Access::kWrite));
  BASCULE_TRY(take_run_lock(*connection, address, request));
  const auto history = history_of(workspace);
  BASCULE_TRY_ASSIGN(const auto run, read_unfinished(*connection, address, history->table_name()));
  if (!run) {
    return failure(simple(ExitCode::kUsage, "nothing-to-abort",
                          "no online run is unfinished in " + address.url.display(), "",
                          "to take back a revision that is done: bascule downgrade -1"));
  }
  auto plan = plan::read_stored(run->plan);
  if (!plan) {
    return failure(simple(ExitCode::kFailed, "journal-unreadable",
                          "the journal's plan of revision '" + run->revision + "' cannot be read: " + plan.error(),
                          "it was written by Bascule " + run->program, "use that version to take it back"));
  }
  exec::InterruptScope interrupts(*connection);
  const auto clock = exec::steady_clock();
  // Nothing of it reconnects: what is not undone yet is undone by the next abort.
  class NoConnector final : public exec::Connector {
    db::DbResult<std::unique_ptr<db::Connection>> connect() override { return failure(db::DbError{}); }
  } connector;
  const history::Journal journal(address.dialect->online()->journal());
  exec::OnlineTools tools{connection,
                          interrupts,
                          connector,
                          *request.online->listener,
                          *clock,
                          address.dialect->online()->words(),
                          journal,
                          *history,
                          request.online->settings};
  AbortReport report;
  report.revision = run->revision;
  report.address = address;
  auto done = exec::undo_online(*plan, *run, tools);
  if (!done) {
    done.error().journaled = true;
    done.error().steps_total = plan->steps.size();
    return failure(describe(done.error(), plan::Plan{{}, {*plan}}, address, "run `bascule abort` again"));
  }
  report.steps_undone = done->steps;
  report.stays = std::move(done->stays);
  return report;
}

Outcome<std::string> ask_online(const Request& request, const std::string& wish) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(const auto connection, connect(address, request, Access::kWrite));
  BASCULE_TRY_ASSIGN(const auto run, read_unfinished(*connection, address, history_of(workspace)->table_name()));
  if (!run) {
    return failure(simple(ExitCode::kUsage, "no-unfinished-run",
                          "no online run is unfinished in " + address.url.display(), "",
                          "`bascule status` shows where the database stands"));
  }
  if (run->wish == history::kAbortWish) {
    return failure(simple(ExitCode::kUsage, "abort-unfinished",
                          "revision '" + run->revision + "' is being taken back, and that is not finished", "",
                          "go on: bascule abort"));
  }
  const history::Journal journal(address.dialect->online()->journal());
  if (auto asked = journal.set_wish(*connection, run->id, wish); !asked)
    return failure(database_failure(asked.error(), "writing to the journal", address));
  return run->revision;
}

}  // namespace bascule::app
