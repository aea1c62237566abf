// What: what becomes of a version table's rows when a revision runs, is taken back, or is stamped. Pure.
// Must not know: SQL, databases.
// Invariants: `heads` are the rows' revisions; changes are listed in the order in which they must be made, and no
//   change meets a row twice or a row that is not there. Same changes as Alembic 1.20 (tests/differential/graph);
//   where Python's hashing picks which row of several is updated, the order written in the files decides here.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "graph/problems.h"

namespace bascule::graph {

struct InsertRow {
  RevisionIndex revision;
  bool operator==(const InsertRow&) const = default;
};
struct DeleteRow {
  RevisionIndex revision;
  bool operator==(const DeleteRow&) const = default;
};
struct UpdateRow {
  RevisionIndex from;
  RevisionIndex to;
  bool operator==(const UpdateRow&) const = default;
};
using RowChange = std::variant<InsertRow, DeleteRow, UpdateRow>;

/// The changes, and the rows after them.
struct HeadChange {
  std::vector<RowChange> rows;
  RevisionIndices heads;
};

/// After `revision` has been upgraded. Error version-rows-mismatch if the rows cannot have led here.
Outcome<HeadChange> heads_after_upgrade(const RevisionGraph& graph, const RevisionIndices& heads,
                                        RevisionIndex revision);

/// After `revision` has been downgraded. Error version-rows-mismatch if the rows cannot have led here.
Outcome<HeadChange> heads_after_downgrade(const RevisionGraph& graph, const RevisionIndices& heads,
                                          RevisionIndex revision);

/// `stamp targets...`: rows of the lines that the targets are on move there, other rows stay; a target on a line
/// without a row gets a new one; "base" removes the rows ("label@base": those of that branch).
/// For --purge, delete all rows first and pass no heads. Errors: see target.h.
Outcome<HeadChange> heads_after_stamp(const RevisionGraph& graph, const RevisionIndices& heads,
                                      const std::vector<std::string>& targets);

}  // namespace bascule::graph
