// What: one migration as a node of the graph: names and where they were written.
// Must not know: how the file was read, what its operations are, any database.
// Invariants: none; plain data. RevisionGraph::build checks it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/source.h"

namespace bascule::graph {

/// down_revisions: empty for a base. depends_on: full ids or branch labels. message: the docstring's first line.
/// create_date: as written in the docstring. path: the file as the user should see it. The locations other than
/// `location` (the id's) may be unset; diagnostics then fall back to `location`.
struct Revision {
  std::string id;
  std::vector<std::string> down_revisions;
  std::vector<std::string> branch_labels;
  std::vector<std::string> depends_on;
  std::string message;
  std::optional<std::string> create_date;
  std::string path;
  Location location;
  Location down_revisions_location;
  Location branch_labels_location;
  Location depends_on_location;
};

/// A revision's number in its graph: the order in which the revisions were handed to RevisionGraph::build.
enum class RevisionIndex : std::uint32_t {};

constexpr std::size_t slot(RevisionIndex index) { return static_cast<std::size_t>(index); }
constexpr RevisionIndex index_of(std::size_t slot_number) { return static_cast<RevisionIndex>(slot_number); }

using RevisionIndices = std::vector<RevisionIndex>;

}  // namespace bascule::graph
