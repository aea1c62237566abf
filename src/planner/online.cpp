#include "planner/online.h"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "model/lookup.h"
#include "model/sql_words.h"
#include "planner/breaks.h"
#include "planner/hazard.h"
#include "planner/lower.h"
#include "planner/online_step.h"
#include "planner/piece.h"
#include "planner/rewrites/rewrite.h"
#include "planner/session.h"
#include "planner/verify.h"

namespace bascule::planner {

namespace {

/// Rewrites look at what rewrites made: a column, its key, the key's index. More than this is a circle.
constexpr int kDeepest = 8;

/// What a statement does; empty: not known.
using Operations = std::span<const model::Operation>;

class Planning {
 public:
  Planning(const plan::RevisionPlan& naive, OnlineState& state, const dialects::Dialect& dialect,
           const dialects::Server& server, const OnlineOptions& options)
      : naive_(naive), state_(state), dialect_(dialect), server_(server), options_(options) {}

  Result<plan::RevisionPlan, Diagnostics> run() {
    pieces_ = pieces_of(naive_.steps, dialect_);
    read_session_words();
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      at_ = i;
      plan_piece(pieces_[i]);
      postponed_until(i);
    }
    share_transactions(steps_, state_.fresh);
    for (const Held& held : held_) check_held(held);
    plan::RevisionPlan online = naive_;
    online.steps.clear();
    for (OnlineStep& one : steps_) online.steps.push_back(std::move(one.step));
    if (parting_ && !diagnostics_.has_errors()) diagnostics_.append(prove(online));
    if (diagnostics_.has_errors()) return failure(std::move(diagnostics_));
    return online;
  }

 private:
  // -- One statement of the author ----------------------------------------------------------------------------------

  void plan_piece(const Piece& piece) {
    not_filled_.clear();
    if (session(piece, words_[at_])) return;
    const plan::Impact impact = dialect_.impact(piece.sql, state_.schema, server_);
    refuse_breaks(piece, impact);
    if ((piece.complete || by_text(piece)) && !says_more(piece) && wanted(piece, impact)) {
      const bool whole = piece.operations.size() == 1;
      for (at_operation_ = 0; at_operation_ < piece.operations.size(); ++at_operation_)
        emit({.operation = piece.operations[at_operation_], .sql = whole ? piece.sql : std::string()}, piece, {}, 0);
      return;
    }
    refuse_hazard(piece, impact, piece.complete ? Operations(piece.operations) : Operations());
    push(piece.sql, piece.operations, piece, impact, piece.complete, {}, untold(piece, impact), {});
  }

  /// Statements that rewrites know by their text, whether or not the model can say all of them.
  static bool by_text(const Piece& piece) {
    return piece.parsed &&
           (piece.statement_kind == "update" || piece.statement_kind == "delete" || piece.statement_kind == "reindex");
  }

  static bool changes_rows(const Piece& piece) {
    const std::string& kind = piece.statement_kind;
    return kind == "insert" || kind == "update" || kind == "delete" || kind == "merge";
  }

  static bool runs_query(const Piece& piece) {
    const std::string& kind = piece.statement_kind;
    return changes_rows(piece) || kind == "select" || kind == "copy" || kind == "create table as";
  }

  /// Whether anything about it is to be done otherwise than its author wrote it.
  bool wanted(const Piece& piece, const plan::Impact& impact) const {
    if (piece.operations.empty()) return false;
    if (by_text(piece)) return true;
    if (lasting_hazard(impact, state_.fresh, piece.operations)) return true;
    if (hazard_of(impact, state_.fresh, piece.single()) && adds_filled_later(piece)) return true;
    // These are done otherwise though they are brief, or not kept by a lock.
    return std::any_of(piece.operations.begin(), piece.operations.end(), [](const model::Operation& operation) {
      return std::holds_alternative<model::DropIndex>(operation) ||
             std::holds_alternative<model::DetachPartition>(operation) ||
             std::holds_alternative<model::AddEnumValue>(operation) ||
             std::holds_alternative<model::UpdateRows>(operation) ||
             std::holds_alternative<model::DeleteRows>(operation);
    });
  }

