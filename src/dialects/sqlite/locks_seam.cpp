#include "dialects/sqlite/live_facts.h"
#include "dialects/sqlite/locks.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

plan::Impact SqliteDialect::impact(std::string_view statement, const model::Schema& before,
                                   const Server& server) const {
  return sqlite::impact_of(statement, before, server);
}

plan::Impact SqliteDialect::impact(const model::BatchAlter& rebuild, const model::Schema& before,
                                   const Server& server) const {
  return sqlite::impact_of(rebuild, before, server);
}

db::DbResult<Server> SqliteDialect::server(db::Connection& connection) const { return sqlite::server_of(connection); }

db::DbResult<plan::LiveFacts> SqliteDialect::live_facts(db::Connection& connection) const {
  return sqlite::live_facts_of(connection);
}

}  // namespace bascule::dialects
