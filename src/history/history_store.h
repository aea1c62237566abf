// What: where a format keeps which revisions a database has: the format's own table.
// Must not know: which format, which driver.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "graph/heads.h"

namespace bascule::history {

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
};

}  // namespace bascule::history
