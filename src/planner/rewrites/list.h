// What: the one list of rewrites: one line each, in the order in which they are asked. The first that wants an
// operation has it. A test compares it with the folder.
#pragma once

#include "planner/rewrites/rewrite.h"

#define BASCULE_REWRITES(REWRITE) \
  REWRITE(index_concurrently)     \
  REWRITE(index_of_partitions)    \
  REWRITE(key_using_index)        \
  REWRITE(key_over_partitions)    \
  REWRITE(constraint_not_valid)   \
  REWRITE(key_of_partitions)      \
  REWRITE(set_not_null)           \
  REWRITE(type_kept_free)         \
  REWRITE(add_column)             \
  REWRITE(fill_then_not_null)     \
  REWRITE(rows_in_batches)        \
  REWRITE(detach_concurrently)    \
  REWRITE(reindex_concurrently)   \
  REWRITE(enum_value)

namespace bascule::planner::rewrites {

#define BASCULE_REWRITE(name) extern const Rewrite name;
BASCULE_REWRITES(BASCULE_REWRITE)
#undef BASCULE_REWRITE

}  // namespace bascule::planner::rewrites
