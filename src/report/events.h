// What: what happens in an online run, as lines for a person and as JSON lines (docs/online.md).
// Must not know: where they go.
#pragma once

#include <string>

#include "base/json.h"
#include "plan/event.h"
#include "report/style.h"

namespace bascule::report {

/// How far a step is, in one line without its end, for a terminal that draws it anew: "[####....] 50 %  ... left".
std::string progress_bar(const plan::Event& event, const Style& style);
/// One or more lines, each with its newline; empty: nothing that a person has to hear now.
std::string event_text(const plan::Event& event, const Style& style);
/// One object a line. at: the time, as RFC 3339.
std::string event_line(const plan::Event& event, const std::string& at);
/// The same as a value, for hooks.
Json event_json(const plan::Event& event, const std::string& at);

}  // namespace bascule::report
