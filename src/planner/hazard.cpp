#include "planner/hazard.h"

#include <algorithm>

#include <fmt/core.h>

namespace bascule::planner {

const plan::LockUse* strongest_on_old(const plan::Impact& impact, const NewRelations& fresh) {
  const plan::LockUse* strongest = nullptr;
  for (const plan::LockUse& lock : impact.locks) {
    if (!is_strong(lock) || fresh.has(lock)) continue;
    if (strongest == nullptr || lock.strength > strongest->strength) strongest = &lock;
  }
  return strongest;
}

std::optional<Hazard> hazard_of(const plan::Impact& impact, const NewRelations& fresh,
                                const model::Operation* operation) {
  const plan::LockUse* lock = strongest_on_old(impact, fresh);
  if (lock == nullptr) return std::nullopt;
  // New files for an emptied table are made at once, however large the old ones are.
  if (operation != nullptr && std::holds_alternative<model::TruncateTables>(*operation)) return std::nullopt;
  // A sequence is one row.
  const auto written = [&](auto... kinds) -> const plan::Work* {
    for (const plan::Work& work : impact.rewrites)
      if (((work.kind == kinds) || ...)) return &work;
    return nullptr;
  };
  if (const auto* table = written(plan::RelationKind::kTable, plan::RelationKind::kMaterializedView))
    return Hazard{Hazard::Kind::kRewrite, *table, *lock};
  if (!impact.index_builds.empty()) return Hazard{Hazard::Kind::kIndexBuild, impact.index_builds.front(), *lock};
  if (const auto* index = written(plan::RelationKind::kIndex)) return Hazard{Hazard::Kind::kIndexBuild, *index, *lock};
  if (!impact.scans.empty()) return Hazard{Hazard::Kind::kScan, impact.scans.front(), *lock};
  return std::nullopt;
}

bool ends_at_first_row(const plan::Impact& impact, std::span<const model::Operation> operations) {
  // The model of locks refuses it for that reason, which knows of domains' defaults, too.
  return !impact.refused.empty() &&
         std::any_of(operations.begin(), operations.end(), [](const model::Operation& operation) {
           const auto* added = std::get_if<model::AddColumn>(&operation);
           return added != nullptr && !added->column.nullable && !added->column.server_default &&
                  !added->column.identity && !added->column.computed;
         });
}

std::optional<Hazard> lasting_hazard(const plan::Impact& impact, const NewRelations& fresh,
                                     std::span<const model::Operation> operations) {
  auto hazard = hazard_of(impact, fresh, operations.size() == 1 ? &operations.front() : nullptr);
  // Indexes are built before rows are looked at.
  if (hazard && impact.index_builds.empty() && ends_at_first_row(impact, operations)) return std::nullopt;
  return hazard;
}

std::string hazard_text(const Hazard& hazard) {
  const std::string what = display(hazard.work.relation);
  std::string text;
  switch (hazard.kind) {
    case Hazard::Kind::kScan:
      text = fmt::format("the whole of {} is read", what);
      break;
    case Hazard::Kind::kRewrite:
      text = fmt::format("the whole of {} is written anew", what);
      break;
    case Hazard::Kind::kIndexBuild:
      text = fmt::format("the index {} is built", what);
      break;
  }
  text += fmt::format(" under {} on {}", hazard.lock.mode, display(hazard.lock.relation));
  return text;
}

}  // namespace bascule::planner
