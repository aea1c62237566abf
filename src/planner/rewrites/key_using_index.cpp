// ADD UNIQUE and ADD PRIMARY KEY on a table that is in use.
// Needs: a table that is not partitioned, a key of columns.
// Does: NOT NULL first, where a primary key needs it (set_not_null makes that gentle); then the unique index
// concurrently, under the constraint's name; then ADD CONSTRAINT ... USING INDEX, which takes a moment.
// The same end: the constraint takes the index over as its own, with the name, the columns and INCLUDE that it would
// have made itself.
#include "planner/rewrites/key_steps.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

template <class Key>
std::optional<Drafts> rewritten(const model::AddConstraint& added, Key key, const Sight& sight) {
  const model::Table* table = sight.old_table(added.table);
  if (!key.postgresql_using_index.empty() || table == nullptr || !table->postgresql.partition_by.empty())
    return std::nullopt;
  Drafts drafts = not_null_first(*table, key);
  key.name = sight.name_given(added);
  for (Draft& one : over_index(added.table, std::move(key))) drafts.push_back(std::move(one));
  return drafts;
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* added = std::get_if<model::AddConstraint>(&operation);
  if (added == nullptr || !sight.hazard) return std::nullopt;
  if (const auto* unique = std::get_if<model::UniqueConstraint>(&added->constraint))
    return rewritten(*added, *unique, sight);
  if (const auto* primary = std::get_if<model::PrimaryKey>(&added->constraint))
    return rewritten(*added, *primary, sight);
  return std::nullopt;
}

}  // namespace

const Rewrite key_using_index = {
    .id = "key_using_index",
    .naive = "`ADD UNIQUE`, `ADD PRIMARY KEY`",
    .online =
        "`SET NOT NULL` the gentle way where the key needs it; `CREATE UNIQUE INDEX CONCURRENTLY`; `ADD CONSTRAINT "
        "... USING INDEX`",
    .needs = "a table that is not partitioned",
    .same = "the constraint takes the index over as its own, under the name that it would have had",
    .rewrite = rewrite,
};

}  // namespace bascule::planner::rewrites
