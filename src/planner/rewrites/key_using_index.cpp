// ADD UNIQUE and ADD PRIMARY KEY on a table that is in use.
// Needs: a table that is not partitioned, a key of columns.
// Does: NOT NULL first, where a primary key needs it (set_not_null makes that gentle); then the unique index
// concurrently, under the constraint's name; then ADD CONSTRAINT ... USING INDEX, which takes a moment.
// The same end: the constraint takes the index over as its own, with the name, the columns and INCLUDE that it would
// have made itself.
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner::rewrites {

namespace {

model::Index index_of(const std::vector<Identifier>& columns, const std::vector<Identifier>& include, Identifier name) {
  model::Index index;
  index.name = std::move(name);
  index.unique = true;
  for (const Identifier& column : columns) index.elements.push_back({model::ColumnExpr{{}, column, 0}, {}});
  index.postgresql.include = include;
  index.postgresql.concurrently = true;
  return index;
}

template <class Key>
std::optional<Drafts> over_index(const model::AddConstraint& added, Key key, const Sight& sight) {
  const model::Table* table = sight.old_table(added.table);
  if (!key.postgresql_using_index.empty() || table == nullptr || !table->postgresql.partition_by.empty())
    return std::nullopt;
  Drafts drafts;
  if constexpr (std::is_same_v<Key, model::PrimaryKey>) {
    for (const Identifier& name : key.columns) {
      const model::Column* column = model::find_column(*table, name);
      if (column == nullptr || !column->nullable) continue;
      model::AlterColumn not_null = alter(added.table, name);
      not_null.nullable = false;
      drafts.push_back({.operation = not_null, .reason = "a primary key has no NULLs"});
    }
  }
  key.name = sight.name_given(added);
  model::Index index = index_of(key.columns, key.postgresql_include, key.name);
  if constexpr (std::is_same_v<Key, model::UniqueConstraint>)
    if (key.nulls_not_distinct) index.postgresql.nulls_not_distinct = true;
  drafts.push_back({.operation = model::CreateIndex{added.table, std::move(index), false},
                    .reason = "the index of the key, built while writes go on",
                    .settled = true});
  key.postgresql_using_index = key.name;
  key.columns.clear();
  key.postgresql_include.clear();
  drafts.push_back({.operation = model::AddConstraint{added.table, key, false},
                    .reason = "the index is there: nothing is read",
                    .settled = true});
  return drafts;
}

std::optional<Drafts> rewrite(const model::Operation& operation, const Sight& sight) {
  const auto* added = std::get_if<model::AddConstraint>(&operation);
  if (added == nullptr || !sight.hazard) return std::nullopt;
  if (const auto* unique = std::get_if<model::UniqueConstraint>(&added->constraint))
    return over_index(*added, *unique, sight);
  if (const auto* primary = std::get_if<model::PrimaryKey>(&added->constraint))
    return over_index(*added, *primary, sight);
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
