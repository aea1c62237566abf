#include "report/lint.h"

#include "report/layout.h"

namespace bascule::report {

std::string impact_text(const plan::Impact&, const Style&) { return ""; }
Json impact_json(const plan::Impact&) { return Json::object(); }

}  // namespace bascule::report
