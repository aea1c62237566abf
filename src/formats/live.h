// What: the database as a migration sees it while it runs: what `bind` in upgrade() stands for. Given by whoever runs.
// Must not know: drivers, dialects' spelling, the interpreter.
// Invariants: everything happens at once, in the revision's transaction; results are read fully before they are given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/identifier.h"
#include "base/result.h"
#include "db/connection.h"
#include "model/authored.h"
#include "model/expression.h"
#include "model/schema.h"

namespace bascule::formats {

/// Why something was not done: the database said no, or it could not even be asked (refusal).
struct LiveFailure {
  db::DbError error;
  std::optional<Diagnostic> refusal;
};

template <class T>
using LiveResult = Result<T, LiveFailure>;

class LiveDatabase {
 public:
  virtual ~LiveDatabase() = default;
  /// SQL as it stands, of one statement or several; the rows of the last one.
  virtual LiveResult<db::ResultSet> run(const std::string& sql) = 0;
  virtual LiveResult<db::ResultSet> select(const model::SelectExpr& query) = 0;
  /// What an operation does, now. The rows are those of its last statement (RETURNING); affected counts all of them.
  virtual LiveResult<db::ResultSet> apply(const model::AuthoredOperation& operation) = 0;
  /// Commits; what follows runs outside a transaction until leave_autocommit().
  virtual LiveResult<void> enter_autocommit() = 0;
  virtual LiveResult<void> leave_autocommit() = 0;
  /// A schema as it is now; an empty name: the default one. Tables, views, types.
  virtual LiveResult<model::Schema> schema(const Identifier& name) = 0;
  virtual LiveResult<std::vector<std::string>> schema_names() = 0;
  /// "public", "main".
  virtual LiveResult<std::string> default_schema() = 0;
  /// The server's version as text: "15.4".
  virtual std::string server_version() const = 0;
};

}  // namespace bascule::formats
