// RevisionGraph::build: checks the revisions, links them, and derives heads, labels and ranks.
#include <fmt/core.h>
#include <algorithm>

#include "base/text.h"
#include "graph/graph.h"

namespace bascule::graph {

namespace {

// Characters that target names give a meaning to; Alembic refuses them in ids too.
constexpr std::string_view kReservedCharacters = "@-+:";

const Location& location_or(const Location& preferred, const Location& fallback) {
  return preferred.file ? preferred : fallback;
}

std::string in_file(const Revision& revision) { return revision.path.empty() ? "" : " (" + revision.path + ")"; }

}  // namespace

class GraphBuilder {
 public:
  explicit GraphBuilder(std::vector<Revision> revisions) { graph_.revisions_ = std::move(revisions); }

  BuiltGraph build() {
    register_ids();
    register_labels();
    link_parents();
    find_cycles();
    if (diagnostics_.has_errors()) return {RevisionGraph(), std::move(diagnostics_)};
    derive_needed();
    graph_.children_ = graph_.parents_.reversed();
    graph_.all_children_ = all_parents_.reversed();
    graph_.needed_by_ = graph_.needed_.reversed();
    collect_ends();
    spread_labels();
    return {std::move(graph_), std::move(diagnostics_)};
  }

 private:
  std::size_t count() const { return graph_.revisions_.size(); }

  void register_ids() {
    graph_.ids_.reserve(count());
    for (std::size_t i = 0; i < count(); ++i) {
      const Revision& revision = graph_.revisions_[i];
      check_id(revision);
      const auto [it, is_new] = graph_.ids_.emplace(revision.id, index_of(i));
      if (is_new) continue;
      const Revision& first = graph_[it->second];
      diagnostics_.add({.code = "duplicate-revision",
                        .severity = Severity::kError,
                        .message = fmt::format("revision '{}' is defined twice: in {} and in {}", revision.id,
                                               first.path, revision.path),
                        .location = revision.location,
                        .cause = {},
                        .help = "give one of them an id of its own, and check the down_revision of what follows it",
                        .related = {{"the first one is here", first.location}}});
    }
  }

  void check_id(const Revision& revision) {
    const std::size_t bad = revision.id.find_first_of(kReservedCharacters);
    if (bad == std::string::npos && !revision.id.empty()) return;
    diagnostics_.add(
        {.code = "invalid-revision-id",
         .severity = Severity::kError,
         .message = revision.id.empty() ? fmt::format("the revision id is empty{}", in_file(revision))
                                        : fmt::format("revision id '{}' contains '{}'{}", revision.id, revision.id[bad],
                                                      in_file(revision)),
         .location = revision.location,
         .cause = revision.id.empty() ? "" : "the characters @ - + : have a meaning in target names such as 'ae10+2'",
         .help = "rename the revision, here and in the down_revision of what follows it",
         .related = {}});
  }

  void register_labels() {
    for (std::size_t i = 0; i < count(); ++i) {
      const Revision& revision = graph_.revisions_[i];
      for (const std::string& label : revision.branch_labels) {
        const auto taken = graph_.find_name(label);
        if (!taken) {
          graph_.label_index_.emplace(label, index_of(i));
          graph_.declared_labels_.emplace_back(label, index_of(i));
          continue;
        }
        const Revision& other = graph_[*taken];
        const bool is_id = other.id == label;
        diagnostics_.add(
            {.code = "duplicate-branch-label",
             .severity = Severity::kError,
             .message =
                 fmt::format("branch label '{}' of revision '{}'{} is already {} revision '{}'{}", label, revision.id,
                             in_file(revision), is_id ? "the id of" : "used by", other.id, in_file(other)),
             .location = location_or(revision.branch_labels_location, revision.location),
             .cause = {},
             .help = "write a label once, on the first revision of its branch; later revisions inherit it",
             .related = {{"it is used here",
                          is_id ? other.location : location_or(other.branch_labels_location, other.location)}}});
      }
    }
  }

  void link_parents() {
    for (std::size_t i = 0; i < count(); ++i) {
      const Revision& revision = graph_.revisions_[i];
      RevisionIndices all;
      const auto add_once = [&all](RevisionIndex to) {
        if (std::find(all.begin(), all.end(), to) == all.end()) all.push_back(to);
      };
      for (const std::string& name : revision.down_revisions) {
        const auto found = graph_.find(name);
        if (!found) {
          report_missing(revision, name, "down_revision", revision.down_revisions_location);
        } else {
          graph_.parents_.append(*found);
          add_once(*found);
        }
      }
      for (const std::string& name : revision.depends_on) {
        const auto found = graph_.find_name(name);
        if (!found) {
          report_missing(revision, name, "depends_on", revision.depends_on_location);
        } else {
          graph_.dependencies_.append(*found);
          add_once(*found);
        }
      }
      for (const RevisionIndex to : all) all_parents_.append(to);
      graph_.parents_.close();
      graph_.dependencies_.close();
      all_parents_.close();
    }
  }

