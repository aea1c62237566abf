// CREATE INDEX and DROP INDEX of a table that is in use.
// Needs: no partitioned table (index_partitioned has those), no index of an exclusion.
// Does: the same CONCURRENTLY, outside of a transaction; a build that failed leaves an invalid index, which the step's
// guard drops before it is tried again.
// The same end: CONCURRENTLY builds the same index from the same definition, valid when it has returned.
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

std::optional<Drafts> create(const model::CreateIndex& made, const Sight& sight) {
  if (made.index.postgresql.concurrently || !sight.hazard) return std::nullopt;
  const model::Table* table = model::find_table(sight.before, made.table);
  if (table != nullptr && !table->postgresql.partition_by.empty()) return std::nullopt;
  model::CreateIndex other = made;
  other.index.postgresql.concurrently = true;
  other.index.name = sight.name_given(made);
  if (other.index.name.empty()) return std::nullopt;
  return Drafts{{.operation = other, .reason = "built while writes go on", .settled = true}};
}

std::optional<Drafts> drop(const model::DropIndex& dropped, const Sight& sight) {
  if (dropped.concurrently || dropped.cascade || strongest_on_old(sight.impact, sight.fresh) == nullptr)
    return std::nullopt;
  model::DropIndex other = dropped;
  other.concurrently = true;
  for (const model::Table& table : sight.before.tables) {
    const bool its = model::find_index(table, dropped.name.name) != nullptr &&
                     model::same_name({table.name.schema, dropped.name.name}, dropped.name);
    if (its && !table.postgresql.partition_by.empty()) return std::nullopt;
  }
  return Drafts{{.operation = other, .reason = "dropped without keeping anybody out", .settled = true}};
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  if (const auto* made = std::get_if<model::CreateIndex>(&operation)) return create(*made, sight);
  if (const auto* dropped = std::get_if<model::DropIndex>(&operation)) return drop(*dropped, sight);
  return std::nullopt;
}

}  // namespace

const Rewrite index_concurrently = {
    .id = "index_concurrently",
    .naive = "`CREATE INDEX`, `DROP INDEX`: plain, unique, partial, on expressions, with `INCLUDE`",
    .online = "the same `CONCURRENTLY`, outside of a transaction",
    .needs = "a table that is not partitioned; no `CASCADE`",
    .same = "it is the same definition; the step is done when the index is there and valid",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
