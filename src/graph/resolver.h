// What: the words of target names ("ae10", "head", "label@head", a walk of n steps) turned into revisions.
// The inside of target.h and path.h; other rooms use those.
// Must not know: what a target is for.
// Invariants: accepts and refuses what Alembic's RevisionMap does (measured by tests/differential/graph).
#pragma once

#include <string>
#include <string_view>

#include "graph/problems.h"
#include "graph/traverse.h"

namespace bascule::graph {

/// Where a name or a walk led: a revision; kNone (below the first, or: a walk fell off the end); or kBase, the place
/// below the first revision, reached by walking down.
struct Stop {
  enum class Kind { kRevision, kNone, kBase };
  Kind kind = Kind::kNone;
  RevisionIndex revision{};
  static Stop at(RevisionIndex index) { return {Kind::kRevision, index}; }
  static Stop none() { return {}; }
  static Stop base() { return {Kind::kBase, RevisionIndex{}}; }
  bool is_revision() const { return kind == Kind::kRevision; }
};

using Stops = std::vector<Stop>;

/// What is in force once a walk passes an end of the graph.
enum class Overwalk { kFails, kStaysAtEnd };

class Resolver {
 public:
  explicit Resolver(const RevisionGraph& graph) : graph_(graph) {}

  /// All that a name stands for: none for "base", several for "heads".
  Outcome<Stops> revisions(std::string_view name) const;
  /// The one revision that a name stands for; kNone for "base".
  Outcome<Stop> revision(std::string_view name) const;
  /// The revision with this id, abbreviated id or label; words such as "head" have no meaning here.
  Outcome<RevisionIndex> by_ident(std::string_view ident, std::string_view branch = {}) const;
  Outcome<RevisionIndex> branch(std::string_view label) const;

  /// Those of `targets` that stand in one line (above, below or the same) with what `against` names.
  Outcome<RevisionIndices> in_lineage(const RevisionIndices& targets, std::string_view against,
                                      bool with_dependencies = false) const;
  /// The same for targets that are still names.
  Outcome<RevisionIndices> in_lineage(const std::vector<std::string>& targets, std::string_view against) const;

  /// `steps` up (positive) or down (negative). branch picks the way where an upward walk forks.
  Outcome<Stop> walk(Stop start, long long steps, std::string_view branch, Overwalk overwalk) const;

  /// What is applied when the version rows are these: the tips of each branch, dependencies included.
  RevisionIndices tips_of_applied(const RevisionIndices& heads) const;

 private:
  /// A name split at '@', with words such as "heads" replaced by ids. text is set instead for a plain ident.
  struct Named {
    RevisionIndices revisions;
    std::optional<std::string_view> text;
    std::string_view branch;
  };
  Outcome<Named> split(std::string_view name) const;
  Outcome<std::vector<RevisionIndex>> shares_of(const Named& named) const;
  bool shares_lineage(RevisionIndex target, const RevisionIndices& tests, bool with_dependencies) const;

  const RevisionGraph& graph_;
};

/// "label@ae10+2": what the name says relative to something. branch and symbol may be empty.
struct RelativeTarget {
  std::string_view branch;
  std::string_view symbol;
  std::string_view relative;
  long long steps = 0;
};

/// nullopt if the target is not relative. Reads the longest beginning that is, as Alembic does ("+2x" is "+2").
std::optional<RelativeTarget> parse_relative(std::string_view target);

}  // namespace bascule::graph
