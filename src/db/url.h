// What: where a database is, from any of the spellings that people have: SQLAlchemy's, libpq's, Prisma's.
// Must not know: drivers. Invariants: the password appears in no message; display() leaves it out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bascule::db {

struct UrlError {
  std::string message;  ///< without the URL's password
  std::string help;
};

/// dialect: "postgresql", "sqlite", "mysql" or "mariadb" (for lint only). For SQLite `database` is the file's path, or
/// ":memory:".
struct Url {
  std::string dialect;
  std::string user, password, host, port, database;
  std::map<std::string, std::string> options;  ///< sslmode, host (socket directory), application_name, schema ...
  /// As the user may see it: SQLAlchemy's spelling, the password as ***.
  std::string display() const;
};

/// Reads postgresql://, postgres://, postgresql+psycopg2:// (any driver), mysql://, mariadb:// (any driver),
/// sqlite:///relative, sqlite:////absolute, sqlite://, sqlite+pysqlite:///, file:./dev.db (Prisma), libpq's key=value
/// words, and a plain path ending in .db, .sqlite or .sqlite3. Prisma's ?schema= and SQLAlchemy's ?host=, ?options= are
/// understood; driver-only options are dropped.
Result<Url, UrlError> parse_url(std::string_view text);

}  // namespace bascule::db
