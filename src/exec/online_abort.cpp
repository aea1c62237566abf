// Taking an online run back.
#include <algorithm>
#include <array>
#include <utility>

#include "exec/online.h"
#include "exec/online_state.h"

namespace bascule::exec {

namespace {

using plan::Event;
using std::chrono::milliseconds;
using State = history::JournaledStep::State;
using Tried = Result<Attempt, RunFailure>;

constexpr const char* kNothingTakesItBack = "nothing takes it back";

/// Whether the same statement would be refused as often as it is sent: not where the server, the session or the role's
/// rights are what is wrong.
bool refused_for_good(const db::DbError& error) {
  if (!error.connection_usable || error.retryable || !error.outcome_known || error.sqlstate.size() != 5) return false;
  constexpr std::array<std::string_view, 9> kOthers = {"08", "25", "28", "40", "53", "57", "58", "F0", "XX"};
  constexpr std::string_view kInsufficientPrivilege = "42501";
  constexpr std::string_view kObjectInUse = "55006";
  return error.sqlstate != kInsufficientPrivilege && error.sqlstate != kObjectInUse &&
         std::find(kOthers.begin(), kOthers.end(), std::string_view(error.sqlstate).substr(0, 2)) == kOthers.end();
}

class Undoing {
 public:
  Undoing(const plan::RevisionPlan& revision, const history::JournaledRun& run, OnlineTools& tools)
      : revision_(revision), run_(run), tools_(tools), session_(tools, revision) {}

  Result<UndoEnd, RunFailure> undo() {
    for (std::size_t i = 0; i < revision_.steps.size(); ++i)
      if (const auto* known = history::find_step(run_, i); known != nullptr && known->state == State::kDone)
        ++standing_;
    say_what_stays();
    for (std::size_t i = revision_.steps.size(); i-- > 0;) {
      const history::JournaledStep* known = history::find_step(run_, i);
      if (known == nullptr) continue;
      if (auto done = take_back(i, *known); !done) {
        RunFailure why = std::move(done.error());
        why.steps_done = standing_;
        return failure(std::move(why));
      }
    }
    const std::size_t end = revision_.steps.size();
    BASCULE_TRY(tried([&]() -> Tried { return execute({tools_.journal.aborted_sql(run_.id)}, end); }, end));
    std::reverse(end_.stays.begin(), end_.stays.end());
    return std::move(end_);
  }

 private:
  /// Before anything is touched: whoever watches may still stop it.
  void say_what_stays() {
    for (std::size_t i = 0; i < revision_.steps.size(); ++i) {
      const history::JournaledStep* known = history::find_step(run_, i);
      if (known == nullptr || known->state == State::kUndone || revision_.steps[i].conduct.guard.undo_is_whole)
        continue;
      if (!was_done(i, *known)) continue;
      Event event;
      event.kind = Event::Kind::kNote;
      event.text = "nothing takes this back, it stays: " + sql_of(revision_.steps[i]);
      session_.tell(std::move(event), i);
    }
  }

  /// A step that has begun and is not known to be done: the catalog tells, or the rows that its batches have changed;
  /// where nothing tells, it may have been.
  bool was_done(std::size_t index, const history::JournaledStep& known) {
    const plan::Conduct& conduct = revision_.steps[index].conduct;
    if (known.state == State::kDone) return true;
    if (conduct.batches) return known.rows > 0;
    return conduct.guard.done_when.empty() || there(index);
  }

  Result<void, RunFailure> take_back(std::size_t index, const history::JournaledStep& known) {
    const plan::Step& step = revision_.steps[index];
    const plan::Guard& guard = step.conduct.guard;
    if (known.state == State::kUndone) {
      guard.undo_is_whole ? void(++end_.steps) : stays(index, kNothingTakesItBack);
      return {};
    }
    // What the step left that was not finished, or an abort before this one.
    if (auto cleaned = clean_up(index); !cleaned) return stays_if_refused(index, std::move(cleaned.error()));
    if (!was_done(index, known)) return {};
    if (!guard.undo.empty()) {
      auto done = undo_step(index);
      if (!done && !refused_for_good(done.error().error)) return done;
      if (!done) {
        if (auto cleaned = clean_up(index); !cleaned) return stays_if_refused(index, std::move(cleaned.error()));
        // What it made may have gone with something that stays gone.
        if (guard.done_when.empty() || there(index)) return stays_if_refused(index, std::move(done.error()));
      }
    }
    if (known.state == State::kDone) --standing_;
    if (!guard.undo_is_whole) {
      stays(index, kNothingTakesItBack);
      return {};
    }
    ++end_.steps;
    Event event;
    event.kind = Event::Kind::kStepUndone;
    session_.tell(std::move(event), index);
    return {};
  }

  Result<void, RunFailure> stays_if_refused(std::size_t index, RunFailure why) {
    if (!refused_for_good(why.error)) return failure(std::move(why));
    stays(index, "the server does not take it back: " + why.error.message);
    return {};
  }

  void stays(std::size_t index, std::string why) {
    end_.stays.push_back({sql_of(revision_.steps[index]), std::move(why)});
  }

  bool there(std::size_t index) {
    auto answer = session_.ask(revision_.steps[index].conduct.guard.done_when);
    return answer && *answer;
  }

