#include "app/migrate.h"
#include "planner/lower.h"

namespace bascule::app {

Outcome<CheckReport> check_project(const Request& request) {
  BASCULE_TRY_ASSIGN(Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  CheckReport report;
  report.dialect = address.dialect->name();
  report.revisions = workspace.graph.size();
  report.diagnostics = std::move(workspace.warnings);
  const formats::EvaluationTarget target{report.dialect, false};
  for (std::size_t i = 0; i < workspace.graph.size(); ++i) {
    const graph::Revision& revision = workspace.graph[graph::index_of(i)];
    const std::size_t errors_before = report.diagnostics.error_count();
    for (const model::Direction direction : {model::Direction::kUpgrade, model::Direction::kDowngrade}) {
      formats::Evaluation evaluation = workspace.project->evaluate(revision, direction, target);
      const bool evaluated = !evaluation.diagnostics.has_errors();
      report.operations += evaluation.operations.size();
      report.diagnostics.append(std::move(evaluation.diagnostics));
      if (evaluated) static_cast<void>(planner::lower(evaluation.operations, *address.dialect, report.diagnostics));
      // What is wrong at a file's top level is wrong both ways: say it once.
      if (report.diagnostics.error_count() != errors_before) break;
    }
    if (report.diagnostics.error_count() == errors_before) ++report.sound;
  }
  return report;
}

}  // namespace bascule::app
