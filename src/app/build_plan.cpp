#include "app/build_plan.h"

#include <algorithm>
#include <utility>

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

Outcome<plan::Plan> build_plan(const Workspace& workspace, const dialects::Dialect& dialect, const PlanRequest& request,
                               Diagnostics& warnings) {
  const graph::RevisionGraph& graph = workspace.graph;
  const auto store = workspace.project->history_store();
  const formats::EvaluationTarget target{std::string(dialect.name()), request.offline};
  const bool up = request.direction == model::Direction::kUpgrade;
  Diagnostics diagnostics;
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

    formats::Evaluation evaluation = workspace.project->evaluate(revision, request.direction, target);
    const bool sound = !evaluation.diagnostics.has_errors();
    diagnostics.append(std::move(evaluation.diagnostics));
    if (sound) one.steps = lower_checked(evaluation, dialect, diagnostics);

    auto change =
        up ? graph::heads_after_upgrade(graph, heads, index) : graph::heads_after_downgrade(graph, heads, index);
    if (!change) return failure(make_failure(ExitCode::kUsage, std::move(change.error())));
    one.history = store->change_sql(graph, change->rows);
    heads = std::move(change->heads);
    one.heads_after = sorted_ids(graph, heads);
  }
  if (diagnostics.has_errors()) return failure(Failure{ExitCode::kUnsound, std::move(diagnostics)});
  warnings.append(std::move(diagnostics));
  return plan;
}

}  // namespace bascule::app
