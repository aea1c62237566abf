#include "app/migrate.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "app/build_plan.h"
#include "app/evaluate.h"
#include "app/hand_over.h"
#include "app/id_length.h"
#include "app/live.h"
#include "app/online.h"
#include "app/run_failure.h"
#include "app/script.h"
#include "app/sequence.h"
#include "base/overload.h"
#include "exec/interrupt.h"
#include "graph/path.h"
#include "graph/problems.h"
#include "graph/target.h"
#include "graph/traverse.h"

namespace bascule::app {

namespace {

/// The dialect's rebuilds, for a loop that knows no dialect.
class DialectExpander final : public exec::StepExpander {
 public:
  explicit DialectExpander(const dialects::Dialect& dialect) : dialect_(dialect) {}
  Result<plan::Expansion, exec::ExpandFailure> expand(const plan::Rebuild& rebuild,
                                                      db::Connection& connection) override {
    auto statements = dialect_.expand(rebuild.batch, &connection);
    if (statements) return std::move(*statements);
    return std::visit(
        Overload{[](db::DbError& error) -> Result<plan::Expansion, exec::ExpandFailure> {
                   return failure(exec::ExpandFailure{std::move(error), "", ""});
                 },
                 [](dialects::Unsupported& why) -> Result<plan::Expansion, exec::ExpandFailure> {
                   return failure(exec::ExpandFailure{std::nullopt, std::move(why.message), std::move(why.help)});
                 }},
        statements.error());
  }

