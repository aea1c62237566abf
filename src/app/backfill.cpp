#include "app/backfill.h"

#include <utility>

#include "app/online.h"
#include "app/run_failure.h"
#include "base/text.h"
#include "dialects/online.h"
#include "exec/interrupt.h"
#include "history/history_store.h"
#include "plan/stored.h"

namespace bascule::app {

namespace {

/// A backfill of its own is in no format's history: the journal knows it by its table.
class NoHistory final : public history::HistoryStore {
 public:
  explicit NoHistory(std::string name) : name_(std::move(name)) {}
  db::DbResult<std::optional<std::vector<std::string>>> read(db::Connection&) const override {
    return std::optional<std::vector<std::string>>();
  }
  std::string create_sql() const override { return ""; }
  std::vector<std::string> change_sql(const graph::RevisionGraph&,
                                      const std::vector<graph::RowChange>&) const override {
    return {};
  }
  std::string purge_sql() const override { return ""; }
  std::string table_name() const override { return name_; }

 private:
  std::string name_;
};

Failure wrong(std::string code, std::string message, std::string cause, std::string help) {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.cause = std::move(cause);
  out.help = std::move(help);
  return make_failure(ExitCode::kUsage, std::move(out));
}

std::string statement_of(const BackfillRequest& wanted) {
  std::string out =
      wanted.remove ? "DELETE FROM " + wanted.table : "UPDATE " + wanted.table + " SET " + wanted.assignments;
  if (!wanted.condition.empty()) out += " WHERE " + wanted.condition;
  return out;
}

/// Counts rows on their way to whoever else listens.
class Counting final : public exec::Listener {
 public:
  explicit Counting(exec::Listener& next) : next_(next) {}
  std::string event(const plan::Event& event) override {
    if (event.kind == plan::Event::Kind::kStepDone) rows_ = event.done;
    return next_.event(event);
  }
  std::string overload() override { return next_.overload(); }
  std::int64_t rows() const { return rows_; }

 private:
  exec::Listener& next_;
  std::int64_t rows_ = 0;
};

Outcome<plan::RevisionPlan> plan_of(const std::string& statement, const std::string& name, const Address& address,
                                    db::Connection& connection) {
  auto schema = address.dialect->introspect(connection, {});
  if (!schema) return failure(database_failure(schema.error(), "reading the schema", address));
  auto batches = address.dialect->online()->batches(statement, *schema);
  if (!batches) {
    return failure(wrong("not-in-batches", "this cannot be split into batches: " + batches.error(),
                         "the statement is: " + statement, "run it as one statement, or say it otherwise"));
  }
  plan::RevisionPlan revision;
  revision.revision = name;
  plan::Step step;
  step.action = plan::Statement{statement};
  step.effect = model::RawSql{statement};
  step.cause.operation = "backfill";
  step.cause.subject = display(batches->table);
  step.in_transaction = false;
  step.conduct.pace = plan::Pace::kBatches;
  step.conduct.batches = std::move(*batches);
  revision.steps.push_back(std::move(step));
  return revision;
}

}  // namespace

Outcome<BackfillReport> backfill(const Request& request, const BackfillRequest& wanted) {
  BackfillReport report;
  BASCULE_TRY_ASSIGN(report.address, find_address(request));
  const Address& address = report.address;
  if (address.dialect->online() == nullptr) {
    return failure(wrong("no-backfill", "there are no backfills on this database",
                         "it has one writer at a time: batches would keep others waiting as long",
                         "run the UPDATE as it is"));
  }
  report.statement = statement_of(wanted);
  BASCULE_TRY_ASSIGN(auto connection, connect(address, request, Access::kWrite));
  BASCULE_TRY(take_run_lock(*connection, address, request));
  const NoHistory history("backfill " + wanted.table);
  BASCULE_TRY_ASSIGN(const auto unfinished, read_unfinished(*connection, address, history.table_name()));
  const history::Journal journal(address.dialect->online()->journal());
  if (wanted.forget) {
    if (!unfinished)
      return failure(wrong("no-unfinished-run", "no backfill of " + wanted.table + " is unfinished", "", ""));
    auto forgotten = db::execute_one(*connection, journal.aborted_sql(unfinished->id));
    if (!forgotten) return failure(database_failure(forgotten.error(), "writing to the journal", address));
    report.forgotten = true;
    return report;
  }
  plan::RevisionPlan revision;
  if (unfinished) {
    if (trim(unfinished->naive) != report.statement + ";") {
      return failure(wrong(
          "unfinished-backfill", "another backfill of " + wanted.table + " is not finished",
          "it was begun at " + unfinished->started_at + ": " + std::string(trim(unfinished->naive)),
          "finish it with the words it was begun with, or give it up: bascule backfill " + wanted.table + " --forget"));
    }
    auto stored = plan::read_stored(unfinished->plan);
    if (!stored) return failure(wrong("journal-unreadable", "the journal cannot be read: " + stored.error(), "", ""));
    revision = std::move(*stored);
    report.resumed = true;
  } else {
    BASCULE_TRY_ASSIGN(revision, plan_of(report.statement, history.table_name(), address, *connection));
  }
  exec::InterruptScope interrupts(*connection);
  const auto clock = exec::steady_clock();
  const auto connector = connector_to(request, address);
  Counting events(*request.online->listener);
  exec::OnlineTools tools{connection, interrupts, *connector,
                          events,     *clock,     address.dialect->online()->words(),
                          journal,    history,    request.online->settings};
  auto done = exec::run_online(revision, plan::naive_text(revision), unfinished ? &*unfinished : nullptr, {}, tools);
  if (!done) {
    return failure(
        describe(done.error(), plan::Plan{{}, {revision}}, address,
                 "run the same command again to go on, or give it up: bascule backfill " + wanted.table + " --forget"));
  }
  report.rows = events.rows();
  return report;
}

}  // namespace bascule::app
