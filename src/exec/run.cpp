#include "exec/run.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/check.h"
#include "base/overload.h"
#include "base/text.h"
#include "exec/interrupt.h"

namespace bascule::exec {

namespace {

using Clock = std::chrono::steady_clock;

enum class LookFor {
  kAny,        ///< COMMIT or END, anywhere
  kNotItsEnd,  ///< COMMIT with something behind it, which may be what failed. END is every function's last word
};

/// Whether a migration's own text commits, and so keeps what ran before it. May say yes of a literal: then a message
/// asks to look twice.
bool holds_commit(std::string_view sql, LookFor what) {
  const std::vector<std::string_view> parts = split(sql, ';');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view part = trim(parts[i]);
    const std::string_view word = part.substr(0, part.find_first_of(" \t\r\n"));
    if (what == LookFor::kNotItsEnd && i + 1 == parts.size()) break;
    if (iequals_ascii(word, "commit") || (what == LookFor::kAny && iequals_ascii(word, "end"))) return true;
  }
  return false;
}

/// A setting of the connection, which ends with it: nothing of it is in the database.
bool sets_connection_only(std::string_view sql) {
  const std::string_view text = trim(sql);
  if (trim(text.substr(0, text.find(';'))) != trim(text.substr(0, text.rfind(';')))) return false;
  const auto word_end = text.find_first_of(" \t\r\n");
  const std::string_view word = text.substr(0, word_end);
  if (iequals_ascii(word, "set") || iequals_ascii(word, "reset")) return true;
  if (!iequals_ascii(word, "pragma") || word_end == std::string_view::npos) return false;
  const std::string_view rest = trim(text.substr(word_end));
  const std::string_view name = rest.substr(0, rest.find_first_of(" \t\r\n=(;"));
  return iequals_ascii(name, "foreign_keys") || iequals_ascii(name, "defer_foreign_keys");
}

class Runner {
 public:
  Runner(const plan::Plan& plan, db::Connection& connection, StepExpander& expander,
         const history::HistoryStore& history, Progress& progress, const RunOptions& options)
      : plan_(plan),
        connection_(connection),
        expander_(expander),
        history_(history),
        progress_(progress),
        options_(options) {}

  Result<void, RunFailure> run() {
    for (at_ = 0; at_ < plan_.revisions.size(); ++at_) {
      const auto started = Clock::now();
      progress_.revision_started(plan_.revisions[at_], at_, plan_.revisions.size());
      if (auto done = run_revision(plan_.revisions[at_]); !done) return stop(std::move(done.error()));
      if (!options_.single_transaction) done_ = at_ + 1;
      progress_.revision_done(plan_.revisions[at_],
                              std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started));
    }
    if (options_.single_transaction && open_) {
      at_ = plan_.revisions.size() - 1;
      if (auto done = commit(); !done) return stop(std::move(done.error()));
    }
    return {};
  }

 private:
  Result<void, RunFailure> run_revision(const plan::RevisionPlan& revision) {
    if (interrupted()) return failure(failed(RunFailure::Kind::kInterrupted));
    if (revision.hand_over) return run_handed_over(revision);
    const auto started = Clock::now();
    if (!open_) BASCULE_TRY(begin(revision));
    const bool announced = !revision.history_before.empty() && leaves_transaction(revision);
    if (announced) BASCULE_TRY(announce(revision));
    if (revision.live) {
      BASCULE_TRY(run_live(revision));
    } else {
      for (std::size_t i = 0; i < revision.steps.size(); ++i) BASCULE_TRY(run_step(revision, i));
    }
    const bool other = announced && !revision.history_after.empty();
    for (const std::string& sql : other ? revision.history_after : revision.history) {
      if (sql.find(plan::kTookMilliseconds) == std::string::npos) {
        queue(sql, std::nullopt);
        continue;
      }
      BASCULE_TRY(flush());
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
      queue(replace_all(sql, plan::kTookMilliseconds, std::to_string(took.count())), std::nullopt);
    }
    if (options_.single_transaction) return flush();
    return commit();
  }

  static bool leaves_transaction(const plan::RevisionPlan& revision) {
    return std::any_of(revision.steps.begin(), revision.steps.end(),
                       [](const plan::Step& step) { return !step.in_transaction; });
  }

  /// What the history says of a revision that cannot be taken back as a whole, before its first step.
  Result<void, RunFailure> announce(const plan::RevisionPlan& revision) {
    for (const std::string& sql : revision.history_before) queue(sql, std::nullopt);
    BASCULE_TRY(commit());
    queue(connection_.begin_sql(db::TransactionStart::kWrite), std::nullopt);
    open_ = true;
    return {};
  }

