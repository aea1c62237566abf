// What: an online plan of one revision as JSON, and back: what the journal keeps, so that a run goes on with the very
// steps that it began. Format: docs/journal.md.
// Must not know: where it is kept.
// Invariants: read(write(p)) has p's statements, guards and manners. Not kept: effects (they become RawSql), the
// revision's history rows, places in files beyond path and line.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/plan.h"

namespace bascule::plan {

/// "brief", "scan" ...: stable, for JSON.
std::string_view pace_name(Pace pace);

/// REQUIRES: statements only, no rebuild, not live, not handed over.
std::string write_stored(const RevisionPlan& revision);
/// Fails with why it cannot be read.
Result<RevisionPlan, std::string> read_stored(std::string_view text);

/// What the authors' steps say, as one text: by this a revision is known again. Naive steps, not the online ones.
std::string naive_text(const RevisionPlan& naive);

}  // namespace bascule::plan
