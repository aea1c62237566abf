#include "plan/live_facts.h"

#include <algorithm>

#include "model/lookup.h"

namespace bascule::plan {

const TableFacts* find_facts(const LiveFacts& facts, const QualifiedName& table) {
  const auto found = std::find_if(facts.tables.begin(), facts.tables.end(),
                                  [&](const TableFacts& one) { return model::same_name(one.table, table); });
  return found == facts.tables.end() ? nullptr : &*found;
}

}  // namespace bascule::plan
