// What: the revision graph: parents, children, heads, bases, branches, labels. Built once, then read only.
// Must not know: files, databases, target names (target.h), the order in which revisions run (order.h).
// Invariants: acyclic; every name resolves; indices follow the order of the revisions given to build, and so does
//   every list of revisions here. Semantics are those of Alembic 1.20 (measured by tests/differential/graph).
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/diagnostic.h"
#include "graph/revision.h"

namespace bascule::graph {

/// A list of revisions for every revision, in one block of memory.
class Links {
 public:
  void append(RevisionIndex to) { to_.push_back(to); }
  /// Ends the list of the next revision.
  void close() { end_.push_back(static_cast<std::uint32_t>(to_.size())); }
  std::span<const RevisionIndex> of(RevisionIndex index) const {
    const std::size_t i = slot(index);
    const std::size_t begin = i == 0 ? 0 : end_[i - 1];
    return std::span<const RevisionIndex>(to_).subspan(begin, end_[i] - begin);
  }
  std::size_t size() const { return end_.size(); }
  /// The same links backwards; repeated links appear once.
  Links reversed() const;

 private:
  std::vector<std::uint32_t> end_;
  RevisionIndices to_;
};

struct BuiltGraph;

/// Moves, but does not copy: its name table points into its revisions.
class RevisionGraph {
 public:
  RevisionGraph() = default;
  RevisionGraph(const RevisionGraph&) = delete;
  RevisionGraph& operator=(const RevisionGraph&) = delete;
  RevisionGraph(RevisionGraph&&) = default;
  RevisionGraph& operator=(RevisionGraph&&) = default;
  ~RevisionGraph() = default;

  /// Checks and links. Diagnostics: invalid-revision-id, duplicate-revision, missing-parent, cycle,
  /// duplicate-branch-label. With any of them the graph returned is empty. The order of the revisions matters: ties
  /// in running order are settled by it. O(revisions + links).
  static BuiltGraph build(std::vector<Revision> revisions);

  std::size_t size() const { return revisions_.size(); }
  bool empty() const { return revisions_.empty(); }
  const Revision& operator[](RevisionIndex index) const { return revisions_[slot(index)]; }
  const std::string& id(RevisionIndex index) const { return revisions_[slot(index)].id; }

  /// The revision with exactly this id.
  std::optional<RevisionIndex> find(std::string_view id) const;
  /// The revision with exactly this id, or that declares exactly this branch label.
  std::optional<RevisionIndex> find_name(std::string_view id_or_label) const;

  /// Revisions that no other names as its parent (several: branches to merge, or independent ones).
  const RevisionIndices& heads() const { return heads_; }
  /// Revisions without parents.
  const RevisionIndices& bases() const { return bases_; }
  /// Heads that no other revision depends on either: the rows of a version table after a full upgrade.
  const RevisionIndices& real_heads() const { return real_heads_; }

  /// down_revision as written.
  std::span<const RevisionIndex> parents(RevisionIndex index) const { return parents_.of(index); }
  /// depends_on, resolved, as written.
  std::span<const RevisionIndex> dependencies(RevisionIndex index) const { return dependencies_.of(index); }
  /// What must have run just before: parents, then dependencies that no ancestor on the branch has already.
  std::span<const RevisionIndex> needed(RevisionIndex index) const { return needed_.of(index); }
  /// Revisions with this one as parent.
  std::span<const RevisionIndex> children(RevisionIndex index) const { return children_.of(index); }
  /// Revisions with this one as parent or in depends_on.
  std::span<const RevisionIndex> all_children(RevisionIndex index) const { return all_children_.of(index); }
  /// The reverse of needed().
  std::span<const RevisionIndex> needed_by(RevisionIndex index) const { return needed_by_.of(index); }

  bool is_head(RevisionIndex index) const { return children(index).empty(); }
  bool is_base(RevisionIndex index) const { return parents(index).empty(); }
  bool is_branch_point(RevisionIndex index) const { return children(index).size() > 1; }
  bool is_merge_point(RevisionIndex index) const { return parents(index).size() > 1; }

  /// The branch labels in force at a revision: its own, those of its ancestors, and those of a later revision on the
  /// same unbranched line.
  const std::vector<std::string>& labels(RevisionIndex index) const { return labels_[slot(index)]; }
  bool has_label(RevisionIndex index, std::string_view label) const;
  /// Every label with the revision that declares it, in order of declaration.
  const std::vector<std::pair<std::string_view, RevisionIndex>>& declared_labels() const { return declared_labels_; }

  /// A number greater than that of everything the revision needs, directly or not.
  std::uint32_t rank(RevisionIndex index) const { return rank_[slot(index)]; }

 private:
  friend class GraphBuilder;

  std::vector<Revision> revisions_;
  std::unordered_map<std::string_view, RevisionIndex> ids_;
  std::unordered_map<std::string_view, RevisionIndex> label_index_;
  std::vector<std::pair<std::string_view, RevisionIndex>> declared_labels_;
  std::vector<std::vector<std::string>> labels_;
  std::vector<std::uint32_t> rank_;
  RevisionIndices heads_;
  RevisionIndices bases_;
  RevisionIndices real_heads_;
  Links parents_;
  Links dependencies_;
  Links needed_;
  Links children_;
  Links all_children_;
  Links needed_by_;
};

/// graph is empty when diagnostics has errors.
struct BuiltGraph {
  RevisionGraph graph;
  Diagnostics diagnostics;
};

}  // namespace bascule::graph
