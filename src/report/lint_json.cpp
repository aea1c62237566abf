#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

Json lint_json(const safety::LintResult& result) {
  Json out = Json::object();
  out.set("format", "bascule-lint").set("version", kLintJsonVersion).set("server", result.server);
  return out;
}

}  // namespace bascule::report
