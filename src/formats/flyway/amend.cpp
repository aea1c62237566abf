// Flyway's `baseline` and `repair`: changes of the history table alone.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/flyway/course.h"
#include "formats/flyway/sequence.h"

namespace bascule::formats::flyway {

namespace {

bool synthetic(const std::string& type) { return type == "SCHEMA" || type == "BASELINE" || type == "DELETE"; }

Diagnostic cannot_baseline(std::string why, std::string help) {
  Diagnostic out;
  out.code = "cannot-baseline";
  out.message = "the database cannot be baselined: " + std::move(why);
  out.help = std::move(help);
  return out;
}

Result<AmendmentPlan, Refusal> refuse(Diagnostic why) { return failure(Refusal::of_database(std::move(why))); }

}  // namespace

Result<AmendmentPlan, Refusal> FlywaySequence::amend(const Amendment& amendment, const EvaluationTarget& target) {
  if (amendment.what == "baseline") return baseline(amendment, target);
  if (amendment.what == "repair") return repair(target);
  Diagnostic out;
  out.code = "no-such-command";
  out.message = "Flyway has no command '" + amendment.what + "'";
  out.help = amendment.what == "resolve"
                 ? "after a failed migration: bascule repair"
                 : "to write migrations into the history without running them: bascule flyway migrate "
                   "-skipExecutingMigrations=true";
  return failure(Refusal::of_goal(std::move(out)));
}

Result<AmendmentPlan, Refusal> FlywaySequence::baseline(const Amendment& amendment,
                                                        const EvaluationTarget& target) const {
  Settings settings = settings_;
  if (!amendment.arguments.empty()) settings.baseline_version = amendment.arguments[0];
  auto row = baseline_row(settings);
  if (!row) return failure(Refusal::of_goal(std::move(row.error())));
  const std::string what = row->version->text() + " (" + row->description + ")";
  AmendmentPlan out;
  if (around_.table_exists) {
    const auto first = around_.rows.begin();
    const auto end = first + static_cast<std::ptrdiff_t>(std::min<std::size_t>(around_.rows.size(), 2));
    const auto marker = std::find_if(first, end, [](const HistoryRow& one) { return one.type == "BASELINE"; });
    if (marker != end) {
      if (marker->version == row->version && marker->description == row->description) {
        out.done.push_back(table_name() + " already begins with " + what);
        return out;
      }
      return refuse(cannot_baseline("it has been baselined already, with " +
                                        (marker->version ? marker->version->text() : "") + " (" + marker->description +
                                        ")",
                                    "drop " + table_name() + " first, if that was a mistake"));
    }
    if (around_.rows.empty())
      return refuse(cannot_baseline(table_name() + " is there, and empty", "drop it, and run baseline again"));
    return refuse(cannot_baseline(table_name() + " holds migrations already",
                                  "a database that has a history needs no baseline: bascule migrate"));
  }
  const HistoryTable table = history_table(target);
  const auto values = built_in(target.dialect);
  Diagnostics wrong;
  const auto event = [&](const char* name) {
    const auto found = scripts_.callbacks.find(name);
    if (found == scripts_.callbacks.end()) return;
    for (const Script& script : found->second) {
      auto statements = cut(settings_, script, target.dialect, values);
      if (!statements) {
        wrong.add(std::move(statements.error()));
        continue;
      }
      for (const auto& operation : statements->operations)
        out.sql.push_back(std::get<model::RawSql>(operation.operation).sql);
    }
  };
  const bool creates = settings.create_schemas && target.dialect == "postgresql";
  if (creates)
    for (const std::string& schema : around_.missing_schemas) out.sql.push_back("CREATE SCHEMA " + quoted_name(schema));
  event("beforeBaseline");
  if (creates && !around_.missing_schemas.empty()) {
    // Flyway makes the table with the baseline and then notes the schemas that it made.
    HistoryRow marker;
    marker.rank = 2;
    marker.description = "<< Flyway Schema Creation >>";
    marker.type = "SCHEMA";
    std::vector<std::string> names;
    for (const std::string& schema : around_.missing_schemas) names.push_back(quoted_name(schema));
    marker.script = join(names, ",");
    for (std::string& statement : table.create_sql(&*row)) out.sql.push_back(std::move(statement));
    out.sql.push_back(table.insert_sql(marker, "0"));
  } else {
    for (std::string& statement : table.create_sql(&*row)) out.sql.push_back(std::move(statement));
  }
  event("afterBaseline");
  if (wrong.has_errors()) return failure(Refusal::of_project(std::move(wrong)));
  out.done.push_back("the history begins with version " + what);
  return out;
}

Result<AmendmentPlan, Refusal> FlywaySequence::repair(const EvaluationTarget& target) {
  AmendmentPlan out;
  if (!around_.table_exists) return out;
  if (unreadable_.has_errors()) return failure(Refusal::of_project(unreadable_));
  const HistoryTable table = history_table(target);
  std::vector<HistoryRow> rest;
  std::int64_t rank = around_.rows.empty() ? 0 : around_.rows.back().rank;
  for (const HistoryRow& row : around_.rows) {
    if (row.success) {
      rest.push_back(row);
      continue;
    }
    out.sql.push_back(table.delete_failed_sql(row));
    out.done.push_back("removed the failed migration " + (row.version ? row.version->text() : row.description));
  }
  if (rest.size() != around_.rows.size()) rank = rest.empty() ? 0 : rest.back().rank;
  Reach reach;
  reach.out_of_order = true;
  const List made = make_list(scripts_, judged_, rest, reach);
  for (const Item& item : made.items) {
    const bool missing = item.state == State::kMissing || item.state == State::kFuture;
    if (!missing || synthetic(item.type()) || ignored(item, true)) continue;
    HistoryRow row = *item.row;
    row.rank = ++rank;
    row.type = "DELETE";
    row.success = true;
    out.sql.push_back(table.insert_sql(row, "0"));
    out.done.push_back("marked " + (row.version ? row.version->text() : row.description) +
                       " as deleted: its file is gone");
  }
  for (const Item& item : made.items) {
    if (item.script == nullptr || item.row == nullptr || synthetic(item.row->type)) continue;
    if (item.state == State::kUndone || item.state == State::kIgnored) continue;
    const HistoryRow& row = *item.row;
    const bool differs =
        item.version()
            ? !item.sums.match(row.checksum) || item.script->name.description != row.description
            : item.sums.equivalent && row.checksum == item.sums.equivalent && row.checksum != item.sums.checksum;
    if (!differs) continue;
    out.sql.push_back(table.update_sql(row.rank, item.script->name.description, item.script->type, item.sums.checksum));
    out.done.push_back("put the checksum and description of " + item.script->script + " into the history");
  }
  return out;
}

}  // namespace bascule::formats::flyway
