// What: what a statement does for long while it keeps an application's queries out: the one thing that an online plan
// must not do.
// Must not know: rewrites, how the impact was found out.
// Invariants: a lock on a relation that the same run has made is none; neither is one that lets reads and writes pass.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/operation.h"
#include "plan/impact.h"
#include "planner/new_relations.h"

namespace bascule::planner {

struct Hazard {
  enum class Kind { kScan, kRewrite, kIndexBuild };
  Kind kind = Kind::kScan;
  plan::Work work;     ///< what is read or written whole
  plan::LockUse lock;  ///< the strongest lock that is held meanwhile
};

/// The worst of them: writing a table anew before building an index before reading. nullopt: none.
/// @param operation what the statement does, where it is one thing; may be null.
std::optional<Hazard> hazard_of(const plan::Impact& impact, const NewRelations& fresh,
                                const model::Operation* operation);
/// ADD COLUMN ... NOT NULL that gives rows no value: the first row ends it, and where there is none it takes a moment.
/// What it reads is no hazard then, nor what the same statement reads or writes besides.
bool ends_at_first_row(const plan::Impact& impact, std::span<const model::Operation> operations);
/// hazard_of, but for what ends at the first row.
std::optional<Hazard> lasting_hazard(const plan::Impact& impact, const NewRelations& fresh,
                                     std::span<const model::Operation> operations);
/// The strongest lock that keeps others out of a relation that was there before; null: there is none.
const plan::LockUse* strongest_on_old(const plan::Impact& impact, const NewRelations& fresh);
/// "the whole of orders is read under ACCESS EXCLUSIVE on orders, to check that ..."
std::string hazard_text(const Hazard& hazard);

}  // namespace bascule::planner
