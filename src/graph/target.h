// What: target names as people type them, for commands that look revisions up: show, merge, revision --head,
// history's and --sql's ranges, and the rows of a version table.
// Must not know: which command asks, how rows are read.
// Invariants: every error is a Diagnostic that says what to type instead.
//   Codes: unknown-revision, ambiguous-revision, unknown-branch, not-in-branch, multiple-heads, ambiguous-walk,
//   relative-too-far, ambiguous-start, overlapping-revisions, not-an-ancestor, invalid-target, invalid-range,
//   unknown-database-revision, version-rows-mismatch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/problems.h"

namespace bascule::graph {

/// All revisions that a name stands for: an id, an abbreviated id, a label, head, heads, base (none), each perhaps
/// after "label@"; "-2" and "label@-2" count down from the heads.
Outcome<RevisionIndices> resolve_revisions(const RevisionGraph& graph, std::string_view name);

/// The one revision that a name stands for; nullopt for base.
Outcome<std::optional<RevisionIndex>> resolve_revision(const RevisionGraph& graph, std::string_view name);

/// The revisions of a version table's rows. Error unknown-database-revision names every row that no file knows.
/// place: where the files are ("migrations/versions"), for the message.
Outcome<RevisionIndices> resolve_database_rows(const RevisionGraph& graph, const std::vector<std::string>& rows,
                                               std::string_view place);

/// The tips of all that is applied when the version table has these rows: its rows, and the tips of other branches
/// that they depend on. What `current` lists. In the graph's order.
RevisionIndices applied_tips(const RevisionGraph& graph, const RevisionIndices& database_heads);

/// "a:b". A missing side is empty.
struct TargetRange {
  std::string from;
  std::string to;
};

/// nullopt if there is no colon. Error invalid-range if there are two.
Outcome<std::optional<TargetRange>> split_range(std::string_view text);

/// Where a --sql run starts: nothing for "" and "base", else the revision named.
Outcome<RevisionIndices> resolve_sql_start(const RevisionGraph& graph, std::string_view from);

}  // namespace bascule::graph