  /// Best effort: the failure itself is what the user has to hear of.
  void note_failure(const RunFailure& why) {
    if (at_ >= plan_.revisions.size() || !why.error.connection_usable) return;
    for (const plan::FailureNote& note : plan_.revisions[at_].on_failure) {
      if (!note.always && !partly_committed_) continue;
      const std::vector<db::Cell> message = {why.error.message};
      const auto parameters = note.takes_message ? std::span<const db::Cell>(message) : std::span<const db::Cell>();
      if (!connection_.query(note.sql, parameters)) return;
    }
  }

  /// Everything before it is committed: the tool has a connection of its own.
  Result<void, RunFailure> run_handed_over(const plan::RevisionPlan& revision) {
    BASCULE_CHECK(options_.hand_over != nullptr, "a revision that is handed over needs somebody to take it");
    if (open_) BASCULE_TRY(commit());
    done_ = at_;
    partly_committed_ = false;
    BASCULE_TRY_ASSIGN(const std::vector<std::string> before, history_rows());
    if (before != expected(revision)) return failure(failed(RunFailure::Kind::kHistoryMoved));
    auto outcome = options_.hand_over->run(revision);
    if (!outcome) {
      RunFailure why = std::move(outcome.error());
      why.revision = at_;
      // Its own transaction is its own business: it may have ended as it should, or be half done.
      auto rows = history_rows();
      why.partly_committed = !rows || *rows != before;
      return failure(std::move(why));
    }
    BASCULE_TRY_ASSIGN(const std::vector<std::string> after, history_rows());
    if (after != revision.heads_after) {
      RunFailure why = failed(RunFailure::Kind::kHandOver);
      why.partly_committed = after != before;
      why.error.message = "`" + join(revision.hand_over->command, " ") + "` ended well, but the history holds " +
                          rows_text(after) + " where " + rows_text(revision.heads_after) + " was expected";
      why.help = "look at where the tool takes its database from, and at what it did: bascule current";
      return failure(std::move(why));
    }
    done_ = at_ + 1;
    return {};
  }

  static std::string rows_text(const std::vector<std::string>& rows) {
    return rows.empty() ? "no revision" : "'" + join(rows, "', '") + "'";
  }

  Result<std::vector<std::string>, RunFailure> history_rows() {
    auto rows = history_.read(connection_);
    if (!rows) {
      RunFailure why = failed(RunFailure::Kind::kStatement);
      why.error = std::move(rows.error());
      return failure(std::move(why));
    }
    std::vector<std::string> now = rows->value_or(std::vector<std::string>{});
    std::sort(now.begin(), now.end());
    return now;
  }

  /// What was queued goes first: the revision looks at the database.
  Result<void, RunFailure> run_live(const plan::RevisionPlan& revision) {
    BASCULE_CHECK(options_.live != nullptr, "a live revision needs somebody to run it");
    BASCULE_TRY(flush());
    auto outcome = options_.live->run(revision, connection_);
    if (!outcome) {
      RunFailure why = std::move(outcome.error());
      why.revision = at_;
      if (why.partly_committed) partly_committed_ = true;
      if (why.error.interrupted && interrupted()) why.kind = RunFailure::Kind::kInterrupted;
      return failure(std::move(why));
    }
    if (outcome->partly_committed) {
      partly_committed_ = true;
      if (options_.single_transaction) done_ = at_;
    }
    for (std::string& sql : outcome->before_commit) add_check(std::move(sql), std::nullopt);
    return {};
  }

  void add_check(std::string sql, std::optional<std::size_t> step) {
    const auto same = [&](const auto& check) { return check.first == sql; };
    if (std::none_of(checks_.begin(), checks_.end(), same)) checks_.emplace_back(std::move(sql), step);
  }

  Result<void, RunFailure> run_step(const plan::RevisionPlan& revision, std::size_t index) {
    const plan::Step& step = revision.steps[index];
    if (!step.in_transaction) return run_outside(revision, index);
    return std::visit(Overload{[&](const plan::Statement& statement) -> Result<void, RunFailure> {
                                 queue(statement.sql, index);
                                 return {};
                               },
                               [&](const plan::Rebuild& rebuild) { return run_rebuild(rebuild, index); }},
                      step.action);
  }

  /// What came before is committed, the step runs by itself, and a new transaction begins: Alembic's autocommit_block.
  Result<void, RunFailure> run_outside(const plan::RevisionPlan& revision, std::size_t index) {
    if (open_) {
      BASCULE_TRY(commit());
      if (index > 0) partly_committed_ = true;
      if (options_.single_transaction) done_ = at_;
    }
    if (const auto* statement = std::get_if<plan::Statement>(&revision.steps[index].action)) {
      queue(statement->sql, index);
      BASCULE_TRY(flush());
      if (!sets_connection_only(statement->sql)) partly_committed_ = true;
    } else {
      // A rebuild is never left half done: it brings its own transaction.
      queue(connection_.begin_sql(db::TransactionStart::kWrite), std::nullopt);
      BASCULE_TRY(run_rebuild(std::get<plan::Rebuild>(revision.steps[index].action), index));
      BASCULE_TRY(commit());
      partly_committed_ = true;
    }
    queue(connection_.begin_sql(db::TransactionStart::kWrite), std::nullopt);
    open_ = true;
    return {};
  }

