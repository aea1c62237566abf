// What: a Plan as text (each statement under its revision and source line) and as JSON (docs/plan.md).
// Must not know: how it runs.
#pragma once

#include <string>

#include "base/json.h"
#include "plan/plan.h"
#include "report/style.h"

namespace bascule::report {

std::string to_text(const plan::Plan& plan, const Style& style);
Json to_json(const plan::Plan& plan);

}  // namespace bascule::report
