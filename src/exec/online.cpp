#include "exec/online.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "base/version.h"
#include "exec/backfill.h"
#include "exec/online_state.h"
#include "exec/progress_watch.h"
#include "plan/stored.h"

namespace bascule::exec {

namespace {

using plan::Event;
using plan::Pace;
using std::chrono::milliseconds;
using Tried = Result<Attempt, RunFailure>;

/// What a step that is brief may take once it has its lock, at first: a multiple of the lock timeout, but time enough
/// for a catalog on a slow disk. Doubled each time that it was not enough.
constexpr int kBriefTimeouts = 2;
constexpr milliseconds kBriefLeast{500};
/// How often a connection may be lost in one step.
constexpr int kMostLosses = 5;

/// Steps that share a transaction: [begin, end).
struct Group {
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool has_transaction(const plan::Step& step) {
  return step.in_transaction && step.conduct.pace != Pace::kConcurrent && step.conduct.pace != Pace::kBatches;
}

std::vector<Group> groups_of(const plan::RevisionPlan& revision) {
  std::vector<Group> out;
  for (std::size_t i = 0; i < revision.steps.size(); ++i) {
    const plan::Step& step = revision.steps[i];
    const bool joins =
        i > 0 && step.conduct.with_previous && has_transaction(step) && has_transaction(revision.steps[i - 1]);
    if (joins) {
      out.back().end = i + 1;
    } else {
      out.push_back({i, i + 1});
    }
  }
  return out;
}

class OnlineRevision {
 public:
  OnlineRevision(const plan::RevisionPlan& revision, std::string naive, OnlineTools& tools)
      : revision_(revision),
        naive_(std::move(naive)),
        tools_(tools),
        session_(tools, revision),
        groups_(groups_of(revision)) {}

  Result<void, RunFailure> run(const history::JournaledRun* resumed, const std::vector<std::string>& preparation) {
    began_ = tools_.clock.now();
    if (resumed != nullptr) {
      known_ = *resumed;
      run_ = resumed->id;
      // What somebody asked of the run that ended is not meant for this one.
      if (auto asked = tools_.journal.set_wish(*tools_.connection, run_, ""); !asked)
        return stop(session_.failed(std::move(asked.error()), std::nullopt, "the journal"));
      say(Event::Kind::kResumed, first_open_step());
    } else if (auto doomed = look_ahead(); !doomed) {
      return stop(std::move(doomed.error()));
    } else if (groups_.size() > 1 || (groups_.size() == 1 && !has_transaction(revision_.steps.front()))) {
      BASCULE_TRY(write_down(preparation));
    } else {
      preparation_ = preparation;
    }
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (is_done(groups_[i])) continue;
      if (auto done = run_group(groups_[i], i + 1 == groups_.size()); !done) return stop(std::move(done.error()));
    }
    // What ends without a transaction, or was ended by the run before this one, has no history row yet.
    if (!history_written_) {
      if (auto done = run_group({revision_.steps.size(), revision_.steps.size()}, true); !done)
        return stop(std::move(done.error()));
    }
    // What is not known may have set a timeout.
    if (std::any_of(revision_.steps.begin(), revision_.steps.end(),
                    [](const plan::Step& step) { return std::holds_alternative<model::RawSql>(step.effect); }))
      tools_.bounds.reset();
    return {};
  }

 private:
  bool journaled() const { return run_ != 0; }

  std::size_t first_open_step() const {
    for (const Group& group : groups_)
      if (!is_done(group)) return group.begin;
    return revision_.steps.size();
  }

  bool is_done(const Group& group) const {
    for (std::size_t i = group.begin; i < group.end; ++i) {
      const history::JournaledStep* step = history::find_step(known_, i);
      if (step == nullptr || step->state != history::JournaledStep::State::kDone) return false;
    }
    return true;
  }

  std::string say(Event::Kind kind, std::optional<std::size_t> step, std::string text = "") {
    Event event;
    event.kind = kind;
    event.text = std::move(text);
    return session_.tell(std::move(event), step);
  }

