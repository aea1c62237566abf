#include "model/lookup.h"
#include "safety/scene.h"

namespace bascule::safety {

bool StatementContext::is_new(const QualifiedName& table) const { return new_tables.contains(model::name_key(table)); }

bool StatementContext::is_small(const QualifiedName& table) const {
  if (chain.live == nullptr) return false;
  const plan::TableFacts* facts = plan::find_facts(*chain.live, table);
  return facts != nullptr && facts->bytes + facts->index_bytes < chain.small_table_bytes;
}

std::vector<const StatementView*> StatementContext::earlier_in_transaction() const {
  std::vector<const StatementView*> earlier;
  if (statement.transaction == 0) return earlier;
  // Numbers grow from one transaction to the next; a way down's lie between those of ways up.
  for (std::size_t i = chain.statements.size(); i > 0; --i) {
    const StatementView& one = chain.statements[i - 1];
    if (&one == &statement) continue;
    if (one.transaction == statement.transaction && one.direction == statement.direction)
      earlier.push_back(&one);
    else if (one.transaction != 0 && one.transaction < statement.transaction)
      break;
  }
  return {earlier.rbegin(), earlier.rend()};
}

}  // namespace bascule::safety
