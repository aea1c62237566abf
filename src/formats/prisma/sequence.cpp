#include "formats/prisma/sequence.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "formats/prisma/problems.h"
#include "formats/prisma/statements.h"

namespace bascule::formats::prisma {

namespace {

/// "+2", "-1": how many; nullopt: it is a name.
std::optional<std::size_t> steps_of(const std::string& target, char sign) {
  if (target.size() < 2 || target.front() != sign) return std::nullopt;
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(target.data() + 1, target.data() + target.size(), count);
  if (error != std::errc() || end != target.data() + target.size()) return std::nullopt;
  return count;
}

}  // namespace

db::DbResult<void> PrismaSequence::read(db::Connection* connection) {
  table_ = {};
  by_name_.clear();
  dialect_.clear();
  if (connection == nullptr) return {};
  dialect_ = is_sqlite(*connection) ? "sqlite" : "postgresql";
  if (dialect_ == "sqlite") {
    // Prisma's SQLite has foreign keys on from the start: a migration's DELETE cascades. A setting of the connection.
    BASCULE_TRY(db::execute_one(*connection, "PRAGMA foreign_keys=ON"));
  }
  BASCULE_TRY_ASSIGN(table_, read_table(*connection));
  for (const Record& record : table_.records) by_name_[record.name].push_back(&record);
  return {};
}

db::DbResult<std::string> PrismaSequence::history_state(db::Connection& connection) const {
  return read_counts(connection);
}

const PrismaSequence::Records& PrismaSequence::records_of(const std::string& name) const {
  static const Records kNone;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? kNone : found->second;
}

bool PrismaSequence::is_pending(const std::string& name) const {
  const Records& records = records_of(name);
  return std::all_of(records.begin(), records.end(), [](const Record* record) { return record->rolled_back; });
}

bool PrismaSequence::is_applied(const std::string& name) const {
  const Records& records = records_of(name);
  return std::any_of(records.begin(), records.end(),
                     [](const Record* record) { return record->finished && !record->rolled_back; });
}

const Migration* PrismaSequence::find(const std::string& name) const {
  const auto found =
      std::find_if(migrations_.begin(), migrations_.end(), [&](const Migration& one) { return one.name == name; });
  return found == migrations_.end() ? nullptr : &*found;
}

std::string PrismaSequence::standing() const {
  for (auto record = table_.records.rbegin(); record != table_.records.rend(); ++record)
    if (record->finished && !record->rolled_back) return record->name;
  return "";
}

Entry PrismaSequence::entry_of(const Migration& migration) const {
  Entry out;
  out.id = migration.name;
  out.description = description_of(migration.name);
  out.category = "Migration";
  out.type = "SQL";
  out.path = migration.path;
  const Records& records = records_of(migration.name);
  for (const Record* record : records) {
    if (record->rolled_back) continue;
    out.state = record->finished ? EntryState::kApplied : EntryState::kFailed;
    out.state_word = record->finished ? "Applied" : "Failed";
    out.applied_at = record->applied_at;
    out.took_milliseconds = record->took_milliseconds;
    if (!record->finished) return out;
    if (migration.file && !checksum_matches(migration.file->text(), record->checksum)) out.state_word += ", edited";
  }
  if (out.state_word.empty()) out.state_word = records.empty() ? "Pending" : "Pending, rolled back";
  return out;
}

Entry PrismaSequence::entry_of_missing(const Record& record) const {
  Entry out;
  out.id = record.name;
  out.description = description_of(record.name);
  out.category = "Migration";
  out.type = "SQL";
  out.state = record.rolled_back ? EntryState::kRolledBack
              : record.finished  ? EntryState::kMissing
                                 : EntryState::kFailed;
  out.state_word = record.rolled_back ? "Rolled back, no file"
                   : record.finished  ? "Applied, no file"
                                      : "Failed, no file";
  out.applied_at = record.applied_at;
  out.took_milliseconds = record.took_milliseconds;
  return out;
}

std::vector<Entry> PrismaSequence::entries() const {
  std::vector<Entry> out;
  for (const Migration& migration : migrations_) out.push_back(entry_of(migration));
  for (const auto& [name, records] : by_name_)
    if (find(name) == nullptr) out.push_back(entry_of_missing(*records.back()));
  std::stable_sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) { return sorts_before(a.id, b.id); });
  return out;
}

