// What: whether a way down restores the schema that its way up has found: both are done on the part of the schema that
// they touch.
// Must not know: rules, rows. Internal to safety/.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "model/schema.h"
#include "safety/scene.h"

namespace bascule::safety {

/// Everything that these statements name (name_key), and the names that they give.
std::set<std::string> named_in(const std::vector<const StatementView*>& statements);

/// The names with those of neighbouring tables: what they refer to, what refers to them, partitions and their parents.
std::set<std::string> with_neighbours(const model::Schema& schema, const std::set<std::string>& names);
/// The tables with these names, and all that is no table.
model::Schema part_of(const model::Schema& schema, const std::set<std::string>& names);

/// What the schema has too much or lacks: "column users.nick is missing". Empty: it is the same.
std::vector<std::string> left_over(const model::Schema& before, const model::Schema& afterwards,
                                   const dialects::Dialect& dialect);

}  // namespace bascule::safety
