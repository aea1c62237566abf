// What: diagnostics as text with the source line and a caret, or as JSON.
// Must not know: where they came from.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "base/json.h"
#include "report/style.h"

namespace bascule::report {

/// One diagnostic:
///   error[duplicate-revision]: message
///    --> versions/a.py:7:12
///     |
///   7 | revision = "a"
///     |            ^^^
///     = cause
///     = help: what to do
std::string to_text(const Diagnostic& diagnostic, const Style& style);
std::string to_text(const Diagnostics& diagnostics, const Style& style);
Json to_json(const Diagnostics& diagnostics);

}  // namespace bascule::report
