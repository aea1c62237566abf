// What: a key in two: its unique index, and the key over it.
// Must not know: in which order they are made, and how.
#pragma once

#include <type_traits>
#include <utility>

#include "model/schema.h"

namespace bascule::model {

/// Of a UniqueConstraint or a PrimaryKey, concurrently, by the key's name.
template <class Key>
Index index_of(const Key& key) {
  Index index;
  index.name = key.name;
  index.unique = true;
  for (const Identifier& column : key.columns) index.elements.push_back({ColumnExpr{{}, column, 0}, {}});
  index.postgresql.include = key.postgresql_include;
  index.postgresql.concurrently = true;
  if constexpr (std::is_same_v<Key, UniqueConstraint>)
    if (key.nulls_not_distinct) index.postgresql.nulls_not_distinct = true;
  return index;
}

/// The key over the index of its name.
template <class Key>
Key over_its_index(Key key) {
  key.postgresql_using_index = key.name;
  key.columns.clear();
  key.postgresql_include.clear();
  return key;
}

}  // namespace bascule::model
