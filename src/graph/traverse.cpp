#include "graph/traverse.h"

namespace bascule::graph {

std::span<const RevisionIndex> linked(const RevisionGraph& graph, RevisionIndex index, Follow follow) {
  switch (follow) {
    case Follow::kParents:
      return graph.parents(index);
    case Follow::kNeeded:
      return graph.needed(index);
    case Follow::kChildren:
      return graph.children(index);
    case Follow::kAllChildren:
      return graph.all_children(index);
  }
  return {};
}

RevisionIndices RevisionSet::list() const {
  RevisionIndices result;
  result.reserve(count_);
  for (std::size_t i = 0; i < has_.size(); ++i) {
    if (has_[i] != 0) result.push_back(index_of(i));
  }
  return result;
}

void RevisionSet::intersect(const RevisionSet& other) {
  for (std::size_t i = 0; i < has_.size(); ++i) {
    if (has_[i] != 0 && other.has_[i] == 0) erase(index_of(i));
  }
}

RevisionSet reach(const RevisionGraph& graph, const RevisionIndices& from, Follow follow) {
  RevisionSet seen(graph);
  RevisionIndices todo;
  for (const RevisionIndex start : from) {
    if (seen.insert(start)) todo.push_back(start);
  }
  while (!todo.empty()) {
    const RevisionIndex at = todo.back();
    todo.pop_back();
    for (const RevisionIndex next : linked(graph, at, follow)) {
      if (seen.insert(next)) todo.push_back(next);
    }
  }
  return seen;
}

std::optional<std::pair<RevisionIndex, RevisionIndex>> overlap(const RevisionGraph& graph, const RevisionIndices& from,
                                                               Follow follow) {
  RevisionSet wanted(graph);
  for (const RevisionIndex start : from) wanted.insert(start);
  if (wanted.size() < 2) return std::nullopt;
  // Stretches that an earlier start has walked hold no other start, or we would have returned; skip them.
  RevisionSet seen(graph);
  for (const RevisionIndex start : from) {
    RevisionIndices todo = {start};
    while (!todo.empty()) {
      const RevisionIndex at = todo.back();
      todo.pop_back();
      if (at != start && wanted.contains(at)) return std::pair(start, at);
      if (!seen.insert(at)) continue;
      const auto next = linked(graph, at, follow);
      todo.insert(todo.end(), next.begin(), next.end());
    }
  }
  return std::nullopt;
}

RevisionSet needed_among(const RevisionGraph& graph, const RevisionIndices& from,
                         std::span<const RevisionIndex> candidates) {
  RevisionSet found(graph);
  if (candidates.empty() || from.empty()) return found;
  RevisionSet wanted(graph);
  std::uint32_t lowest = graph.rank(candidates.front());
  for (const RevisionIndex candidate : candidates) {
    wanted.insert(candidate);
    lowest = std::min(lowest, graph.rank(candidate));
  }
  RevisionSet seen(graph);
  RevisionIndices todo = from;
  while (!todo.empty()) {
    const RevisionIndex at = todo.back();
    todo.pop_back();
    if (graph.rank(at) < lowest || !seen.insert(at)) continue;
    if (wanted.contains(at)) found.insert(at);
    const auto next = graph.needed(at);
    todo.insert(todo.end(), next.begin(), next.end());
  }
  return found;
}

}  // namespace bascule::graph
