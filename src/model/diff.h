// What: the operations that lead from one schema to another.
// Must not know: SQL spelling, where the schemas came from.
// Invariants: names are identity (a rename is a drop and an addition); the operations stand in an order that runs: what
// others need is made first and dropped last. For schemas whose constraints and indexes are all named,
// apply(from, diff(from, to)) equals `to` but for the order of lists and of columns (columns are added at the end).
#pragma once

#include <vector>

#include "model/operation.h"
#include "model/schema.h"

namespace bascule::model {

std::vector<Operation> diff(const Schema& from, const Schema& to);

}  // namespace bascule::model
