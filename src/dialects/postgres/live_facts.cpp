#include "dialects/postgres/live_facts.h"

namespace bascule::dialects::postgres {

db::DbResult<Server> server_of(db::Connection&) { return Server{}; }

db::DbResult<plan::LiveFacts> live_facts_of(db::Connection&) { return plan::LiveFacts{}; }

}  // namespace bascule::dialects::postgres
