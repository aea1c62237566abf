#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

std::string lint_github(const safety::LintResult&) { return ""; }

}  // namespace bascule::report
