// What: a rule's safe way as a finding shows it: the worked example in the project's own words, with real names.
// Must not know: findings, reports.
#pragma once

#include <string>

#include "safety/rule.h"

namespace bascule::safety {

/// A name that nobody gave stands as "<name>".
std::string write_help(const Rule& rule, Spelling spelling, const Names& names);

}  // namespace bascule::safety
