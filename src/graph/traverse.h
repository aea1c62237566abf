// What: sets of revisions, and walks from revisions to all that stand below or above them.
// Must not know: target names, running order.
// Invariants: a walk includes where it started.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "graph/graph.h"

namespace bascule::graph {

/// Which links a walk follows. Down: kParents (down_revision), kNeeded (and dependencies).
/// Up: kChildren (by down_revision), kAllChildren (and what depends on it).
enum class Follow { kParents, kNeeded, kChildren, kAllChildren };

std::span<const RevisionIndex> linked(const RevisionGraph& graph, RevisionIndex index, Follow follow);

/// A set over the revisions of one graph. contains and insert are O(1).
class RevisionSet {
 public:
  explicit RevisionSet(const RevisionGraph& graph) : has_(graph.size(), 0) {}
  bool contains(RevisionIndex index) const { return has_[slot(index)] != 0; }
  /// True if it was not there yet.
  bool insert(RevisionIndex index) {
    if (contains(index)) return false;
    has_[slot(index)] = 1;
    ++count_;
    return true;
  }
  void erase(RevisionIndex index) {
    if (!contains(index)) return;
    has_[slot(index)] = 0;
    --count_;
  }
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return count_; }
  /// In the graph's order.
  RevisionIndices list() const;
  /// Keeps what is in both.
  void intersect(const RevisionSet& other);

 private:
  std::vector<char> has_;
  std::size_t count_ = 0;
};

RevisionSet reach(const RevisionGraph& graph, const RevisionIndices& from, Follow follow);

/// The first of `from` that reaches another of them, with that other.
std::optional<std::pair<RevisionIndex, RevisionIndex>> overlap(const RevisionGraph& graph, const RevisionIndices& from,
                                                               Follow follow);

/// Those of `candidates` that one of `from` needs, directly or not, or is. Visits only what can lie between.
RevisionSet needed_among(const RevisionGraph& graph, const RevisionIndices& from,
                         std::span<const RevisionIndex> candidates);

}  // namespace bascule::graph
