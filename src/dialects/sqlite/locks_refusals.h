// What: why SQLite will not do an operation on a schema. Internal to this folder.
// Must not know: locks. Source: measured on 3.40 (tests/unit/sqlite_locks_test.cpp).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialects/server.h"
#include "model/operation.h"
#include "model/schema.h"

namespace bascule::dialects::sqlite {

/// nullopt: it will, as far as the schema tells. Some refusals hold only where the table has rows: that it has is then
/// among the assumptions.
std::optional<std::string> refusal(const model::Operation& operation, const model::Schema& schema, const Server& server,
                                   std::vector<std::string>& assumptions);

bool is_temporary(const model::Table& table);
/// A table or a view of this name.
bool relation_exists(const model::Schema& schema, const QualifiedName& name);
bool index_exists(const model::Schema& schema, const QualifiedName& name);

}  // namespace bascule::dialects::sqlite
