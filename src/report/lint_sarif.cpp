#include <map>
#include <string_view>

#include "base/text.h"
#include "base/version.h"
#include "report/lint.h"
#include "report/lint_words.h"

namespace bascule::report {

namespace {

using safety::Finding;
using safety::Level;
using safety::Rule;

std::string_view sarif_level(Level level) {
  switch (level) {
    case Level::kError:
      return "error";
    case Level::kWarning:
      return "warning";
    case Level::kNote:
      return "note";
    case Level::kOff:
      return "none";
  }
  return "none";
}

/// A path as a URI reference: relative paths stay relative to the folder that bascule was run in.
std::string uri(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kKept = "-._~/!$&'()*+,;=@";
  while (path.substr(0, 2) == "./") path.remove_prefix(2);
  std::string out = path.substr(0, 1) == "/" ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kKept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return out;
}

Json text_json(std::string_view text) { return Json::object().set("text", text); }

Json place(const Location& location, const std::string& path) {
  Json physical = Json::object();
  physical.set("artifactLocation", Json::object().set("uri", uri(path)));
  const Position& begin = location.span.begin;
  const Position& end = location.span.end;
  Json region = Json::object();
  region.set("startLine", begin.known() ? begin.line : 1);
  if (begin.known() && begin.column > 0) {
    region.set("startColumn", begin.column);
    if (end.line > begin.line || (end.line == begin.line && end.column > begin.column))
      region.set("endLine", end.line).set("endColumn", end.column);
    if (location.file) {
      const std::string_view line = location.file->line(begin.line);
      if (!line.empty()) region.set("snippet", text_json(line));
    }
  }
  physical.set("region", std::move(region));
  return Json::object().set("physicalLocation", std::move(physical));
}

/// GitHub's own word for how bad a rule is.
std::string_view problem_severity(Level level) {
  switch (level) {
    case Level::kError:
      return "error";
    case Level::kWarning:
      return "warning";
    case Level::kNote:
    case Level::kOff:
      return "recommendation";
  }
  return "recommendation";
}

Json rule_json(const std::string& id) {
  Json out = Json::object();
  out.set("id", id);
  const Rule* rule = safety::find_rule(id);
  if (!rule) return out;
  out.set("shortDescription", text_json(rule->title)).set("fullDescription", text_json(rule->catches));
  Json help = text_json(std::string(rule->why) + "\n\n" + std::string(rule->safe_sql));
  help.set("markdown", rule_markdown(*rule));
  out.set("help", std::move(help));
  out.set("defaultConfiguration", Json::object().set("level", sarif_level(rule->level)));
  Json properties = Json::object();
  properties.set("tags", std::vector<std::string>{"database-migrations", std::string(group_name(rule->group))});
  properties.set("problem.severity", problem_severity(rule->level));
  out.set("properties", std::move(properties));
  return out;
}

/// The rules that spoke, numbered in the order of their ids.
class SpokenRules {
 public:
  explicit SpokenRules(const safety::LintResult& result) {
    for (const Finding& one : result.findings) numbers_[one.rule] = 0;
    for (const safety::Suppressed& one : result.suppressed) numbers_[one.finding.rule] = 0;
    std::size_t next = 0;
    for (auto& [id, number] : numbers_) number = next++;
  }
  std::size_t number(const std::string& id) const { return numbers_.at(id); }
  Json list() const {
    Json rules = Json::array();
    for (const auto& [id, number] : numbers_) rules.push(rule_json(id));
    return rules;
  }

 private:
  std::map<std::string, std::size_t> numbers_;
};

Json result_json(const Finding& finding, const SpokenRules& rules, Json suppressions) {
  Json out = Json::object();
  out.set("ruleId", finding.rule).set("ruleIndex", rules.number(finding.rule));
  out.set("level", sarif_level(finding.level)).set("message", text_json(join(finding_lines(finding), "\n")));
  Json location = place(finding.location, finding_path(finding));
  if (!finding.table.name.empty()) {
    Json logical = Json::object();
    logical.set("fullyQualifiedName", display(finding.table)).set("kind", "table");
    location.set("logicalLocations", Json::array().push(std::move(logical)));
  }
  out.set("locations", Json::array().push(std::move(location)));
  if (!finding.fingerprint.empty())
    out.set("partialFingerprints", Json::object().set("bascule/v1", finding.fingerprint));
  out.set("suppressions", std::move(suppressions));
  Json properties = Json::object();
  properties.set("revision", finding.revision).set("statement", finding.statement).set("help", finding.help);
  if (finding.estimate) properties.set("estimatedSeconds", finding.estimate->seconds);
  out.set("properties", std::move(properties));
  return out;
}

Json suppression_json(const safety::Suppressed& one) {
  Json out = Json::object();
  out.set("kind", one.by_baseline ? "external" : "inSource").set("status", "accepted");
  out.set("justification", one.by_baseline ? "it is in the baseline file" : one.reason);
  return out;
}

Json notification_json(const Diagnostic& problem) {
  Json out = Json::object();
  std::string text = problem.message;
  for (const std::string* more : {&problem.cause, &problem.help})
    if (!more->empty()) text += "\n" + *more;
  out.set("descriptor", Json::object().set("id", problem.code)).set("message", text_json(text));
  out.set("level", problem.severity == Severity::kError     ? "error"
                   : problem.severity == Severity::kWarning ? "warning"
                                                            : "note");
  if (problem.location.file)
    out.set("locations", Json::array().push(place(problem.location, problem.location.file->path())));
  return out;
}

}  // namespace

Json lint_sarif(const safety::LintResult& result) {
  const SpokenRules rules(result);
  Json driver = Json::object();
  driver.set("name", "bascule").set("version", version()).set("semanticVersion", version());
  driver.set("rules", rules.list());

  Json results = Json::array();
  for (const Finding& one : result.findings) results.push(result_json(one, rules, Json::array()));
  for (const safety::Suppressed& one : result.suppressed)
    results.push(result_json(one.finding, rules, Json::array().push(suppression_json(one))));

  Json notifications = Json::array();
  for (const Diagnostic& one : result.problems.list()) notifications.push(notification_json(one));
  Json invocation = Json::object();
  invocation.set("executionSuccessful", !result.problems.has_errors());
  invocation.set("toolExecutionNotifications", std::move(notifications));

  Json run = Json::object();
  Json tool = Json::object();
  tool.set("driver", std::move(driver));
  run.set("tool", std::move(tool));
  run.set("invocations", Json::array().push(std::move(invocation)));
  run.set("columnKind", "unicodeCodePoints").set("results", std::move(results));
  Json properties = Json::object();
  properties.set("server", result.server).set("summary", closing_line(result));
  run.set("properties", std::move(properties));

  Json out = Json::object();
  out.set("$schema", "https://json.schemastore.org/sarif-2.1.0.json").set("version", "2.1.0");
  Json runs = Json::array();
  runs.push(std::move(run));
  out.set("runs", std::move(runs));
  return out;
}

}  // namespace bascule::report
