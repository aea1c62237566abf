#include "dialects/postgres/live_facts.h"
#include "dialects/postgres/locks.h"
#include "dialects/postgres/postgres.h"

namespace bascule::dialects {

plan::Impact PostgresDialect::impact(std::string_view statement, const model::Schema& before,
                                     const Server& server) const {
  return postgres::impact_of(statement, before, server);
}

plan::Impact PostgresDialect::impact(const model::BatchAlter& rebuild, const model::Schema& before,
                                     const Server& server) const {
  return postgres::impact_of(rebuild, before, server);
}

db::DbResult<Server> PostgresDialect::server(db::Connection& connection) const {
  return postgres::server_of(connection);
}

db::DbResult<plan::LiveFacts> PostgresDialect::live_facts(db::Connection& connection) const {
  return postgres::live_facts_of(connection);
}

}  // namespace bascule::dialects
