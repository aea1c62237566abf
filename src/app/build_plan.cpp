#include "app/build_plan.h"

#include <algorithm>
#include <utility>

#include "app/evaluate.h"
#include "app/hand_over.h"
#include "graph/heads.h"
#include "planner/lower.h"

namespace bascule::app {

namespace {

std::vector<std::string> sorted_ids(const graph::RevisionGraph& graph, const graph::RevisionIndices& indices) {
  std::vector<std::string> ids;
  ids.reserve(indices.size());
  for (const graph::RevisionIndex index : indices) ids.push_back(graph.id(index));
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

std::vector<plan::Step> lower_checked(const formats::Evaluation& evaluation, const dialects::Dialect& dialect,
                                      Diagnostics& diagnostics) {
  std::vector<plan::Step> steps = planner::lower(evaluation.operations, dialect, diagnostics);
  for (const plan::Step& step : steps) {
    const auto* statement = std::get_if<plan::Statement>(&step.action);
    if (statement == nullptr || statement->sql.find('\0') == std::string::npos) continue;
    Diagnostic wrong;
    wrong.code = "nul-in-statement";
    wrong.message = "the statement of " + step.cause.operation + " holds a NUL character";
    wrong.location = step.cause.location;
    wrong.cause = "databases stop reading there, and the rest would not be run";
    wrong.help = "take the \\0 out of the text";
    diagnostics.add(std::move(wrong));
  }
  return steps;
}

Outcome<void> derive_into(plan::RevisionPlan& revision, const Workspace& workspace, const dialects::Dialect& dialect,
                          bool allow_data_loss) {
  revision.derived = true;  // whether or not it can be
  BASCULE_TRY_ASSIGN(DerivedWay way, derive_way_down(workspace, dialect, revision.revision, allow_data_loss));
  revision.derived = !way.written;
  formats::Evaluation evaluation;
  evaluation.operations = std::move(way.operations);
  Failure refused;
  refused.code = ExitCode::kUnsound;
  revision.steps = lower_checked(evaluation, dialect, refused.diagnostics);
  if (refused.diagnostics.has_errors()) return failure(std::move(refused));
  revision.losses = std::move(way.losses);
  return {};
}

Outcome<plan::Plan> build_plan(const Workspace& workspace, const dialects::Dialect& dialect, const PlanRequest& request,
                               Diagnostics& warnings) {
  const graph::RevisionGraph& graph = workspace.graph;
  const auto store = workspace.project->history_store();
  const formats::EvaluationTarget target{std::string(dialect.name()), request.offline};
  const bool up = request.direction == model::Direction::kUpgrade;
  Diagnostics diagnostics;
  std::vector<std::string> own_code;
  plan::Plan plan;
  graph::RevisionIndices heads = request.start;
  std::vector<const graph::Revision*> path;
  for (const graph::RevisionIndex index : request.path) path.push_back(&graph[index]);
  workspace.project->expect(path);
  for (const graph::RevisionIndex index : request.path) {
    const graph::Revision& revision = graph[index];
    plan::RevisionPlan& one = plan.revisions.emplace_back();
    one.revision = revision.id;
    one.message = revision.message;
    one.path = revision.path;
    one.direction = request.direction;
    one.heads_before = sorted_ids(graph, heads);

    formats::Evaluation evaluation = evaluate(workspace, dialect, revision, request.direction, target);
    if (evaluation.unwritten && !up) {
      if (auto derived = derive_into(one, workspace, dialect, request.allow_data_loss); !derived) {
        diagnostics.append(std::move(derived.error().diagnostics));
      }
      evaluation.operations.clear();
    }
    if (!request.offline) one.hand_over = hand_over(workspace, revision, request.direction, evaluation.diagnostics);
    const bool sound = !evaluation.diagnostics.has_errors();
    if (one.hand_over)
      evaluation.diagnostics = Diagnostics();
    else if (needs_own_code(evaluation.diagnostics))
      own_code.push_back(revision.id);
    diagnostics.append(std::move(evaluation.diagnostics));
    if (sound && !one.derived) one.steps = lower_checked(evaluation, dialect, diagnostics);
    if (sound && evaluation.needs_rows)
      one.live = plan::LivePart{evaluation.needs_rows->location, evaluation.needs_rows->what};

    auto change =
        up ? graph::heads_after_upgrade(graph, heads, index) : graph::heads_after_downgrade(graph, heads, index);
    if (!change) return failure(make_failure(ExitCode::kUsage, std::move(change.error())));
    if (!one.hand_over) one.history = store->change_sql(graph, change->rows);
    heads = std::move(change->heads);
    one.heads_after = sorted_ids(graph, heads);
  }
  if (auto note = ways_out(workspace, own_code, request.direction, !request.offline)) diagnostics.add(std::move(*note));
  if (diagnostics.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(diagnostics)});
  warnings.append(std::move(diagnostics));
  return plan;
}

}  // namespace bascule::app
