#include "report/status.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/core.h>

#include "base/text.h"
#include "report/layout.h"

namespace bascule::report {

namespace {

using history::Entry;
using history::EntryState;

std::string coloured(const Entry& entry, const std::string& word, const Style& style) {
  switch (entry.state) {
    case EntryState::kApplied:
    case EntryState::kBaseline:
      return style.green(word);
    case EntryState::kFailed:
    case EntryState::kMissing:
      return style.red(word);
    case EntryState::kPending:
    case EntryState::kOutdated:
      return style.yellow(word);
    case EntryState::kUndone:
    case EntryState::kRolledBack:
    case EntryState::kSkipped:
      return style.dim(word);
  }
  return word;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t length = utf8_length(text);
  return length < width ? text + std::string(width - length, ' ') : text;
}

template <std::size_t N>
std::array<std::size_t, N> widths_of(const std::vector<std::array<std::string, N>>& rows) {
  std::array<std::size_t, N> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < N; ++i) widths[i] = std::max(widths[i], utf8_length(row[i]));
  return widths;
}

}  // namespace

std::string status_table(const std::vector<Entry>& entries, const Style& style) {
  constexpr std::size_t kColumns = 5;
  std::vector<std::array<std::string, kColumns>> rows;
  rows.reserve(entries.size());
  for (const Entry& entry : entries)
    rows.push_back({entry.state_word, entry.id, entry.description, entry.type, entry.applied_at});
  const auto widths = widths_of(rows);
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (widths[i] == 0) continue;
      const std::string cell = padded(rows[r][i], widths[i]);
      line += (line.empty() ? "" : "  ") + (i == 0 ? coloured(entries[r], cell, style) : cell);
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  return text;
}

std::string info_table(const std::vector<Entry>& entries) {
  constexpr std::size_t kColumns = 7;
  constexpr std::size_t kSeconds = 19;  // "2024-01-31 12:30:59", without what is behind it
  std::vector<std::array<std::string, kColumns>> rows = {
      {"Category", "Version", "Description", "Type", "Installed On", "State", "Undoable"}};
  for (const Entry& entry : entries) {
    const bool has_way_down = !entry.id.empty() && entry.type != "DELETE" && entry.state != EntryState::kUndone;
    rows.push_back({entry.category, entry.id, entry.description, entry.type, entry.applied_at.substr(0, kSeconds),
                    entry.state_word, has_way_down ? (entry.reversible ? "Yes" : "No") : ""});
  }
  const auto widths = widths_of(rows);
  std::string rule = "+";
  for (const std::size_t width : widths) rule += std::string(width + 2, '-') + "+";
  std::string text = rule + "\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    text += "|";
    for (std::size_t i = 0; i < kColumns; ++i) text += " " + padded(rows[r][i], widths[i]) + " |";
    text += "\n";
    if (r == 0) text += rule + "\n";
  }
  if (entries.empty()) text += "| " + padded("No migrations found", rule.size() - 4) + " |\n";
  return text + rule + "\n";
}

Json to_json(const Entry& entry) {
  Json json = Json::object()
                  .set("id", entry.id)
                  .set("description", entry.description)
                  .set("category", entry.category)
                  .set("type", entry.type)
                  .set("state", std::string(history::entry_state_name(entry.state)))
                  .set("state_word", entry.state_word)
                  .set("path", entry.path)
                  .set("reversible", entry.reversible);
  if (!entry.applied_at.empty()) json.set("applied_at", entry.applied_at);
  if (entry.took_milliseconds) json.set("milliseconds", *entry.took_milliseconds);
  return json;
}

namespace {

std::string_view state_word(const history::JournaledStep* step) {
  if (step == nullptr) return "waits";
  switch (step->state) {
    case history::JournaledStep::State::kStarted:
      return "begun";
    case history::JournaledStep::State::kDone:
      return "done";
    case history::JournaledStep::State::kUndone:
      return "taken back";
  }
  return "";
}

}  // namespace

std::string unfinished_text(const history::JournaledRun& run, const plan::RevisionPlan& plan, const Style& style) {
  std::string out = "Unfinished: " + run.direction + " of " + style.bold(run.revision) + ", begun at " + run.started_at;
  if (!run.wish.empty()) out += ", asked to " + run.wish;
  out += "\n";
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const history::JournaledStep* step = history::find_step(run, i);
    const auto* statement = std::get_if<plan::Statement>(&plan.steps[i].action);
    std::string line = fmt::format("  {}/{}  {:<5}  ", i + 1, plan.steps.size(), state_word(step));
    line += statement != nullptr ? cut(one_line(statement->sql), 100) : "";
    if (step != nullptr && step->rows > 0) line += fmt::format("  ({} rows)", step->rows);
    out += (step != nullptr ? line : style.dim(line)) + "\n";
  }
  return out;
}

Json unfinished_json(const history::JournaledRun& run, const plan::RevisionPlan& plan) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const history::JournaledStep* step = history::find_step(run, i);
    const auto* statement = std::get_if<plan::Statement>(&plan.steps[i].action);
    steps.push(Json::object()
                   .set("sql", statement != nullptr ? statement->sql : "")
                   .set("state", state_word(step))
                   .set("rows", step != nullptr ? step->rows : 0));
  }
  return Json::object()
      .set("revision", run.revision)
      .set("direction", run.direction)
      .set("started_at", run.started_at)
      .set("wish", run.wish)
      .set("steps", std::move(steps));
}

}  // namespace bascule::report
