#include "report/lint_words.h"

#include <set>
#include <string_view>

#include "base/text.h"

namespace bascule::report {

using safety::Finding;
using safety::Level;

LintCounts count(const safety::LintResult& result) {
  LintCounts counts;
  std::set<std::string_view> paths;
  for (const Finding& one : result.findings) {
    paths.insert(one.path);
    switch (one.level) {
      case Level::kError:
        ++counts.errors;
        break;
      case Level::kWarning:
        ++counts.warnings;
        break;
      case Level::kNote:
        ++counts.notes;
        break;
      case Level::kOff:
        break;
    }
  }
  counts.revisions = paths.size();
  for (const safety::Suppressed& one : result.suppressed) ++(one.by_baseline ? counts.in_baseline : counts.suppressed);
  return counts;
}

std::string found_words(const LintCounts& counts) {
  std::vector<std::string> parts;
  if (counts.errors > 0) parts.push_back(counted(counts.errors, "error"));
  if (counts.warnings > 0) parts.push_back(counted(counts.warnings, "warning"));
  if (counts.notes > 0) parts.push_back(counted(counts.notes, "note"));
  return parts.empty() ? "nothing" : join(parts, ", ");
}

std::string closing_line(const safety::LintResult& result) {
  const LintCounts counts = count(result);
  std::string out;
  if (counts.all() == 0) {
    out = "nothing found in " + counted(result.revisions, "migration");
  } else {
    out = found_words(counts) + " in " + std::to_string(counts.revisions) + " of " +
          counted(result.revisions, "migration");
  }
  out += ", " + counted(result.statements, "statement");
  // Nobody should take what was not read for sound.
  if (result.problems.has_errors()) out += ", " + counted(result.problems.error_count(), "problem") + " reading them";
  std::vector<std::string> silent;
  if (counts.suppressed > 0) silent.push_back(std::to_string(counts.suppressed) + " suppressed");
  if (counts.in_baseline > 0) silent.push_back(std::to_string(counts.in_baseline) + " in the baseline");
  if (!silent.empty()) out += " (" + join(silent, ", ") + ")";
  if (!result.server.empty()) out += "; " + result.server;
  return out;
}

std::string sentence(const Finding& finding) {
  const bool down = finding.direction == model::Direction::kDowngrade && !finding.statement.empty();
  return finding.message + (down ? " (on the way down)" : "");
}

std::vector<std::string> finding_lines(const Finding& finding) {
  std::vector<std::string> lines{sentence(finding)};
  if (!finding.why.empty()) lines.push_back(finding.why);
  if (finding.estimate) {
    lines.push_back(finding.estimate->text +
                    (finding.estimate->basis.empty() ? "" : " (" + finding.estimate->basis + ")"));
  }
  for (const std::string& one : finding.assumptions) lines.push_back("assumed: " + one);
  return lines;
}

std::string finding_path(const Finding& finding) {
  return finding.location.file ? finding.location.file->path() : finding.path;
}

std::size_t finding_line(const Finding& finding) {
  const Position& begin = finding.location.span.begin;
  return begin.known() ? begin.line : 1;
}

namespace {
std::string file_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }
}  // namespace

std::string migration_name(const safety::RevisionView& revision) {
  const std::string& path = revision.path;
  const bool folder = !revision.id.empty() && path.ends_with("/" + revision.id + "/" + file_name(path));
  return folder ? revision.id : file_name(path);
}

bool is_bare_file(const safety::RevisionView& revision) { return revision.id == file_name(revision.path); }

std::string waiting_words(const plan::Blocks& blocks) {
  if (blocks.reads) return "reads and writes";
  if (blocks.writes) return blocks.locking_reads ? "writes and SELECT ... FOR UPDATE" : "writes";
  if (blocks.locking_reads) return "SELECT ... FOR UPDATE";
  if (blocks.maintenance) return "vacuum and other schema changes";
  return "nobody";
}

std::string relation_words(const QualifiedName& relation, plan::RelationKind kind) {
  const std::string name = display(relation);
  if (kind == plan::RelationKind::kTable) return name;
  if (name.empty()) return "the " + std::string(plan::noun(kind));
  return std::string(plan::noun(kind)) + " " + name;
}

std::string work_words(const plan::Work& work) {
  return relation_words(work.relation, work.kind) + (work.why.empty() ? "" : " (" + work.why + ")");
}

}  // namespace bascule::report
