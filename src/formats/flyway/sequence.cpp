#include "formats/flyway/sequence.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "formats/flyway/checksum.h"
#include "formats/flyway/course.h"

namespace bascule::formats::flyway {

namespace {

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return {text.data(), length};
}

EntryState shared_state(const Item& item) {
  switch (item.state) {
    case State::kPending:
      return EntryState::kPending;
    case State::kAboveTarget:
    case State::kBelowBaseline:
    case State::kBaselineIgnored:
    case State::kIgnored:
      return EntryState::kSkipped;
    case State::kBaseline:
      return EntryState::kBaseline;
    case State::kMissing:
    case State::kFuture:
      return EntryState::kMissing;
    case State::kMissingFailed:
    case State::kFailed:
    case State::kFutureFailed:
      return EntryState::kFailed;
    case State::kSuccess:
    case State::kOutOfOrder:
      return EntryState::kApplied;
    case State::kUndone:
    case State::kDeleted:
      return EntryState::kUndone;
    case State::kOutdated:
    case State::kSuperseded:
      // The file itself stands below as pending; this is its old run.
      return EntryState::kOutdated;
  }
  return EntryState::kPending;
}

std::string category_of(const Item& item) {
  const std::string& type = item.type();
  if (type == "SCHEMA" || type == "BASELINE" || type == "DELETE") return "";
  if (!item.version()) return "Repeatable";
  return type == "SQL_BASELINE" ? "Baseline" : "Versioned";
}

Diagnostic wrong_target(const std::string& target, std::string help) {
  Diagnostic out;
  out.code = "unknown-revision";
  out.message = "there is no migration '" + target + "'";
  out.help = std::move(help);
  return out;
}

std::optional<std::size_t> steps_of(std::string_view target, char sign) {
  if (target.size() < 2 || target[0] != sign) return std::nullopt;
  std::size_t steps = 0;
  const auto [end, error] = std::from_chars(target.data() + 1, target.data() + target.size(), steps);
  if (error != std::errc() || end != target.data() + target.size()) return std::nullopt;
  return steps;
}

}  // namespace

std::string cut_description(const std::string& text) {
  constexpr std::size_t kLongest = 200;
  if (text.size() <= kLongest || utf8_length(text) <= kLongest) return text;
  std::size_t end = 0;
  for (std::size_t characters = 0; characters < kLongest - 3; ++characters) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  }
  return text.substr(0, end) + "...";
}

HistoryRow row_of(const Script& script, const Sums& sums, std::int64_t rank) {
  HistoryRow row;
  row.rank = rank;
  row.version = script.name.version;
  row.description = cut_description(script.name.description);
  row.type = script.type;
  row.script = script.script;
  row.checksum = sums.checksum;
  return row;
}

Result<HistoryRow, Diagnostic> baseline_row(const Settings& settings) {
  HistoryRow row;
  row.rank = 1;
  row.version = Version::parse(settings.baseline_version);
  if (!row.version) {
    Diagnostic wrong;
    wrong.code = "invalid-setting";
    wrong.message = "baselineVersion is '" + settings.baseline_version + "', which is no version";
    wrong.help = "a version is numbers with dots between them: 1, 2.1, 20240131.2";
    return failure(std::move(wrong));
  }
  row.description = cut_description(settings.baseline_description);
  row.type = "BASELINE";
  row.script = settings.baseline_description;
  return row;
}

FlywaySequence::FlywaySequence(const Settings& settings, const Scripts& scripts)
    : settings_(settings), scripts_(scripts), timestamp_(now_text()) {
  judge();
}

std::map<std::string, std::string> FlywaySequence::built_in(const std::string& dialect) const {
  std::map<std::string, std::string> out;
  const auto schemas = configured_schemas(settings_);
  const bool sqlite = around_.family ? *around_.family == Family::kSqlite : dialect == "sqlite";
  if (!schemas.empty())
    out["defaultSchema"] = schemas.front();
  else
    out["defaultSchema"] = around_.family ? around_.schema : (sqlite ? "main" : "public");
  out["user"] = around_.family || sqlite ? around_.user : settings_.user;
  if (!sqlite) out["database"] = around_.database;
  out["timestamp"] = timestamp_;
  std::error_code ignored;
  out["workingDirectory"] = std::filesystem::absolute(settings_.directory, ignored).lexically_normal().string();
  if (out["workingDirectory"].size() > 1 && out["workingDirectory"].ends_with('/')) out["workingDirectory"].pop_back();
  out["table"] = settings_.table;
  out["environment"] = settings_.environment;
  return out;
}

