#include "dialects/postgres/postgres.h"

namespace bascule::dialects {

db::DbResult<model::Schema> PostgresDialect::introspect(db::Connection&, const IntrospectOptions&) const { return model::Schema(); }
void PostgresDialect::complete(model::Schema&, const model::Operation&) const {}
model::Schema PostgresDialect::canonical(model::Schema schema) const { return schema; }

}  // namespace bascule::dialects
