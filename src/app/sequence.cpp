#include "app/sequence.h"

#include <algorithm>
#include <utility>

#include "app/build_plan.h"

namespace bascule::app {

namespace {

class SequenceHistory final : public history::HistoryStore {
 public:
  explicit SequenceHistory(const formats::Sequence& sequence) : sequence_(sequence) {}
  db::DbResult<std::optional<std::vector<std::string>>> read(db::Connection& connection) const override {
    auto state = sequence_.history_state(connection);
    if (!state) return failure(std::move(state.error()));
    return std::optional<std::vector<std::string>>({std::move(*state)});
  }
  // The course brings its own statements.
  std::string create_sql() const override { return {}; }
  std::vector<std::string> change_sql(const graph::RevisionGraph&,
                                      const std::vector<graph::RowChange>&) const override {
    return {};
  }
  std::string purge_sql() const override { return {}; }
  std::string table_name() const override { return sequence_.table_name(); }

 private:
  const formats::Sequence& sequence_;
};

Failure as_failure(const formats::Refusal& refusal) { return Failure{exit_code_of(refusal), refusal.all()}; }

Failure no_sequence(const std::string& word, const formats::Project& project) {
  Diagnostic out;
  out.code = "no-such-command";
  out.message = "a project of the format '" + project.format() + "' has no command '" + word + "'";
  out.help = "`bascule help` lists the words of this project";
  return make_failure(ExitCode::kUsage, std::move(out));
}

/// On the way down: what is taken back next is what stands now; after the last one, the run looks again.
std::vector<std::string> next_below(const std::vector<formats::Move>& moves, std::size_t index) {
  for (std::size_t next = index + 1; next < moves.size(); ++next) {
    if (!moves[next].auxiliary) return {moves[next].id};
  }
  return {};
}

}  // namespace

Outcome<void> read_sequence(formats::Sequence& sequence, db::Connection* connection, const Address& address) {
  auto read = sequence.read(connection);
  if (!read) return failure(database_failure(read.error(), "reading " + sequence.table_name(), address));
  return {};
}

ExitCode exit_code_of(const formats::Refusal& refusal) {
  if (refusal.project.has_errors()) return ExitCode::kUnsound;
  if (refusal.goal.has_errors()) return ExitCode::kUsage;
  return refusal.database.has_errors() ? ExitCode::kFailed : ExitCode::kDone;
}

std::unique_ptr<history::HistoryStore> sequence_history(const formats::Sequence& sequence) {
  return std::make_unique<SequenceHistory>(sequence);
}

Outcome<plan::Plan> plan_sequence(const Workspace& workspace, const Address& address, const formats::Goal& goal,
                                  bool offline, Diagnostics& warnings) {
  formats::Sequence& sequence = *workspace.project->sequence();
  const formats::EvaluationTarget target{std::string(address.dialect->name()), offline};
  auto course = sequence.chart(goal, target);
  if (!course) return failure(as_failure(course.error()));
  Diagnostics diagnostics;
  plan::Plan plan;
  plan.preparation = std::move(course->preparation);
  std::vector<std::size_t> unwritten;
  std::vector<std::string> stands;
  if (!sequence.standing().empty()) stands.push_back(sequence.standing());
  for (std::size_t index = 0; index < course->moves.size(); ++index) {
    formats::Move& move = course->moves[index];
    plan::RevisionPlan& one = plan.revisions.emplace_back();
    one.revision = std::move(move.id);
    one.message = std::move(move.description);
    one.path = std::move(move.path);
    one.direction = move.direction;
    one.state_before = {std::move(move.state_before)};
    one.auxiliary = move.auxiliary;
    one.heads_before = stands;
    if (one.direction == model::Direction::kUpgrade && !one.auxiliary) stands = {one.revision};
    if (one.direction == model::Direction::kDowngrade && !one.auxiliary) stands = next_below(course->moves, index);
    one.heads_after = stands;
    one.history = std::move(move.history);
    one.history_before = std::move(move.history_before);
    one.history_after = std::move(move.history_after);
    one.on_failure = std::move(move.on_failure);
    if (move.derive_reverse) {
      unwritten.push_back(plan.revisions.size() - 1);
      continue;
    }
    formats::Evaluation evaluation;
    evaluation.operations = std::move(move.operations);
    one.steps = lower_checked(evaluation, *address.dialect, diagnostics);
  }
  // The course is made by now: to derive, the list is read again as if nothing had run.
  for (const std::size_t index : unwritten) {
    auto derived = derive_into(plan.revisions[index], workspace, *address.dialect, goal.allow_data_loss);
    if (!derived) diagnostics.append(std::move(derived.error().diagnostics));
  }
  if (diagnostics.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(diagnostics)});
  warnings.append(std::move(diagnostics));
  return plan;
}

Outcome<ValidationReport> validate(const Request& request) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  formats::Sequence* sequence = workspace.project->sequence();
  if (sequence == nullptr) return failure(no_sequence("validate", *workspace.project));
  ValidationReport report;
  BASCULE_TRY_ASSIGN(report.address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(const auto connection, connect(report.address, request, Access::kRead));
  BASCULE_TRY(read_sequence(*sequence, connection.get(), report.address));
  report.entries = sequence->entries().size();
  const formats::Refusal problems = sequence->problems();
  report.problems = problems.all();
  report.code = exit_code_of(problems);
  return report;
}

Outcome<AmendmentReport> amend(const Request& request, const formats::Amendment& amendment, bool sql) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  formats::Sequence* sequence = workspace.project->sequence();
  if (sequence == nullptr) return failure(no_sequence(amendment.what, *workspace.project));
  AmendmentReport report;
  BASCULE_TRY_ASSIGN(report.address, find_address(request, *workspace.project));
  const Address& address = report.address;
  BASCULE_TRY_ASSIGN(const auto connection, connect(address, request, sql ? Access::kRead : Access::kWrite));
  if (!sql) BASCULE_TRY(take_run_lock(*connection, address, request));
  BASCULE_TRY(read_sequence(*sequence, connection.get(), address));
  auto planned = sequence->amend(amendment, {std::string(address.dialect->name()), sql});
  if (!planned) return failure(as_failure(planned.error()));
  report.done = std::move(planned->done);
  if (sql) {
    for (const std::string& statement : planned->sql) report.script += statement + ";\n";
    return report;
  }
  if (planned->sql.empty()) return report;
  std::vector<std::string> statements = {connection->begin_sql(db::TransactionStart::kWrite)};
  std::move(planned->sql.begin(), planned->sql.end(), std::back_inserter(statements));
  statements.emplace_back("COMMIT");
  auto done = connection->execute(statements);
  if (!done) {
    connection->rollback();
    return failure(database_failure(done.error().error, amendment.what, address));
  }
  return report;
}

}  // namespace bascule::app
