// What: where a format keeps which revisions a database has: the format's own table.
// Must not know: which format, which driver.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/identifier.h"
#include "db/connection.h"
#include "graph/heads.h"

namespace bascule::history {

/// The column that holds ids, and how many characters it takes when create_sql() makes it.
struct IdColumn {
  QualifiedName table;
  Identifier column;
  std::size_t length = 0;
};

class HistoryStore {
 public:
  virtual ~HistoryStore() = default;
  /// The rows of the history table, sorted; nullopt: the table does not exist yet.
  virtual db::DbResult<std::optional<std::vector<std::string>>> read(db::Connection& connection) const = 0;
  /// SQL that makes the table where it is missing.
  virtual std::string create_sql() const = 0;
  /// SQL for changes of its rows, in order. Values are quoted.
  virtual std::vector<std::string> change_sql(const graph::RevisionGraph& graph,
                                              const std::vector<graph::RowChange>& changes) const = 0;
  /// SQL that empties the table (stamp --purge).
  virtual std::string purge_sql() const = 0;
  /// The table's name for messages: "alembic_version".
  virtual std::string table_name() const = 0;
  /// nullopt: ids may be as long as they like.
  virtual std::optional<IdColumn> id_column() const { return std::nullopt; }
};

}  // namespace bascule::history
