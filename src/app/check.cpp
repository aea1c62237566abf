#include "app/build_plan.h"
#include "app/evaluate.h"
#include "app/hand_over.h"
#include "app/id_length.h"
#include "app/migrate.h"

namespace bascule::app {

namespace {

bool is_known(const std::vector<Diagnostic>& known, const Diagnostic& diagnostic) {
  for (const Diagnostic& one : known) {
    if (one.code == diagnostic.code && one.message == diagnostic.message &&
        one.location.file == diagnostic.location.file &&
        one.location.span.begin.offset == diagnostic.location.span.begin.offset) {
      return true;
    }
  }
  return false;
}

}  // namespace

Outcome<CheckReport> check_project(const Request& request) {
  BASCULE_TRY_ASSIGN(Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  CheckReport report;
  report.dialect = address.dialect->name();
  report.revisions = workspace.graph.size();
  report.diagnostics = std::move(workspace.warnings);
  report.diagnostics.append(long_id_warnings(workspace, *address.dialect));
  const formats::EvaluationTarget target{report.dialect, false};
  std::vector<std::string> own_code;
  std::vector<const graph::Revision*> all;
  for (std::size_t i = 0; i < workspace.graph.size(); ++i) all.push_back(&workspace.graph[graph::index_of(i)]);
  workspace.project->expect(all);
  for (std::size_t i = 0; i < workspace.graph.size(); ++i) {
    const graph::Revision& revision = workspace.graph[graph::index_of(i)];
    Diagnostics found;
    for (const model::Direction direction : {model::Direction::kUpgrade, model::Direction::kDowngrade}) {
      formats::Evaluation evaluation = evaluate(workspace, *address.dialect, revision, direction, target);
      report.operations += evaluation.operations.size();
      if (auto handed = hand_over(workspace, revision, direction, evaluation.diagnostics)) {
        report.handed_over.push_back({revision.id, direction, std::move(*handed)});
        continue;
      }
      const bool own = needs_own_code(evaluation.diagnostics);
      if (own && (own_code.empty() || own_code.back() != revision.id)) own_code.push_back(revision.id);
      if (evaluation.needs_rows) {
        report.live.push_back({revision.id, direction, evaluation.needs_rows->location, evaluation.needs_rows->what});
      }
      Diagnostics now;
      if (!evaluation.diagnostics.has_errors()) static_cast<void>(lower_checked(evaluation, *address.dialect, now));
      evaluation.diagnostics.append(std::move(now));
      // What is wrong at a file's top level is wrong both ways: say it once.
      for (const Diagnostic& one : evaluation.diagnostics.list()) {
        if (!is_known(found.list(), one)) found.add(one);
      }
    }
    if (!found.has_errors()) ++report.sound;
    report.diagnostics.append(std::move(found));
  }
  if (auto note = ways_out(workspace, own_code, model::Direction::kUpgrade, true))
    report.diagnostics.add(std::move(*note));
  return report;
}

}  // namespace bascule::app
