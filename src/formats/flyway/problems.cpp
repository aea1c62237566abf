// What Flyway's `validate` finds, beside each item of the list.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/flyway/sequence.h"

namespace bascule::formats::flyway {

namespace {

bool matches(const std::string& pattern, const Item& item, State state) {
  const auto colon = pattern.find(':');
  const std::string_view type = trim(std::string_view(pattern).substr(0, colon));
  const std::string_view wanted = trim(std::string_view(pattern).substr(colon + 1));
  if (wanted != "*" && !iequals_ascii(wanted, state_word(state))) return false;
  return type == "*" || iequals_ascii(type, item.version() ? "versioned" : "repeatable");
}

std::string name_of(const Item& item) {
  return item.version() ? "version " + item.version()->text() + " (" + item.description() + ")"
                        : "repeatable migration " + item.description();
}

Diagnostic about(const Item& item, const char* code, std::string message) {
  Diagnostic out;
  out.code = code;
  out.message = std::move(message);
  if (item.script != nullptr)
    out.location.file =
        item.script->file ? item.script->file : std::make_shared<const SourceFile>(item.script->path, "");
  return out;
}

std::string sum_text(const std::optional<std::int64_t>& sum) { return sum ? std::to_string(*sum) : "null"; }

Diagnostic mismatch(const Item& item, const char* code, const char* what, const std::string& applied,
                    const std::string& resolved) {
  Diagnostic out = about(item, code, std::string(what) + " mismatch for migration " + name_of(item));
  out.cause = "applied to the database: " + applied + "; in the file: " + resolved;
  out.help =
      "take the change of the file back and write it as a new migration, or run `bascule repair` to put the "
      "file's into the history table";
  return out;
}

}  // namespace

bool FlywaySequence::ignored(const Item& item, bool pending_too) const {
  if (!pending_too && item.state == State::kPending) return true;
  return std::any_of(settings_.ignore_patterns.begin(), settings_.ignore_patterns.end(),
                     [&](const std::string& pattern) { return matches(pattern, item, item.state); });
}

std::optional<Diagnostic> FlywaySequence::problem_of(const Item& item, const List& made, bool pending_too) const {
  if (item.state == State::kUndone || item.state == State::kAboveTarget || item.state == State::kDeleted)
    return std::nullopt;
  if (ignored(item, pending_too) && item.state != State::kPending) return std::nullopt;
  if (is_failed(item.state)) {
    const bool future = item.state == State::kFutureFailed;
    const auto& patterns = settings_.ignore_patterns;
    if (future && std::any_of(patterns.begin(), patterns.end(),
                              [&](const std::string& pattern) { return matches(pattern, item, State::kFuture); }))
      return std::nullopt;
    Diagnostic out = about(item, "failed-migration", "migration " + name_of(item) + " has failed");
    out.cause = "what it did before the failure is still there";
    out.help =
        "remove what it left half done and correct it; run `bascule repair` to take it out of the history table, then "
        "`bascule migrate`";
    return out;
  }
  if (!settings_.cherry_pick.empty() && item.state == State::kIgnored) return std::nullopt;
  const bool missing = item.state == State::kMissing || item.state == State::kFuture;
  if (missing) {
    Diagnostic out =
        about(item, "missing-migration", "migration " + name_of(item) + " has run, but its file is not there");
    out.help = "restore " + item.row->script +
               "; or, if it was removed on purpose, run `bascule repair` to mark it as "
               "deleted, or set ignoreMigrationPatterns=" +
               (item.state == State::kMissing ? "*:missing" : "*:future");
    return out;
  }
  if (item.state == State::kIgnored && !item.script->baseline() && item.should_execute &&
      settings_.cherry_pick.empty()) {
    Diagnostic out = about(item, "ignored-migration", "migration " + name_of(item) + " has not run");
    out.cause = "a later version ran before it";
    out.help = "set outOfOrder=true to run it now, or ignoreMigrationPatterns=*:ignored to leave it out";
    return out;
  }
  if (item.state == State::kPending) {
    if (!pending_too || ignored(item, true)) return std::nullopt;
    Diagnostic out = about(item, "pending-migration", "migration " + name_of(item) + " has not run");
    out.help = "run `bascule migrate`, or set ignoreMigrationPatterns=*:pending";
    return out;
  }
  if (item.state == State::kOutdated && pending_too) {
    Diagnostic out = about(item, "outdated-migration", name_of(item) + " has changed since it ran");
    out.help = "run `bascule migrate` to run it again";
    return out;
  }
  if (item.script == nullptr || item.row == nullptr || item.row->type == "DELETE") return std::nullopt;
  if (!item.version()) {
    // One that ran before its placeholders were replaced: it counts as run, but not before `repair` as unchanged.
    const bool old_run = item.state == State::kOutdated || item.state == State::kSuperseded;
    if (pending_too || old_run || item.row->checksum == item.sums.checksum) return std::nullopt;
    return mismatch(item, "checksum-mismatch", "checksum", sum_text(item.row->checksum), sum_text(item.sums.checksum));
  }
  if (made.applied_baseline && *item.version() <= *made.applied_baseline) return std::nullopt;
  if (!item.sums.match(item.row->checksum))
    return mismatch(item, "checksum-mismatch", "checksum", sum_text(item.row->checksum), sum_text(item.sums.checksum));
  if (cut_description(item.script->name.description) != item.row->description)
    return mismatch(item, "description-mismatch", "description", "'" + item.row->description + "'",
                    "'" + item.script->name.description + "'");
  return std::nullopt;
}

Refusal FlywaySequence::problems(const List& made, bool pending_too) const {
  Refusal out;
  out.project = unreadable_;
  for (const std::string& version : around_.bad_rows) {
    Diagnostic wrong;
    wrong.code = "history-invalid";
    wrong.message = table_name() + " holds '" + version + "', which is no version";
    wrong.help = "somebody wrote it by hand: correct or delete the row";
    out.database.add(std::move(wrong));
  }
  if (around_.family && around_.schema.empty()) {
    Diagnostic wrong;
    wrong.code = "no-schema";
    wrong.message = "the connection has no current schema: its search path is empty, or none of it exists";
    wrong.help = "set flyway.defaultSchema";
    out.database.add(std::move(wrong));
  }
  for (const Item& item : made.items)
    if (auto why = problem_of(item, made, pending_too)) out.database.add(std::move(*why));
  return out;
}

std::string FlywaySequence::to_settle() const {
  const List made = list({});
  for (const Item& item : made.items) {
    if (!is_failed(item.state)) continue;
    if (const auto why = problem_of(item, made, false)) return why->help;
  }
  return {};
}

Refusal FlywaySequence::problems() const {
  auto reach = reach_of("head");
  if (reach) return problems(list(*reach), settings_.pending_is_a_problem);
  return Refusal::of_goal(std::move(reach.error()));
}

}  // namespace bascule::formats::flyway
