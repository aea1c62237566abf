#include "graph/order.h"

namespace bascule::graph {

namespace {

/// The fronts of the lines being listed, in their order, and which revisions are still below a front.
/// Instead of a set of ancestors per front, counts for each revision how many of its successors are at or below a
/// front: a front with such a successor is needed by another front.
class Fronts {
 public:
  Fronts(const RevisionGraph& graph, const RevisionIndices& start)
      : graph_(graph), is_front_(graph), live_above_(graph.size(), 0), order_(start) {
    for (const RevisionIndex front : start) is_front_.insert(front);
    for (const RevisionIndex live : reach(graph, start, Follow::kNeeded).list()) {
      for (const RevisionIndex below : graph.needed(live)) ++live_above_[slot(below)];
    }
  }

  bool empty() const { return order_.empty(); }
  RevisionIndex at(std::size_t place) const { return order_[place]; }
  bool contains(RevisionIndex index) const { return is_front_.contains(index); }
  bool is_needed_by_another(RevisionIndex front) const { return live_above_[slot(front)] != 0; }

  /// The place of the first other front that needs this one. Call only if there is one.
  std::size_t first_that_needs(RevisionIndex front) const {
    RevisionSet above(graph_);
    RevisionIndices todo = {front};
    while (!todo.empty()) {
      const RevisionIndex at = todo.back();
      todo.pop_back();
      for (const RevisionIndex next : graph_.needed_by(at)) {
        if (is_live(next) && above.insert(next)) todo.push_back(next);
      }
    }
    std::size_t place = 0;
    while (!above.contains(order_[place])) ++place;
    return place;
  }

  /// Moves the front at `place` down to `next`; further ones become fronts at the end; none removes it.
  void advance(std::size_t place, const RevisionIndices& next) {
    const RevisionIndex old = order_[place];
    is_front_.erase(old);
    if (next.empty()) {
      order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(place));
    } else {
      order_[place] = next.front();
      order_.insert(order_.end(), next.begin() + 1, next.end());
      for (const RevisionIndex front : next) is_front_.insert(front);
    }
    retire(old);
  }

 private:
  bool is_live(RevisionIndex index) const { return is_front_.contains(index) || live_above_[slot(index)] != 0; }

  void retire(RevisionIndex index) {
    RevisionIndices todo = {index};
    while (!todo.empty()) {
      const RevisionIndex at = todo.back();
      todo.pop_back();
      for (const RevisionIndex below : graph_.needed(at)) {
        --live_above_[slot(below)];
        if (!is_live(below)) todo.push_back(below);
      }
    }
  }

  const RevisionGraph& graph_;
  RevisionSet is_front_;
  std::vector<std::uint32_t> live_above_;
  RevisionIndices order_;
};

}  // namespace

std::optional<RevisionIndices> newest_first(const RevisionGraph& graph, const RevisionSet& chosen,
                                            const RevisionIndices& heads) {
  RevisionSet start(graph);
  for (const RevisionIndex head : heads) {
    if (chosen.contains(head)) start.insert(head);
  }
  Fronts fronts(graph, start.list());
  RevisionSet todo = chosen;
  RevisionIndices result;
  result.reserve(chosen.size());
  std::size_t place = 0;
  while (!fronts.empty()) {
    const RevisionIndex candidate = fronts.at(place);
    if (fronts.is_needed_by_another(candidate)) {
      place = fronts.first_that_needs(candidate);
      continue;
    }
    result.push_back(candidate);
    todo.erase(candidate);
    RevisionIndices next;
    for (const RevisionIndex below : graph.needed(candidate)) {
      if (todo.contains(below) && !fronts.contains(below)) next.push_back(below);
    }
    fronts.advance(place, next);
    if (next.empty() && place > 0) --place;
  }
  if (!todo.empty()) return std::nullopt;
  return result;
}

}  // namespace bascule::graph
