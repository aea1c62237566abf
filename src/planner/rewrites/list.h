// What: the one list of rewrites: one line each, in the order in which they are asked. The first that wants an
// operation has it. A test compares it with the folder.
#pragma once

#include "planner/rewrites/rewrite.h"

// BASCULE_REWRITE(name): src/planner/rewrites/name.cpp holds kName... as `extern const Rewrite name;`
#define BASCULE_REWRITES(REWRITE) REWRITE(index_concurrently)

namespace bascule::planner::rewrites {

#define BASCULE_REWRITE(name) extern const Rewrite name;
BASCULE_REWRITES(BASCULE_REWRITE)
#undef BASCULE_REWRITE

}  // namespace bascule::planner::rewrites
