#include "dialects/dialect.h"

#include "dialects/mariadb/mariadb.h"
#include "dialects/postgres/postgres.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

std::string Dialect::quote(const QualifiedName& name) const {
  return name.schema.empty() ? quote(name.name) : quote(name.schema) + "." + quote(name.name);
}

Rendered<std::string> Dialect::query(const model::SelectExpr& query) const {
  auto spelled = expression(Box<model::SelectExpr>(query));
  if (!spelled) return spelled;
  return spelled->substr(1, spelled->size() - 2);
}

const Dialect* find_dialect(std::string_view name) {
  if (name == postgres_dialect().name()) return &postgres_dialect();
  if (name == sqlite_dialect().name()) return &sqlite_dialect();
  if (name == mariadb_dialect().name()) return &mariadb_dialect();
  if (name == mysql_dialect().name()) return &mysql_dialect();
  return nullptr;
}

std::vector<std::string> dialect_names() { return {"postgresql", "sqlite", "mariadb", "mysql"}; }

}  // namespace bascule::dialects
