#include "graph/path.h"

#include <fmt/core.h>
#include <algorithm>

#include "base/check.h"
#include "graph/order.h"
#include "graph/resolver.h"

namespace bascule::graph {

namespace {

/// One side of a range while it is worked out: a single name as typed, or a list of ids.
struct Side {
  bool is_name = false;
  std::vector<std::string> names;

  static Side name(std::string_view text) { return {true, {std::string(text)}}; }
  static Side list(const RevisionGraph& graph, const RevisionIndices& indices) {
    return {false, ids_of(graph, indices)};
  }
  const std::string& text() const { return names.front(); }
  std::string display() const { return join(names); }

 private:
  static std::string join(const std::vector<std::string>& parts) {
    std::string result;
    for (const std::string& part : parts) result += (result.empty() ? "" : ", ") + part;
    return result;
  }
};

struct DowngradeTarget {
  std::string branch;
  Stop stop;
};

/// Chosen revisions and the heads from which they are put into order.
struct Selection {
  RevisionSet chosen;
  RevisionIndices heads;
};

struct UpgradeOptions {
  bool inclusive = false;
  /// Whether what is needed from lines that do not start at the lower side is wanted.
  bool implicit_base = true;
  Overwalk overwalk = Overwalk::kFails;
};

class PathFinder {
 public:
  explicit PathFinder(const RevisionGraph& graph) : graph_(graph), resolver_(graph) {}

  Outcome<Selection> select_upgrade(const Side& upper, const Side& lower, UpgradeOptions options) const;
  Outcome<Selection> select_downgrade(const RevisionIndices& current, std::string_view target) const;

 private:
  Outcome<Stops> revisions(const Side& side) const;
  Outcome<RevisionIndices> only_revisions(const Side& side) const;
  Outcome<RevisionIndices> only_revisions(const Stops& stops, std::string_view typed) const;
  Outcome<Stops> upgrade_targets(const Side& current, const Side& target, Overwalk overwalk) const;
  Outcome<Stop> walk_up_from_current(const Side& current, const RelativeTarget& relative, Overwalk overwalk) const;
  Outcome<DowngradeTarget> downgrade_target(const Side& current, std::string_view target, Overwalk overwalk) const;
  Outcome<std::string> start_of_step_down(const Side& current, const RelativeTarget& relative) const;
  Outcome<RevisionIndices> keep_branch_of(const Side& lower, RevisionIndices targets) const;
  Outcome<RevisionIndices> lower_revisions(const Side& upper, const Side& lower, const RevisionSet& required,
                                           UpgradeOptions options) const;
  Outcome<RevisionIndices> downgrade_roots(const DowngradeTarget& target) const;
  Outcome<RevisionSet> reach_apart(const RevisionIndices& from, Follow follow) const;

