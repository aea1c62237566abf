#include "planner/rewrites/rewrite.h"

#include "model/apply.h"
#include "model/lookup.h"
#include "planner/rewrites/list.h"

namespace bascule::planner {

const model::Table* Sight::old_table(const QualifiedName& name) const {
  return fresh.has(name) ? nullptr : model::find_table(before, name);
}

model::Schema Sight::after(const model::Operation& operation) const {
  model::Schema schema = before;
  advance(schema, {operation}, dialect);
  return schema;
}

const std::vector<const Rewrite*>& all_rewrites() {
#define BASCULE_REWRITE(name) &rewrites::name,
  static const std::vector<const Rewrite*> kAll = {BASCULE_REWRITES(BASCULE_REWRITE)};
#undef BASCULE_REWRITE
  return kAll;
}

}  // namespace bascule::planner
