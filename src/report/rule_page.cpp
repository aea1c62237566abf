#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

std::string rule_text(const safety::Rule& rule, const Style& style) { return style.bold(rule.title) + "\n"; }
std::string rule_markdown(const safety::Rule& rule) { return "# " + std::string(rule.id) + "\n"; }
std::string rule_index_markdown() { return "# Rules\n"; }

}  // namespace bascule::report
