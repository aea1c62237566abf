#include "safety/rule.h"

#include <algorithm>

#include "safety/rules/list.h"

namespace bascule::safety {

const std::vector<const Rule*>& all_rules() {
#define BASCULE_RULE_ADDRESS(NAME) &rules::NAME,
  static const std::vector<const Rule*> rules = [] {
    std::vector<const Rule*> list{BASCULE_RULES(BASCULE_RULE_ADDRESS)};
    std::sort(list.begin(), list.end(), [](const Rule* a, const Rule* b) { return a->id < b->id; });
    return list;
  }();
#undef BASCULE_RULE_ADDRESS
  return rules;
}

const Rule* find_rule(std::string_view id) {
  for (const Rule* rule : all_rules())
    if (rule->id == id) return rule;
  return nullptr;
}

}  // namespace bascule::safety