Refusal PrismaSequence::problems() const {
  Refusal out;
  const std::string& provider = settings_.provider;
  const auto locked = locked_provider(settings_.migrations);
  if (locked && !provider.empty() && *locked != provider)
    out.project.add(provider_switched(provider, settings_.provider_where, *locked, settings_.migrations));
  const std::string speaks = provider == "cockroachdb" ? "postgresql" : provider;
  if (!provider.empty() && !dialect_.empty() && speaks != dialect_)
    out.database.add(other_database(provider, settings_.provider_where, dialect_));
  if (!table_.exists && !table_.tables.empty())
    out.database.add(schema_not_empty(table_.tables, migrations_.empty() ? "" : migrations_.front().name));
  for (const Record& record : table_.records)
    if (record.failed()) out.database.add(migration_failed(record, find(record.name)));
  for (const Migration& migration : migrations_) {
    if (is_pending(migration.name)) {
      if (!migration.file) out.project.add(file_missing(migration));
    } else if (migration.file) {
      const Records& records = records_of(migration.name);
      const bool same = std::any_of(records.begin(), records.end(), [&](const Record* record) {
        return !record->rolled_back && checksum_matches(migration.file->text(), record->checksum);
      });
      if (!same && is_applied(migration.name)) out.database.add(migration_edited(migration));
    }
  }
  for (const auto& [name, records] : by_name_)
    if (is_applied(name) && find(name) == nullptr)
      out.database.add(migration_missing(*records.back(), settings_.migrations));
  return out;
}

std::string PrismaSequence::to_settle() const {
  for (const Record& record : table_.records)
    if (record.failed()) return migration_failed(record, find(record.name)).help;
  return {};
}

Result<std::vector<const Migration*>, Refusal> PrismaSequence::chosen(const Goal& goal) const {
  const bool up = goal.direction == model::Direction::kUpgrade;
  std::vector<const Migration*> all;
  for (const Migration& migration : migrations_)
    if (up ? is_pending(migration.name) : is_applied(migration.name)) all.push_back(&migration);
  if (!up) std::reverse(all.begin(), all.end());
  if (goal.only) {
    std::erase_if(all, [&](const Migration* one) { return one->name != *goal.only; });
    return all;
  }
  if (up ? goal.target == "head" || goal.target == "heads" : goal.target == "base") return all;
  if (const auto count = steps_of(goal.target, up ? '+' : '-')) {
    all.resize(std::min(*count, all.size()));
    return all;
  }
  std::vector<const Migration*> named;
  for (const Migration& migration : migrations_) {
    // `history` and `show` know it by the other name.
    const std::string in_graph = graph_id(migration.name);
    if (migration.name == goal.target || in_graph == goal.target) {
      named = {&migration};
      break;
    }
    if (migration.name.starts_with(goal.target) || in_graph.starts_with(goal.target)) named.push_back(&migration);
  }
  if (named.size() != 1) return failure(Refusal::of_goal(unknown_migration(goal.target, migrations_)));
  const auto after = [&](const Migration* one) { return one > named.front(); };  // the list's order
  if (up) {
    all.erase(std::remove_if(all.begin(), all.end(), after), all.end());
  } else {
    all.erase(std::remove_if(all.begin(), all.end(), [&](const Migration* one) { return !after(one); }), all.end());
  }
  return all;
}

void PrismaSequence::prepare(std::vector<std::string>& sql, const HistorySql& history) const {
  if (table_.exists) return;
  if (!table_.missing_schema.empty()) sql.push_back("CREATE SCHEMA IF NOT EXISTS " + table_.missing_schema);
  sql.push_back(history.create(false));
}

Result<Move, Refusal> PrismaSequence::move_up(const Migration& migration, const HistorySql& sql,
                                              const std::string& dialect, Counts& counts) const {
  if (!migration.file) return failure(Refusal::of_project(file_missing(migration)));
  Move move;
  move.id = migration.name;
  move.description = description_of(migration.name);
  move.path = migration.path;
  Statements statements = operations_of(migration.file, dialect);
  if (statements.diagnostics.has_errors()) return failure(Refusal::of_project(std::move(statements.diagnostics)));
  move.operations = std::move(statements.operations);
  const std::string id = make_uuid();
  const std::string checksum = checksum_of(migration.file->text());
  move.history = {sql.insert_done(id, migration.name, checksum)};
  move.history_before = {sql.insert_started(id, migration.name, checksum)};
  move.history_after = {sql.finish(id)};
  move.on_failure = sql.on_failure(id, migration.name, checksum, table_.missing_schema);
  ++counts.rows;
  ++counts.finished;
  return move;
}

Move PrismaSequence::move_down(const Migration& migration, const HistorySql& sql, Counts& counts) const {
  Move move;
  move.id = migration.name;
  move.description = description_of(migration.name);
  move.path = migration.path;
  move.direction = model::Direction::kDowngrade;
  move.derive_reverse = true;
  // Prisma knows no way down. Without its row, Prisma too takes the migration for pending.
  move.history = {sql.remove(migration.name)};
  for (const Record* record : records_of(migration.name)) {
    --counts.rows;
    if (record->finished) --counts.finished;
    if (record->rolled_back) --counts.rolled_back;
  }
  return move;
}