  /// Whether the piece adds a column that a later one writes: NOT NULL may wait for it.
  bool adds_filled_later(const Piece& piece) const {
    return std::any_of(piece.operations.begin(), piece.operations.end(), [&](const model::Operation& operation) {
      const auto* added = std::get_if<model::AddColumn>(&operation);
      return added != nullptr && filled_later(*added, pieces_, at_);
    });
  }

  /// What the operations would not say again if they were spelled anew: IF EXISTS of a table that may be missing, ONLY
  /// of one that others inherit from.
  bool says_more(const Piece& piece) const {
    if (piece.operations.size() == 1 && by_text(piece)) return false;
    if (piece.statement_kind == "alter table" && says_only(piece.sql) && has_heirs(piece)) return true;
    if (!piece.if_table_exists) return false;
    return !std::all_of(piece.operations.begin(), piece.operations.end(), [&](const model::Operation& operation) {
      const auto* column = std::get_if<model::AddColumn>(&operation);
      return column == nullptr || model::find_table(state_.schema, column->table) != nullptr;
    });
  }

  static bool says_only(std::string_view sql) {
    const auto words = model::sql_words(sql.substr(0, 200));
    return std::any_of(words.begin(),
                       words.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(5, words.size())),
                       [](const model::SqlWord& word) { return word.is_word("only"); });
  }

  bool has_heirs(const Piece& piece) const {
    const std::string subject =
        piece.operations.empty() ? std::string() : model::operation_subject(piece.operations[0]);
    return std::any_of(state_.schema.tables.begin(), state_.schema.tables.end(), [&](const model::Table& table) {
      const auto& of = table.postgresql;
      const auto is = [&](const QualifiedName& parent) { return subject.starts_with(display(parent)); };
      return (!of.partition_of.name.empty() && is(of.partition_of)) ||
             std::any_of(of.inherits.begin(), of.inherits.end(), is);
    });
  }

  static std::string untold(const Piece& piece, const plan::Impact& impact) {
    if (!piece.parsed) return "it could not be read: it runs as it stands";
    if (!impact.known) return "what it does is not seen from outside: it runs as it stands";
    return {};
  }

  // -- Sessions and transactions of the author's own ----------------------------------------------------------------

  /// What stands between BEGIN and COMMIT is in a transaction, however it is sent.
  void read_session_words() {
    bool inside = false;
    for (Piece& piece : pieces_) {
      words_.push_back(session_word(piece));
      if (words_.back() == SessionWord::kBegin) inside = true;
      if (words_.back() == SessionWord::kCommit) inside = false;
      piece.in_transaction = piece.in_transaction || inside;
    }
  }

  /// True: it has been dealt with.
  bool session(const Piece& piece, SessionWord word) {
    switch (word) {
      case SessionWord::kNone:
        return false;
      case SessionWord::kBegin:  // each step has a transaction of its own
      case SessionWord::kCommit:
      case SessionWord::kTimeout:  // the run bounds its steps itself
        return true;
      case SessionWord::kRollback:
        if (allowed("transaction-control")) return true;
        refuse("online-transaction-control", piece, "the migration ends a transaction by itself",
               "steps of an online plan have transactions of their own, and what is rolled back would be done",
               "take it out of the migration, or run it without --online");
        return true;
      case SessionWord::kSetting:
        if (!allowed("session-setting"))
          refuse("online-session-setting", piece, "the migration changes a setting of its session",
                 "a run that was interrupted goes on in another session, where the setting is not made",
                 "set it in each statement that needs it, or accept it: --allow session-setting");
        push(piece.sql, piece.operations, piece, {}, false, {}, {}, {});
        return true;
      case SessionWord::kLocalSetting:
        push(piece.sql, piece.operations, piece, {}, false, {}, {}, {});
        steps_.back().with_next = true;
        held_.push_back({steps_.size() - 1, word});
        return true;
      case SessionWord::kLock:
        lock_table(piece);
        return true;
      case SessionWord::kTemporary:
        if (!allowed("session-setting"))
          refuse("online-session-setting", piece, "the migration makes something temporary",
                 "it ends with its session: a run that was interrupted goes on in another one, and so do batches with "
                 "--jobs",
                 "make it like any other, and drop it at the end; or accept it: --allow session-setting");
        return false;
      case SessionWord::kTemporaryUntilCommit:
        refuse("online-session-setting", piece, "the migration makes a table that is gone with its transaction",
               "steps of an online plan have transactions of their own",
               "make it a table like any other, and drop it at the end; or run this revision without --online");
        return false;
      case SessionWord::kHarmless:
        push(piece.sql, piece.operations, piece, {}, false, {}, {}, {});
        return true;
    }
    return false;
  }

