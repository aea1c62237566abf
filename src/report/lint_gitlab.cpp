#include <map>

#include "base/text.h"
#include "report/lint.h"
#include "report/lint_words.h"

namespace bascule::report {

namespace {

using safety::Level;

std::string_view severity_of(Level level) {
  switch (level) {
    case Level::kError:
      return "critical";
    case Level::kWarning:
      return "major";
    case Level::kNote:
    case Level::kOff:
      return "info";
  }
  return "info";
}

/// GitLab shows one of several entries with the same fingerprint: the second and later ones get a number.
class Fingerprints {
 public:
  std::string next(const std::string& wanted) {
    const std::size_t seen = ++seen_[wanted];
    return seen == 1 ? wanted : wanted + "-" + std::to_string(seen);
  }

 private:
  std::map<std::string, std::size_t> seen_;
};

Json entry(std::string_view check, std::string_view description, std::string_view severity, std::string_view path,
           std::size_t line, std::string_view fingerprint) {
  // GitLab wants paths as git has them.
  while (path.starts_with("./")) path.remove_prefix(2);
  Json lines = Json::object();
  lines.set("begin", line);
  Json location = Json::object();
  location.set("path", path).set("lines", std::move(lines));
  Json out = Json::object();
  out.set("description", description).set("check_name", check).set("fingerprint", fingerprint);
  out.set("severity", severity).set("location", std::move(location));
  return out;
}

}  // namespace

Json lint_gitlab(const safety::LintResult& result) {
  Json out = Json::array();
  Fingerprints fingerprints;
  for (const Diagnostic& one : result.problems.list()) {
    const std::string path = one.location.file ? one.location.file->path() : "";
    const std::size_t line = one.location.span.begin.known() ? one.location.span.begin.line : 1;
    out.push(entry(one.code, one.message, one.severity == Severity::kError ? "critical" : "major", path, line,
                   fingerprints.next(one.code + ":" + path)));
  }
  for (const safety::Finding& one : result.findings) {
    const std::string path = finding_path(one);
    const std::string fingerprint =
        one.fingerprint.empty() ? one.rule + ":" + path + ":" + one.statement : one.fingerprint;
    out.push(entry(one.rule, join(finding_lines(one), "; "), severity_of(one.level), path, finding_line(one),
                   fingerprints.next(fingerprint)));
  }
  return out;
}

}  // namespace bascule::report
