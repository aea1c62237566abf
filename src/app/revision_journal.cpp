#include "app/revision_journal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/version.h"
#include "history/journal.h"
#include "plan/stored.h"

namespace bascule::app {

namespace {

/// The run as one plan: a step for each revision.
plan::RevisionPlan steps_of(const std::vector<plan::RevisionPlan*>& revisions) {
  plan::RevisionPlan run;
  run.revision = revisions.back()->revision;
  run.direction = revisions.back()->direction;
  run.heads_before = revisions.front()->heads_before;
  run.heads_after = revisions.back()->heads_after;
  for (const plan::RevisionPlan* one : revisions) {
    plan::Step step;
    step.action = plan::Statement{"-- revision " + one->revision + (one->message.empty() ? "" : ": " + one->message)};
    step.effect = model::RawSql{};
    run.steps.push_back(std::move(step));
  }
  return run;
}

}  // namespace

db::DbResult<void> RevisionJournal::write_down(plan::Plan& plan, db::Connection& connection) const {
  std::vector<plan::RevisionPlan*> revisions;
  for (plan::RevisionPlan& one : plan.revisions)
    if (!one.auxiliary) revisions.push_back(&one);
  if (revisions.size() < 2) return remove(connection);

  const history::Journal journal(words_);
  BASCULE_TRY(journal.open(connection));
  BASCULE_TRY_ASSIGN(const auto unfinished, journal.unfinished(connection, history_table_));
  if (unfinished) BASCULE_TRY(db::execute_one(connection, journal.aborted_sql(unfinished->id)));
  const plan::RevisionPlan steps = steps_of(revisions);
  history::JournaledRun run;
  run.history = history_table_;
  run.revision = steps.revision;
  run.direction = steps.direction == model::Direction::kUpgrade ? "upgrade" : "downgrade";
  run.program = std::string(version());
  for (const plan::RevisionPlan* one : revisions) run.naive += plan::naive_text(*one);
  run.plan = plan::write_stored(steps);
  BASCULE_TRY_ASSIGN(const std::int64_t id, journal.begin(connection, run));
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const std::string done = journal.step_done_sql(id, i);
    revisions[i]->history.push_back(done);
    if (!revisions[i]->history_after.empty()) revisions[i]->history_after.push_back(done);
  }
  return {};
}

db::DbResult<void> RevisionJournal::remove(db::Connection& connection) const {
  BASCULE_TRY_ASSIGN(const db::ResultSet there, connection.query(words_.exists));
  if (there.rows.empty() || there.rows.front().front().value_or("0") == "0") return {};
  std::vector<std::string> statements = {connection.begin_sql(db::TransactionStart::kWrite)};
  for (const std::string* table : {&words_.range, &words_.step, &words_.run, &words_.version})
    statements.push_back("DROP TABLE IF EXISTS " + *table);
  statements.emplace_back("COMMIT");
  if (auto done = connection.execute(statements); !done) {
    connection.rollback();
    return failure(std::move(done.error().error));
  }
  return {};
}

}  // namespace bascule::app