  void lock_table(const Piece& piece) {
    plan::Impact impact = dialect_.impact(piece.sql, state_.schema, server_);
    const bool old = std::any_of(impact.locks.begin(), impact.locks.end(),
                                 [&](const plan::LockUse& lock) { return !state_.fresh.has(lock); });
    const bool refused = old && !allowed("lock-table");
    if (refused)
      refuse("online-lock-table", piece, "the migration locks a table by itself",
             "who wants it waits until the transaction ends, however long what follows takes",
             "take it out of the migration, or accept it: --allow lock-table");
    push(piece.sql, piece.operations, piece, std::move(impact), false, {}, "held until the next step is done", {});
    steps_.back().with_next = true;
    if (!refused) held_.push_back({steps_.size() - 1, SessionWord::kLock});
  }

  /// What holds until its transaction ends, and has to hold for what its author wrote behind it.
  struct Held {
    std::size_t step = 0;
    SessionWord word = SessionWord::kNone;
  };

  void check_held(const Held& held) {
    const Piece& piece = pieces_[steps_[held.step].piece];
    std::size_t last = held.step;  // of the author's transaction
    const auto commit = std::find(words_.begin() + static_cast<std::ptrdiff_t>(steps_[held.step].piece), words_.end(),
                                  SessionWord::kCommit);
    while (last + 1 < steps_.size() && steps_[last + 1].piece < static_cast<std::size_t>(commit - words_.begin()))
      ++last;
    if (held.word == SessionWord::kLock) last = std::min(last, held.step + 1);
    bool together = true;
    for (std::size_t i = held.step + 1; i <= last; ++i) together = together && steps_[i].step.conduct.with_previous;
    if (together) return;
    if (held.word == SessionWord::kLock)
      refuse(
          "online-lock-table", piece, "the lock would protect nothing",
          "it ends with its transaction, and what follows has others: it runs in batches, or outside of transactions",
          "take it out of the migration, or run this revision without --online");
    else if (!allowed("session-setting"))
      refuse("online-session-setting", piece, "the migration changes a setting of its transaction",
             "what follows does not run in one transaction online, and the setting holds for the next step at most",
             "set it where it is needed, or accept it: --allow session-setting");
  }

  // -- Operations, through the rewrites -----------------------------------------------------------------------------

  struct Origin {
    std::string_view rewrite;
    std::string reason;
  };

  void emit(Draft draft, const Piece& piece, const Origin& origin, int depth) {
    if (draft.last) {
      postponed_.push_back({std::move(draft), &piece, origin});
      return;
    }
    const std::vector<std::string> statements = spelled(draft, piece);
    if (statements.empty()) return;
    if (draft.batches) {
      push(statements.front(), {draft.operation}, piece, {}, is_known(draft.operation), std::move(draft.batches),
           draft.reason, origin);
      return;
    }
    for (const std::string& sql : statements) {
      const plan::Impact impact = dialect_.impact(sql, state_.schema, server_);
      const std::optional<Hazard> hazard = hazard_of(impact, state_.fresh, &draft.operation);
      if (!draft.settled && depth < kDeepest && rewritten(draft, sql, impact, hazard, piece, origin, depth)) continue;
      refuse_hazard(piece, impact, {&draft.operation, 1});
      std::string reason = draft.reason.empty() ? origin.reason : draft.reason;
      push(sql, {draft.operation}, piece, impact, is_known(draft.operation), {}, std::move(reason), origin,
           draft.replay ? &*draft.replay : nullptr);
      steps_.back().with_next = draft.with_next;
      plan::Guard& guard = steps_.back().step.conduct.guard;
      guard.undo.insert(guard.undo.end(), draft.undo_too.begin(), draft.undo_too.end());
      guard.undo_first.insert(guard.undo_first.end(), draft.undo_first.begin(), draft.undo_first.end());
      guard.undo_is_whole = guard.undo_is_whole || !draft.undo_too.empty();
      if (!guard.undo_first.empty()) guard.undo_in_transaction = false;
      if (draft.outside) steps_.back().step.in_transaction = false;
    }
  }

