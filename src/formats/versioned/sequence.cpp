#include "formats/versioned/sequence.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "formats/versioned/problems.h"

namespace bascule::formats::versioned {

namespace {

/// "+2", "-1": how many; nullopt: it is a version.
std::optional<std::size_t> steps_of(const std::string& target, char sign) {
  if (target.size() < 2 || target.front() != sign) return std::nullopt;
  const auto count = number_of(std::string_view(target).substr(1));
  return count ? std::optional(static_cast<std::size_t>(*count)) : std::nullopt;
}

bool is_head(const std::string& target) { return target == "head" || target == "heads"; }

Diagnostic too_few(std::size_t wanted, std::size_t there, const char* what) {
  Diagnostic out;
  out.code = "invalid-target";
  out.message = there == 0 ? std::string("no migration is ") + what
                           : counted(wanted, "step") + " asked for, and only " + counted(there, "migration") +
                                 (there == 1 ? " is " : " are ") + what;
  out.help = "see them with: bascule status";
  return out;
}

}  // namespace

db::DbResult<Ledger> VersionedSequence::look(db::Connection& connection) const {
  BASCULE_TRY_ASSIGN(const bool exists, versioned::table_exists(connection, tool_.table()));
  if (!exists) return Ledger();
  BASCULE_TRY_ASSIGN(Ledger ledger, tool_.read_rows(connection));
  ledger.exists = true;
  return ledger;
}

db::DbResult<void> VersionedSequence::read(db::Connection* connection) {
  ledger_ = {};
  if (connection == nullptr) return {};
  BASCULE_TRY_ASSIGN(ledger_, look(*connection));
  return {};
}

db::DbResult<std::string> VersionedSequence::history_state(db::Connection& connection) const {
  BASCULE_TRY_ASSIGN(const Ledger ledger, look(connection));
  return tool_.state(ledger);
}

std::string VersionedSequence::table_name() const {
  const TableName name = tool_.table();
  return name.schema.empty() ? name.table : name.schema + "." + name.table;
}

std::string VersionedSequence::standing() const { return ledger_.rows.empty() ? "" : ledger_.rows.back().version; }

std::vector<Entry> VersionedSequence::entries() const {
  std::vector<Entry> out;
  for (const Migration& migration : migrations_) {
    Entry& entry = out.emplace_back();
    entry.id = migration.version;
    entry.description = description_of(migration);
    entry.category = "Versioned";
    entry.type = migration.runs_code ? "Go" : "SQL";
    entry.path = migration.path;
    entry.reversible =
        !migration.runs_code && !tool_.read_body(migration, model::Direction::kDowngrade, "postgresql").unwritten;
    const bool applied = tool_.is_applied(migration, ledger_);
    entry.state = applied ? EntryState::kApplied : EntryState::kPending;
    entry.state_word = applied ? tool_.applied_word() : tool_.pending_word();
    for (const Row& row : ledger_.rows) {
      if (row.version != migration.version) continue;
      entry.applied_at = row.applied_at;
      if (!ledger_.dirty) continue;
      entry.state = EntryState::kFailed;
      entry.state_word = "Dirty";
    }
  }
  for (const Row& row : ledger_.rows) {
    const bool known = std::any_of(migrations_.begin(), migrations_.end(),
                                   [&](const Migration& migration) { return migration.version == row.version; });
    if (known) continue;
    Entry& entry = out.emplace_back();
    entry.id = row.version;
    entry.category = "Versioned";
    entry.type = "SQL";
    entry.state = ledger_.dirty ? EntryState::kFailed : EntryState::kMissing;
    entry.state_word = tool_.applied_word() + ", no file";
    entry.applied_at = row.applied_at;
  }
  return out;
}

Refusal VersionedSequence::problems() const {
  return tool_.obstacles(migrations_, ledger_, model::Direction::kUpgrade);
}

std::string VersionedSequence::to_settle() const {
  if (!ledger_.dirty) return {};
  const Refusal refusal = problems();
  for (const Diagnostic& one : refusal.database.list())
    if (one.severity == Severity::kError) return one.help;
  return {};
}

Result<const Migration*, Refusal> VersionedSequence::find(const std::string& version) const {
  const std::string wanted = tool_.normalised(version);
  std::vector<const Migration*> starting;
  for (const Migration& migration : migrations_) {
    if (migration.version == wanted) return &migration;
    if (migration.version.starts_with(version)) starting.push_back(&migration);
  }
  if (starting.size() == 1 && version.size() > 3) return starting.front();
  return failure(Refusal::of_goal(unknown_version(version, migrations_)));
}

VersionedSequence::Chosen VersionedSequence::applied_newest_first() const {
  Chosen out;
  if (tool_.keeps_one_row()) {
    for (const Migration& migration : migrations_)
      if (tool_.is_applied(migration, ledger_)) out.push_back(&migration);
    std::reverse(out.begin(), out.end());
    return out;
  }
  for (auto row = ledger_.rows.rbegin(); row != ledger_.rows.rend(); ++row)
    for (const Migration& migration : migrations_)
      if (migration.version == row->version) out.push_back(&migration);
  return out;
}

Result<VersionedSequence::Chosen, Refusal> VersionedSequence::chosen_up(const std::string& target) const {
  Chosen pending;
  for (const Migration& migration : migrations_)
    if (!tool_.is_applied(migration, ledger_)) pending.push_back(&migration);
  if (is_head(target)) return pending;
  if (const auto count = steps_of(target, '+')) {
    if (*count > pending.size()) return failure(Refusal::of_goal(too_few(*count, pending.size(), "pending")));
    pending.resize(*count);
    return pending;
  }
  BASCULE_TRY_ASSIGN(const Migration* const last, find(target));
  // The list's order is the tool's.
  pending.erase(std::remove_if(pending.begin(), pending.end(), [&](const Migration* one) { return one > last; }),
                pending.end());
  return pending;
}

Result<VersionedSequence::Chosen, Refusal> VersionedSequence::chosen_down(const std::string& target) const {
  Chosen applied = applied_newest_first();
  if (target == "base") return applied;
  if (const auto count = steps_of(target, '-')) {
    if (*count > applied.size()) return failure(Refusal::of_goal(too_few(*count, applied.size(), "applied")));
    applied.resize(*count);
    return applied;
  }
  BASCULE_TRY_ASSIGN(const Migration* const last, find(target));
  applied.erase(std::remove_if(applied.begin(), applied.end(), [&](const Migration* one) { return one <= last; }),
                applied.end());
  return applied;
}

/// The migration that the database stands at once this one is taken back.
const Migration* VersionedSequence::before(const Migration& migration, const Ledger& ledger) const {
  const Migration* out = nullptr;
  for (const Migration& one : migrations_) {
    if (&one == &migration) break;
    if (tool_.keeps_one_row() || tool_.is_applied(one, ledger)) out = &one;
  }
  return out;
}

model::Direction VersionedSequence::direction_of(const Goal& goal) const {
  if (!tool_.goes_both_ways() || is_head(goal.target) || steps_of(goal.target, '+')) return goal.direction;
  const auto named = find(goal.target);
  return named && tool_.is_applied(**named, ledger_) ? model::Direction::kDowngrade : goal.direction;
}

Result<Course, Refusal> VersionedSequence::chart(const Goal& goal, const EvaluationTarget& target) {
  const model::Direction direction = direction_of(goal);
  const bool up = direction == model::Direction::kUpgrade;
  if (Refusal wrong = tool_.obstacles(migrations_, ledger_, direction); wrong.has_errors())
    return failure(std::move(wrong));
  BASCULE_TRY_ASSIGN(Chosen list, up ? chosen_up(goal.only ? "head" : goal.target) : chosen_down(goal.target));
  if (goal.only) std::erase_if(list, [&](const Migration* one) { return one->version != *goal.only; });
  Course course;
  Ledger ledger = ledger_;
  std::string state = tool_.state(ledger);
  if (!ledger.exists && up) {
    course.preparation = tool_.create_sql(target.dialect);
    ledger.exists = true;
    ledger.count = tool_.rows_at_first();
  }
  Diagnostics wrong;
  for (const Migration* migration : list) {
    if (migration->runs_code) {
      wrong.add(cannot_run_code(*migration, tool_.format()));
      continue;
    }
    Evaluation body = tool_.read_body(*migration, direction, target.dialect);
    wrong.append(std::move(body.diagnostics));
    Move& move = course.moves.emplace_back();
    move.id = migration->version;
    move.description = description_of(*migration);
    move.path = migration->path;
    move.direction = direction;
    move.operations = std::move(body.operations);
    move.derive_reverse = !up && body.unwritten;
    const Step step{*migration, up ? nullptr : before(*migration, ledger), direction};
    HistorySql sql = tool_.history_sql(step, target.dialect);
    move.history = std::move(sql.after);
    move.history_before = std::move(sql.before);
    tool_.record(step, ledger);
    move.state_before = std::exchange(state, tool_.state(ledger));
    move.state_after = state;
  }
  if (wrong.has_errors()) return failure(Refusal::of_project(std::move(wrong)));
  return course;
}

Result<AmendmentPlan, Refusal> VersionedSequence::amend(const Amendment& amendment, const EvaluationTarget& target) {
  if (amendment.what == "stamp" || amendment.what == "baseline") return stamp(amendment, target.dialect);
  auto plan = tool_.amend(amendment, ledger_, target.dialect);
  if (!plan) return plan;
  if (!ledger_.exists && !plan->sql.empty()) {
    std::vector<std::string> sql = tool_.create_sql(target.dialect);
    plan->sql.insert(plan->sql.begin(), sql.begin(), sql.end());
  }
  return plan;
}

/// Everything up to a version has run, nothing after it has.
Result<AmendmentPlan, Refusal> VersionedSequence::stamp(const Amendment& amendment, const std::string& dialect) const {
  const std::string target = amendment.arguments.empty() ? "head" : amendment.arguments.front();
  const Migration* last = migrations_.empty() ? nullptr : &migrations_.back();
  if (target == "base") {
    last = nullptr;
  } else if (!is_head(target)) {
    BASCULE_TRY_ASSIGN(last, find(target));
  }
  AmendmentPlan plan;
  if (!ledger_.exists) plan.sql = tool_.create_sql(dialect);
  const auto add = [&](const Step& step, const char* done) {
    for (std::string& sql : tool_.history_sql(step, dialect).after) plan.sql.push_back(std::move(sql));
    plan.done.push_back("Version " + step.migration.version + done);
  };
  if (tool_.keeps_one_row()) {
    if (last != nullptr)
      add({*last, nullptr, model::Direction::kUpgrade}, " is where the database stands now.");
    else if (!migrations_.empty() && !ledger_.rows.empty())
      add({migrations_.front(), nullptr, model::Direction::kDowngrade}, " has not run.");
    return plan;
  }
  for (const Migration* migration : applied_newest_first())
    if (last == nullptr || migration > last)
      add({*migration, nullptr, model::Direction::kDowngrade}, " recorded as not run.");
  for (const Migration& migration : migrations_)
    if (last != nullptr && &migration <= last && !tool_.is_applied(migration, ledger_))
      add({migration, nullptr, model::Direction::kUpgrade}, " recorded as run.");
  return plan;
}

}  // namespace bascule::formats::versioned
