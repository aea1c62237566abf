// What: Alembic's own table of applied revisions, so that the two tools can take turns on one database.
// Must not know: dialects (its SQL is the same on all of them), the graph's rules.
#pragma once

#include <string>

#include "history/history_store.h"

namespace bascule::formats::alembic {

class VersionTable final : public history::HistoryStore {
 public:
  /// schema may be empty: the search path's.
  VersionTable(std::string table, std::string schema) : table_(std::move(table)), schema_(std::move(schema)) {}
  db::DbResult<std::optional<std::vector<std::string>>> read(db::Connection& connection) const override;
  std::string create_sql() const override;
  std::vector<std::string> change_sql(const graph::RevisionGraph& graph,
                                      const std::vector<graph::RowChange>& changes) const override;
  std::string purge_sql() const override;
  std::string table_name() const override;
  std::optional<history::IdColumn> id_column() const override;

 private:
  std::string qualified() const;

  std::string table_;
  std::string schema_;
};

}  // namespace bascule::formats::alembic
