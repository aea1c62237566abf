// What: revisions as text, in Alembic's layout, and as JSON.
// Must not know: where they were read.
#pragma once

#include <string>

#include "base/json.h"
#include "graph/view.h"
#include "report/style.h"

namespace bascule::report {

/// "ae1027a6acf (payments) (head)": the id with its labels and marks.
std::string revision_name(const graph::RevisionView& view, const Style& style);
/// "1975ea83b712 -> ae1027a6acf (head), add users": one line of history.
std::string history_line(const graph::RevisionView& view, const Style& style);
/// Rev:, Parent:, Branches into:, Path:, and the docstring's message.
std::string revision_details(const graph::RevisionView& view, const Style& style);
Json to_json(const graph::RevisionView& view);

}  // namespace bascule::report
