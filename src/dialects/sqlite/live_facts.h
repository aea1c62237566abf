// What: a live SQLite server's version, settings and statistics. Internal to this folder.
// Must not know: what they are used for.
#pragma once

#include "db/connection.h"
#include "dialects/server.h"
#include "plan/live_facts.h"

namespace bascule::dialects::sqlite {

db::DbResult<Server> server_of(db::Connection& connection);
db::DbResult<plan::LiveFacts> live_facts_of(db::Connection& connection);

}  // namespace bascule::dialects::sqlite