  static bool is_known(const model::Operation& operation) { return !std::holds_alternative<model::RawSql>(operation); }

  std::vector<std::string> spelled(const Draft& draft, const Piece& piece) {
    if (!draft.sql.empty()) return {draft.sql};
    auto rendered = dialect_.render(draft.operation);
    if (rendered) return std::move(*rendered);
    refuse("online-plan-unproved", piece, rendered.error().message, "a rewrite has made what cannot be spelled",
           "run this revision without --online");
    return {};
  }

  bool rewritten(const Draft& draft, const std::string& sql, const plan::Impact& impact,
                 const std::optional<Hazard>& hazard, const Piece& piece, const Origin& origin, int depth) {
    if (dialect_.online() == nullptr) return false;
    const Sight sight{dialect_, *dialect_.online(), server_, state_.schema, state_.fresh, sql, impact, hazard, pieces_,
                      at_};
    for (const Rewrite* rewrite : all_rewrites()) {
      auto drafts = rewrite->rewrite(draft.operation, sight);
      if (!drafts || !can_fill(*drafts, draft.operation)) continue;
      remember_parting();
      for (Draft& one : *drafts) {
        Origin next{rewrite->id, one.reason.empty() ? draft.reason.empty() ? origin.reason : draft.reason : one.reason};
        if (one.operation == draft.operation && one.sql.empty()) one.sql = sql;
        emit(std::move(one), piece, next, depth + 1);
      }
      return true;
    }
    return false;
  }

  /// Where the author wrote no UPDATE, ours must do nothing besides, and may run in batches only: whole, it would lock
  /// every row until its end.
  bool can_fill(const Drafts& drafts, const model::Operation& of) {
    if (std::holds_alternative<model::UpdateRows>(of)) return true;
    model::Schema ahead = state_.schema;
    for (const Draft& one : drafts) {
      const bool fills = std::holds_alternative<model::UpdateRows>(one.operation) && !one.batches;
      const auto rendered = fills ? dialect_.render(one.operation) : std::vector<std::string>();
      for (const std::string& sql : rendered ? *rendered : std::vector<std::string>()) {
        const std::string more = dialect_.online()->side_effect(sql, ahead);
        const auto batches = dialect_.online()->batches(sql, ahead);
        if (more.empty() && batches) continue;
        not_filled_ = more.empty() ? "its rows cannot be filled in batches: " + batches.error()
                                   : "its rows cannot be filled by an UPDATE, which does more: " + more;
        return false;
      }
      advance(ahead, {one.operation}, dialect_);
    }
    return true;
  }

  struct Postponed {
    Draft draft;
    const Piece* piece = nullptr;
    Origin origin;
  };

  void postponed_until(std::size_t piece) {
    for (std::size_t i = 0; i < postponed_.size(); ++i) {
      if (postponed_[i].draft.until > piece) continue;
      Postponed one = std::move(postponed_[i]);
      postponed_.erase(postponed_.begin() + static_cast<std::ptrdiff_t>(i--));
      one.draft.last = false;
      emit(std::move(one.draft), *one.piece, one.origin, 1);
    }
  }

  // -- Steps --------------------------------------------------------------------------------------------------------

