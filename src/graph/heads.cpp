#include "graph/heads.h"

#include <fmt/core.h>
#include <algorithm>

#include "graph/resolver.h"

namespace bascule::graph {

namespace {

bool contains(const RevisionIndices& list, RevisionIndex index) {
  return std::find(list.begin(), list.end(), index) != list.end();
}

/// Applies changes one by one to the rows, remembering the first that cannot be made.
class Rows {
 public:
  Rows(const RevisionGraph& graph, RevisionIndices heads) : graph_(graph) { change_.heads = std::move(heads); }

  const RevisionIndices& heads() const { return change_.heads; }

  void insert(RevisionIndex revision) {
    if (contains(change_.heads, revision)) return refuse(revision, "it has a row already");
    change_.heads.push_back(revision);
    change_.rows.emplace_back(InsertRow{revision});
  }

  void remove(RevisionIndex revision) {
    const auto it = std::find(change_.heads.begin(), change_.heads.end(), revision);
    if (it == change_.heads.end()) return refuse(revision, "it has no row");
    change_.heads.erase(it);
    change_.rows.emplace_back(DeleteRow{revision});
  }

  void update(RevisionIndex from, RevisionIndex to) {
    if (contains(change_.heads, to)) return refuse(to, "it has a row already");
    const auto it = std::find(change_.heads.begin(), change_.heads.end(), from);
    if (it == change_.heads.end()) return refuse(from, "it has no row");
    *it = to;
    change_.rows.emplace_back(UpdateRow{from, to});
  }

  void refuse(RevisionIndex revision, std::string_view cause) {
    if (!problem_) problem_ = problem::version_rows_mismatch(graph_.id(revision), cause);
  }

  Outcome<HeadChange> finish() {
    if (problem_) return failure(std::move(*problem_));
    return std::move(change_);
  }

 private:
  const RevisionGraph& graph_;
  HeadChange change_;
  std::optional<Diagnostic> problem_;
};

/// Those of `candidates` that no other one needs, directly or not.
RevisionIndices topmost(const RevisionGraph& graph, std::span<const RevisionIndex> candidates) {
  RevisionIndices below;
  for (const RevisionIndex candidate : candidates) {
    const auto needed = graph.needed(candidate);
    below.insert(below.end(), needed.begin(), needed.end());
  }
  const RevisionSet covered = needed_among(graph, below, candidates);
  RevisionIndices result(candidates.begin(), candidates.end());
  std::erase_if(result, [&](RevisionIndex index) { return covered.contains(index); });
  return result;
}

/// The rows that must take the place of `revision` when it is taken back: what it needed, save what the other rows
/// or each other include.
RevisionIndices rows_below(const RevisionGraph& graph, const RevisionIndices& heads, RevisionIndex revision) {
  const auto below = graph.needed(revision);
  RevisionIndices others = heads;
  std::erase(others, revision);
  if (others.empty()) {
    if (below.size() <= 1) return {below.begin(), below.end()};
    return topmost(graph, below);
  }
  const RevisionSet included = needed_among(graph, others, below);
  RevisionIndices result(below.begin(), below.end());
  std::erase_if(result, [&](RevisionIndex index) { return included.contains(index); });
  return result;
}

RevisionIndices common(const RevisionIndices& heads, std::span<const RevisionIndex> list) {
  RevisionIndices result;
  for (const RevisionIndex index : list) {
    if (contains(heads, index)) result.push_back(index);
  }
  return result;
}

}  // namespace

Outcome<HeadChange> heads_after_upgrade(const RevisionGraph& graph, const RevisionIndices& heads,
                                        RevisionIndex revision) {
  Rows rows(graph, heads);
  const auto needed = graph.needed(revision);
  const RevisionIndices present = common(heads, needed);
  if (present.empty()) {
    rows.insert(revision);
  } else if (present.size() == 1) {
    rows.update(present.front(), revision);
  } else {
    // Only what has a row is merged. (Alembic also tries rows that a needed revision includes, and fails.)
    RevisionIndices others = heads;
    std::erase_if(others, [&](RevisionIndex head) { return contains(present, head); });
    const RevisionSet included = needed_among(graph, others, present);
    RevisionIndices merged = present;
    std::erase_if(merged, [&](RevisionIndex index) { return included.contains(index); });
    if (merged.empty()) {
      rows.refuse(revision, "all that it merges is already part of other rows");
    } else {
      for (std::size_t i = 0; i + 1 < merged.size(); ++i) rows.remove(merged[i]);
      rows.update(merged.back(), revision);
    }
  }
  return rows.finish();
}

Outcome<HeadChange> heads_after_downgrade(const RevisionGraph& graph, const RevisionIndices& heads,
                                          RevisionIndex revision) {
  Rows rows(graph, heads);
  if (!contains(heads, revision)) {
    rows.refuse(revision, "it has no row");
    return rows.finish();
  }
  const RevisionIndices below = rows_below(graph, heads, revision);
  if (below.empty()) {
    rows.remove(revision);
  } else {
    for (std::size_t i = 0; i + 1 < below.size(); ++i) rows.insert(below[i]);
    rows.update(revision, below.back());
  }
  return rows.finish();
}

namespace {

/// Works out a stamp as Alembic does: all steps from the rows as they are at first, then made one after the other.
class Stamp {
 public:
  Stamp(const RevisionGraph& graph, const RevisionIndices& heads)
      : graph_(graph), resolver_(graph), start_(heads), rows_(graph, heads) {}

