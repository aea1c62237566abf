// What: the proof of an online plan, from nothing but its statements' texts: what it leaves is what the naive plan
// leaves, and no statement works for long under a lock that keeps others out.
// Must not know: rewrites, how the plan was made.
// Invariants: a plan that is not proved is never run: each doubt is an error.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "dialects/dialect.h"
#include "model/schema.h"
#include "plan/plan.h"
#include "planner/new_relations.h"

namespace bascule::planner {

/// What is to be proved of (the rest of) a revision.
struct Claim {
  std::string revision;
  const model::Schema& before;  ///< what both plans find; of the tables that they speak of, with their neighbours
  NewRelations fresh;           ///< at that moment
  std::vector<model::Operation> naive;
  std::vector<const plan::Step*> online;
  const dialects::Dialect& dialect;
  const dialects::Server& server;
};

/// "online-plan-unproved" for each doubt.
Diagnostics verify(const Claim& claim);

/// The part of a schema that these statements can change or depend on.
model::Schema part_for(const model::Schema& schema, std::span<const std::string> statements,
                       const dialects::Dialect& dialect);

}  // namespace bascule::planner
