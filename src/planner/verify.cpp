#include "planner/verify.h"

#include <fmt/core.h>

namespace bascule::planner {

Diagnostics verify(const Claim& claim) {
  Diagnostics diagnostics;
  if (claim.dialect.canonical(claim.after_online) == claim.dialect.canonical(claim.after_naive)) return diagnostics;
  Diagnostic diagnostic;
  diagnostic.code = "online-plan-unproved";
  diagnostic.message = fmt::format("the online plan of revision {} could not be proved", claim.online.revision);
  diagnostic.cause = "it does not leave the schema that the revision would";
  diagnostic.help = "run this revision without --online, and report it";
  diagnostics.add(std::move(diagnostic));
  return diagnostics;
}

}  // namespace bascule::planner
