// What: the predicting half of the lab: schemas from SQL, and what the lock model says of a case's statements.
// Must not know: how effects are measured.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "lab/effect.h"
#include "model/schema.h"

namespace bascule::lab {

/// Applies a script to the schema as the schema chain does: understand, apply, complete. What is not understood leaves
/// the schema as it is.
void replay(model::Schema& schema, std::string_view script, const dialects::Dialect& dialect);

/// What the model says of the statements together, run one after the other in one transaction.
Effect predict(std::string_view statements, model::Schema schema, const dialects::Dialect& dialect,
               const dialects::Server& server);

}  // namespace bascule::lab
