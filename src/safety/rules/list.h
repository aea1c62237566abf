// What: the one list of rules. A test compares it with this folder.
#pragma once

#include "safety/rule.h"

/// One line a rule: the name of its record, in the order of the facts: indexes, constraints, columns, tables,
/// transactions, data, downgrade, style.
#define BASCULE_RULES(RULE) RULE(kIndexNotConcurrent)                                                                  \
  RULE(kSuppressionWithoutReason)                                                                                      \
  RULE(kUnknownSuppression)                                                                                            \
  RULE(kUnusedSuppression)

namespace bascule::safety::rules {

#define BASCULE_DECLARE_RULE(NAME) extern const Rule NAME;
BASCULE_RULES(BASCULE_DECLARE_RULE)
#undef BASCULE_DECLARE_RULE

}  // namespace bascule::safety::rules