  const RevisionGraph& graph_;
  Resolver resolver_;
};

Outcome<Stops> PathFinder::revisions(const Side& side) const {
  Stops result;
  for (const std::string& name : side.names) {
    BASCULE_TRY_ASSIGN(const Stops stops, resolver_.revisions(name));
    result.insert(result.end(), stops.begin(), stops.end());
  }
  return result;
}

Outcome<RevisionIndices> PathFinder::only_revisions(const Stops& stops, std::string_view typed) const {
  RevisionIndices result;
  for (const Stop stop : stops) {
    if (!stop.is_revision()) return failure(problem::relative_too_far(typed));
    result.push_back(stop.revision);
  }
  return result;
}

Outcome<RevisionIndices> PathFinder::only_revisions(const Side& side) const {
  BASCULE_TRY_ASSIGN(const Stops stops, revisions(side));
  return only_revisions(stops, side.display());
}

/// reach(), refusing starts of which one includes another.
Outcome<RevisionSet> PathFinder::reach_apart(const RevisionIndices& from, Follow follow) const {
  if (const auto pair = overlap(graph_, from, follow)) {
    const bool down = follow == Follow::kParents || follow == Follow::kNeeded;
    return failure(down ? problem::overlapping(graph_, pair->first, pair->second)
                        : problem::overlapping(graph_, pair->second, pair->first));
  }
  return reach(graph_, from, follow);
}

Outcome<Stop> PathFinder::walk_up_from_current(const Side& current, const RelativeTarget& relative,
                                               Overwalk overwalk) const {
  if (relative.branch.empty()) {
    if (current.names.size() > 1) {
      BASCULE_TRY_ASSIGN(const RevisionIndices at, only_revisions(current));
      return failure(problem::ambiguous_start(graph_, at, relative.relative));
    }
    Stop start = Stop::none();
    if (!current.names.empty()) {
      BASCULE_TRY_ASSIGN(start, resolver_.revision(current.names.front()));
    }
    return resolver_.walk(start, relative.steps, {}, overwalk);
  }
  BASCULE_TRY_ASSIGN(const RevisionIndices at, only_revisions(current));
  BASCULE_TRY_ASSIGN(RevisionIndices starts, resolver_.in_lineage(at, relative.branch));
  if (starts.empty()) {
    // The branch is not among the version rows: it is below one of them (something depends on it), or not applied.
    BASCULE_TRY_ASSIGN(const RevisionIndices active,
                       resolver_.in_lineage(reach(graph_, at, Follow::kNeeded).list(), relative.branch));
    RevisionSet covered(graph_);
    for (const RevisionIndex index : active) {
      for (const RevisionIndex below : graph_.needed(index)) covered.insert(below);
    }
    for (const RevisionIndex index : active) {
      if (!covered.contains(index)) starts.push_back(index);
    }
  }
  if (starts.size() > 1) return failure(problem::ambiguous_start(graph_, starts, relative.relative));
  return resolver_.walk(starts.empty() ? Stop::none() : Stop::at(starts.front()), relative.steps, relative.branch,
                        overwalk);
}

Outcome<Stops> PathFinder::upgrade_targets(const Side& current, const Side& target, Overwalk overwalk) const {
  const auto relative = target.is_name ? parse_relative(target.text()) : std::nullopt;
  if (!relative) return revisions(target);
  if (relative->symbol.empty()) {
    if (relative->steps <= 0) {
      return failure(problem::invalid_target(target.text(), "an upgrade goes up; a step down is a downgrade's target"));
    }
    BASCULE_TRY_ASSIGN(const Stop stop, walk_up_from_current(current, *relative, overwalk));
    if (stop.kind == Stop::Kind::kNone) return failure(problem::relative_too_far(target.text()));
    return Stops{stop};
  }
  std::string start_name(relative->symbol);
  if (relative->steps <= 0 && !relative->branch.empty()) {
    start_name = fmt::format("{}@{}", relative->branch, start_name);
  }
  BASCULE_TRY_ASSIGN(const Stop start, resolver_.revision(start_name));
  const std::string_view branch = relative->steps > 0 ? relative->branch : std::string_view();
  BASCULE_TRY_ASSIGN(const Stop stop, resolver_.walk(start, relative->steps, branch, overwalk));
  return Stops{stop};
}

/// The name of the revision that a target such as "-1" or "label@-1" counts from.
Outcome<std::string> PathFinder::start_of_step_down(const Side& current, const RelativeTarget& relative) const {
  if (relative.branch.empty()) {
    if (current.names.empty()) return failure(problem::relative_too_far(relative.relative));
    return current.names.front();
  }
  BASCULE_TRY_ASSIGN(RevisionIndices on_branch, resolver_.in_lineage(current.names, relative.branch));
  if (on_branch.empty()) {
    // The branch may be applied without a row of its own, because what has the row depends on it.
    BASCULE_TRY_ASSIGN(const RevisionIndices at, only_revisions(current));
    BASCULE_TRY_ASSIGN(on_branch, resolver_.in_lineage(resolver_.tips_of_applied(at), relative.branch));
  }
  const std::string typed = fmt::format("{}@{}", relative.branch, relative.relative);
  if (on_branch.empty()) {
    return failure(problem::invalid_target(typed, fmt::format("nothing of branch '{}' is applied", relative.branch)));
  }
  if (on_branch.size() > 1) return failure(problem::ambiguous_start(graph_, on_branch, relative.relative));
  return graph_.id(on_branch.front());
}

Outcome<DowngradeTarget> PathFinder::downgrade_target(const Side& current, std::string_view target,
                                                      Overwalk overwalk) const {
  const auto relative = parse_relative(target);
  if (!relative) {
    const std::size_t at = target.rfind('@');
    const bool has_branch = at != std::string_view::npos;
    BASCULE_TRY_ASSIGN(const Stop stop, resolver_.revision(has_branch ? target.substr(at + 1) : target));
    return DowngradeTarget{std::string(has_branch ? target.substr(0, at) : ""), stop};
  }
  std::string branch(relative->branch);
  std::string symbol(relative->symbol);
  Stop stop;
  if (relative->steps >= 0) {
    if (symbol.empty()) {
      return failure(problem::invalid_target(target, "a downgrade goes down; a step up is an upgrade's target"));
    }
    BASCULE_TRY_ASSIGN(const Stop start, resolver_.revision(symbol));
    BASCULE_TRY_ASSIGN(stop, resolver_.walk(start, relative->steps, branch, overwalk));
  } else {
    if (symbol.empty()) {
      BASCULE_TRY_ASSIGN(symbol, start_of_step_down(current, *relative));
      // Several rows and no branch named: stay on the line of the first row.
      if (branch.empty()) branch = symbol;
    }
    const std::string start_name = branch.empty() ? symbol : fmt::format("{}@{}", branch, symbol);
    BASCULE_TRY_ASSIGN(const Stop start, resolver_.revision(start_name));
    BASCULE_TRY_ASSIGN(stop, resolver_.walk(start, relative->steps, {}, overwalk));
  }
  if (stop.kind == Stop::Kind::kNone) return failure(problem::relative_too_far(target));
  return DowngradeTarget{std::move(branch), stop};
}

/// With "label@..." as the lower side, only targets on that branch count.
Outcome<RevisionIndices> PathFinder::keep_branch_of(const Side& lower, RevisionIndices targets) const {
  if (!lower.is_name) return targets;
  const std::size_t at = lower.text().find('@');
  if (at == std::string::npos) return targets;
  std::string label = lower.text().substr(0, at);
  BASCULE_TRY_ASSIGN(const Stop stop, resolver_.revision(label));
  if (stop.is_revision() && graph_.id(stop.revision) == label) {
    const auto& labels = graph_.labels(stop.revision);
    if (labels.size() != 1) {
      return failure(problem::invalid_target(
          lower.text(), fmt::format("revision '{}' is on {} labelled branches, not on one", label, labels.size())));
    }
    label = labels.front();
  }
  std::erase_if(targets, [&](RevisionIndex target) { return !graph_.has_label(target, label); });
  return targets;
}

/// The revisions at the lower side of a range.
Outcome<RevisionIndices> PathFinder::lower_revisions(const Side& upper, const Side& lower, const RevisionSet& required,
                                                     UpgradeOptions options) const {
  BASCULE_TRY_ASSIGN(const Stops stops, revisions(lower));
  const auto is_outside = [&](Stop stop) {
    return stop.kind == Stop::Kind::kBase || (stop.is_revision() && !required.contains(stop.revision));
  };
  if (!options.implicit_base && std::any_of(stops.begin(), stops.end(), is_outside)) {
    return failure(problem::not_an_ancestor(lower.display(), upper.display()));
  }
  if (!lower.is_name || stops.empty() || stops.front().kind != Stop::Kind::kNone) {
    return only_revisions(stops, lower.display());
  }
  BASCULE_TRY_ASSIGN(const DowngradeTarget target, downgrade_target(upper, lower.text(), options.overwalk));
  return target.stop.is_revision() ? RevisionIndices{target.stop.revision} : RevisionIndices{};
}

Outcome<Selection> PathFinder::select_upgrade(const Side& upper, const Side& lower, UpgradeOptions options) const {
  BASCULE_TRY_ASSIGN(const Stops target_stops, upgrade_targets(lower, upper, options.overwalk));
  BASCULE_TRY_ASSIGN(RevisionIndices targets, only_revisions(target_stops, upper.display()));
  BASCULE_TRY_ASSIGN(targets, keep_branch_of(lower, std::move(targets)));
  BASCULE_TRY_ASSIGN(const RevisionSet required, reach_apart(targets, Follow::kNeeded));
  BASCULE_TRY_ASSIGN(const RevisionIndices current, lower_revisions(upper, lower, required, options));
  BASCULE_TRY_ASSIGN(const RevisionSet applied, reach_apart(current, Follow::kNeeded));

  Selection selection{RevisionSet(graph_), std::move(targets)};
  for (const RevisionIndex index : required.list()) {
    if (!applied.contains(index)) selection.chosen.insert(index);
  }
  if (options.inclusive) {
    for (const RevisionIndex index : current) selection.chosen.insert(index);
  }
  if (!current.empty() && !options.implicit_base) {
    BASCULE_TRY_ASSIGN(const RevisionSet above, reach_apart(current, Follow::kChildren));
    selection.chosen.intersect(above);
  }
  return selection;
}

/// The lowest revisions to take back, before what follows or depends on them is added.
Outcome<RevisionIndices> PathFinder::downgrade_roots(const DowngradeTarget& target) const {
  RevisionIndices roots = graph_.bases();
  std::size_t root_names = roots.size();
  if (target.stop.is_revision()) {
    const auto children = graph_.children(target.stop.revision);
    roots.assign(children.begin(), children.end());
    root_names = roots.size();
  } else {
    for (const auto& [label, declared_by] : graph_.declared_labels()) {
      if (graph_.is_base(declared_by)) ++root_names;  // Alembic looks at ids and labels alike here
    }
  }
  if (target.branch.empty() || root_names <= 1) return roots;
  BASCULE_TRY_ASSIGN(const RevisionIndex on_branch, resolver_.branch(target.branch));
  const RevisionSet line = reach(graph_, {on_branch}, Follow::kParents);
  std::erase_if(roots, [&](RevisionIndex root) { return !line.contains(root); });
  if (roots.empty()) {
    return failure(problem::invalid_target(target.stop.is_revision() ? graph_.id(target.stop.revision) : "base",
                                           fmt::format("what follows it is not on the way to '{}'", target.branch)));
  }
  return roots;
}

Outcome<Selection> PathFinder::select_downgrade(const RevisionIndices& current, std::string_view target) const {
  const Side current_side = Side::list(graph_, current);
  BASCULE_TRY_ASSIGN(const DowngradeTarget parsed, downgrade_target(current_side, target, Overwalk::kFails));
  BASCULE_TRY_ASSIGN(const RevisionIndices roots, downgrade_roots(parsed));
  Selection selection{reach(graph_, roots, Follow::kAllChildren), current};
  selection.chosen.intersect(reach(graph_, current, Follow::kNeeded));
  if (parsed.stop.is_revision() && selection.chosen.empty() &&
      std::find(current.begin(), current.end(), parsed.stop.revision) == current.end()) {
    return failure(problem::not_on_the_way_down(graph_, target, current));
  }
  return selection;
}

Outcome<RevisionIndices> in_order(const RevisionGraph& graph, const Selection& selection, std::string_view target) {
  if (auto order = newest_first(graph, selection.chosen, selection.heads)) return std::move(*order);
  return failure(problem::invalid_target(
      target, "some of its revisions are joined only through revisions that are not part of it"));
}

Side side_of(const RevisionGraph& graph, const HistoryEnd& end, std::string_view otherwise) {
  if (const auto* name = std::get_if<std::string>(&end)) return Side::name(name->empty() ? otherwise : *name);
  return Side::list(graph, std::get<RevisionIndices>(end));
}

}  // namespace

Outcome<RevisionIndices> upgrade_path(const RevisionGraph& graph, const RevisionIndices& current,
                                      std::string_view target) {
  const PathFinder finder(graph);
  BASCULE_TRY_ASSIGN(const Selection selection,
                     finder.select_upgrade(Side::name(target), Side::list(graph, current), UpgradeOptions{}));
  BASCULE_TRY_ASSIGN(RevisionIndices path, in_order(graph, selection, target));
  std::reverse(path.begin(), path.end());
  return path;
}

Outcome<RevisionIndices> downgrade_path(const RevisionGraph& graph, const RevisionIndices& current,
                                        std::string_view target) {
  const PathFinder finder(graph);
  BASCULE_TRY_ASSIGN(const Selection selection, finder.select_downgrade(current, target));
  return in_order(graph, selection, target);
}

std::optional<Diagnostic> downgrade_caution(const RevisionGraph& graph, const RevisionIndices& current,
                                            std::string_view target) {
  const auto relative = parse_relative(target);
  if (!relative || relative->steps >= 0 || !relative->symbol.empty() || !relative->branch.empty()) return std::nullopt;
  if (current.size() < 2) return std::nullopt;
  Diagnostic diagnostic = problem::ambiguous_start(graph, current, relative->relative);
  diagnostic.severity = Severity::kWarning;
  diagnostic.cause += fmt::format("; it counts from '{}', the first row", graph.id(current.front()));
  return diagnostic;
}

Outcome<RevisionIndices> history_path(const RevisionGraph& graph, const HistoryEnd& from, const HistoryEnd& to) {
  const PathFinder finder(graph);
  const Side upper = side_of(graph, to, "heads");
  const Side lower = side_of(graph, from, "base");
  const UpgradeOptions options{.inclusive = true, .implicit_base = false, .overwalk = Overwalk::kStaysAtEnd};
  BASCULE_TRY_ASSIGN(const Selection selection, finder.select_upgrade(upper, lower, options));
  return in_order(graph, selection, upper.display());
}

RevisionIndices whole_history(const RevisionGraph& graph) {
  RevisionSet all(graph);
  for (std::size_t i = 0; i < graph.size(); ++i) all.insert(index_of(i));
  auto order = newest_first(graph, all, graph.real_heads());
  BASCULE_CHECK(order.has_value(), "every revision can be reached from the heads");
  return std::move(*order);
}

}  // namespace bascule::graph
