// What: op.create_entity() and its like, and op.sync_enum_values(): what alembic_utils and alembic-postgresql-enum add
// to Alembic, as the SQL that they run.
// Must not know: what that SQL means (dialects/postgres/understand knows).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/alembic/op.h"

namespace bascule::formats::alembic {

/// Operators of `op` only.
std::vector<NamedOperator> entity_operators();
std::vector<NamedOperator> enum_sync_operators();

/// alembic_utils, alembic_utils.pg_function ...; nullopt: another module.
std::optional<Value> entity_module(std::string_view dotted_name);
/// alembic_postgresql_enum and its parts.
std::optional<Value> enum_sync_module(std::string_view dotted_name);

}  // namespace bascule::formats::alembic