  Result<void, RunFailure> clean_up(std::size_t index) {
    const plan::Conduct& conduct = revision_.steps[index].conduct;
    const plan::Guard& guard = conduct.guard;
    if (guard.leftover_when.empty()) return {};
    return tried(
        [&]() -> Tried {
          auto left = session_.ask(guard.leftover_when);
          if (!left) return session_.judge(std::move(left.error()), index, guard.leftover_when);
          if (!*left) return Attempt{};
          if (auto bounded = session_.bound(lock_bound(conduct, tools_.settings), kNoBound); !bounded)
            return session_.judge(std::move(bounded.error()), index, "the session's timeouts");
          for (const std::string& sql : guard.clean_up) {
            if (auto done = db::execute_one(session_.connection(), sql); !done)
              return session_.judge(std::move(done.error()), index, sql);
          }
          return Attempt{};
        },
        index);
  }

  /// Each part can be repeated: an abort that was interrupted begins with the step again.
  Result<void, RunFailure> undo_step(std::size_t index) {
    const plan::Conduct& conduct = revision_.steps[index].conduct;
    const plan::Guard& guard = conduct.guard;
    const std::string undone = tools_.journal.step_undone_sql(run_.id, index);
    const milliseconds deadline = tools_.clock.now() + tools_.settings.deadline;
    if (!guard.undo_in_transaction) BASCULE_TRY(note_abort(index));
    return tried(
        [&]() -> Tried {
          if (guard.undo_in_transaction) return undo_together(conduct, guard.undo, undone, index, deadline);
          if (!guard.undo_first.empty()) {
            BASCULE_TRY_ASSIGN(Attempt attempt, undo_together(conduct, guard.undo_first, {}, index, deadline));
            if (attempt.kind != Attempt::Kind::kDone) return attempt;
          }
          if (auto bounded = session_.bound(kNoBound, kNoBound); !bounded)
            return session_.judge(std::move(bounded.error()), index, "the session's timeouts");
          for (const std::string& sql : guard.undo) {
            BASCULE_TRY_ASSIGN(Attempt attempt, execute({sql}, index));
            if (attempt.kind != Attempt::Kind::kDone) return attempt;
          }
          if (guard.undo_last.empty()) return execute({undone}, index);
          return undo_together(conduct, guard.undo_last, undone, index, deadline);
        },
        index);
  }

  /// What is taken back in several transactions is neither done nor undone meanwhile: from here on nothing but an abort
  /// goes on with the run.
  Result<void, RunFailure> note_abort(std::size_t index) {
    if (noted_) return {};
    noted_ = true;
    if (auto noted = tools_.journal.set_wish(*tools_.connection, run_.id, std::string(history::kAbortWish)); !noted)
      return failure(session_.failed(std::move(noted.error()), index, "the journal"));
    return {};
  }

  /// In one transaction, bounded like a step that is brief. undone: the journal's mark; may be empty.
  Tried undo_together(const plan::Conduct& conduct, const std::vector<std::string>& statements,
                      const std::string& undone, std::size_t index, milliseconds deadline) {
    BASCULE_TRY(session_.wait_for_blockers(conduct.lock_tables, index, deadline));
    if (auto bounded = session_.bound(tools_.settings.lock_timeout, kBriefMost); !bounded)
      return session_.judge(std::move(bounded.error()), index, "the session's timeouts");
    std::vector<std::string> all = {tools_.connection->begin_sql(db::TransactionStart::kWrite)};
    all.insert(all.end(), statements.begin(), statements.end());
    if (!undone.empty()) all.push_back(undone);
    all.emplace_back("COMMIT");
    const milliseconds each = tools_.settings.lock_timeout + kBriefMost;
    return execute(all, index, each * static_cast<int>(all.size()) + kBeyondServer);
  }

  Tried execute(const std::vector<std::string>& statements, std::size_t index, milliseconds most = kNoBound) {
    auto done = session_.transact(statements, most);
    if (done) return Attempt{};
    const std::size_t at = done.error().failed_at;
    return session_.judge(std::move(done.error().error), index, statements[at]);
  }

  template <class F>
  Result<void, RunFailure> tried(F attempt_once, std::size_t index) {
    const milliseconds deadline = tools_.clock.now() + tools_.settings.deadline;
    Backoff backoff(tools_.settings.lock_timeout, static_cast<std::uint64_t>(tools_.clock.now().count()));
    while (true) {
      BASCULE_TRY_ASSIGN(Attempt attempt, attempt_once());
      if (attempt.kind == Attempt::Kind::kDone) return {};
      tools_.connection->rollback();
      const milliseconds pause = backoff.next();
      // A lost connection ends it too: the next abort goes on.
      if (attempt.kind != Attempt::Kind::kAgain || tools_.clock.now() + pause >= deadline)
        return failure(std::move(attempt.why));
      if (!tools_.clock.sleep(pause)) return failure(session_.failed(RunFailure::Kind::kInterrupted, index));
    }
  }

  const plan::RevisionPlan& revision_;
  const history::JournaledRun& run_;
  OnlineTools& tools_;
  OnlineSession session_;
  UndoEnd end_;
  std::size_t standing_ = 0;  ///< steps that are done and not taken back
  bool noted_ = false;
};

}  // namespace

Result<UndoEnd, RunFailure> undo_online(const plan::RevisionPlan& revision, const history::JournaledRun& run,
                                        OnlineTools& tools) {
  return Undoing(revision, run, tools).undo();
}

}  // namespace bascule::exec