  void push(const std::string& sql, const std::vector<model::Operation>& operations, const Piece& piece,
            plan::Impact impact, bool complete, std::optional<plan::Backfill> batches, std::string reason,
            const Origin& origin, const std::vector<model::Operation>* replay = nullptr) {
    OnlineStep made;
    made.piece = at_;
    plan::Step& step = made.step;
    step.action = plan::Statement{sql};
    step.effect = complete && operations.size() == 1 ? operations.front() : model::Operation(model::RawSql{sql});
    step.cause = piece.cause;
    const bool as_written = sql == piece.sql;
    // What its author runs by itself is a transaction all the same; ours has the journal's mark in it.
    const bool can_have_one =
        piece.in_transaction || !as_written || (impact.known && (piece.complete || changes_rows(piece)));
    step.in_transaction = !dialect_.outside_transaction(step.effect) && can_have_one &&
                          impact.transaction != plan::TransactionNeed::kForbidden && !batches;
    plan::Conduct& conduct = step.conduct;
    conduct.pace = batches ? plan::Pace::kBatches : pace_of(impact, complete ? Operations(operations) : Operations());
    // A query takes as long as it takes.
    if (conduct.pace == plan::Pace::kBrief && as_written && words_[at_] == SessionWord::kNone && runs_query(piece) &&
        strongest_on_old(impact, state_.fresh) == nullptr)
      conduct.pace = plan::Pace::kScan;
    conduct.batches = std::move(batches);
    conduct.reason = std::move(reason);
    conduct.rewrite = std::string(origin.rewrite);
    conduct.lock_tables = lock_tables(impact);
    const bool asked = complete || operations.size() == 1;
    if (dialect_.online() != nullptr && asked) conduct.guard = guard_of(operations);
    // An index of that name is looked at when the run comes to it: what an earlier try left, the same, or another one.
    const bool looked_at = !conduct.guard.leftover_when.empty();
    if (!origin.rewrite.empty() && !impact.refused.empty() && !looked_at)
      refuse("online-plan-unproved", piece, "the online plan has a statement that the server would refuse: " + sql,
             impact.refused, "run this revision without --online, and report it");
    made.alone = std::any_of(operations.begin(), operations.end(), [](const model::Operation& operation) {
      return std::holds_alternative<model::AddEnumValue>(operation);
    });
    made.defers = changes_rows(piece) && !conduct.batches && is_deferred(impact);
    // A table that has just been made holds nothing that could be in the way.
    const bool old = std::any_of(impact.locks.begin(), impact.locks.end(),
                                 [&](const plan::LockUse& lock) { return !state_.fresh.has(lock); });
    // Who says NOT VALID himself means rows that break it, and validates when he will.
    if (!old || (origin.rewrite.empty() && says_not_valid(operations))) conduct.guard.rows_against.clear();
    // Nor has anybody else built on it: the server's own word is enough, and a question less for each index.
    if (!old && step.in_transaction) {
      conduct.guard.blocked_when.clear();
      conduct.guard.blocked_text.clear();
    }
    state_.fresh.note(impact, state_.schema);
    for (const model::Operation& operation : replay != nullptr ? *replay : operations) {
      state_.fresh.note(operation, state_.schema);
      advance(state_.schema, {operation}, dialect_);
    }
    made.impact = std::move(impact);
    made.operations = complete ? operations : std::vector<model::Operation>();
    steps_.push_back(std::move(made));
  }

  /// Whether it uses a table of a foreign key that is looked at when the transaction ends.
  bool is_deferred(const plan::Impact& impact) const {
    for (const model::Table& table : state_.schema.tables)
      for (const model::Constraint& constraint : table.constraints) {
        const auto* key = std::get_if<model::ForeignKey>(&constraint);
        if (key == nullptr || key->deferral.initially != "DEFERRED") continue;
        if (plan::find_lock(impact, table.name) != nullptr || plan::find_lock(impact, key->referent) != nullptr)
          return true;
      }
    return false;
  }