  /// Before anything is touched: the rows that a later step would fail on, when steps before it could not be taken back
  /// any more. Asked of each step up to the first one that changes what such a question sees.
  Result<void, RunFailure> look_ahead() {
    if (groups_.size() < 2) return {};  // it is one transaction
    std::vector<std::string_view> asked;
    bool dropped = false;
    for (std::size_t i = 0; i < revision_.steps.size(); ++i) {
      const plan::Step& step = revision_.steps[i];
      const std::string& question = step.conduct.guard.rows_against;
      // The first step's is asked when the run comes to it, which is now.
      if (i > 0 && !question.empty() && std::find(asked.begin(), asked.end(), question) == asked.end()) {
        if (auto bounded = session_.bound(tools_.settings.lock_timeout, kNoBound); !bounded)
          return failure(session_.failed(std::move(bounded.error()), i, "the session's timeouts"));
        auto rows = session_.connection().query(question);
        if (rows && !rows->rows.empty()) return failure(against(i, *rows));
        // What it looks at is not there yet, or locked: it is asked again in its turn.
        if (!rows && (!rows.error().connection_usable || interrupted()))
          return failure(session_.failed(std::move(rows.error()), i, question));
      }
      asked.push_back(question);
      if (step.conduct.batches || !keeps_rows(step.effect, dropped)) break;
    }
    return {};
  }

  /// Whether the questions that follow see the same rows after the operation. dropped: set by one that drops something,
  /// whose name may be given to another.
  static bool keeps_rows(const model::Operation& operation, bool& dropped) {
    if (const auto* altered = std::get_if<model::AlterColumn>(&operation)) return !altered->type && !altered->new_name;
    if (std::holds_alternative<model::DropColumn>(operation) || std::holds_alternative<model::DropTable>(operation))
      return dropped = true;
    if (std::holds_alternative<model::AddColumn>(operation) || std::holds_alternative<model::CreateTable>(operation))
      return !dropped;
    return std::holds_alternative<model::AddConstraint>(operation) ||
           std::holds_alternative<model::DropConstraint>(operation) ||
           std::holds_alternative<model::RenameConstraint>(operation) ||
           std::holds_alternative<model::ValidateConstraint>(operation) ||
           std::holds_alternative<model::CreateIndex>(operation) ||
           std::holds_alternative<model::DropIndex>(operation) ||
           std::holds_alternative<model::SetTableComment>(operation) ||
           std::holds_alternative<model::SetColumnComment>(operation) ||
           std::holds_alternative<model::SetConstraintComment>(operation) ||
           std::holds_alternative<model::CreateSequence>(operation) ||
           std::holds_alternative<model::CreateEnum>(operation) ||
           std::holds_alternative<model::AddEnumValue>(operation);
  }

  /// The plan goes into the journal, which knows that the revision has begun; the format's history hears of it when it
  /// is done.
  Result<void, RunFailure> write_down(const std::vector<std::string>& preparation) {
    history::JournaledRun run;
    run.history = tools_.history.table_name();
    run.revision = revision_.revision;
    run.direction = revision_.direction == model::Direction::kUpgrade ? "upgrade" : "downgrade";
    run.program = std::string(version());
    run.naive = naive_;
    run.plan = plan::write_stored(revision_);
    while (true) {
      auto written = try_to_write_down(run, preparation);
      if (written) return {};
      tools_.connection->rollback();
      if (written.error().connection_usable || interrupted())
        return failure(session_.failed(std::move(written.error()), std::nullopt, "the journal"));
      BASCULE_TRY(session_.reconnect(written.error(), 0));
      auto there = tools_.journal.unfinished(*tools_.connection, run.history);
      if (!there) return failure(session_.failed(std::move(there.error()), std::nullopt, "the journal"));
      if (*there) {
        known_ = std::move(**there);
        run_ = known_.id;
        return {};
      }
    }
  }

