#include "plan/impact.h"

#include <algorithm>

#include "model/lookup.h"

namespace bascule::plan {

namespace {

bool names(const std::vector<Work>& work, const QualifiedName& relation) {
  return std::any_of(work.begin(), work.end(),
                     [&](const Work& one) { return model::same_name(one.relation, relation); });
}

}  // namespace

std::string_view noun(RelationKind kind) {
  switch (kind) {
    case RelationKind::kTable:
      return "table";
    case RelationKind::kIndex:
      return "index";
    case RelationKind::kSequence:
      return "sequence";
    case RelationKind::kView:
      return "view";
    case RelationKind::kMaterializedView:
      return "materialized view";
    case RelationKind::kDatabase:
      return "database";
  }
  return "";
}

const LockUse* find_lock(const Impact& impact, const QualifiedName& relation) {
  const auto found = std::find_if(impact.locks.begin(), impact.locks.end(),
                                  [&](const LockUse& use) { return model::same_name(use.relation, relation); });
  return found == impact.locks.end() ? nullptr : &*found;
}

const LockUse* strongest_lock(const Impact& impact) {
  const LockUse* strongest = nullptr;
  for (const LockUse& use : impact.locks) {
    if (use.kind == RelationKind::kIndex || use.kind == RelationKind::kSequence) continue;
    if (strongest == nullptr || use.strength > strongest->strength) strongest = &use;
  }
  return strongest;
}

bool rewrites(const Impact& impact, const QualifiedName& relation) { return names(impact.rewrites, relation); }
bool scans(const Impact& impact, const QualifiedName& relation) { return names(impact.scans, relation); }

}  // namespace bascule::plan
