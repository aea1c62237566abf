// What: a naive plan's steps cut into single statements with their meaning: what the online planner works on.
// Must not know: any dialect's syntax; rewrites.
// Invariants: texts are the author's (or the dialect's) own; operations are atomic where complete is true.
#pragma once

#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "model/operation.h"
#include "plan/plan.h"

namespace bascule::planner {

struct Piece {
  std::string sql;
  std::vector<model::Operation> operations;  ///< RawSql alone where it is not understood
  bool complete = false;                     ///< the operations say all that it does
  bool parsed = true;
  bool changes_nothing = false;
  bool if_table_exists = false;
  bool together = false;  ///< of one text with the piece before it
  std::string statement_kind;
  plan::Cause cause;
  bool in_transaction = true;

  /// Its one operation; null where there are several or none that is understood.
  const model::Operation* single() const;
};

/// What is left of a step when it is cut. A Rebuild has no statement: REQUIRES: none among the steps.
std::vector<Piece> pieces_of(const std::vector<plan::Step>& steps, const dialects::Dialect& dialect);

/// What a piece does to a schema, as far as it is known. False: not all of it is.
bool advance(model::Schema& schema, const std::vector<model::Operation>& operations, const dialects::Dialect& dialect);

}  // namespace bascule::planner
