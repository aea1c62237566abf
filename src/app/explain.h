// What: the use case explain: a rule's page, or what a statement does to a live database.
// Must not know: printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/workspace.h"
#include "plan/impact.h"
#include "safety/rule.h"

namespace bascule::app {

/// what: a rule's name, SQL, or nothing.
struct ExplainRequest {
  std::string what;
  std::optional<std::string> server_version, dialect;
};

struct ExplainedStatement {
  std::string sql;
  plan::Impact impact;
};

/// One of rule, rules and statements is there.
struct Explanation {
  const safety::Rule* rule = nullptr;
  std::vector<const safety::Rule*> rules;  ///< by group, then by name
  std::vector<ExplainedStatement> statements;
  std::string server;  ///< as LintResult::server
};

/// A statement finds the schema of the database behind --url, else the one that the project's revisions make, else
/// nothing; each finds what those before it have made. Error codes: unknown-rule, sql-not-read, and those of the
/// database.
Outcome<Explanation> explain(const Request& request, const ExplainRequest& wanted);

}  // namespace bascule::app
