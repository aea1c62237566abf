// What: which revisions run, and in which order, to come from where a database stands to a target.
// Must not know: databases, files, what a revision does; the version rows (heads.h).
// Invariants: same revisions, same order and same refusals as Alembic 1.20 (measured by tests/differential/graph);
//   where Alembic's order depends on Python's string hashing, the order written in the files decides here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "graph/target.h"

namespace bascule::graph {

/// What to run, first to last, for `upgrade target` with the version table at `current`. Empty: nothing to do.
/// Dependencies are brought in from other branches. Errors: see target.h.
Outcome<RevisionIndices> upgrade_path(const RevisionGraph& graph, const RevisionIndices& current,
                                      std::string_view target);

/// What to take back, first to last, for `downgrade target`. What depends on a revision goes with it.
Outcome<RevisionIndices> downgrade_path(const RevisionGraph& graph, const RevisionIndices& current,
                                        std::string_view target);

/// The warning ambiguous-start if `target` ("-1") counts from one of several rows, as Alembic warns too.
std::optional<Diagnostic> downgrade_caution(const RevisionGraph& graph, const RevisionIndices& current,
                                            std::string_view target);

/// A side of a history range: a name ("" for the default), or what stands for "current".
using HistoryEnd = std::variant<std::string, RevisionIndices>;

/// Revisions from `from` (default base) to `to` (default heads), both included, newest first.
Outcome<RevisionIndices> history_path(const RevisionGraph& graph, const HistoryEnd& from, const HistoryEnd& to);

/// All revisions, newest first.
RevisionIndices whole_history(const RevisionGraph& graph);

}  // namespace bascule::graph