Result<Course, Refusal> PrismaSequence::chart(const Goal& goal, const EvaluationTarget& target) {
  if (Refusal wrong = problems(); wrong.has_errors()) return failure(std::move(wrong));
  BASCULE_TRY_ASSIGN(const auto list, chosen(goal));
  const HistorySql sql(target.dialect);
  Course course;
  Counts counts = counts_of(table_.records);
  std::string state = table_.exists ? counts.text() : "none";
  if (goal.direction == model::Direction::kUpgrade) prepare(course.preparation, sql);
  for (const Migration* migration : list) {
    Move move;
    if (goal.direction == model::Direction::kUpgrade) {
      BASCULE_TRY_ASSIGN(move, move_up(*migration, sql, target.dialect, counts));
    } else {
      move = move_down(*migration, sql, counts);
    }
    move.state_before = std::exchange(state, counts.text());
    move.state_after = state;
    course.moves.push_back(std::move(move));
  }
  return course;
}

Result<AmendmentPlan, Refusal> PrismaSequence::amend(const Amendment& amendment, const EvaluationTarget& target) {
  const HistorySql sql(target.dialect);
  if (amendment.what == "resolve") return resolve(amendment, sql);
  if (amendment.what == "baseline") return baseline(amendment, sql);
  Diagnostic wrong;
  wrong.code = "no-such-command";
  wrong.message = "a Prisma project has no command '" + amendment.what + "'";
  wrong.help = "it has: migrate resolve --applied NAME, migrate resolve --rolled-back NAME, baseline [NAME]";
  return failure(Refusal::of_goal(std::move(wrong)));
}

Result<AmendmentPlan, Refusal> PrismaSequence::resolve(const Amendment& amendment, const HistorySql& sql) const {
  const auto option = [&](const char* name) -> std::optional<std::string> {
    const auto found = amendment.options.find(name);
    return found == amendment.options.end() ? std::nullopt : std::optional(found->second);
  };
  const auto applied = option("applied");
  const auto rolled_back = option("rolled-back");
  if (!applied && !rolled_back)
    return failure(Refusal::of_goal(resolve_usage("say what the migration is: applied or rolled back")));
  if (applied && rolled_back)
    return failure(Refusal::of_goal(resolve_usage("a migration is either applied or rolled back")));
  return applied ? mark_applied(*applied, sql) : mark_rolled_back(*rolled_back, sql);
}

Result<AmendmentPlan, Refusal> PrismaSequence::mark_applied(const std::string& name, const HistorySql& sql) const {
  const Migration* migration = find(name);
  if (migration == nullptr) return failure(Refusal::of_goal(unknown_migration(name, migrations_)));
  if (!migration->file) return failure(Refusal::of_project(file_missing(*migration)));
  AmendmentPlan plan;
  prepare(plan.sql, sql);
  for (const Record* record : records_of(name)) {
    if (record->finished) return failure(Refusal::of_database(already_applied(name)));
    if (record->failed()) plan.sql.push_back(sql.roll_back(record->id));
  }
  plan.sql.push_back(sql.insert_resolved(make_uuid(), name, checksum_of(migration->file->text())));
  plan.done.push_back("Migration " + name + " marked as applied.");
  return plan;
}

Result<AmendmentPlan, Refusal> PrismaSequence::mark_rolled_back(const std::string& name, const HistorySql& sql) const {
  const Records& records = records_of(name);
  if (records.empty()) return failure(Refusal::of_database(never_applied(name)));
  if (std::all_of(records.begin(), records.end(), [](const Record* record) { return record->finished; }))
    return failure(Refusal::of_database(not_failed(name)));
  AmendmentPlan plan;
  for (const Record* record : records)
    if (record->failed()) plan.sql.push_back(sql.roll_back(record->id));
  plan.done.push_back("Migration " + name + " marked as rolled back.");
  return plan;
}

/// All pending ones, up to a name if one is given, as `migrate resolve --applied` for each.
Result<AmendmentPlan, Refusal> PrismaSequence::baseline(const Amendment& amendment, const HistorySql& sql) const {
  BASCULE_TRY_ASSIGN(const auto list, chosen({model::Direction::kUpgrade,
                                              amendment.arguments.empty() ? "head" : amendment.arguments.front()}));
  AmendmentPlan plan;
  prepare(plan.sql, sql);
  for (const Migration* migration : list) {
    if (!migration->file) return failure(Refusal::of_project(file_missing(*migration)));
    plan.sql.push_back(sql.insert_resolved(make_uuid(), migration->name, checksum_of(migration->file->text())));
    plan.done.push_back("Migration " + migration->name + " marked as applied.");
  }
  if (list.empty()) plan.sql.clear();
  return plan;
}

}  // namespace bascule::formats::prisma