  db::DbResult<void> try_to_write_down(const history::JournaledRun& run, const std::vector<std::string>& preparation) {
    db::Connection& connection = *tools_.connection;
    BASCULE_TRY(session_.bound(tools_.settings.lock_timeout, kNoBound));
    BASCULE_TRY(tools_.journal.open(connection));
    BASCULE_TRY(db::execute_one(connection, connection.begin_sql(db::TransactionStart::kWrite)));
    for (const std::string& sql : preparation) BASCULE_TRY(db::execute_one(connection, sql));
    BASCULE_TRY_ASSIGN(const std::int64_t id, tools_.journal.begin(connection, run));
    BASCULE_TRY(db::execute_one(connection, "COMMIT"));
    run_ = id;
    return {};
  }

  /// Tries until it is done, the deadline is over, or it fails for good. An empty group writes the history only.
  Result<void, RunFailure> run_group(const Group& group, bool last) {
    const milliseconds started = tools_.clock.now();
    const milliseconds deadline = started + tools_.settings.deadline;
    Backoff backoff(tools_.settings.lock_timeout, static_cast<std::uint64_t>(started.count()));
    for (std::size_t i = group.begin; i < group.end; ++i) {
      const std::string veto = say(Event::Kind::kStepStarted, i, sql_of(revision_.steps[i]));
      if (veto.empty()) continue;
      RunFailure why = session_.failed(RunFailure::Kind::kStopped, i);
      why.error.message = veto;
      return failure(std::move(why));
    }
    int tries = 0;
    int losses = 0;
    brief_ = std::max(tools_.settings.lock_timeout * kBriefTimeouts, kBriefLeast);
    while (true) {
      if (interrupted()) return failure(session_.failed(RunFailure::Kind::kInterrupted, group.begin));
      BASCULE_TRY_ASSIGN(Attempt attempt, try_group(group, last, deadline));
      if (attempt.kind == Attempt::Kind::kDone) break;
      tools_.connection->rollback();
      if (attempt.kind == Attempt::Kind::kFailed) return failure(std::move(attempt.why));
      if (attempt.kind == Attempt::Kind::kLost) {
        // A statement that brings the server down is not sent for ever.
        if (++losses > kMostLosses) return failure(std::move(attempt.why));
        BASCULE_TRY(session_.reconnect(attempt.why.error, group.begin));
        BASCULE_TRY_ASSIGN(const bool done, look_up(group, last));
        if (done) break;
        continue;
      }
      if (attempt.why.error.sqlstate == "57014") brief_ = std::min(brief_ * 2, kBriefMost);
      const milliseconds pause = backoff.next();
      if (tools_.clock.now() + pause >= deadline) return failure(given_up(std::move(attempt.why), tries + 1));
      Event event;
      event.kind = Event::Kind::kRetry;
      event.text = attempt.why.error.message;
      event.tries = ++tries;
      event.pause = pause;
      session_.tell(std::move(event), group.begin);
      if (!tools_.clock.sleep(pause)) return failure(session_.failed(RunFailure::Kind::kInterrupted, group.begin));
    }
    steps_done_ += group.end - group.begin;
    for (std::size_t i = group.begin; i < group.end; ++i) {
      Event event;
      event.kind = Event::Kind::kStepDone;
      event.took = tools_.clock.now() - started;
      event.tries = tries + 1;
      event.done = rows_;
      session_.tell(std::move(event), i);
    }
    rows_ = 0;
    return {};
  }

  RunFailure given_up(RunFailure why, int tries) const {
    why.kind = RunFailure::Kind::kLocked;
    why.error.detail = why.error.message + (why.error.detail.empty() ? "" : "\n" + why.error.detail);
    why.error.message =
        "no lock within the deadline, after " + (tries == 1 ? "1 try" : std::to_string(tries) + " tries");
    return why;
  }

  /// After the connection was lost: what has become of the group.
  Result<bool, RunFailure> look_up(const Group& group, bool last) {
    if (!journaled()) {
      auto rows = tools_.history.read(*tools_.connection);
      if (!rows) return failure(session_.failed(std::move(rows.error()), group.begin, "the history"));
      std::vector<std::string> now = rows->value_or(std::vector<std::string>{});
      std::sort(now.begin(), now.end());
      history_written_ = now == revision_.heads_after && now != revision_.heads_before;
      return history_written_;
    }
    auto run = tools_.journal.unfinished(*tools_.connection, tools_.history.table_name());
    if (!run) return failure(session_.failed(std::move(run.error()), group.begin, "the journal"));
    if (!*run || (*run)->id != run_) {
      // It is finished: the last group's transaction was committed.
      history_written_ = last;
      return true;
    }
    known_ = std::move(**run);
    return group.begin != group.end && is_done(group);
  }

