#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

db::DbResult<model::Schema> SqliteDialect::introspect(db::Connection&, const IntrospectOptions&) const { return model::Schema(); }
void SqliteDialect::complete(model::Schema&, const model::Operation&) const {}
model::Schema SqliteDialect::canonical(model::Schema schema) const { return schema; }

}  // namespace bascule::dialects
