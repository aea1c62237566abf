// What: a history table that keeps the heads of a graph, a row each: Alembic's, and Bascule's own of plain SQL
// projects. Must not know: dialects (its SQL is the same on all of them), the graph's rules.
#pragma once

#include <cstddef>
#include <string>

#include "history/history_store.h"

namespace bascule::formats {

/// schema may be empty: the search path's. time_column: when a row was written; empty: nobody keeps that.
struct HeadsTableShape {
  std::string table;
  std::string schema;
  std::string id_column;
  std::size_t id_length = 0;
  std::string time_column;
};

class HeadsTable : public history::HistoryStore {
 public:
  explicit HeadsTable(HeadsTableShape shape) : shape_(std::move(shape)) {}
  db::DbResult<std::optional<std::vector<std::string>>> read(db::Connection& connection) const override;
  std::string create_sql() const override;
  std::vector<std::string> change_sql(const graph::RevisionGraph& graph,
                                      const std::vector<graph::RowChange>& changes) const override;
  std::string purge_sql() const override;
  std::string table_name() const override;
  std::optional<history::IdColumn> id_column() const override;

 private:
  std::string qualified() const;

  HeadsTableShape shape_;
};

}  // namespace bascule::formats