  Tried try_group(const Group& group, bool last, milliseconds deadline) {
    if (group.begin != group.end) {
      const plan::Step& first = revision_.steps[group.begin];
      if (!has_transaction(first)) {
        if (first.conduct.pace == Pace::kBatches) return try_batches(group.begin);
        return try_outside(group.begin, deadline);
      }
    }
    return try_transaction(group, last, deadline);
  }

  /// Whether something else has the name that the step needs. nullopt: nothing has.
  Result<std::optional<Attempt>, RunFailure> look_for_others(std::size_t index) {
    const plan::Guard& guard = revision_.steps[index].conduct.guard;
    auto blocked = session_.ask(guard.blocked_when);
    if (!blocked) return std::optional(session_.judge(std::move(blocked.error()), index, guard.blocked_when));
    if (*blocked) {
      RunFailure why = session_.failed(RunFailure::Kind::kInTheWay, index);
      why.error.message = guard.blocked_text;
      return failure(std::move(why));
    }
    return std::optional<Attempt>();
  }

  /// What is asked before anything is locked. nullopt: nothing is against it.
  Result<std::optional<Attempt>, RunFailure> look_first(std::size_t index) {
    BASCULE_TRY_ASSIGN(auto blocked, look_for_others(index));
    if (blocked) return blocked;
    const plan::Guard& guard = revision_.steps[index].conduct.guard;
    if (guard.rows_against.empty()) return std::optional<Attempt>();
    if (auto bounded = session_.bound(tools_.settings.lock_timeout, kNoBound); !bounded)
      return std::optional(session_.judge(std::move(bounded.error()), index, "the session's timeouts"));
    auto rows = session_.connection().query(guard.rows_against);
    if (!rows) return std::optional(session_.judge(std::move(rows.error()), index, guard.rows_against));
    if (rows->rows.empty()) return std::optional<Attempt>();
    return failure(against(index, *rows));
  }

  RunFailure against(std::size_t index, const db::ResultSet& rows) const {
    RunFailure why = session_.failed(RunFailure::Kind::kRowsAgainst, index);
    why.error.message = revision_.steps[index].conduct.guard.rows_against_text;
    constexpr std::size_t kShown = 5;
    const bool counted = !rows.columns.empty() && rows.columns.back() == plan::kRowsOfAll;
    const std::size_t columns = rows.columns.size() - (counted ? 1 : 0);
    if (counted) why.error.message += " (" + rows.rows.front().back().value_or("") + " in all)";
    for (std::size_t i = 0; i < std::min(rows.rows.size(), kShown); ++i) {
      std::vector<std::string> cells;
      for (std::size_t c = 0; c < columns; ++c)
        cells.push_back(rows.columns[c] + " = " + rows.rows[i][c].value_or("NULL"));
      why.error.detail += (i > 0 ? "\n" : "") + join(cells, ", ");
    }
    if (rows.rows.size() > kShown) why.error.detail += "\n...";
    return why;
  }