  void report_missing(const Revision& revision, const std::string& name, std::string_view key,
                      const Location& location) {
    std::string help;
    if (const auto label = graph_.label_index_.find(name); label != graph_.label_index_.end()) {
      help = fmt::format("'{}' is a branch label; {} takes a revision id, such as '{}'", name, key,
                         graph_.id(label->second));
    } else if (const auto suggestion = nearest_id(name)) {
      help = fmt::format("did you mean '{}'?", *suggestion);
    } else {
      help = fmt::format("restore the file that defines '{}', or correct {}", name, key);
    }
    diagnostics_.add({.code = "missing-parent",
                      .severity = Severity::kError,
                      .message = fmt::format("revision '{}'{} names '{}' in {}, which no file defines", revision.id,
                                             in_file(revision), name, key),
                      .location = location_or(location, revision.location),
                      .cause = {},
                      .help = std::move(help),
                      .related = {}});
  }

  /// An id that begins with the name (parents are written whole), or else one spelled much like it.
  std::optional<std::string> nearest_id(const std::string& name) const {
    std::vector<std::string> ids;
    ids.reserve(count());
    for (const Revision& revision : graph_.revisions_) {
      if (!name.empty() && revision.id.starts_with(name)) return revision.id;
      ids.push_back(revision.id);
    }
    return did_you_mean(name, ids);
  }

  /// Ranks all revisions, parents and dependencies first; what cannot be ranked is in or above a ring.
  void find_cycles() {
    const Links children = all_parents_.reversed();
    std::vector<std::uint32_t> waiting(count());
    RevisionIndices ready;
    ready.reserve(count());
    for (std::size_t i = 0; i < count(); ++i) {
      waiting[i] = static_cast<std::uint32_t>(all_parents_.of(index_of(i)).size());
      if (waiting[i] == 0) ready.push_back(index_of(i));
    }
    graph_.rank_.assign(count(), 0);
    for (std::size_t next = 0; next < ready.size(); ++next) {
      graph_.rank_[slot(ready[next])] = static_cast<std::uint32_t>(next);
      for (const RevisionIndex child : children.of(ready[next])) {
        if (--waiting[slot(child)] == 0) ready.push_back(child);
      }
    }
    if (ready.size() != count()) report_rings(waiting);
  }

  /// Every revision still waiting has a parent that waits too, so following those parents ends in a ring.
  void report_rings(const std::vector<std::uint32_t>& waiting) {
    std::vector<std::uint32_t> walk_of(count(), 0);
    for (std::size_t start = 0; start < count(); ++start) {
      if (waiting[start] == 0 || walk_of[start] != 0) continue;
      RevisionIndices trail;
      RevisionIndex at = index_of(start);
      const auto walk = static_cast<std::uint32_t>(start + 1);
      while (walk_of[slot(at)] == 0) {
        walk_of[slot(at)] = walk;
        trail.push_back(at);
        const auto parents = all_parents_.of(at);
        at = *std::find_if(parents.begin(), parents.end(), [&](RevisionIndex p) { return waiting[slot(p)] != 0; });
      }
      if (walk_of[slot(at)] != walk) continue;  // ran into a ring reported already
      trail.erase(trail.begin(), std::find(trail.begin(), trail.end(), at));
      report_ring(trail);
    }
  }

  /// Where a revision says that it follows, or depends on, `next`.
  const Location& link_location(const Revision& revision, RevisionIndex next) const {
    const auto is_next = [&](const std::string& name) { return graph_.find(name) == next; };
    const bool follows = std::any_of(revision.down_revisions.begin(), revision.down_revisions.end(), is_next);
    return location_or(follows ? revision.down_revisions_location : revision.depends_on_location, revision.location);
  }

  void report_ring(const RevisionIndices& ring) {
    const Revision& first = graph_[ring.front()];
    Diagnostic diagnostic;
    diagnostic.code = "cycle";
    diagnostic.location = link_location(first, ring.size() == 1 ? ring[0] : ring[1]);
    if (ring.size() == 1) {
      diagnostic.message = fmt::format("revision '{}'{} names itself as what it follows", first.id, in_file(first));
      diagnostic.help = "set its down_revision to the revision before it, or to None if it is the first";
    } else {
      std::string chain;
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const RevisionIndex index = ring[i];
        chain += fmt::format("'{}'{} follows ", graph_.id(index), in_file(graph_[index]));
        if (index == ring.front()) continue;
        const Revision& revision = graph_[index];
        diagnostic.related.push_back({fmt::format("'{}' is part of the cycle", revision.id),
                                      link_location(revision, ring[(i + 1) % ring.size()])});
      }
      diagnostic.message = fmt::format("{} revisions form a cycle: {}'{}'", ring.size(), chain, first.id);
      diagnostic.help = "correct the down_revision or depends_on of one of them";
    }
    diagnostics_.add(std::move(diagnostic));
  }