/// What depends on placeholders, and so on the database: checksums of repeatables, shouldExecute.
void FlywaySequence::judge() {
  const auto values = built_in("");
  judged_ = {};
  unreadable_ = {};
  judged_.sums.reserve(scripts_.migrations.size());
  for (const Script& script : scripts_.migrations) {
    Sums sums;
    if (script.plain_checksum) sums.checksum = *script.plain_checksum;
    const bool with_placeholders = script.file != nullptr && replaces_placeholders(settings_, script);
    if (script.repeatable() && with_placeholders) {
      sums.equivalent = sums.checksum;
      if (script.file->text().find(settings_.placeholder_prefix) != std::string_view::npos) {
        if (auto text = text_of(settings_, script, values))
          sums.checksum = checksum_of(text->text);
        else
          unreadable_.add(std::move(text.error()));
      }
    }
    judged_.sums.push_back(sums);
    bool executes = true;
    if (script.config.should_execute) {
      const auto rules = rules_for(settings_, values, script.file_name);
      const auto expression = replace_placeholders(*script.config.should_execute, rules);
      const auto value =
          expression
              ? evaluate_expression(expression->text)
              : Result<bool, std::string>(failure("the placeholder '" + expression.error().name + "' has no value"));
      if (value) {
        executes = *value;
      } else {
        Diagnostic wrong;
        wrong.code = "invalid-script-config";
        wrong.message = "shouldExecute: " + value.error();
        wrong.location.file = std::make_shared<const SourceFile>(script.config.path, "");
        unreadable_.add(std::move(wrong));
      }
    }
    judged_.executes.push_back(executes);
  }
}

db::DbResult<void> FlywaySequence::read(db::Connection* connection) {
  around_ = {};
  if (connection != nullptr) {
    BASCULE_TRY_ASSIGN(around_, look_around(*connection, settings_));
  }
  judge();
  return {};
}

db::DbResult<std::string> FlywaySequence::history_state(db::Connection& connection) const {
  return read_state(connection, settings_);
}

std::string FlywaySequence::table_name() const {
  const auto schemas = configured_schemas(settings_);
  const std::string schema = around_.family ? around_.schema : (schemas.empty() ? "" : schemas.front());
  return schema.empty() || schema == "main" || schema == "public" ? settings_.table : schema + "." + settings_.table;
}

std::string FlywaySequence::standing() const {
  const auto made = list({});
  return made.current ? made.current->text() : std::string();
}

std::vector<Entry> FlywaySequence::entries() const {
  auto reach = reach_of("head");
  const List made = list(reach ? *reach : Reach());
  const auto since = Version::parse(settings_.info_since_version);
  const auto until = Version::parse(settings_.info_until_version);
  std::vector<Entry> out;
  out.reserve(made.items.size());
  for (const Item& item : made.items) {
    const std::string word = state_word(item.state);
    const auto& states = settings_.info_states;
    const auto same = [&](const std::string& one) { return iequals_ascii(one, word); };
    if (!states.empty() && std::none_of(states.begin(), states.end(), same)) continue;
    if (item.version() && ((since && *item.version() < *since) || (until && *item.version() > *until))) continue;
    Entry entry;
    if (item.version()) entry.id = item.version()->text();
    entry.description = item.description();
    entry.category = category_of(item);
    entry.type = item.type();
    entry.state = shared_state(item);
    entry.state_word = word;
    if (item.row != nullptr) {
      entry.applied_at = item.row->installed_on;
      entry.took_milliseconds = item.row->milliseconds;
    }
    if (!entry.applied_at.empty() &&
        ((!settings_.info_since_date.empty() && entry.applied_at < settings_.info_since_date) ||
         (!settings_.info_until_date.empty() && entry.applied_at > settings_.info_until_date)))
      continue;
    if (item.script != nullptr) entry.path = item.script->path;
    entry.reversible = item.version() && !category_of(item).empty() && item.state != State::kDeleted &&
                       item.state != State::kUndone && !is_failed(item.state) &&
                       undo_of(scripts_, *item.version()) != nullptr;
    out.push_back(std::move(entry));
  }
  return out;
}

HistoryTable FlywaySequence::history_table(const EvaluationTarget& target) const {
  const bool sqlite = target.dialect == "sqlite";
  const auto schemas = configured_schemas(settings_);
  std::string schema = around_.family ? around_.schema : (schemas.empty() ? "public" : schemas.front());
  if (sqlite) schema = "main";
  return {settings_, sqlite ? Family::kSqlite : Family::kPostgres, schema};
}

Result<Reach, Diagnostic> FlywaySequence::reach_of(const std::string& asked) const {
  Reach reach;
  reach.out_of_order = settings_.out_of_order;
  reach.cherry_pick = settings_.cherry_pick;
  const std::string target = asked == "head" || asked == "heads" || asked.empty() ? settings_.target : asked;
  if (iequals_ascii(target, "latest") || target.starts_with('+')) return reach;
  if (iequals_ascii(target, "next")) {
    reach.kind = Reach::Kind::kNext;
  } else if (iequals_ascii(target, "current")) {
    reach.kind = Reach::Kind::kCurrent;
  } else {
    reach.kind = Reach::Kind::kVersion;
    reach.version = Version::parse(target);
    if (!reach.version) return failure(wrong_target(target, "a target is a version, latest, next, current, +N or -N"));
    const auto& all = scripts_.migrations;
    const bool known =
        std::any_of(all.begin(), all.end(), [&](const Script& s) { return s.name.version == reach.version; }) ||
        std::any_of(around_.rows.begin(), around_.rows.end(),
                    [&](const HistoryRow& r) { return r.version == reach.version; });
    if (!known && (settings_.fail_on_missing_target || target == asked))
      return failure(wrong_target(target, "bascule status lists the versions"));
  }
  return reach;
}

