// What: a step of an online plan while it is still being put together, and the transactions that steps share.
// Must not know: rewrites, how steps came to be.
// Invariants: what takes a strong lock is the last thing of its transaction, unless what follows writes into the
// catalog only and takes no other lock. What is not known shares no transaction, but with a setting made for it.
#pragma once

#include <cstddef>
#include <vector>

#include "plan/impact.h"
#include "plan/plan.h"
#include "planner/new_relations.h"

namespace bascule::planner {

struct OnlineStep {
  plan::Step step;
  plan::Impact impact;
  std::vector<model::Operation> operations;  ///< what its statement does; empty: not known
  std::size_t piece = 0;                     ///< of the revision: what it comes from
  bool alone = false;                        ///< it shares no transaction (a new enum value has to be committed first)
  bool defers = false;                       ///< it writes rows that a foreign key looks at when they are committed
  bool with_next = false;                    ///< it runs in one transaction with what follows (SET LOCAL)
};

/// Says of each step whether it runs in one transaction with the one before it.
void share_transactions(std::vector<OnlineStep>& steps, const NewRelations& fresh);

}  // namespace bascule::planner
