// What: the texts of everything that can be wrong with a target name or a path; one function a diagnostic.
// Must not know: how the trouble was found.
#pragma once

#include <string_view>

#include "base/diagnostic.h"
#include "base/result.h"
#include "graph/graph.h"

namespace bascule::graph {

template <class T>
using Outcome = Result<T, Diagnostic>;

namespace problem {

Diagnostic unknown_revision(const RevisionGraph& graph, std::string_view name);
Diagnostic ambiguous_revision(std::string_view name, const std::vector<std::string>& candidates);
Diagnostic unknown_branch(const RevisionGraph& graph, std::string_view label);
Diagnostic not_in_branch(std::string_view id, std::string_view label);
/// argument: what was typed ("head", "payments@head").
Diagnostic multiple_heads(const RevisionGraph& graph, const RevisionIndices& heads, std::string_view argument);
Diagnostic ambiguous_walk(const RevisionGraph& graph, std::string_view from, const RevisionIndices& ways, bool up);
Diagnostic relative_too_far(std::string_view relative);
Diagnostic ambiguous_start(const RevisionGraph& graph, const RevisionIndices& current, std::string_view relative);
Diagnostic overlapping(const RevisionGraph& graph, RevisionIndex upper, RevisionIndex lower);
Diagnostic not_an_ancestor(std::string_view lower, std::string_view upper);
Diagnostic not_on_the_way_up(std::string_view target);
Diagnostic not_on_the_way_down(const RevisionGraph& graph, std::string_view target, const RevisionIndices& current);
Diagnostic invalid_target(std::string_view target, std::string_view cause);
Diagnostic unknown_database_revisions(const RevisionGraph& graph, const std::vector<std::string>& ids,
                                      std::string_view place);
Diagnostic version_rows_mismatch(std::string_view id, std::string_view cause);

}  // namespace problem

/// "'a', 'b' and 'c'", at most `limit` of them ("'a', 'b' and 7 more").
std::string quoted_list(const std::vector<std::string>& names, std::size_t limit = 10);
std::vector<std::string> ids_of(const RevisionGraph& graph, const RevisionIndices& indices);

}  // namespace bascule::graph