 private:
  const dialects::Dialect& dialect_;
};

Outcome<graph::RevisionIndices> find_path(const graph::RevisionGraph& graph, const graph::RevisionIndices& start,
                                          model::Direction direction, const std::string& target) {
  auto path = direction == model::Direction::kUpgrade ? graph::upgrade_path(graph, start, target)
                                                      : graph::downgrade_path(graph, start, target);
  if (!path) return failure(make_failure(ExitCode::kUsage, std::move(path.error())));
  return std::move(*path);
}

Diagnostic backwards(const std::string& from, const std::string& to, bool offline) {
  Diagnostic wrong;
  wrong.code = "invalid-range";
  wrong.message =
      "an upgrade from '" + from + "' to '" + to + "' has nothing to run: '" + to + "' comes before '" + from + "'";
  const std::string command =
      offline ? "bascule downgrade " + from + ":" + to + " --sql" : "bascule plan --down " + from + ":" + to;
  wrong.help = "to go back: " + command + "; to go on, turn the range round";
  return wrong;
}

/// The ids that a plan writes into the history table.
std::vector<std::string> ids_of(const plan::Plan& plan) {
  std::vector<std::string> ids;
  for (const plan::RevisionPlan& revision : plan.revisions) {
    for (const std::string& id : revision.heads_after) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
  }
  return ids;
}

/// The plan for a range "a:b", where a stands for the database; nullopt: the target is no range.
Outcome<std::optional<plan::Plan>> plan_range(const Workspace& workspace, const Address& address,
                                              model::Direction direction, const std::string& target, bool offline,
                                              Diagnostics& warnings) {
  auto range = graph::split_range(target);
  if (!range) return failure(make_failure(ExitCode::kUsage, std::move(range.error())));
  if (!*range && !offline) return std::optional<plan::Plan>();
  const std::string from = *range ? (*range)->from : "";
  const std::string to = *range ? (*range)->to : target;
  if (direction == model::Direction::kDowngrade && from.empty()) {
    Diagnostic wrong;
    wrong.code = "invalid-range";
    wrong.message = "a downgrade script needs to know where it starts";
    wrong.help = "write the range: bascule downgrade head:" + (to.empty() ? "base" : to) + " --sql";
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  auto start = graph::resolve_sql_start(workspace.graph, from);
  if (!start) return failure(make_failure(ExitCode::kUsage, std::move(start.error())));
  PlanRequest request{direction, *start, {}, offline, false};
  BASCULE_TRY_ASSIGN(request.path, find_path(workspace.graph, *start, direction, to.empty() ? "heads" : to));
  if (direction == model::Direction::kUpgrade && request.path.empty() && !to.empty()) {
    // Alembic prints an empty transaction here.
    auto end = graph::resolve_sql_start(workspace.graph, to);
    if (end && *end != *start) return failure(make_failure(ExitCode::kUsage, backwards(from, to, offline)));
  }
  BASCULE_TRY_ASSIGN(plan::Plan plan, build_plan(workspace, *address.dialect, request, warnings));
  if (start->empty()) plan.preparation.push_back(workspace.project->history_store()->create_sql());
  BASCULE_TRY(check_id_lengths(workspace, address, ids_of(plan), !start->empty(), nullptr));
  return std::optional<plan::Plan>(std::move(plan));
}

/// Where the database stands now, the path from there, and all of it evaluated.
Outcome<plan::Plan> plan_from_database(const Workspace& workspace, const Address& address, db::Connection& connection,
                                       model::Direction direction, const std::string& target, bool allow_data_loss,
                                       Diagnostics& warnings) {
  BASCULE_TRY_ASSIGN(const Standing standing, read_standing(workspace, address, connection));
  // An upgrade refuses such rows itself; a downgrade would count its steps from the lower one.
  if (standing.heads.size() > 1) {
    if (const auto pair = graph::overlap(workspace.graph, standing.heads, graph::Follow::kNeeded)) {
      return failure(
          make_failure(ExitCode::kUsage, graph::problem::overlapping(workspace.graph, pair->first, pair->second)));
    }
  }
  if (direction == model::Direction::kDowngrade) {
    if (auto caution = graph::downgrade_caution(workspace.graph, standing.heads, target))
      warnings.add(std::move(*caution));
  }
  PlanRequest request{direction, standing.heads, {}, false, allow_data_loss};
  BASCULE_TRY_ASSIGN(request.path, find_path(workspace.graph, standing.heads, direction, target));
  BASCULE_TRY_ASSIGN(plan::Plan plan, build_plan(workspace, *address.dialect, request, warnings));
  BASCULE_TRY(check_id_lengths(workspace, address, ids_of(plan), standing.table_exists, &connection));
  if (!standing.table_exists) plan.preparation.push_back(workspace.project->history_store()->create_sql());
  return plan;
}

/// Whether a target is "a:b". The name of a migration that is in a list may itself hold a colon.
bool is_range(const Workspace& workspace, const std::string& target) {
  if (target.find(':') == std::string::npos) return false;
  const formats::Sequence* sequence = workspace.project->sequence();
  if (sequence == nullptr) return true;
  const std::vector<formats::Entry> entries = sequence->entries();
  return std::none_of(entries.begin(), entries.end(), [&](const formats::Entry& one) { return one.id == target; });
}

/// The course of a format that keeps a list, as far as files alone tell: from nothing, or between the ends of a range.
Outcome<plan::Plan> plan_sequence_range(const Workspace& workspace, const Address& address, model::Direction direction,
                                        const std::string& target, Diagnostics& warnings) {
  formats::Sequence& sequence = *workspace.project->sequence();
  BASCULE_TRY(read_sequence(sequence, nullptr, address));
  const auto colon = is_range(workspace, target) ? target.find(':') : std::string::npos;
  const std::string from = colon == std::string::npos ? "" : target.substr(0, colon);
  const std::string to = colon == std::string::npos ? target : target.substr(colon + 1);
  if (direction == model::Direction::kDowngrade) {
    Diagnostic wrong;
    wrong.code = "invalid-range";
    wrong.message = "a downgrade script of a " + workspace.project->format() + " project needs its database";
    wrong.help = "show what would run: bascule plan --down " + to;
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  BASCULE_TRY_ASSIGN(plan::Plan plan, plan_sequence(workspace, address, {direction, to, false}, true, warnings));
  if (from.empty() || from == "base") return plan;
  const auto start = std::find_if(plan.revisions.begin(), plan.revisions.end(),
                                  [&](const plan::RevisionPlan& revision) { return revision.revision == from; });
  if (start == plan.revisions.end()) {
    Diagnostic wrong;
    wrong.code = "invalid-range";
    wrong.message = "there is no '" + from + "' on the way to " + (to.empty() ? "head" : "'" + to + "'");
    wrong.help = "`bascule status` lists them";
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  plan.revisions.erase(plan.revisions.begin(), start + 1);
  plan.preparation.clear();
  return plan;
}

/// Where the database stands now and what is to run, whatever the format keeps.
Outcome<plan::Plan> plan_from(const Workspace& workspace, const Address& address, db::Connection& connection,
                              const formats::Goal& goal, Diagnostics& warnings) {
  formats::Sequence* sequence = workspace.project->sequence();
  if (sequence == nullptr)
    return plan_from_database(workspace, address, connection, goal.direction, goal.target, goal.allow_data_loss,
                              warnings);
  BASCULE_TRY(read_sequence(*sequence, &connection, address));
  return plan_sequence(workspace, address, goal, false, warnings);
}

/// Connecting to write would leave an empty file behind, also when the project then turns out not to be sound.
bool makes_file(const Address& address) {
  std::error_code unknown;
  return address.url.dialect == "sqlite" && address.url.database != ":memory:" &&
         !std::filesystem::exists(address.url.database, unknown) && !unknown;
}

/// Which way a plan goes, whatever was asked for; nullopt: it has no revision.
std::optional<model::Direction> direction_of(const plan::Plan& plan) {
  for (const plan::RevisionPlan& revision : plan.revisions)
    if (!revision.auxiliary) return revision.direction;
  return std::nullopt;
}

Outcome<RunReport> run(const Request& request, const formats::Goal& goal, exec::Progress& progress) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  if (!goal.only && is_range(workspace, goal.target)) {
    Diagnostic wrong;
    wrong.code = "invalid-target";
    wrong.message = "'" + goal.target + "' is a range; a run starts where the database stands";
    wrong.help = "name the target alone, or add --sql to print the range as a script";
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  if (makes_file(address)) {
    BASCULE_TRY_ASSIGN(const auto nothing, connect(address, request, Access::kRead));
    Diagnostics said_below;
    BASCULE_TRY(plan_from(workspace, address, *nothing, goal, said_below));
  }
  BASCULE_TRY_ASSIGN(auto connection, connect(address, request, Access::kWrite));
  BASCULE_TRY_ASSIGN(const db::RunLock lock, take_run_lock(*connection, address, request));

  exec::InterruptScope interrupts(*connection);
  formats::Sequence* sequence = workspace.project->sequence();
  const auto history = sequence != nullptr ? sequence_history(*sequence) : workspace.project->history_store();
  DialectExpander expander(*address.dialect);
  LiveRunner live(workspace, *address.dialect);
  HandOverRunner hand_overs(request, workspace, address);
  const bool single = request.single_transaction.value_or(!workspace.project->settings().transaction_per_migration);
  const exec::RunOptions options{single, &live, &hand_overs, lock};
  const auto run_naive = [&](const plan::Plan& plan, db::Connection& on) {
    return exec::run(plan, on, expander, *history, progress, options);
  };
  std::optional<OnlineRunner> online;
  if (request.online)
    online.emplace(request, workspace, address, connection, interrupts, *history, progress, run_naive);
  RunReport report;
  report.address = address;
  report.warnings.append(workspace.warnings);
  std::vector<plan::RevisionPlan> resumed;
  while (true) {
    Diagnostics warnings;
    BASCULE_TRY_ASSIGN(report.plan, plan_from(workspace, address, *connection, goal, warnings));
    BASCULE_TRY(check_losses(report.plan, *connection, address, request.allow_data_loss));
    BASCULE_TRY(hand_overs.check(report.plan));
    if (online) {
      BASCULE_TRY(online->prepare(report.plan, warnings));
    } else if (!report.plan.revisions.empty()) {
      BASCULE_TRY(refuse_unfinished(*connection, address, history->table_name(), &warnings));
    }
    auto done = online ? online->run(report.plan) : run_naive(report.plan, *connection);
    if (done) {
      report.warnings.append(std::move(warnings));
      if (!online || !online->more()) break;
      // What was left unfinished is done; what lies behind it is planned from where the database stands now.
      std::move(report.plan.revisions.begin(), report.plan.revisions.end(), std::back_inserter(resumed));
      continue;
    }
    // SQLite: another run got in between two of our transactions. Look again where the database stands, and go on.
    if (done.error().kind == exec::RunFailure::Kind::kHistoryMoved) continue;
    // A failure may have left its mark in the history, which has to be dealt with first.
    const bool marked = sequence != nullptr && done.error().error.connection_usable && sequence->read(connection.get());
    return failure(describe(done.error(), report.plan, address, marked ? sequence->to_settle() : ""));
  }
  report.plan.revisions.insert(report.plan.revisions.begin(), std::make_move_iterator(resumed.begin()),
                               std::make_move_iterator(resumed.end()));
  report.direction = direction_of(report.plan).value_or(goal.direction);
  if (sequence != nullptr) {
    BASCULE_TRY(read_sequence(*sequence, connection.get(), address));
    if (!sequence->standing().empty()) report.heads = {sequence->standing()};
    return report;
  }
  BASCULE_TRY_ASSIGN(const Standing after, read_rows(workspace, address, *connection));
  report.heads = after.rows;
  return report;
}

}  // namespace

Outcome<RunReport> migrate(const Request& request, model::Direction direction, const std::string& target,
                           exec::Progress& progress) {
  return run(request, {direction, target, request.allow_data_loss}, progress);
}

Outcome<RunReport> run_again(const Request& request, const std::string& revision, exec::Progress& progress) {
  return run(request, {model::Direction::kUpgrade, revision, false, revision}, progress);
}

Outcome<plan::Plan> plan_migration(const Request& request, model::Direction direction, const std::string& target,
                                   Diagnostics& warnings) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  if (workspace.project->sequence() == nullptr) {
    BASCULE_TRY_ASSIGN(auto range, plan_range(workspace, address, direction, target, false, warnings));
    if (range) return std::move(*range);
  } else if (is_range(workspace, target)) {
    return plan_sequence_range(workspace, address, direction, target, warnings);
  }
  BASCULE_TRY_ASSIGN(const auto connection, connect(address, request, Access::kRead));
  BASCULE_TRY_ASSIGN(plan::Plan plan, plan_from(workspace, address, *connection,
                                                {direction, target, request.allow_data_loss}, warnings));
  if (!request.online) return plan;
  return make_online(plan, workspace, address, *connection, request.online->allow, warnings);
}

Outcome<std::string> offline_script(const Request& request, model::Direction direction, const std::string& target,
                                    Diagnostics& warnings) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  const bool single = request.single_transaction.value_or(!workspace.project->settings().transaction_per_migration);
  if (workspace.project->sequence() != nullptr) {
    BASCULE_TRY_ASSIGN(const auto plan, plan_sequence_range(workspace, address, direction, target, warnings));
    return script_of(plan, *address.dialect, single);
  }
  BASCULE_TRY_ASSIGN(const auto plan, plan_range(workspace, address, direction, target, true, warnings));
  return script_of(*plan, *address.dialect, single);
}

}  // namespace bascule::app
