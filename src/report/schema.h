// What: a canonical schema as JSON (docs/schema.md).
// Must not know: where it was read, SQL's spelling beyond the texts that it holds.
#pragma once

#include "base/json.h"
#include "model/schema.h"

namespace bascule::report {

/// The shape's version: raised when a field changes its meaning or goes; new fields do not raise it.
inline constexpr int kSchemaJsonVersion = 1;

/// REQUIRES: canonical (Dialect::canonical).
Json to_json(const model::Schema& schema);

}  // namespace bascule::report
