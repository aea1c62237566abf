#include "app/status.h"

#include <algorithm>
#include <utility>

#include "app/online.h"
#include "app/sequence.h"
#include "base/text.h"
#include "graph/path.h"
#include "plan/stored.h"

namespace bascule::app {

namespace {

/// The list of a project that keeps heads: what leads to them has run.
Outcome<std::vector<formats::Entry>> entries_of_graph(const Workspace& workspace, const Standing& standing) {
  const graph::RevisionGraph& graph = workspace.graph;
  std::vector<bool> pending(graph.size(), true);
  graph::RevisionIndices order;
  if (graph.size() > 0) {
    auto all = graph::upgrade_path(graph, {}, "heads");
    if (!all) return failure(make_failure(ExitCode::kUsage, std::move(all.error())));
    order = std::move(*all);
    auto rest = graph::upgrade_path(graph, standing.heads, "heads");
    if (!rest) return failure(make_failure(ExitCode::kUsage, std::move(rest.error())));
    std::fill(pending.begin(), pending.end(), false);
    for (const graph::RevisionIndex index : *rest) pending[graph::slot(index)] = true;
  }
  std::vector<formats::Entry> entries;
  entries.reserve(order.size());
  for (const graph::RevisionIndex index : order) {
    const graph::Revision& revision = graph[index];
    formats::Entry& entry = entries.emplace_back();
    entry.id = revision.id;
    entry.description = revision.message;
    entry.category = "Revision";
    entry.path = revision.path;
    entry.reversible = true;
    const bool waits = pending[graph::slot(index)];
    entry.state = waits ? formats::EntryState::kPending : formats::EntryState::kApplied;
    entry.state_word = waits ? "pending" : "applied";
  }
  return entries;
}

Outcome<void> read_journal(StatusReport& report, db::Connection& connection) {
  BASCULE_TRY_ASSIGN(report.unfinished, read_unfinished(connection, report.address, report.table, &report.problems));
  if (!report.unfinished) return {};
  // Who cannot read the plan still sees how many steps are done.
  if (auto plan = plan::read_stored(report.unfinished->plan)) report.unfinished_plan = std::move(*plan);
  return {};
}

}  // namespace

Outcome<StatusReport> status(const Request& request) {
  BASCULE_TRY_ASSIGN(const Workspace workspace, open_workspace(request));
  StatusReport report;
  report.format = workspace.project->format();
  report.place = workspace.project->place();
  BASCULE_TRY_ASSIGN(report.address, find_address(request, *workspace.project));
  BASCULE_TRY_ASSIGN(const auto connection, connect(report.address, request, Access::kRead));
  if (formats::Sequence* sequence = workspace.project->sequence()) {
    BASCULE_TRY(read_sequence(*sequence, connection.get(), report.address));
    report.entries = sequence->entries();
    const formats::Refusal problems = sequence->problems();
    report.problems = problems.all();
    report.code = exit_code_of(problems);
    report.standing = sequence->standing();
    report.table = sequence->table_name();
    report.table_exists = sequence->table_exists();
    BASCULE_TRY(read_journal(report, *connection));
    return report;
  }
  BASCULE_TRY_ASSIGN(const Standing standing, read_standing(workspace, report.address, *connection));
  BASCULE_TRY_ASSIGN(report.entries, entries_of_graph(workspace, standing));
  report.standing = join(standing.rows, ", ");
  report.table = workspace.project->history_store()->table_name();
  report.table_exists = standing.table_exists;
  BASCULE_TRY(read_journal(report, *connection));
  return report;
}

}  // namespace bascule::app
