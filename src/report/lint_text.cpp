#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

std::string lint_text(const safety::LintResult& result, const Style& style) {
  std::string out;
  for (const safety::Finding& one : result.findings) out += style.bold(one.message) + "\n";
  return out;
}

}  // namespace bascule::report
