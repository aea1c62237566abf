// What: the meaning of one SQL statement, as far as a dialect can tell it.
// Must not know: how the statement was read.
// Invariants: operations are empty for an empty statement only. Where complete is true, running them does what running
// the statement does; where it is false, only the statement itself, as it stands, does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/identifier.h"
#include "model/operation.h"

namespace bascule::dialects {

struct Touch {
  enum class Kind : std::uint8_t { kRead, kWrite, kAlter, kCreate, kDrop };
  QualifiedName relation;
  Kind kind = Kind::kRead;
  bool operator==(const Touch&) const = default;
};

struct Understood {
  /// What the statement does. Where complete is false it may be a part of it (a CREATE TABLE ... LIKE without the
  /// columns that come from elsewhere), or the RawSql alone.
  std::vector<model::Operation> operations;
  bool parsed = false;    ///< our parser could read it; where it could not, the server may still
  bool complete = false;  ///< the operations say everything that it does to the schema and to rows
  bool changes_nothing =
      false;                  ///< neither schema nor rows: SET, LOCK, ANALYZE, BEGIN ...; the operation is RawSql then
  bool keeps_schema = false;  ///< rows at most: INSERT, COPY, GRANT ... (what a function does that it calls, aside)
  bool if_table_exists = false;  ///< ALTER TABLE IF EXISTS: the operations hold only where there is that table
  std::string problem;           ///< the parser's message
  std::optional<std::size_t> problem_offset;  ///< in bytes from the statement's begin
  std::string statement_kind;                 ///< "alter table", "create index" ...; empty where not parsed
  std::vector<Touch> touches;                 ///< the tables, views and sequences that it names, each kind once
};

}  // namespace bascule::dialects
