// What: reading a live database's schema from its catalogs. Internal to this folder.
// Must not know: what is done with it.
// Invariants: nothing is changed but the session's search_path, which is put back; one query a kind of thing, whatever
// the number of tables.
#pragma once

#include <string>
#include <unordered_map>

#include "db/connection.h"
#include "dialects/dialect.h"

namespace bascule::dialects::postgres {

/// A row's cells by position, as the queries name them.
class CatalogRow {
 public:
  explicit CatalogRow(const std::vector<db::Cell>& cells) : cells_(cells) {}
  std::string text(std::size_t at) const { return cells_[at].value_or(""); }
  bool is_null(std::size_t at) const { return !cells_[at]; }
  bool flag(std::size_t at) const { return cells_[at] == "t"; }
  std::int64_t number(std::size_t at) const;
  Identifier name(std::size_t at) const { return Identifier(text(at)); }
  /// Two cells: schema and name. The schema of the search path stays unsaid.
  QualifiedName qualified(std::size_t at) const;

 private:
  const std::vector<db::Cell>& cells_;
};

/// The condition that a schema (n) is among those wanted; $1 is their list. The journal's own schema (docs/journal.md)
/// is no part of anybody's.
inline constexpr const char* kWantedSchema =
    "(CASE WHEN $1::text = '' THEN n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'bascule') "
    "ELSE n.nspname = ANY (string_to_array($1::text, chr(1))) END)";

/// Enums, domains, sequences. column_of: "oid.number" of a table's column to its names.
struct ColumnPlace {
  QualifiedName table;
  Identifier column;
};
using ColumnPlaces = std::unordered_map<std::string, ColumnPlace>;
db::DbResult<void> read_types(db::Connection& connection, const std::vector<db::Cell>& wanted, model::Schema& schema);
/// Also the options of identity columns.
db::DbResult<void> read_sequences(db::Connection& connection, const std::vector<db::Cell>& wanted,
                                  const ColumnPlaces& places, model::Schema& schema);
/// Views, functions, triggers ... with the text that makes them.
db::DbResult<void> read_objects(db::Connection& connection, const std::vector<db::Cell>& wanted, model::Schema& schema);

}  // namespace bascule::dialects::postgres
