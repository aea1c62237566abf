#include "exec/online_state.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "base/text.h"
#include "exec/watch.h"

namespace bascule::exec {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view kStatementTimeout = "57014";
constexpr milliseconds kFirstLook{200};
constexpr milliseconds kLongestLook{2'000};
constexpr milliseconds kSayAgain{5'000};

bool in_the_way(const plan::Blocker& blocker, milliseconds lock_timeout) {
  return !blocker.waits && blocker.open_for > lock_timeout;
}

}  // namespace

const std::string& sql_of(const plan::Step& step) {
  const auto* statement = std::get_if<plan::Statement>(&step.action);
  BASCULE_CHECK(statement != nullptr, "a rebuild in an online plan");
  return statement->sql;
}

std::string blocker_text(const plan::Blocker& blocker) {
  const std::string who = blocker.application.empty() ? blocker.user : blocker.application + ", " + blocker.user;
  std::string out = fmt::format("{} ({}), {} for {:.1f} s", blocker.session, who, blocker.state,
                                static_cast<double>(blocker.open_for.count()) / 1000);
  if (!blocker.query.empty()) {
    constexpr std::size_t kShown = 120;
    std::string query = blocker.query.substr(0, kShown);
    std::replace(query.begin(), query.end(), '\n', ' ');
    out += ": " + query + (blocker.query.size() > kShown ? " ..." : "");
  }
  return out;
}

db::DbResult<void> OnlineSession::bound(milliseconds lock, milliseconds statement) {
  if (tools_.bounds == std::pair(lock, statement) || tools_.words.set_timeouts.empty()) return {};
  const std::array<db::Cell, 2> parameters = {std::to_string(lock.count()), std::to_string(statement.count())};
  BASCULE_TRY(connection().query(tools_.words.set_timeouts, parameters));
  tools_.bounds = {lock, statement};
  return {};
}

db::DbResult<std::string> OnlineSession::id() {
  if (tools_.session.empty() && !tools_.words.session_id.empty()) {
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, connection().query(tools_.words.session_id));
    tools_.session = rows.rows.front().front().value_or("");
  }
  return tools_.session;
}

Result<void, db::BatchError> OnlineSession::transact(std::span<const std::string> statements, milliseconds most) {
  if (most.count() == 0) return connection().execute(statements);
  const std::size_t before_commit = statements.size() - 1;
  tools_.patience->begin(connection(), most);
  auto done = connection().execute(statements.first(before_commit));
  tools_.patience->end();
  if (!done) return done;
  auto committed = connection().execute(statements.last(1));
  if (!committed) committed.error().failed_at += before_commit;
  return committed;
}

db::DbResult<bool> OnlineSession::ask(const std::string& query) {
  if (query.empty()) return false;
  BASCULE_TRY_ASSIGN(const db::ResultSet rows, connection().query(query));
  return !rows.rows.empty() && rows.rows.front().front() == "t";
}

Result<void, RunFailure> OnlineSession::reconnect(const db::DbError& lost, std::size_t step) {
  const milliseconds began = tools_.clock.now();
  Backoff backoff(milliseconds(20), static_cast<std::uint64_t>(began.count()));
  tools_.interrupts.watch(nullptr);
  db::DbError last = lost;
  tools_.bounds.reset();
  tools_.session.clear();
  while (tools_.clock.now() - began < tools_.settings.deadline) {
    if (interrupted()) return failure(failed(RunFailure::Kind::kInterrupted, step));
    auto made = tools_.connector.connect();
    if (made) {
      tools_.connection = std::move(*made);
      tools_.interrupts.watch(tools_.connection.get());
      const milliseconds left = tools_.settings.deadline - (tools_.clock.now() - began);
      auto lock = tools_.connection->acquire_run_lock(std::max(left, milliseconds(1)));
      if (lock && *lock != db::RunLock::kBusy) {
        plan::Event event;
        event.kind = plan::Event::Kind::kReconnected;
        event.text = lost.message;
        event.took = tools_.clock.now() - began;
        tell(std::move(event), step);
        return {};
      }
      tools_.interrupts.watch(nullptr);
      if (!lock) last = std::move(lock.error());
    } else {
      last = std::move(made.error());
    }
    if (!tools_.clock.sleep(backoff.next())) break;
  }
  if (interrupted()) return failure(failed(RunFailure::Kind::kInterrupted, step));
  last.connection_usable = false;
  return failure(failed(std::move(last), step, ""));
}

Result<void, RunFailure> OnlineSession::wait_for_blockers(const std::vector<std::string>& tables, std::size_t step,
                                                          milliseconds deadline) {
  if (tables.empty() || tools_.words.blockers.empty()) return {};
  const milliseconds began = tools_.clock.now();
  milliseconds look = kFirstLook;
  std::optional<milliseconds> said;
  while (true) {
    auto session = id();
    if (!session) return failure(failed(std::move(session.error()), step, tools_.words.session_id));
    auto found = read_blockers(connection(), tools_.words, tables, *session);
    if (!found) return failure(failed(std::move(found.error()), step, tools_.words.blockers));
    std::vector<plan::Blocker> blockers;
    std::copy_if(found->begin(), found->end(), std::back_inserter(blockers),
                 [&](const plan::Blocker& blocker) { return in_the_way(blocker, tools_.settings.lock_timeout); });
    const milliseconds now = tools_.clock.now();
    if (blockers.empty()) {
      if (said) {
        plan::Event free;
        free.kind = plan::Event::Kind::kUnblocked;
        free.took = now - began;
        tell(std::move(free), step);
      }
      return {};
    }
    const milliseconds waited = now - began;
    if (now >= deadline) {
      RunFailure why = failed(RunFailure::Kind::kLocked, step);
      why.error.message = "the lock did not come free in time; in the way is session " + blocker_text(blockers.front());
      for (std::size_t i = 1; i < blockers.size(); ++i)
        why.error.detail += (i > 1 ? "\n" : "") + ("also in the way: " + blocker_text(blockers[i]));
      return failure(std::move(why));
    }
    plan::Event event;
    event.took = waited;
    event.blockers = blockers;
    if (!said || now - *said >= kSayAgain) {
      said = now;
      event.kind = plan::Event::Kind::kBlocked;
      tell(event, step);
    }
    if (tools_.settings.terminate_blockers_after && waited >= *tools_.settings.terminate_blockers_after) {
      event.kind = plan::Event::Kind::kTerminated;
      event.blockers.clear();
      for (const plan::Blocker& blocker : blockers) {
        if (blocker.protected_from_us) continue;
        const std::array<db::Cell, 1> parameters = {std::to_string(blocker.session)};
        auto ended = connection().query(tools_.words.terminate, parameters);
        if (!ended) return failure(failed(std::move(ended.error()), step, tools_.words.terminate));
        event.blockers.push_back(blocker);
      }
      if (!event.blockers.empty()) tell(std::move(event), step);
    }
    if (!tools_.clock.sleep(std::min(look, std::max(deadline - now, milliseconds(1)))))
      return failure(failed(RunFailure::Kind::kInterrupted, step));
    look = std::min(look * 3 / 2, kLongestLook);
  }
}

std::string OnlineSession::tell(plan::Event event, std::optional<std::size_t> step) {
  event.revision = revision_.revision;
  event.steps = revision_.steps.size();
  if (step) event.step = *step + 1;
  return tools_.listener.event(event);
}

RunFailure OnlineSession::failed(RunFailure::Kind kind, std::optional<std::size_t> step) const {
  RunFailure why;
  why.kind = kind;
  why.step = step;
  return why;
}

RunFailure OnlineSession::failed(db::DbError error, std::optional<std::size_t> step, std::string statement) const {
  RunFailure why = failed(RunFailure::Kind::kStatement, step);
  if (error.interrupted && interrupted()) why.kind = RunFailure::Kind::kInterrupted;
  why.error = std::move(error);
  why.statement = std::move(statement);
  return why;
}

Attempt OnlineSession::judge(db::DbError error, std::optional<std::size_t> step, std::string statement) const {
  Attempt out;
  if (interrupted()) {
    out.kind = Attempt::Kind::kFailed;
    out.why = failed(RunFailure::Kind::kInterrupted, step);
    out.why.error = std::move(error);
    return out;
  }
  const bool timed_out = error.sqlstate == kStatementTimeout;
  out.kind = !error.connection_usable       ? Attempt::Kind::kLost
             : error.retryable || timed_out ? Attempt::Kind::kAgain
                                            : Attempt::Kind::kFailed;
  out.why = failed(std::move(error), step, std::move(statement));
  return out;
}

}  // namespace bascule::exec
