// What: an online plan beside the naive one, for a reader who wants to know what was changed and why.
// Must not know: how plans are made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "plan/impact.h"
#include "plan/plan.h"
#include "report/style.h"
#include "safety/finding.h"

namespace bascule::report {

/// A statement and what it does to others.
struct JudgedStatement {
  std::string sql;
  plan::Impact impact;
  std::optional<safety::Estimate> estimate;  ///< of how long others wait
  std::optional<plan::Conduct> conduct;      ///< of an online step
};

/// What became of the statements that stand at one place of a migration.
struct ComparedPart {
  Location location;
  std::vector<JudgedStatement> naive, online;
};

struct ComparedRevision {
  plan::RevisionPlan plan;  ///< the online one
  std::vector<ComparedPart> parts;
};

struct ComparedPlans {
  plan::Plan online;
  std::vector<ComparedRevision> revisions;
  std::string server;  ///< "PostgreSQL 15"
};

std::string to_text(const ComparedPlans& plans, const Style& style);
/// to_json of the online plan, and "compared": for each place the statements as written and as they run.
Json to_json(const ComparedPlans& plans);

}  // namespace bascule::report