  static bool says_not_valid(const std::vector<model::Operation>& operations) {
    return std::any_of(operations.begin(), operations.end(), [](const model::Operation& operation) {
      const auto* added = std::get_if<model::AddConstraint>(&operation);
      if (added == nullptr) return false;
      const auto* check = std::get_if<model::CheckConstraint>(&added->constraint);
      const auto* key = std::get_if<model::ForeignKey>(&added->constraint);
      return (check != nullptr && check->not_valid) || (key != nullptr && key->not_valid);
    });
  }

  plan::Pace pace_of(const plan::Impact& impact, Operations operations) const {
    if (impact.concurrent || impact.waits_for_transactions) return plan::Pace::kConcurrent;
    // Nobody knows how long it takes.
    if (!impact.known) return plan::Pace::kUnbounded;
    // It was allowed, or it would not be here.
    if (lasting_hazard(impact, state_.fresh, operations)) return plan::Pace::kUnbounded;
    if (strongest_on_old(impact, state_.fresh) != nullptr) return plan::Pace::kBrief;
    const bool rows = std::any_of(operations.begin(), operations.end(), [](const model::Operation& operation) {
      return std::holds_alternative<model::InsertRows>(operation) ||
             std::holds_alternative<model::UpdateRows>(operation) ||
             std::holds_alternative<model::DeleteRows>(operation);
    });
    const bool works = !impact.scans.empty() || !impact.rewrites.empty() || !impact.index_builds.empty();
    return works || rows ? plan::Pace::kScan : plan::Pace::kBrief;
  }

  std::vector<std::string> lock_tables(const plan::Impact& impact) const {
    std::vector<std::string> found;
    for (const plan::LockUse& lock : impact.locks) {
      if (!is_strong(lock) || state_.fresh.has(lock)) continue;
      if (lock.kind == plan::RelationKind::kDatabase) continue;
      const bool index = lock.kind == plan::RelationKind::kIndex && !lock.of_table.name.empty();
      std::string name = dialect_.quote(index ? lock.of_table : lock.relation);
      if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(std::move(name));
    }
    return found;
  }

  /// Of a statement that does several things at once: all of them are seen, or none.
  plan::Guard guard_of(const std::vector<model::Operation>& operations) const {
    const dialects::OnlineDialect& online = *dialect_.online();
    if (operations.size() == 1) return online.guard(operations.front(), state_.schema, server_);
    plan::Guard whole;
    whole.undo_is_whole = true;
    const auto in_front = [](std::vector<std::string>& list, const std::vector<std::string>& more) {
      list.insert(list.begin(), more.begin(), more.end());
    };
    model::Schema before = state_.schema;
    for (const model::Operation& operation : operations) {
      plan::Guard one = online.guard(operation, before, server_);
      if (!one.done_when.empty())
        whole.done_when += (whole.done_when.empty() ? "" : " AND ") + fmt::format("({})", one.done_when);
      if (whole.rows_against.empty()) {
        whole.rows_against = std::move(one.rows_against);
        whole.rows_against_text = std::move(one.rows_against_text);
      }
      if (!one.leftover_when.empty())
        whole.leftover_when += (whole.leftover_when.empty() ? "" : " OR ") + fmt::format("({})", one.leftover_when);
      in_front(whole.clean_up, one.clean_up);
      in_front(whole.undo_first, one.undo_in_transaction ? one.undo : one.undo_first);
      if (!one.undo_in_transaction) in_front(whole.undo, one.undo);
      in_front(whole.undo_last, one.undo_last);
      whole.undo_in_transaction = whole.undo_in_transaction && one.undo_in_transaction;
      whole.undo_is_whole = whole.undo_is_whole && one.undo_is_whole;
      advance(before, {operation}, dialect_);
    }
    if (!whole.done_when.empty()) whole.done_when = "SELECT " + whole.done_when;
    if (!whole.leftover_when.empty()) whole.leftover_when = "SELECT " + whole.leftover_when;
    if (whole.undo_in_transaction) whole.undo.swap(whole.undo_first);
    return whole;
  }

  // -- The proof ----------------------------------------------------------------------------------------------------

