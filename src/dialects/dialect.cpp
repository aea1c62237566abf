#include "dialects/dialect.h"

#include "dialects/postgres/postgres.h"
#include "dialects/sqlite/sqlite.h"

namespace bascule::dialects {

std::string Dialect::quote(const QualifiedName& name) const {
  return name.schema.empty() ? quote(name.name) : quote(name.schema) + "." + quote(name.name);
}

const Dialect* find_dialect(std::string_view name) {
  if (name == postgres_dialect().name()) return &postgres_dialect();
  if (name == sqlite_dialect().name()) return &sqlite_dialect();
  return nullptr;
}

std::vector<std::string> dialect_names() { return {"postgresql", "sqlite"}; }

}  // namespace bascule::dialects
