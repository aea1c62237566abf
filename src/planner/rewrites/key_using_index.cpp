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

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  return with_key(operation, sight, [](const model::Table& table, auto key) -> std::optional<Drafts> {
    if (!table.postgresql.partition_by.empty()) return std::nullopt;
    Drafts drafts = not_null_first(table, key);
    for (Draft& one : over_index(table.name, std::move(key))) drafts.push_back(std::move(one));
    return drafts;
  });
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
