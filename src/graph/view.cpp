#include "graph/view.h"

#include <algorithm>

namespace bascule::graph {

RevisionView view_of(const RevisionGraph& graph, RevisionIndex index) {
  RevisionView view;
  view.revision = graph[index];
  view.labels = graph.labels(index);
  for (const RevisionIndex child : graph.children(index)) view.children.push_back(graph.id(child));
  const RevisionIndices& real = graph.real_heads();
  view.is_head = graph.is_head(index);
  view.is_effective_head = view.is_head && std::find(real.begin(), real.end(), index) == real.end();
  view.is_branch_point = graph.is_branch_point(index);
  view.is_merge_point = graph.is_merge_point(index);
  return view;
}

std::vector<RevisionView> views_of(const RevisionGraph& graph, const RevisionIndices& indices) {
  std::vector<RevisionView> views;
  views.reserve(indices.size());
  for (const RevisionIndex index : indices) views.push_back(view_of(graph, index));
  return views;
}

}  // namespace bascule::graph
