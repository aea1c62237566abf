// What: why an UPDATE that fills a column, which is NOT NULL later, gets no trigger for new rows. The rewrite: list.h.
// Must not know: how such a trigger is spelled.
#pragma once

#include <string>

#include "planner/rewrites/rewrite.h"

namespace bascule::planner::rewrites {

/// Empty: it gets one, or needs none.
std::string not_filled(const model::Operation& operation, const Sight& sight);

}  // namespace bascule::planner::rewrites
