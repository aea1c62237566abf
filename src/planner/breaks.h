// What: what the old release of an application cannot live with, however gently it is done: names that go, types that
// change.
// Must not know: locks' durations, rewrites.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/operation.h"
#include "model/schema.h"
#include "plan/impact.h"
#include "planner/hazard.h"

namespace bascule::planner {

struct Break {
  std::string_view id;  ///< what --allow calls it: "drop-column"
  std::string message;  ///< "column orders.note is dropped"
  std::string cause;    ///< "the release that runs now may still read and write it"
};

/// @param impact of the statement that does it. nullopt: the old release goes on.
std::optional<Break> break_of(const model::Operation& operation, const plan::Impact& impact,
                              const model::Schema& before, const NewRelations& fresh);

/// Every name that --allow knows: breaks and what may keep others waiting.
const std::vector<std::string_view>& allow_names();
/// What --allow calls a statement that keeps others out for long.
std::string_view hazard_name(const model::Operation* operation, Hazard::Kind kind);

}  // namespace bascule::planner
