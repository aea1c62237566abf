#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

std::string lint_markdown(const safety::LintResult&) { return ""; }

}  // namespace bascule::report