Result<Course, Refusal> FlywaySequence::chart(const Goal& goal, const EvaluationTarget& target) {
  Refusal wrong;
  const auto refuse = [&](Diagnostic why) {
    wrong.goal.add(std::move(why));
    return failure(std::move(wrong));
  };
  const bool down = goal.direction == model::Direction::kDowngrade;
  auto reach = reach_of(down || goal.only ? "latest" : goal.target);
  if (!reach) return refuse(std::move(reach.error()));
  std::vector<HistoryRow> rows = around_.rows;
  // The baseline that this run begins with counts already.
  if (!down && !around_.table_exists && !around_.filled_schemas.empty() && settings_.baseline_on_migrate &&
      !settings_.skip_executing) {
    if (auto row = baseline_row(settings_)) rows.push_back(std::move(*row));
  }
  const List made = make_list(scripts_, judged_, rows, *reach);
  // Flyway's undo does not validate; what has failed is in the way of both.
  const bool validates = settings_.validate_on_migrate && !down;
  if (validates) wrong.append(problems(made, false));
  if (unreadable_.has_errors() && !validates) wrong.project.append(unreadable_);
  if (!validates) {
    for (const Item& item : made.items) {
      if (!is_failed(item.state) || (item.state == State::kFutureFailed && ignored(item, false))) continue;
      if (auto why = problem_of(item, made, false)) wrong.database.add(std::move(*why));
    }
  }
  if (wrong.has_errors()) return failure(std::move(wrong));
  CourseBuilder builder(settings_, scripts_, around_, history_table(target), target.dialect, built_in(target.dialect));
  builder.prepare(down);
  if (down) {
    std::vector<const Item*> applied;
    for (const Item& item : made.items) {
      if (item.row == nullptr || !item.version() || item.state == State::kDeleted || item.state == State::kUndone)
        continue;
      if (item.state == State::kBaseline || category_of(item).empty()) continue;
      applied.push_back(&item);
    }
    std::reverse(applied.begin(), applied.end());
    std::size_t count = applied.size();
    const auto stops_at = [&](const auto& stop) {
      return static_cast<std::size_t>(
          std::find_if(applied.begin(), applied.end(), [&](const Item* item) { return stop(*item->version()); }) -
          applied.begin());
    };
    if (settings_.undo_target) {
      const auto version = Version::parse(*settings_.undo_target);
      if (!version) return refuse(wrong_target(*settings_.undo_target, "undo goes back to a version"));
      count = stops_at([&](const Version& v) { return v < *version; });
    } else if (const auto steps = steps_of(goal.target, '-')) {
      if (*steps > count && goal.target != "-1") {
        Diagnostic why;
        why.code = "relative-too-far";
        why.message = goal.target + " goes back further than what has run (" + std::to_string(count) + ")";
        why.help = "the target base takes everything back";
        return refuse(std::move(why));
      }
      count = std::min(*steps, count);
    } else if (goal.target != "base") {
      const auto version = Version::parse(goal.target);
      if (!version) return refuse(wrong_target(goal.target, "a target is a version, -N or base"));
      count = stops_at([&](const Version& v) { return v <= *version; });
    }
    if (!settings_.cherry_pick.empty()) {
      applied.erase(std::remove_if(applied.begin(), applied.end(),
                                   [](const Item* item) { return item->state == State::kIgnored; }),
                    applied.end());
      count = applied.size();
    }
    if (count == 0) return Course();
    builder.callbacks("beforeUndo");
    for (std::size_t i = 0; i < count; ++i) {
      const Script* script = undo_of(scripts_, *applied[i]->version());
      Sums sums;
      if (script != nullptr) sums.checksum = script->plain_checksum;
      builder.undo(*applied[i], script, sums);
    }
    builder.callbacks("afterUndo");
    return builder.finish();
  }
  if (validates) {
    builder.callbacks("beforeValidate");
    builder.callbacks("afterValidate");
  }
  builder.callbacks("beforeMigrate");
  std::size_t left = steps_of(goal.target, '+').value_or(made.items.size());
  if (reach->kind == Reach::Kind::kNext) left = std::min<std::size_t>(left, 1);
  bool any = false;
  bool versions_done = false;
  for (const Item& item : made.items) {
    if (item.state != State::kPending || left == 0) continue;
    if (goal.only && (!item.version() || item.version()->text() != *goal.only)) continue;
    --left;
    any = true;
    if (!item.version() && !versions_done) {
      builder.callbacks("afterVersioned");
      builder.callbacks("beforeRepeatables");
      versions_done = true;
    }
    builder.migrate(item);
  }
  if (!versions_done) builder.callbacks("afterVersioned");
  if (any) builder.callbacks("afterMigrateApplied");
  builder.callbacks("afterMigrate");
  return builder.finish();
}

}  // namespace bascule::formats::flyway
