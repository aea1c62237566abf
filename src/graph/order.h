// What: the order in which a set of revisions is listed and run. Equal to Alembic's, ties included.
// Must not know: why the revisions were chosen (path.h).
#pragma once

#include <optional>

#include "graph/traverse.h"

namespace bascule::graph {

/// `chosen`, newest first: nothing comes after what it needs. Starts at those of `heads` that are chosen and stays on
/// a line until a revision on it is needed by another line not listed yet. nullopt if some of `chosen` cannot be
/// reached from `heads` through chosen revisions alone. About O(revisions + links).
std::optional<RevisionIndices> newest_first(const RevisionGraph& graph, const RevisionSet& chosen,
                                            const RevisionIndices& heads);

}  // namespace bascule::graph