  /// From here on the two plans part: what is left of the revision is proved to have the same end.
  void remember_parting() {
    if (parting_) return;
    std::vector<std::string> statements;
    for (std::size_t i = at_; i < pieces_.size(); ++i) statements.push_back(pieces_[i].sql);
    parting_ = Parting{part_for(state_.schema, statements, dialect_), state_.fresh, steps_.size(), at_, at_operation_};
  }

  Diagnostics prove(const plan::RevisionPlan& online) const {
    Claim claim{online.revision, parting_->before, parting_->fresh, {}, {}, dialect_, server_};
    for (std::size_t i = parting_->piece; i < pieces_.size(); ++i)
      for (std::size_t k = i == parting_->piece ? parting_->operation : 0; k < pieces_[i].operations.size(); ++k)
        claim.naive.push_back(pieces_[i].operations[k]);
    for (std::size_t i = parting_->step; i < online.steps.size(); ++i) claim.online.push_back(&online.steps[i]);
    return verify(claim);
  }

  // -- Refusals -----------------------------------------------------------------------------------------------------

  bool allowed(std::string_view name) const {
    return std::find(options_.allow.begin(), options_.allow.end(), name) != options_.allow.end();
  }

  void refuse(std::string code, const Piece& piece, std::string message, std::string cause, std::string help) {
    Diagnostic diagnostic;
    diagnostic.code = std::move(code);
    diagnostic.message = std::move(message);
    diagnostic.location = piece.cause.location;
    diagnostic.cause = std::move(cause);
    diagnostic.help = std::move(help);
    diagnostics_.add(std::move(diagnostic));
  }

  void refuse_breaks(const Piece& piece, const plan::Impact& impact) {
    if (!piece.complete) return;
    for (const model::Operation& operation : piece.operations) {
      const auto found = break_of(operation, impact, state_.schema, state_.fresh);
      if (!found || allowed(found->id) || made_again(operation)) continue;
      refuse("online-breaks-application", piece, found->message, found->cause,
             fmt::format("run it when no old release is left, or accept it: --allow {}", found->id));
    }
  }

  /// DROP VIEW before a CREATE VIEW of the same name, with nothing but views and their like between: they share a
  /// transaction, and nobody sees it gone.
  bool made_again(const model::Operation& operation) const {
    const auto* dropped = std::get_if<model::DropObject>(&operation);
    if (dropped == nullptr) return false;
    // It is filled while nobody can read it.
    if (dropped->kind == model::ObjectKind::kMaterializedView) return false;
    for (std::size_t i = at_ + 1; i < pieces_.size(); ++i) {
      const bool left_out =
          words_[i] == SessionWord::kBegin || words_[i] == SessionWord::kCommit || words_[i] == SessionWord::kTimeout;
      if (left_out) continue;
      for (const model::Operation& later : pieces_[i].operations) {
        const auto* made = std::get_if<model::CreateObject>(&later);
        if (made != nullptr && made->object.kind == dropped->kind && model::same_name(made->object.name, dropped->name))
          return true;
        // Anything else ends the transaction that they share.
        if (made == nullptr && !std::holds_alternative<model::DropObject>(later)) return false;
      }
    }
    return false;
  }

  void refuse_hazard(const Piece& piece, const plan::Impact& impact, Operations operations) {
    const auto hazard = lasting_hazard(impact, state_.fresh, operations);
    if (!hazard) return;
    const model::Operation* operation = operations.size() == 1 ? &operations.front() : nullptr;
    const std::string_view name = hazard_name(operation, hazard->kind);
    if (allowed(name)) return;
    if (operation != nullptr && break_of(*operation, impact, state_.schema, state_.fresh)) return;  // said already
    std::string cause = impact.causes.empty() ? hazard->work.why : impact.causes.front();
    if (!not_filled_.empty()) cause += "; " + not_filled_;
    refuse(
        "online-keeps-waiting", piece, hazard_text(*hazard), std::move(cause),
        fmt::format("nothing gentler is known for it; if the table is small or at rest, accept it: --allow {}", name));
  }

