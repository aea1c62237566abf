// What: what a statement does to others on PostgreSQL: the one model of its locks. Internal to this folder.
// Must not know: rules, connections.
#pragma once

#include <string_view>

#include "dialects/server.h"
#include "model/operation.h"
#include "model/schema.h"
#include "plan/impact.h"

namespace bascule::dialects::postgres {

plan::Impact impact_of(std::string_view statement, const model::Schema& before, const Server& server);
plan::Impact impact_of(const model::BatchAlter& rebuild, const model::Schema& before, const Server& server);

}  // namespace bascule::dialects::postgres
