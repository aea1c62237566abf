#include "base/version.h"
#include "report/diagnostics.h"
#include "report/layout.h"
#include "report/lint.h"
#include "report/lint_words.h"

namespace bascule::report {

namespace {

using safety::Finding;

std::string_view direction_name(model::Direction direction) {
  return direction == model::Direction::kUpgrade ? "upgrade" : "downgrade";
}

Json finding_json(const Finding& finding) {
  Json out = Json::object();
  out.set("rule", finding.rule).set("level", level_name(finding.level)).set("message", finding.message);
  out.set("why", finding.why).set("help", finding.help).set("place", place_json(finding.location));
  out.set("revision", finding.revision).set("path", finding.path);
  out.set("direction", direction_name(finding.direction));
  out.set("table", finding.table.name.empty() ? Json() : Json(display(finding.table)));
  out.set("statement", finding.statement);
  Json estimate;
  if (finding.estimate) {
    estimate = Json::object();
    estimate.set("seconds", finding.estimate->seconds).set("text", finding.estimate->text);
    estimate.set("basis", finding.estimate->basis);
  }
  out.set("estimate", std::move(estimate)).set("assumptions", finding.assumptions);
  out.set("fingerprint", finding.fingerprint);
  return out;
}

Json statement_json(const safety::StatementView& statement) {
  Json out = Json::object();
  out.set("sql", statement.sql).set("direction", direction_name(statement.direction));
  out.set("place", place_json(statement.location));
  out.set("transaction", statement.transaction == 0 ? Json() : Json(statement.transaction));
  out.set("impact", impact_json(statement.impact));
  return out;
}

Json revision_json(const safety::Chain& chain, const safety::RevisionView& revision) {
  Json out = Json::object();
  out.set("revision", revision.id).set("message", revision.message).set("path", revision.path);
  Json statements = Json::array();
  for (std::size_t i = revision.upgrade_begin; i < revision.upgrade_end; ++i)
    statements.push(statement_json(chain.statements.at(i)));
  for (std::size_t i = revision.downgrade_begin; i < revision.downgrade_end; ++i)
    statements.push(statement_json(chain.statements.at(i)));
  out.set("statements", std::move(statements));
  Json left_over;
  if (revision.left_over) left_over = Json(*revision.left_over);
  out.set("downgrade_written", revision.downgrade_written).set("left_over", std::move(left_over));
  return out;
}

Json counts_json(const safety::LintResult& result) {
  const LintCounts counts = count(result);
  Json out = Json::object();
  out.set("errors", counts.errors).set("warnings", counts.warnings).set("notes", counts.notes);
  out.set("suppressed", counts.suppressed).set("in_baseline", counts.in_baseline);
  out.set("revisions", result.revisions).set("revisions_with_findings", counts.revisions);
  out.set("statements", result.statements);
  return out;
}

}  // namespace

Json lint_json(const safety::LintResult& result) {
  Json out = Json::object();
  out.set("format", "bascule-lint").set("version", kLintJsonVersion).set("bascule", version());
  out.set("server", result.server).set("server_assumed", result.chain.server.version_assumed);
  out.set("live", result.chain.live != nullptr).set("counts", counts_json(result));
  Json findings = Json::array();
  for (const Finding& one : result.findings) findings.push(finding_json(one));
  Json suppressed = Json::array();
  for (const safety::Suppressed& one : result.suppressed) {
    Json item = finding_json(one.finding);
    item.set("reason", one.reason).set("in_baseline", one.by_baseline);
    suppressed.push(std::move(item));
  }
  Json revisions = Json::array();
  for (const safety::RevisionView& one : result.chain.revisions)
    if (one.selected) revisions.push(revision_json(result.chain, one));
  out.set("findings", std::move(findings)).set("suppressed", std::move(suppressed));
  out.set("problems", to_json(result.problems)).set("revisions", std::move(revisions));
  return out;
}

}  // namespace bascule::report
