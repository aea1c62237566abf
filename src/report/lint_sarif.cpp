#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

Json lint_sarif(const safety::LintResult&) { return Json::object(); }

}  // namespace bascule::report
