// What: the proof of an online plan: what it leaves is what the naive plan leaves.
// Must not know: rewrites, how the plan was made.
#pragma once

#include "base/diagnostic.h"
#include "dialects/dialect.h"
#include "model/schema.h"
#include "plan/plan.h"

namespace bascule::planner {

struct Claim {
  const plan::RevisionPlan& online;
  const model::Schema& after_online;
  const model::Schema& after_naive;
  const dialects::Dialect& dialect;
};

/// "online-plan-unproved", with what differs.
Diagnostics verify(const Claim& claim);

}  // namespace bascule::planner
