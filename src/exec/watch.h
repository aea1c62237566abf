// What: who is in the way of a strong lock.
// Must not know: the server's catalog (OnlineWords asks).
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "plan/event.h"
#include "plan/online.h"

namespace bascule::exec {

/// Those who hold or wait for locks on these tables (quoted, as in SQL), the longest transaction first. session: ours.
db::DbResult<std::vector<plan::Blocker>> read_blockers(db::Connection& connection, const plan::OnlineWords& words,
                                                       const std::vector<std::string>& tables,
                                                       const std::string& session);

}  // namespace bascule::exec