  /// A dependency that an ancestor on the same line has already adds nothing: leave it out of `needed`.
  void derive_needed() {
    const Links dependents = graph_.dependencies_.reversed();
    std::vector<std::uint32_t> seen(count(), 0);
    for (std::size_t i = 0; i < count(); ++i) {
      const RevisionIndex index = index_of(i);
      RevisionIndices list;
      const auto add_once = [&list](RevisionIndex to) {
        if (std::find(list.begin(), list.end(), to) == list.end()) list.push_back(to);
      };
      for (const RevisionIndex parent : graph_.parents_.of(index)) add_once(parent);
      for (const RevisionIndex dependency : graph_.dependencies_.of(index)) {
        if (!ancestor_depends_on(index, dependency, dependents, seen)) add_once(dependency);
      }
      for (const RevisionIndex to : list) graph_.needed_.append(to);
      graph_.needed_.close();
    }
  }

  bool ancestor_depends_on(RevisionIndex index, RevisionIndex dependency, const Links& dependents,
                           std::vector<std::uint32_t>& seen) {
    std::uint32_t lowest = graph_.rank(index);
    for (const RevisionIndex other : dependents.of(dependency)) lowest = std::min(lowest, graph_.rank(other));
    if (lowest == graph_.rank(index)) return false;
    ++stamp_;
    RevisionIndices todo(graph_.parents_.of(index).begin(), graph_.parents_.of(index).end());
    while (!todo.empty()) {
      const RevisionIndex at = todo.back();
      todo.pop_back();
      if (graph_.rank(at) < lowest || seen[slot(at)] == stamp_) continue;
      seen[slot(at)] = stamp_;
      const auto theirs = graph_.dependencies_.of(at);
      if (std::find(theirs.begin(), theirs.end(), dependency) != theirs.end()) return true;
      const auto parents = graph_.parents_.of(at);
      todo.insert(todo.end(), parents.begin(), parents.end());
    }
    return false;
  }

  void collect_ends() {
    for (std::size_t i = 0; i < count(); ++i) {
      const RevisionIndex index = index_of(i);
      if (graph_.is_head(index)) graph_.heads_.push_back(index);
      if (graph_.is_base(index)) graph_.bases_.push_back(index);
      if (graph_.all_children_.of(index).empty()) graph_.real_heads_.push_back(index);
    }
  }

  void add_label(RevisionIndex index, const std::string& label) {
    if (!graph_.has_label(index, label)) graph_.labels_[slot(index)].push_back(label);
  }

  bool is_plain(RevisionIndex index) const {
    return graph_.all_children(index).size() <= 1 && graph_.parents(index).size() <= 1;
  }

  /// A label reaches all descendants. It also reaches back, to the nearest branch or merge point, if its revision's
  /// line runs unbranched up to a head (measured: Alembic walks back from the last descendant it visits, which stops
  /// at once when that line branches or merges anywhere).
  void spread_labels() {
    graph_.labels_.resize(count());
    for (const auto& [label_view, declared_by] : graph_.declared_labels_) {
      const std::string label(label_view);
      RevisionIndices todo = {declared_by};
      while (!todo.empty()) {
        const RevisionIndex at = todo.back();
        todo.pop_back();
        if (graph_.has_label(at, label)) continue;
        graph_.labels_[slot(at)].push_back(label);
        const auto children = graph_.children(at);
        todo.insert(todo.end(), children.begin(), children.end());
      }
      RevisionIndex tip = declared_by;
      while (is_plain(tip) && !graph_.is_head(tip)) tip = graph_.children(tip)[0];
      if (!is_plain(tip)) continue;
      RevisionIndex back = declared_by;
      while (!graph_.is_base(back)) {
        back = graph_.parents(back)[0];
        if (!is_plain(back)) break;
        add_label(back, label);
      }
    }
  }

  RevisionGraph graph_;
  Diagnostics diagnostics_;
  Links all_parents_;
  std::uint32_t stamp_ = 0;
};

BuiltGraph RevisionGraph::build(std::vector<Revision> revisions) { return GraphBuilder(std::move(revisions)).build(); }

}  // namespace bascule::graph
