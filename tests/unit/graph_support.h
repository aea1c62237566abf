// Small revision graphs for tests, written as text:
//   "a -> b -> c"   b follows a, c follows b          "c + d -> m"   m merges c and d
//   "b : payments"  b declares the label payments     "x needs b"    x depends on b
// A revision's place in the files is the order in which the text first names it.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "graph/heads.h"
#include "graph/path.h"
#include "graph/target.h"

namespace bascule::graph::testing {

inline std::vector<Revision> revisions_of(const std::string& text) {
  std::vector<Revision> revisions;
  const auto at = [&revisions](const std::string& id) -> Revision& {
    for (Revision& revision : revisions) {
      if (revision.id == id) return revision;
    }
    Revision& revision = revisions.emplace_back();
    revision.id = id;
    revision.path = "versions/" + id + ".py";
    return revision;
  };
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> below;
    std::vector<std::string> named;
    std::string link;
    for (std::string word; words >> word;) {
      if (word == "->") {
        below = named;
        named.clear();
      } else if (word == ":" || word == "needs") {
        link = word;
      } else if (word != "+") {
        if (link == ":") {
          at(named.front()).branch_labels.push_back(word);
        } else if (link == "needs") {
          at(named.front()).depends_on.push_back(word);
        } else {
          named.push_back(word);
          Revision& revision = at(word);
          for (const std::string& parent : below) revision.down_revisions.push_back(parent);
        }
      }
    }
  }
  return revisions;
}

inline RevisionGraph graph_of(const std::string& text) {
  BuiltGraph built = RevisionGraph::build(revisions_of(text));
  for (const Diagnostic& diagnostic : built.diagnostics.list()) ADD_FAILURE() << diagnostic.message;
  return std::move(built.graph);
}

inline std::string spelled(const RevisionGraph& graph, const RevisionIndices& indices) {
  std::string text;
  for (const RevisionIndex index : indices) text += (text.empty() ? "" : " ") + graph.id(index);
  return text;
}

inline RevisionIndices indices(const RevisionGraph& graph, const std::string& ids) {
  RevisionIndices result;
  std::istringstream words(ids);
  for (std::string id; words >> id;) result.push_back(graph.find(id).value());
  return result;
}

/// "a b c", or "error: <code>".
inline std::string spelled(const RevisionGraph& graph, const Outcome<RevisionIndices>& outcome) {
  return outcome ? spelled(graph, *outcome) : "error: " + outcome.error().code;
}

inline std::string upgrade(const RevisionGraph& graph, const std::string& current, const std::string& target) {
  return spelled(graph, upgrade_path(graph, indices(graph, current), target));
}

inline std::string downgrade(const RevisionGraph& graph, const std::string& current, const std::string& target) {
  return spelled(graph, downgrade_path(graph, indices(graph, current), target));
}

inline std::string resolve(const RevisionGraph& graph, const std::string& name) {
  return spelled(graph, resolve_revisions(graph, name));
}

/// "+a -b c>d | a d": the changes, then the rows.
inline std::string spelled(const RevisionGraph& graph, const Outcome<HeadChange>& change) {
  if (!change) return "error: " + change.error().code;
  struct Spell {
    const RevisionGraph& graph;
    std::string operator()(const InsertRow& row) const { return "+" + graph.id(row.revision); }
    std::string operator()(const DeleteRow& row) const { return "-" + graph.id(row.revision); }
    std::string operator()(const UpdateRow& row) const { return graph.id(row.from) + ">" + graph.id(row.to); }
  };
  std::string text;
  for (const RowChange& row : change->rows) text += std::visit(Spell{graph}, row) + " ";
  return text + "| " + spelled(graph, change->heads);
}

inline std::string rows_up(const RevisionGraph& graph, const std::string& heads, const std::string& revision) {
  return spelled(graph, heads_after_upgrade(graph, indices(graph, heads), graph.find(revision).value()));
}

inline std::string rows_down(const RevisionGraph& graph, const std::string& heads, const std::string& revision) {
  return spelled(graph, heads_after_downgrade(graph, indices(graph, heads), graph.find(revision).value()));
}

inline std::string stamp(const RevisionGraph& graph, const std::string& heads, std::vector<std::string> targets) {
  return spelled(graph, heads_after_stamp(graph, indices(graph, heads), targets));
}

}  // namespace bascule::graph::testing
