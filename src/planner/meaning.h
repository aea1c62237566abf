// What: authored operations with their SQL understood: what RawSql does, in the model's words where it has them.
// Must not know: any dialect's syntax (Dialect understands); how operations are run.
// Invariants: never used on the way to the database: an author's SQL runs as it stands. Costs a parse a statement.
#pragma once

#include <vector>

#include "dialects/dialect.h"
#include "model/operation.h"

namespace bascule::planner {

/// The operation's meaning: a RawSql as what its statements do, everything else as it is. A statement that is not
/// understood in full stays RawSql, alone; one that the client would run, not the server (psql's "\set"), is left out.
std::vector<model::Operation> meaning(const model::Operation& operation, const dialects::Dialect& dialect);

/// A script's statements and what each one means. script must outlive the result.
struct StatementMeaning {
  syntax::sql::StatementSpan span;
  dialects::Understood understood;
};
std::vector<StatementMeaning> meanings(std::string_view script, const dialects::Dialect& dialect);

}  // namespace bascule::planner
