// What: one revision with what its place in the graph says about it, as the listing commands show it. Data only.
// Must not know: printing.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace bascule::graph {

struct RevisionView {
  Revision revision;
  std::vector<std::string> labels;  ///< in force here
  std::vector<std::string> children;
  bool is_head = false;
  bool is_effective_head = false;  ///< a head that another branch depends on
  bool is_branch_point = false;
  bool is_merge_point = false;
  bool is_current = false;  ///< a row of the database's history (only where the database was asked)
};

RevisionView view_of(const RevisionGraph& graph, RevisionIndex index);
std::vector<RevisionView> views_of(const RevisionGraph& graph, const RevisionIndices& indices);

}  // namespace bascule::graph