  Outcome<HeadChange> run(const std::vector<std::string>& targets) {
    RevisionIndices affected;
    Stops stops;
    for (const std::string& target : targets) {
      if (target.empty()) continue;
      BASCULE_TRY_ASSIGN(const RevisionIndices found, resolver_.in_lineage(start_, target, true));
      for (const RevisionIndex head : found) {
        if (!contains(affected, head)) affected.push_back(head);
      }
    }
    for (const std::string& target : targets) {
      BASCULE_TRY_ASSIGN(const Stops found, resolver_.revisions(target));
      stops.insert(stops.end(), found.begin(), found.end());
    }
    if (stops.empty()) stops.push_back(Stop::base());
    for (const Stop stop : stops) {
      // Walking down to the base or past it both mean the base.
      if (stop.is_revision()) {
        move_to(stop.revision, affected);
      } else {
        for (const RevisionIndex head : affected) rows_.remove(head);
      }
    }
    return rows_.finish();
  }

 private:
  void move_to(RevisionIndex target, const RevisionIndices& affected) {
    if (contains(affected, target)) return;
    const RevisionSet above = reach(graph_, {target}, Follow::kAllChildren);
    const RevisionSet below = reach(graph_, {target}, Follow::kNeeded);
    const auto any_in = [&](const RevisionSet& set) {
      return std::any_of(affected.begin(), affected.end(), [&](RevisionIndex h) { return set.contains(h); });
    };
    if (any_in(above)) {
      if (any_in(below)) return rows_.refuse(target, "there are rows both above and below it");
      merge_into(target, affected);
    } else if (any_in(below)) {
      const bool some_gone = std::any_of(affected.begin(), affected.end(),
                                         [&](RevisionIndex head) { return !contains(rows_.heads(), head); });
      if (some_gone && !contains(rows_.heads(), target)) {
        rows_.insert(target);  // an earlier target of this stamp has moved the rows already
      } else {
        merge_into(target, affected);
      }
    } else if (contains(rows_.heads(), target)) {
      rows_.refuse(target, "it has a row already");
    } else {
      rows_.insert(target);
    }
  }

  void merge_into(RevisionIndex target, const RevisionIndices& from) {
    for (std::size_t i = 0; i + 1 < from.size(); ++i) rows_.remove(from[i]);
    rows_.update(from.back(), target);
  }

  const RevisionGraph& graph_;
  Resolver resolver_;
  RevisionIndices start_;
  Rows rows_;
};

}  // namespace

Outcome<HeadChange> heads_after_stamp(const RevisionGraph& graph, const RevisionIndices& heads,
                                      const std::vector<std::string>& targets) {
  return Stamp(graph, heads).run(targets);
}

}  // namespace bascule::graph
