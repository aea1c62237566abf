#include "formats/heads_table.h"

#include <algorithm>

#include "base/overload.h"
#include "base/text.h"
#include "graph/graph.h"

namespace bascule::formats {
namespace {

bool is_plain(const std::string& name) {
  // A keyword with an underscore that may not name a table: current_user and its like.
  if (name.starts_with("current_") || name.starts_with("session_") || name.find('_') == std::string::npos) return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
         (name[0] < '0' || name[0] > '9');
}

std::string quoted_name(const std::string& name) {
  return is_plain(name) ? name : "\"" + replace_all(name, "\"", "\"\"") + "\"";
}

std::string quoted_value(const std::string& text) { return "'" + replace_all(text, "'", "''") + "'"; }

bool says_no_table(const db::DbError& error) {
  return error.sqlstate == "42P01" || error.sqlstate == "3F000" || error.message.starts_with("no such table");
}

/// In a transaction a failed statement would spoil the rest on PostgreSQL; a savepoint keeps it to itself.
class Savepoint {
 public:
  explicit Savepoint(db::Connection& connection) : connection_(connection), used_(connection.in_transaction()) {}
  db::DbResult<void> begin() {
    return used_ ? db::execute_one(connection_, "SAVEPOINT bascule_history") : db::DbResult<void>();
  }
  db::DbResult<void> end(bool failed) {
    if (!used_) return {};
    if (failed) {
      auto back = db::execute_one(connection_, "ROLLBACK TO SAVEPOINT bascule_history");
      if (!back) return back;
    }
    return db::execute_one(connection_, "RELEASE SAVEPOINT bascule_history");
  }

 private:
  db::Connection& connection_;
  bool used_;
};

struct ChangeSql {
  const graph::RevisionGraph& graph;
  const std::string& table;
  const HeadsTableShape& shape;
  std::string operator()(const graph::InsertRow& row) const {
    return "INSERT INTO " + table + " (" + shape.id_column + ") VALUES (" + quoted_value(graph.id(row.revision)) + ")";
  }
  std::string operator()(const graph::DeleteRow& row) const {
    return "DELETE FROM " + table + " WHERE " + shape.id_column + " = " + quoted_value(graph.id(row.revision));
  }
  std::string operator()(const graph::UpdateRow& row) const {
    return "UPDATE " + table + " SET " + shape.id_column + " = " + quoted_value(graph.id(row.to)) +
           (shape.time_column.empty() ? "" : ", " + shape.time_column + " = CURRENT_TIMESTAMP") + " WHERE " +
           shape.id_column + " = " + quoted_value(graph.id(row.from));
  }
};
static_assert(kCovers<ChangeSql, graph::RowChange>);

}  // namespace

std::string HeadsTable::qualified() const {
  return shape_.schema.empty() ? quoted_name(shape_.table)
                               : quoted_name(shape_.schema) + "." + quoted_name(shape_.table);
}

db::DbResult<std::optional<std::vector<std::string>>> HeadsTable::read(db::Connection& connection) const {
  using Rows = std::optional<std::vector<std::string>>;
  Savepoint savepoint(connection);
  BASCULE_TRY(savepoint.begin());
  auto result = connection.query("SELECT " + shape_.id_column + " FROM " + qualified());
  const bool failed = !result;
  const bool missing = failed && says_no_table(result.error());
  if (failed && !missing && !result.error().connection_usable) return failure(std::move(result.error()));
  BASCULE_TRY(savepoint.end(failed));
  if (missing) return Rows();
  if (failed) return failure(std::move(result.error()));
  std::vector<std::string> rows;
  for (auto& row : result->rows)
    if (!row.empty() && row[0]) rows.push_back(std::move(*row[0]));
  std::sort(rows.begin(), rows.end());
  return Rows(std::move(rows));
}

std::string HeadsTable::create_sql() const {
  const std::string time = shape_.time_column.empty() ? ""
                                                      : "    " + shape_.time_column +
                                                            " TIMESTAMP WITH TIME ZONE NOT NULL "
                                                            "DEFAULT CURRENT_TIMESTAMP,\n";
  return "CREATE TABLE " + qualified() + " (\n    " + shape_.id_column + " VARCHAR(" +
         std::to_string(shape_.id_length) + ") NOT NULL,\n" + time + "    CONSTRAINT " +
         quoted_name(shape_.table + "_pkc") + " PRIMARY KEY (" + shape_.id_column + ")\n)";
}

std::vector<std::string> HeadsTable::change_sql(const graph::RevisionGraph& graph,
                                                const std::vector<graph::RowChange>& changes) const {
  const std::string table = qualified();
  std::vector<std::string> out;
  for (const graph::RowChange& change : changes) out.push_back(std::visit(ChangeSql{graph, table, shape_}, change));
  return out;
}

std::string HeadsTable::purge_sql() const { return "DELETE FROM " + qualified(); }

std::optional<history::IdColumn> HeadsTable::id_column() const {
  return history::IdColumn{
      {Identifier(shape_.schema), Identifier(shape_.table)}, Identifier(shape_.id_column), shape_.id_length};
}

std::string HeadsTable::table_name() const {
  return shape_.schema.empty() ? shape_.table : shape_.schema + "." + shape_.table;
}

}  // namespace bascule::formats
