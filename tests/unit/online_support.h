// What: naive SQL in, the online plan out as lines of text: for the tests of rewrites and of the proof.
#pragma once

#include <string>
#include <vector>

#include "dialects/online.h"
#include "dialects/postgres/postgres.h"
#include "planner/lower.h"
#include "planner/online.h"
#include "planner/piece.h"

namespace bascule::online_test {

inline const dialects::Dialect& postgres() { return dialects::postgres_dialect(); }

/// The schema that a script makes.
inline model::Schema schema_of(const std::string& sql) {
  model::Schema schema;
  for (const auto& span : postgres().split(sql).statements)
    planner::advance(schema, postgres().understand(span.text).operations, postgres());
  return schema;
}

inline dialects::Server server(int major) {
  dialects::Server made;
  made.major = major;
  made.version_assumed = false;
  made.schema_complete = true;
  return made;
}

inline plan::RevisionPlan naive(const std::string& sql) {
  Diagnostics diagnostics;
  plan::RevisionPlan revision;
  revision.revision = "r1";
  revision.steps = planner::lower({{model::RawSql{sql}, {}, "op.execute", false}}, postgres(), diagnostics);
  revision.history = {"INSERT INTO history VALUES ('r1')"};
  return revision;
}

inline const char* pace_word(plan::Pace pace) {
  switch (pace) {
    case plan::Pace::kPlain:
      return "plain";
    case plan::Pace::kBrief:
      return "brief";
    case plan::Pace::kScan:
      return "scan";
    case plan::Pace::kConcurrent:
      return "concurrent";
    case plan::Pace::kBatches:
      return "batches";
    case plan::Pace::kUnbounded:
      return "unbounded";
  }
  return "";
}

/// "brief: ALTER TABLE ...", "+" before what shares the transaction of the line before it, "@" where outside of any.
inline std::string line_of(const plan::Step& step) {
  std::string line = step.conduct.with_previous ? "+ " : "";
  if (!step.in_transaction && step.conduct.pace != plan::Pace::kBatches && step.conduct.pace != plan::Pace::kConcurrent)
    line += "@ ";
  return line + pace_word(step.conduct.pace) + ": " + std::get<plan::Statement>(step.action).sql;
}

struct Options {
  int major = 15;
  std::vector<std::string> allow = {};
};

using Made = Result<plan::RevisionPlan, Diagnostics>;
inline Made plan_of(const std::string& before, const std::string& migration, const Options& options = {}) {
  planner::OnlineState state{schema_of(before), {}};
  return planner::online_plan(naive(migration), state, postgres(), server(options.major),
                              planner::OnlineOptions{options.allow});
}

inline std::vector<std::string> online(const std::string& before, const std::string& migration,
                                       const Options& options = {}) {
  const Made made = plan_of(before, migration, options);
  std::vector<std::string> lines;
  if (!made) {
    for (const Diagnostic& one : made.error().list()) lines.push_back("!! " + one.code + ": " + one.message);
    return lines;
  }
  for (const plan::Step& step : made->steps) lines.push_back(line_of(step));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace bascule::online_test