  Tried try_transaction(const Group& group, bool last, milliseconds deadline) {
    std::vector<std::string> tables;
    bool brief = group.begin != group.end;
    for (std::size_t i = group.begin; i < group.end; ++i) {
      BASCULE_TRY_ASSIGN(auto against, look_first(i));
      if (against) return std::move(*against);
      const plan::Conduct& conduct = revision_.steps[i].conduct;
      for (const std::string& table : conduct.lock_tables)
        if (std::find(tables.begin(), tables.end(), table) == tables.end()) tables.push_back(table);
      brief = brief && conduct.pace == Pace::kBrief;
    }
    // What locks nothing that was there before may take its time.
    brief = brief && !tables.empty();
    BASCULE_TRY(session_.wait_for_blockers(tables, group.begin, deadline));
    if (auto bounded = session_.bound(tools_.settings.lock_timeout, brief ? brief_ : kNoBound); !bounded)
      return session_.judge(std::move(bounded.error()), group.begin, "the session's timeouts");

    std::vector<std::string> statements = {tools_.connection->begin_sql(db::TransactionStart::kWrite)};
    std::vector<std::optional<std::size_t>> steps = {std::nullopt};
    const auto add = [&](std::string sql, std::optional<std::size_t> step) {
      statements.push_back(std::move(sql));
      steps.push_back(step);
    };
    for (const std::string& sql : preparation_) add(sql, std::nullopt);
    for (std::size_t i = group.begin; i < group.end; ++i) {
      add(sql_of(revision_.steps[i]), i);
      if (journaled()) add(tools_.journal.step_done_sql(run_, i), std::nullopt);
    }
    const bool writes_history = last && (group.begin == group.end || has_transaction(revision_.steps[group.begin]));
    if (writes_history) {
      const std::string took = std::to_string((tools_.clock.now() - began_).count());
      for (const std::string& sql : revision_.history)
        add(replace_all(sql, plan::kTookMilliseconds, took), std::nullopt);
      if (journaled()) add(tools_.journal.finished_sql(run_), std::nullopt);
    }
    add("COMMIT", std::nullopt);
    const milliseconds most =
        (tools_.settings.lock_timeout + brief_) * static_cast<int>(group.end - group.begin) + kBeyondServer;
    auto done = session_.transact(statements, brief ? most : kNoBound);
    if (!done) {
      const std::size_t at = done.error().failed_at;
      return session_.judge(std::move(done.error().error), steps[at], statements[at]);
    }
    history_written_ = history_written_ || writes_history;
    preparation_.clear();
    return Attempt{};
  }

  /// A statement that brings its own transactions: what an earlier try left goes first, then it is written down that it
  /// begins, and that it is done. That it is there already says something only of a step that has begun.
  Tried try_outside(std::size_t index, milliseconds deadline) {
    const plan::Step& step = revision_.steps[index];
    const plan::Guard& guard = step.conduct.guard;
    const auto execute = [&](const std::string& sql) { return db::execute_one(session_.connection(), sql); };
    const std::string started = tools_.journal.step_started_sql(run_, index);
    const milliseconds lock = lock_bound(step.conduct, tools_.settings);
    BASCULE_TRY(session_.wait_for_blockers(step.conduct.lock_tables, index, deadline));
    if (auto bounded = session_.bound(lock, kNoBound); !bounded)
      return session_.judge(std::move(bounded.error()), index, "the session's timeouts");
    auto left = session_.ask(guard.leftover_when);
    if (!left) return session_.judge(std::move(left.error()), index, guard.leftover_when);
    if (*left) {
      // What is invalid is not what was there before: this run takes it over.
      if (auto noted = execute(started); !noted) return session_.judge(std::move(noted.error()), index, started);
      begun_.insert(index);
      for (const std::string& sql : guard.clean_up) {
        if (auto cleaned = execute(sql); !cleaned) return session_.judge(std::move(cleaned.error()), index, sql);
        say(Event::Kind::kCleanedUp, index, sql);
      }
    }
    const bool begun = begun_.count(index) > 0 || history::find_step(known_, index) != nullptr;
    if (!begun) {
      BASCULE_TRY_ASSIGN(auto blocked, look_for_others(index));
      if (blocked) return std::move(*blocked);
    }
    auto there = session_.ask(guard.done_when);
    if (!there) return session_.judge(std::move(there.error()), index, guard.done_when);
    if (*there && !begun) {
      // The server says whether that is an error, or its author has said IF (NOT) EXISTS. The journal does not hear of
      // it: an abort would take away what others made.
      if (auto done = execute(sql_of(step)); !done) return session_.judge(std::move(done.error()), index, sql_of(step));
      say(Event::Kind::kStepThere, index, "since before this run: it is left as it is");
      return Attempt{};
    }
    if (*there) {
      say(Event::Kind::kStepThere, index);
    } else {
      BASCULE_TRY_ASSIGN(auto against, look_first(index));
      if (against) return std::move(*against);
      if (auto noted = execute(started); !noted) return session_.judge(std::move(noted.error()), index, started);
      begun_.insert(index);
      if (auto bounded = session_.bound(lock, kNoBound); !bounded)
        return session_.judge(std::move(bounded.error()), index, "the session's timeouts");
      auto session = session_.id();
      if (!session) return session_.judge(std::move(session.error()), index, tools_.words.session_id);
      const ProgressWatch watch(tools_, revision_, index, *session);
      if (auto done = execute(sql_of(step)); !done) {
        Attempt attempt = session_.judge(std::move(done.error()), index, sql_of(step));
        if (attempt.kind == Attempt::Kind::kFailed) remove_leftover(index, attempt.why.error);
        return attempt;
      }
    }
    const std::string done = tools_.journal.step_done_sql(run_, index);
    if (auto noted = execute(done); !noted) return session_.judge(std::move(noted.error()), index, done);
    return Attempt{};
  }

