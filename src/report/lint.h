// What: a lint's result in each form that somebody reads it in, and the pages of rules and statements.
// Must not know: how findings were made, which exit code they mean, where the output goes.
// Invariants: every form shows the same findings; lines and columns are 1-based; suppressed findings are only in forms
// that have a place for them (JSON, SARIF) or a count (text, Markdown).
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "plan/impact.h"
#include "report/style.h"
#include "safety/result.h"
#include "safety/rule.h"

namespace bascule::report {

/// The version of lint_json's and impact_json's shape: raised when a field changes its meaning or goes.
inline constexpr int kLintJsonVersion = 1;

/// By file: each finding with its source line, cause, estimate and the safe way; then one line of counts.
std::string lint_text(const safety::LintResult& result, const Style& style);
/// docs/lint.md says what the fields mean.
Json lint_json(const safety::LintResult& result);
/// SARIF 2.1.0: one run, its rules those that spoke.
Json lint_sarif(const safety::LintResult& result);
/// GitHub's workflow commands, a line a finding: "::warning file=...,line=...::...".
std::string lint_github(const safety::LintResult& result);
/// GitLab's code quality report.
Json lint_gitlab(const safety::LintResult& result);
/// A comment for a pull request: which migrations, what they run, locks, hazards, how to roll back. Always shorter than
/// GitHub's limit for a comment: what had to go is said.
std::string lint_markdown(const safety::LintResult& result);

/// "indexes", "constraints" ...
std::string_view group_name(safety::Group group);
/// What a rule catches, why, and the safe way, for a terminal.
std::string rule_text(const safety::Rule& rule, const Style& style);
/// The same as a page of docs/rules/.
std::string rule_markdown(const safety::Rule& rule);
/// The index of docs/rules/, by group.
std::string rule_index_markdown();

/// What one statement does to a live database: locks, what it reads and writes whole, why.
std::string impact_text(const plan::Impact& impact, const Style& style);
Json impact_json(const plan::Impact& impact);

}  // namespace bascule::report