  const plan::RevisionPlan& naive_;
  OnlineState& state_;
  const dialects::Dialect& dialect_;
  const dialects::Server& server_;
  const OnlineOptions& options_;
  std::vector<Piece> pieces_;
  std::vector<SessionWord> words_;  ///< of each piece
  std::vector<Held> held_;
  std::string not_filled_;        ///< why the piece's rows cannot be; empty: they can, or need not
  std::size_t at_ = 0;            ///< the piece at hand
  std::size_t at_operation_ = 0;  ///< and which of its operations
  std::vector<OnlineStep> steps_;
  std::vector<Postponed> postponed_;
  struct Parting {
    model::Schema before;
    NewRelations fresh;
    std::size_t step = 0, piece = 0, operation = 0;  ///< the first ones of what follows
  };
  std::optional<Parting> parting_;  ///< set from the first rewrite on
  Diagnostics diagnostics_;
};

/// A revision whose statements nobody knows before it runs.
Result<plan::RevisionPlan, Diagnostics> as_it_is(const plan::RevisionPlan& naive, OnlineState& state,
                                                 const dialects::Dialect& dialect, const OnlineOptions& options) {
  const std::string_view name = naive.live ? "live-revision" : "hand-over";
  if (std::find(options.allow.begin(), options.allow.end(), name) != options.allow.end()) {
    for (const Piece& piece : pieces_of(naive.steps, dialect)) advance(state.schema, piece.operations, dialect);
    return naive;
  }
  Diagnostic diagnostic;
  if (naive.live) {
    diagnostic.code = "online-live-revision";
    diagnostic.message = fmt::format("what revision {} does is known only when it runs", naive.revision);
    diagnostic.location = naive.live->location;
    diagnostic.cause = fmt::format("it depends on {}: its statements would run as they are written", naive.live->what);
  } else {
    diagnostic.code = "online-hand-over";
    diagnostic.message = fmt::format("revision {} is run by the project's own tool", naive.revision);
    diagnostic.location = naive.hand_over->location;
    diagnostic.cause = "its statements are not seen, and run as they are written: " + naive.hand_over->why;
  }
  diagnostic.help = fmt::format("run it when few use the database, or accept it: --allow {}", name);
  Diagnostics refused;
  refused.add(std::move(diagnostic));
  return failure(std::move(refused));
}

}  // namespace

Result<plan::RevisionPlan, Diagnostics> online_plan(const plan::RevisionPlan& naive, OnlineState& state,
                                                    const dialects::Dialect& dialect, const dialects::Server& server,
                                                    const OnlineOptions& options) {
  const bool rebuilt = std::any_of(naive.steps.begin(), naive.steps.end(), [](const plan::Step& step) {
    return std::holds_alternative<plan::Rebuild>(step.action);
  });
  if (naive.auxiliary || rebuilt) return naive;
  if (naive.live || naive.hand_over) return as_it_is(naive, state, dialect, options);
  return Planning(naive, state, dialect, server, options).run();
}

std::optional<Diagnostic> note_of(const plan::RevisionPlan& revision) {
  if (!revision.live && !revision.hand_over) return std::nullopt;
  Diagnostic note;
  note.code = revision.live ? "online-live-revision" : "online-hand-over";
  note.severity = Severity::kNote;
  note.message = fmt::format("revision {} runs as it is written: nothing of it is done gently", revision.revision);
  return note;
}

Diagnostics check_allowances(const OnlineOptions& options) {
  Diagnostics diagnostics;
  const auto& known = allow_names();
  for (const std::string& name : options.allow) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    Diagnostic diagnostic;
    diagnostic.code = "unknown-allowance";
    diagnostic.message = fmt::format("--allow {}: there is no such thing to allow", name);
    const std::vector<std::string> names(known.begin(), known.end());
    const auto meant = did_you_mean(name, names);
    diagnostic.help = meant ? fmt::format("did you mean {}?", *meant) : "one of: " + join(names, ", ");
    diagnostics.add(std::move(diagnostic));
  }
  return diagnostics;
}

}  // namespace bascule::planner