  /// Best effort: what failed for good leaves nothing behind; the failure itself is what the user has to hear of, and
  /// of what stays because it cannot be removed now (a full disk has no room for that either).
  void remove_leftover(std::size_t index, db::DbError& failure) {
    const plan::Guard& guard = revision_.steps[index].conduct.guard;
    auto left = session_.ask(guard.leftover_when);
    if (!left || !*left) return;
    for (const std::string& sql : guard.clean_up) {
      if (auto cleaned = db::execute_one(session_.connection(), sql); !cleaned) {
        if (!failure.context.empty()) failure.context += "\n";
        failure.context +=
            "what it left stays until the next run, which removes it: " + sql + ": " + cleaned.error().message;
        return;
      }
      say(Event::Kind::kCleanedUp, index, sql);
    }
  }

  Tried try_batches(std::size_t index) {
    const plan::Step& step = revision_.steps[index];
    BASCULE_CHECK(step.conduct.batches.has_value(), "a step in batches without batches");
    const std::string started = tools_.journal.step_started_sql(run_, index);
    if (auto noted = db::execute_one(session_.connection(), started); !noted)
      return session_.judge(std::move(noted.error()), index, started);
    const BackfillTask task{*step.conduct.batches, index, run_};
    BASCULE_TRY_ASSIGN(const BackfillEnd end, run_backfill(task, session_));
    if (end.attempt.kind != Attempt::Kind::kDone) return end.attempt;
    rows_ = end.rows;
    const std::string done = tools_.journal.step_done_sql(run_, index);
    if (auto noted = db::execute_one(session_.connection(), done); !noted)
      return session_.judge(std::move(noted.error()), index, done);
    return Attempt{};
  }

  Result<void, RunFailure> stop(RunFailure why) {
    if (tools_.connection) tools_.connection->rollback();
    why.journaled = journaled();
    why.steps_total = revision_.steps.size();
    why.steps_done = steps_done_;
    for (const history::JournaledStep& step : known_.steps)
      if (step.state == history::JournaledStep::State::kDone) ++why.steps_done;
    why.steps_done = std::min(why.steps_done, why.steps_total);
    say(Event::Kind::kFailed, why.step, why.error.message);
    return failure(std::move(why));
  }

  const plan::RevisionPlan& revision_;
  std::string naive_;
  OnlineTools& tools_;
  OnlineSession session_;
  std::vector<Group> groups_;
  std::vector<std::string> preparation_;
  history::JournaledRun known_;
  std::int64_t run_ = 0;  ///< in the journal; 0: it is one transaction and needs none
  milliseconds began_{0};
  milliseconds brief_{0};
  std::int64_t rows_ = 0;
  std::size_t steps_done_ = 0;
  std::set<std::size_t> begun_;  ///< steps that this run has written down as begun
  bool history_written_ = false;
};

}  // namespace

Result<void, RunFailure> run_online(const plan::RevisionPlan& revision, std::string naive,
                                    const history::JournaledRun* resumed, const std::vector<std::string>& preparation,
                                    OnlineTools& tools) {
  return OnlineRevision(revision, std::move(naive), tools).run(resumed, preparation);
}

}  // namespace bascule::exec
