#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

Json lint_gitlab(const safety::LintResult&) { return Json::array(); }

}  // namespace bascule::report
