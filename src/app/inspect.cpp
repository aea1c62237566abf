#include "app/inspect.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "graph/path.h"
#include "graph/target.h"

namespace bascule::app {

namespace {

template <class T>
Outcome<T> or_usage(graph::Outcome<T> outcome) {
  if (!outcome) return failure(make_failure(ExitCode::kUsage, std::move(outcome.error())));
  return std::move(*outcome);
}

Outcome<Standing> stand(const Workspace& workspace, const Request& request) {
  BASCULE_TRY_ASSIGN(const Address address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(const auto connection, connect(address, request, Access::kRead));
  return read_standing(workspace, address, *connection);
}

}  // namespace

Outcome<CurrentReport> current(const Request& request) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  CurrentReport report;
  BASCULE_TRY_ASSIGN(report.address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(const auto connection, connect(report.address, request, Access::kRead));
  BASCULE_TRY_ASSIGN(const Standing standing, read_rows(workspace, report.address, *connection));
  graph::RevisionIndices known;
  for (const std::string& row : standing.rows) {
    if (const auto index = workspace.graph.find(row))
      known.push_back(*index);
    else
      report.unknown.push_back(row);
  }
  report.applied = graph::views_of(workspace.graph, graph::applied_tips(workspace.graph, known));
  if (report.unknown.empty()) {
    const auto pending = graph::upgrade_path(workspace.graph, known, "heads");
    report.at_heads = pending && pending->empty();
  }
  return report;
}

Outcome<std::vector<RevisionView>> history(const Request& request, const std::string& range, bool indicate_current) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  BASCULE_TRY_ASSIGN(const auto sides, or_usage(graph::split_range(range)));
  if (!range.empty() && !sides) {
    Diagnostic wrong;
    wrong.code = "invalid-range";
    wrong.message = "'" + range + "' is not a range of revisions";
    wrong.help = "write it as from:to, for example: bascule history -r base:head, or -r current:";
    return failure(make_failure(ExitCode::kUsage, std::move(wrong)));
  }
  const bool names_current = sides && (sides->from == "current" || sides->to == "current");
  std::optional<Standing> standing;
  if (indicate_current || names_current) {
    BASCULE_TRY_ASSIGN(standing, stand(workspace, request));
  }
  const auto end = [&](const std::string& name) -> graph::HistoryEnd {
    if (name == "current" && standing) return standing->heads;
    return name;
  };
  BASCULE_TRY_ASSIGN(const graph::RevisionIndices path,
                     sides ? or_usage(graph::history_path(workspace.graph, end(sides->from), end(sides->to)))
                           : Outcome<graph::RevisionIndices>(graph::whole_history(workspace.graph)));
  std::vector<RevisionView> views = graph::views_of(workspace.graph, path);
  if (standing) {
    for (RevisionView& view : views) {
      view.is_current = std::binary_search(standing->rows.begin(), standing->rows.end(), view.revision.id);
    }
  }
  return views;
}

Outcome<std::vector<RevisionView>> heads(const Request& request, bool resolve_dependencies) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  return graph::views_of(workspace.graph,
                         resolve_dependencies ? workspace.graph.real_heads() : workspace.graph.heads());
}

Outcome<std::vector<BranchView>> branches(const Request& request) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  std::vector<BranchView> list;
  for (const graph::RevisionIndex index : graph::whole_history(workspace.graph)) {
    if (!workspace.graph.is_branch_point(index)) continue;
    BranchView& branch = list.emplace_back();
    branch.point = graph::view_of(workspace.graph, index);
    for (const graph::RevisionIndex child : workspace.graph.children(index)) {
      branch.into.push_back(graph::view_of(workspace.graph, child));
    }
  }
  return list;
}

Outcome<ShowReport> show(const Request& request, const std::string& name) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  graph::RevisionIndices found;
  if (name == "current") {
    BASCULE_TRY_ASSIGN(const Standing standing, stand(workspace, request));
    found = standing.heads;
  } else {
    BASCULE_TRY_ASSIGN(found, or_usage(graph::resolve_revisions(workspace.graph, name)));
  }
  ShowReport report;
  report.revisions = graph::views_of(workspace.graph, found);
  for (const RevisionView& view : report.revisions) {
    auto text = read_file(view.revision.path);
    if (!text) {
      Diagnostic wrong;
      wrong.code = "unreadable-file";
      wrong.message = text.error().message;
      return failure(make_failure(ExitCode::kFailed, std::move(wrong)));
    }
    report.texts.push_back(std::move(*text));
  }
  return report;
}

}  // namespace bascule::app
