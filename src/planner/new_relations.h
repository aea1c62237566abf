// What: relations and columns that nobody uses yet, because the run that makes them has only just made them: locks on
// them keep nobody out.
// Must not know: plans, how a statement is read.
// Invariants: names are kept as model::name_key gives them; what is renamed or moved stays new.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "model/operation.h"
#include "model/schema.h"
#include "plan/impact.h"

namespace bascule::planner {

class NewRelations {
 public:
  bool has(const QualifiedName& name) const;
  /// Whether the lock is on a new relation, or on a part of a new table.
  bool has(const plan::LockUse& lock) const;
  /// Whether the column is new, or its table.
  bool has(const QualifiedName& table, const Identifier& column) const;
  /// What one statement makes. @param before the schema that it finds.
  void note(const plan::Impact& impact, const model::Schema& before);
  void note(const model::Operation& operation, const model::Schema& before);

 private:
  std::set<std::string> keys_;
  std::set<std::pair<std::string, Identifier>> columns_;  ///< by their table's key
};

/// Whether a lock keeps queries of an application out, so that a queue forms behind whoever waits for it.
bool is_strong(const plan::LockUse& lock);

}  // namespace bascule::planner
