#include "history/journal.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.h"

namespace bascule::history {

namespace {

db::DbError newer_journal(const std::string& found) {
  db::DbError error;
  error.message = "the journal in this database has version " + found + ", this Bascule knows version " +
                  std::to_string(plan::kJournalVersion);
  error.hint = "use the Bascule that wrote it, or a newer one";
  return error;
}

std::int64_t number_of(const db::Cell& cell) { return cell ? std::strtoll(cell->c_str(), nullptr, 10) : 0; }

JournaledStep::State state_of(const std::string& word) {
  if (word == "done") return JournaledStep::State::kDone;
  return word == "undone" ? JournaledStep::State::kUndone : JournaledStep::State::kStarted;
}

}  // namespace

const JournaledStep* find_step(const JournaledRun& run, std::size_t number) {
  const auto found = std::find_if(run.steps.begin(), run.steps.end(),
                                  [&](const JournaledStep& step) { return step.number == number; });
  return found == run.steps.end() ? nullptr : &*found;
}

db::DbResult<bool> Journal::exists(db::Connection& connection) const {
  // A query of a table that is not there would be an error in the server's log at every start.
  auto rows = connection.query(words_.exists);
  if (!rows) return failure(std::move(rows.error()));
  return !rows->rows.empty() && rows->rows.front().front() && *rows->rows.front().front() != "0" &&
         *rows->rows.front().front() != "f";
}

db::DbResult<void> Journal::open(db::Connection& connection) const {
  BASCULE_TRY_ASSIGN(const bool there, exists(connection));
  std::vector<std::string> statements = {connection.begin_sql(db::TransactionStart::kWrite)};
  int version = 0;
  if (there) {
    BASCULE_TRY_ASSIGN(const db::ResultSet rows, connection.query("SELECT max(version) FROM " + words_.version));
    const std::string found = rows.rows.front().front().value_or("0");
    version = static_cast<int>(number_of(found));
    if (version > plan::kJournalVersion) return failure(newer_journal(found));
    if (version == plan::kJournalVersion) return {};
  }
  if (version == 0) {
    statements.insert(statements.end(), words_.create.begin(), words_.create.end());
  } else {
    for (auto from = static_cast<std::size_t>(version) - 1; from < words_.migrate.size(); ++from)
      statements.insert(statements.end(), words_.migrate[from].begin(), words_.migrate[from].end());
    statements.push_back("DELETE FROM " + words_.version);
  }
  statements.push_back(fmt::format("INSERT INTO {} (version) VALUES ({})", words_.version, plan::kJournalVersion));
  statements.emplace_back("COMMIT");
  if (auto done = connection.execute(statements); !done) {
    connection.rollback();
    return failure(std::move(done.error().error));
  }
  return {};
}

db::DbResult<std::optional<JournaledRun>> Journal::unfinished(db::Connection& connection,
                                                              const std::string& history) const {
  BASCULE_TRY_ASSIGN(const bool there, exists(connection));
  if (!there) return std::optional<JournaledRun>();
  BASCULE_TRY_ASSIGN(const db::ResultSet version, connection.query("SELECT max(version) FROM " + words_.version));
  const std::string found = version.rows.front().front().value_or("0");
  if (number_of(found) > plan::kJournalVersion) return failure(newer_journal(found));
  const std::array<db::Cell, 1> parameters = {history};
  BASCULE_TRY_ASSIGN(
      const db::ResultSet runs,
      connection.query("SELECT id, history, revision, direction, program, naive, plan, wish, started_at FROM " +
                           words_.run + " WHERE history = $1 AND state = 'running' ORDER BY id DESC",
                       parameters));
  if (runs.rows.empty()) return std::optional<JournaledRun>();
  const std::vector<db::Cell>& row = runs.rows.front();
  JournaledRun run;
  run.id = number_of(row[0]);
  std::size_t cell = 1;
  for (std::string* text :
       {&run.history, &run.revision, &run.direction, &run.program, &run.naive, &run.plan, &run.wish, &run.started_at})
    *text = row[cell++].value_or("");
  BASCULE_TRY_ASSIGN(const db::ResultSet steps,
                     connection.query(fmt::format(
                         "SELECT s.number, s.state, coalesce((SELECT sum(r.rows) FROM {1} r WHERE r.run = s.run "
                         "AND r.step = s.number), 0), s.started_at, s.finished_at FROM {0} s WHERE s.run = {2} "
                         "ORDER BY s.number",
                         words_.step, words_.range, run.id)));
  for (const std::vector<db::Cell>& line : steps.rows) {
    run.steps.push_back({static_cast<std::size_t>(number_of(line[0])), state_of(line[1].value_or("")),
                         number_of(line[2]), line[3].value_or(""), line[4].value_or("")});
  }
  return std::optional<JournaledRun>(std::move(run));
}

db::DbResult<std::int64_t> Journal::begin(db::Connection& connection, const JournaledRun& run) const {
  const std::array<db::Cell, 6> parameters = {run.history, run.revision, run.direction,
                                              run.program, run.naive,    run.plan};
  BASCULE_TRY_ASSIGN(
      const db::ResultSet made,
      connection.query(fmt::format("INSERT INTO {0} (id, history, revision, direction, state, program, naive, plan) "
                                   "SELECT coalesce(max(id), 0) + 1, $1, $2, $3, 'running', $4, $5, $6 FROM {0} "
                                   "RETURNING id",
                                   words_.run),
                       parameters));
  return number_of(made.rows.front().front());
}

std::string Journal::step_sql(std::int64_t run, std::size_t step, const std::string& state, bool finished) const {
  const std::string at = finished ? "CURRENT_TIMESTAMP" : "NULL";
  return fmt::format(
      "INSERT INTO {} (run, number, state, finished_at) VALUES ({}, {}, '{}', {}) ON CONFLICT (run, number) DO UPDATE "
      "SET state = '{}', finished_at = {}",
      words_.step, run, step, state, at, state, at);
}

std::string Journal::step_started_sql(std::int64_t run, std::size_t step) const {
  return step_sql(run, step, "started", false);
}
std::string Journal::step_done_sql(std::int64_t run, std::size_t step) const {
  return step_sql(run, step, "done", true);
}
std::string Journal::step_undone_sql(std::int64_t run, std::size_t step) const {
  return step_sql(run, step, "undone", true);
}
std::string Journal::finished_sql(std::int64_t run) const {
  return fmt::format("UPDATE {} SET state = 'done', finished_at = CURRENT_TIMESTAMP WHERE id = {}", words_.run, run);
}
std::string Journal::aborted_sql(std::int64_t run) const {
  return fmt::format("UPDATE {} SET state = 'aborted', finished_at = CURRENT_TIMESTAMP WHERE id = {}", words_.run, run);
}
std::string Journal::keep_range_sql(std::int64_t run, std::size_t step, int part) const {
  return fmt::format(
      "INSERT INTO {} (run, step, part, position, rows) VALUES ({}, {}, {}, $1, CAST($2 AS bigint)) ON CONFLICT (run, "
      "step, part) DO UPDATE SET position = excluded.position, rows = excluded.rows",
      words_.range, run, step, part);
}

db::DbResult<std::vector<JournaledRange>> Journal::ranges(db::Connection& connection, std::int64_t run,
                                                          std::size_t step) const {
  BASCULE_TRY_ASSIGN(const db::ResultSet rows,
                     connection.query(fmt::format("SELECT part, position, rows FROM {} WHERE run = {} AND step = {} "
                                                  "ORDER BY part",
                                                  words_.range, run, step)));
  std::vector<JournaledRange> out;
  for (const std::vector<db::Cell>& row : rows.rows)
    out.push_back({static_cast<int>(number_of(row[0])), row[1].value_or(""), number_of(row[2])});
  return out;
}

db::DbResult<std::string> Journal::wish(db::Connection& connection, std::int64_t run) const {
  BASCULE_TRY_ASSIGN(const db::ResultSet rows,
                     connection.query(fmt::format("SELECT wish FROM {} WHERE id = {}", words_.run, run)));
  return rows.rows.empty() ? std::string() : rows.rows.front().front().value_or("");
}

db::DbResult<void> Journal::set_wish(db::Connection& connection, std::int64_t run, const std::string& wish) const {
  const std::array<db::Cell, 1> parameters = {wish};
  BASCULE_TRY(connection.query(fmt::format("UPDATE {} SET wish = $1 WHERE id = {}", words_.run, run), parameters));
  return {};
}

}  // namespace bascule::history
