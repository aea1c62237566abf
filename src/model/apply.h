// What: an operation's effect on a Schema: what the database looks like afterwards.
// Must not know: SQL spelling, what a database adds by itself (names, sequences: Dialect::complete), whether the
// database would refuse it: what can be done is done. Invariants: on a problem the schema is as it was. Rows are no
// part of a schema: what changes only rows changes nothing. Names: see lookup.h.
#pragma once

#include <string>

#include "base/result.h"
#include "model/operation.h"
#include "model/schema.h"

namespace bascule::model {

/// Why an operation has no effect on a schema.
struct ApplyProblem {
  enum class Kind {
    kMissing,    ///< what it speaks of is not there
    kExists,     ///< what it makes is there already
    kNotApplied  ///< raw SQL: understand it first
  };
  Kind kind = Kind::kMissing;
  std::string what;   ///< "table", "column" ...
  std::string where;  ///< its name: "users.email"
};
/// "there is no column users.email".
std::string problem_text(const ApplyProblem& problem);

Result<void, ApplyProblem> apply(Schema& schema, const Operation& operation);

}  // namespace bascule::model
