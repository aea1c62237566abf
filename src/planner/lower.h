// What: operations as their author wrote them, made into the naive steps that run: one change a step, in Alembic's
// order. Must not know: any dialect's spelling (Dialect renders), online strategies (rewrites/). Invariants: every
// step's effect is the one change that its statement makes; its cause names the authored call.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "dialects/dialect.h"
#include "model/authored.h"
#include "plan/plan.h"

namespace bascule::planner {

/// The steps of one revision's operations. What the dialect cannot do becomes a diagnostic
/// ("unsupported-on-sqlite", "unsupported-on-postgresql") at the authored call; all of them are collected, and the
/// steps are then not worth running.
std::vector<plan::Step> lower(const std::vector<model::AuthoredOperation>& operations, const dialects::Dialect& dialect,
                              Diagnostics& diagnostics);

/// The operation as atomic operations that Dialect::render takes, in the order in which Alembic does them. A BatchAlter
/// comes back as its items' operations; one that has to rebuild its table is for the caller to keep whole.
std::vector<model::Operation> decompose(const model::Operation& operation);

}  // namespace bascule::planner
