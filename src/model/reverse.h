// What: the operations that undo others, and what undoing them costs.
// Must not know: SQL spelling, how rows are counted.
// Invariants: the structure that operations change comes back as far as the schema before them knows it; what does not
// come back is in losses or gaps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/operation.h"
#include "model/schema.h"

namespace bascule::model {

/// Rows or values that the way back destroys, named as they are before it runs. column empty: the table's rows.
struct DataLoss {
  QualifiedName table;
  Identifier column;
  bool operator==(const DataLoss&) const = default;
};
/// What cannot be undone, or not wholly. structure_returns: only data is missing afterwards.
struct Irreversible {
  std::size_t operation = 0;  ///< index into what was given
  std::string reason;
  bool structure_returns = false;
};
struct Reversal {
  std::vector<Operation> operations;  ///< in the order to run: the last one undone first
  std::vector<DataLoss> losses;
  std::vector<Irreversible> gaps;
};

/// What a database adds by itself after an operation (Dialect::complete); empty: nothing.
using Completion = std::function<void(Schema&, const Operation&)>;

/// before: the schema that the operations found.
Reversal reverse(const std::vector<Operation>& operations, const Schema& before, const Completion& complete = {});

}  // namespace bascule::model
