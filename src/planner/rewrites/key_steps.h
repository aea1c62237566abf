// What: the steps that put a key on one table, which the rewrites of keys share: NOT NULL, the index, the constraint.
// Must not know: whether the table is a partition.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "model/key_index.h"
#include "model/lookup.h"
#include "planner/rewrites/rewrite.h"

namespace bascule::planner::rewrites {

/// What `make` does with the key that is added to a table, as a UniqueConstraint or a PrimaryKey; none: it is no key,
/// or one whose index is there.
template <class Make>
std::optional<Drafts> with_key(const model::Operation& operation, const Sight& sight, Make make) {
  const auto* added = std::get_if<model::AddConstraint>(&operation);
  if (added == nullptr || !sight.hazard) return std::nullopt;
  const model::Table* table = sight.old_table(added->table);
  if (table == nullptr) return std::nullopt;
  return std::visit(
      [&](auto key) -> std::optional<Drafts> {
        using Key = decltype(key);
        if constexpr (std::is_same_v<Key, model::UniqueConstraint> || std::is_same_v<Key, model::PrimaryKey>) {
          if (!key.postgresql_using_index.empty()) return std::nullopt;
          key.name = sight.name_given(*added);
          return make(*table, std::move(key));
        }
        return std::nullopt;
      },
      added->constraint);
}

/// For a primary key: its columns that may be NULL yet are made NOT NULL.
template <class Key>
Drafts not_null_first(const model::Table& table, const Key& key) {
  Drafts drafts;
  if constexpr (std::is_same_v<Key, model::PrimaryKey>) {
    for (const Identifier& name : key.columns) {
      const model::Column* column = model::find_column(table, name);
      if (column == nullptr || !column->nullable) continue;
      model::AlterColumn not_null = alter(table.name, name);
      not_null.nullable = false;
      drafts.push_back({.operation = not_null, .reason = "a primary key has no NULLs"});
    }
  }
  return drafts;
}

/// The unique index concurrently, under the constraint's name; then the constraint over it, which takes a moment.
/// REQUIRES: key.name.
template <class Key>
Drafts over_index(const QualifiedName& table, Key key) {
  Drafts drafts;
  drafts.push_back({.operation = model::CreateIndex{table, model::index_of(key), false},
                    .reason = "the index of the key, built while writes go on",
                    .settled = true});
  drafts.push_back({.operation = model::AddConstraint{table, model::over_its_index(std::move(key)), false},
                    .reason = "the index is there: nothing is read",
                    .settled = true});
  return drafts;
}

}  // namespace bascule::planner::rewrites
