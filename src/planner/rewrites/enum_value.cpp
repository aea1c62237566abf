// ALTER TYPE ... ADD VALUE.
// Needs: nothing.
// Does: up to PostgreSQL 11 it runs outside of a transaction, which the server asks for; later in one of its own, so
// that the next step may use the value.
// The same end: it is the same statement.
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  if (!std::holds_alternative<model::AddEnumValue>(operation) || sight.server.major >= 12) return std::nullopt;
  return Drafts{{.operation = operation,
                 .sql = sight.sql,
                 .reason = "this server adds values outside of transactions only",
                 .settled = true,
                 .outside = true}};
}

}  // namespace

const Rewrite enum_value = {
    .id = "enum_value",
    .naive = "`ALTER TYPE ... ADD VALUE`",
    .online = "the same, outside of a transaction",
    .needs = "PostgreSQL 11; later ones take it in a transaction of its own",
    .same = "it is the same statement",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