  Result<void, RunFailure> run_rebuild(const plan::Rebuild& rebuild, std::size_t index) {
    BASCULE_TRY(flush());
    auto expansion = expander_.expand(rebuild, connection_);
    if (!expansion) {
      RunFailure why = failed(RunFailure::Kind::kExpand);
      why.step = index;
      ExpandFailure& cause = expansion.error();
      if (cause.database) {
        why.error = std::move(*cause.database);
      } else {
        why.error.message = std::move(cause.message);
        why.help = std::move(cause.help);
      }
      return failure(std::move(why));
    }
    for (std::string& sql : expansion->statements) queue(std::move(sql), index);
    for (std::string& sql : expansion->before_commit) add_check(std::move(sql), index);
    return {};
  }

  Result<void, RunFailure> begin(const plan::RevisionPlan& revision) {
    partly_committed_ = false;
    queue(connection_.begin_sql(db::TransactionStart::kWrite), std::nullopt);
    open_ = true;
    if (options_.lock == db::RunLock::kByTransaction) BASCULE_TRY(check_history(revision));
    if (done_ == 0 && at_ == 0) {
      for (const std::string& sql : plan_.preparation) queue(sql, std::nullopt);
    }
    return {};
  }

  static const std::vector<std::string>& expected(const plan::RevisionPlan& revision) {
    return revision.state_before.empty() ? revision.heads_before : revision.state_before;
  }

  /// Now that the write lock is ours: has another run moved on since the plan was made?
  Result<void, RunFailure> check_history(const plan::RevisionPlan& revision) {
    BASCULE_TRY(flush());
    BASCULE_TRY_ASSIGN(const std::vector<std::string> now, history_rows());
    if (now != expected(revision)) return failure(failed(RunFailure::Kind::kHistoryMoved));
    return {};
  }

  /// Ends the transaction, after the checks that its rebuilds asked for.
  Result<void, RunFailure> commit() {
    for (auto& [sql, step] : std::exchange(checks_, {})) queue(std::move(sql), step);
    queue("COMMIT", std::nullopt);
    open_ = false;
    return flush();
  }

  void queue(std::string sql, std::optional<std::size_t> step) {
    pending_.push_back(std::move(sql));
    pending_steps_.push_back(step);
  }

  Result<void, RunFailure> flush() {
    if (pending_.empty()) return {};
    const std::vector<std::string> statements = std::exchange(pending_, {});
    const std::vector<std::optional<std::size_t>> steps = std::exchange(pending_steps_, {});
    auto done = connection_.execute(statements);
    const std::size_t ran = done ? statements.size() : done.error().failed_at;
    for (std::size_t i = 0; i < ran; ++i) {
      if (steps[i] && holds_commit(statements[i], LookFor::kAny)) partly_committed_ = true;
    }
    if (done) return {};
    // A text of several statements, sent as one, may have got past a COMMIT of its own.
    const std::string& stopped = statements[ran];
    if (steps[ran] && holds_commit(stopped, LookFor::kNotItsEnd)) partly_committed_ = true;
    RunFailure why = failed(RunFailure::Kind::kStatement);
    why.step = steps[done.error().failed_at];
    why.statement = statements[done.error().failed_at];
    why.error = std::move(done.error().error);
    if (why.error.interrupted && interrupted()) why.kind = RunFailure::Kind::kInterrupted;
    return failure(std::move(why));
  }

  RunFailure failed(RunFailure::Kind kind) const {
    RunFailure why;
    why.kind = kind;
    why.revision = at_;
    return why;
  }

  Result<void, RunFailure> stop(RunFailure why) {
    connection_.rollback();
    note_failure(why);
    why.revisions_done = done_;
    why.partly_committed = partly_committed_;
    return failure(std::move(why));
  }

  const plan::Plan& plan_;
  db::Connection& connection_;
  StepExpander& expander_;
  const history::HistoryStore& history_;
  Progress& progress_;
  RunOptions options_;
  std::vector<std::string> pending_;
  std::vector<std::optional<std::size_t>> pending_steps_;
  std::vector<std::pair<std::string, std::optional<std::size_t>>> checks_;
  std::size_t at_ = 0;
  std::size_t done_ = 0;
  bool open_ = false;
  bool partly_committed_ = false;
};

}  // namespace

Result<void, RunFailure> run(const plan::Plan& plan, db::Connection& connection, StepExpander& expander,
                             const history::HistoryStore& history, Progress& progress, const RunOptions& options) {
  return Runner(plan, connection, expander, history, progress, options).run();
}

}  // namespace bascule::exec
