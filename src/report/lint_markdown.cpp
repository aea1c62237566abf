#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "report/lint.h"
#include "report/lint_words.h"
#include "report/markdown.h"

namespace bascule::report {

namespace {

using safety::Chain;
using safety::Finding;
using safety::RevisionView;
using safety::StatementView;

/// GitHub refuses comments of more than 65,536 characters. Bytes are counted here, which are never fewer, and some are
/// kept for what is put around the comment.
constexpr std::size_t kLimit = 65'000;

/// How much is said of each migration; the next one is taken when a comment would be too long.
enum class Detail { kAll, kShort, kFindings };

/// "ACCESS EXCLUSIVE on `orders`" of the locks that keep anybody waiting; catalogue locks on indexes of the same table
/// say nothing more.
std::string locks_cell(const plan::Impact& impact) {
  std::vector<std::string> parts;
  for (const plan::LockUse& one : impact.locks) {
    const bool felt = one.blocks.reads || one.blocks.writes || one.blocks.locking_reads;
    if (!felt || (one.kind == plan::RelationKind::kIndex && !one.of_table.name.empty())) continue;
    parts.push_back(one.mode + " on " + markdown_code(relation_words(one.relation, one.kind)) + ", " +
                    waiting_words(one.blocks) + " wait");
  }
  return join(parts, "; ");
}

std::string work_cell(const plan::Impact& impact) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view verb, const std::vector<plan::Work>& works) {
    for (const plan::Work& one : works)
      parts.push_back(std::string(verb) + " " + markdown_code(relation_words(one.relation, one.kind)));
  };
  add("rewrites", impact.rewrites);
  add("reads all of", impact.scans);
  add("builds", impact.index_builds);
  return join(parts, "; ");
}

constexpr std::size_t kShortTable = 10;

/// What it runs: a row a statement.
std::string statements_table(const Chain& chain, std::size_t begin, std::size_t end, Detail detail) {
  std::string out = "| | Statement | Locks | Reads or writes whole |\n|---|---|---|---|\n";
  std::size_t number = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const StatementView& one = chain.statements.at(i);
    if (++number > kShortTable && detail != Detail::kAll) {
      out += "| | " + std::to_string(end - i) + " more | | |\n";
      break;
    }
    std::string note;
    if (!one.impact.known) note = "not known in full";
    if (!one.impact.refused.empty()) note = "refused: " + markdown_text(one.impact.refused);
    const std::string locks = locks_cell(one.impact);
    const std::string work = work_cell(one.impact);
    out += "| " + std::to_string(number) + " | " + markdown_code(one.sql) + " | " +
           (locks.empty() ? (note.empty() ? "nobody waits" : "") : locks) +
           (note.empty() ? "" : (locks.empty() ? "" : "; ") + note) + " | " + work + " |\n";
  }
  return out;
}

/// "in one transaction", "each by itself".
std::string transaction_words(const Chain& chain, std::size_t begin, std::size_t end) {
  std::set<std::size_t> numbers;
  bool alone = false;
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t number = chain.statements.at(i).transaction;
    if (number == 0) alone = true;
    numbers.insert(number);
  }
  if (numbers.size() > 1) return alone ? "partly outside of a transaction" : "in several transactions";
  return alone ? "outside of a transaction" : "in one transaction";
}

std::string runs_section(const Chain& chain, const RevisionView& revision, Detail detail) {
  const std::size_t count = revision.upgrade_end - revision.upgrade_begin;
  if (count == 0) return "Runs nothing.\n\n";
  std::string out = "**Runs** " + counted(count, "statement") + ", " +
                    transaction_words(chain, revision.upgrade_begin, revision.upgrade_end) + "\n\n";
  if (detail == Detail::kFindings) return out;
  const std::string table = statements_table(chain, revision.upgrade_begin, revision.upgrade_end, detail);
  constexpr std::size_t kFolded = 6;
  if (count > kFolded) return out + "<details><summary>The statements</summary>\n\n" + table + "\n</details>\n\n";
  return out + table + "\n";
}

std::string roll_back_section(const Chain& chain, const RevisionView& revision, Detail detail) {
  std::string out = "**Rolling back** ";
  if (!revision.downgrade_possible) {
    return out + "There is no way down: undo it with a new migration.\n\n";
  }
  const std::size_t count = revision.downgrade_end - revision.downgrade_begin;
  if (!revision.downgrade_known) {
    out += "The way down depends on the database, it was not looked at.";
  } else if (count == 0) {
    out += revision.downgrade_written ? "The way down does nothing." : "There is no way down.";
  } else {
    out +=
        std::string(revision.downgrade_written ? "The way down that is written runs " : "The way down is derived: ") +
        counted(count, "statement") + ", " +
        transaction_words(chain, revision.downgrade_begin, revision.downgrade_end) + ".";
  }
  if (revision.left_over && !revision.left_over->empty()) {
    std::vector<std::string> names;
    for (const std::string& one : *revision.left_over) names.push_back(markdown_text(one));
    out += " Up and down again does not give the schema of before: " + join(names, ", ") + ".";
  } else if (revision.left_over && count > 0) {
    out += " Up and down again gives the schema of before.";
  }
  out += "\n\n";
  if (detail != Detail::kAll || count == 0 || !revision.downgrade_known) return out;
  return out + "<details><summary>The way down</summary>\n\n" +
         statements_table(chain, revision.downgrade_begin, revision.downgrade_end, detail) + "\n</details>\n\n";
}

std::string finding_section(const Finding& finding, Detail detail, std::string_view language) {
  std::string out = "- **" + std::string(level_name(finding.level)) + "** " + markdown_code(finding.rule) + " " +
                    markdown_text(sentence(finding)) + " (line " + std::to_string(finding_line(finding)) + ")";
  const std::vector<std::string> lines = finding_lines(finding);
  for (std::size_t i = 1; i < lines.size(); ++i) out += "<br>" + markdown_text(lines[i]);
  out += "\n";
  if (finding.help.empty() || detail != Detail::kAll) return out;
  std::string help =
      "<details><summary>The safe way</summary>\n\n" + markdown_block(finding.help, language) + "\n</details>\n";
  return out + "\n  " + replace_all(trim(help), "\n", "\n  ") + "\n\n";
}

class Comment {
 public:
  Comment(const safety::LintResult& result, Detail detail) : result_(result), detail_(detail) {}

  std::string head() const {
    std::vector<std::string> names;
    for (const RevisionView& one : result_.chain.revisions)
      if (one.selected) names.push_back(markdown_code(migration_name(one)));
    constexpr std::size_t kNamed = 20;
    const std::size_t selected = names.size();
    if (selected > kNamed) {
      names.resize(kNamed);
      names.push_back("and " + std::to_string(selected - kNamed) + " more");
    }
    std::string out = "## Database migrations\n\n";
    if (selected == 0) return out + "No migrations in this change.\n\n";
    out += std::string(selected == 1 ? "Database migration" : "Database migrations") +
           " included: " + join(names, ", ") + ".\n" + commands() + "\n";
    out += "**" + markdown_text(closing_line(result_)) + "**\n\n";
    if (!result_.chain.live && !result_.findings.empty())
      out += "The sizes of the tables are not known: with `--url` each hazard is weighed by them.\n\n";
    return out;
  }

  std::string problems() const {
    if (result_.problems.empty()) return "";
    std::string out = "### Could not be read\n\n";
    for (const Diagnostic& one : result_.problems.list()) {
      const std::string path = one.location.file ? markdown_code(one.location.file->path()) + ": " : "";
      out += "- " + path + markdown_text(one.message) + "\n";
    }
    return out + "\n";
  }

  std::string section(const RevisionView& revision) const {
    std::string out = "### " + markdown_code(migration_name(revision));
    if (!revision.message.empty()) out += " " + markdown_text(revision.message);
    out += "\n\n";
    if (!revision.description.empty() && detail_ == Detail::kAll)
      out += "> " + markdown_text(revision.description) + "\n\n";
    out += runs_section(result_.chain, revision, detail_);
    std::string hazards;
    std::set<std::string> helped;
    for (const Finding& one : result_.findings) {
      if (one.path != revision.path) continue;
      // The same help twice in a row of findings is said once.
      const bool again = !helped.insert(one.help).second;
      hazards += finding_section(one, again ? Detail::kShort : detail_, language());
    }
    out += hazards.empty() ? "**Hazards** none found\n\n" : "**Hazards**\n\n" + hazards + "\n";
    return out + roll_back_section(result_.chain, revision, detail_);
  }

  /// Findings about no migration of this change.
  std::string others() const {
    std::string out;
    for (const Finding& one : result_.findings) {
      const auto& revisions = result_.chain.revisions;
      const bool shown = std::any_of(revisions.begin(), revisions.end(), [&](const RevisionView& revision) {
        return revision.selected && revision.path == one.path;
      });
      if (!shown) out += finding_section(one, Detail::kShort, language());
    }
    return out.empty() ? "" : "### Elsewhere\n\n" + out + "\n";
  }

  std::string answered() const {
    std::string out;
    for (const safety::Suppressed& one : result_.suppressed) {
      if (one.by_baseline) continue;
      out += "- " + markdown_code(one.finding.rule) + " in " + markdown_code(one.finding.path) + ": " +
             markdown_text(one.reason) + "\n";
    }
    return out.empty() ? "" : "### Answered for\n\n" + out + "\n";
  }

 private:
  std::string_view language() const { return result_.chain.spelling == safety::Spelling::kAlembic ? "python" : "sql"; }

  /// How to run them and how to take them back: known where the migrations are the newest ones of a chain.
  std::string commands() const {
    const auto& revisions = result_.chain.revisions;
    std::size_t newest = 0;
    while (newest < revisions.size() && revisions[revisions.size() - 1 - newest].selected) ++newest;
    const auto selected = static_cast<std::size_t>(
        std::count_if(revisions.begin(), revisions.end(), [](const RevisionView& one) { return one.selected; }));
    if (std::any_of(revisions.begin(), revisions.end(), is_bare_file)) return "";
    std::string out = "Run `bascule upgrade head` before testing";
    const bool down = std::all_of(revisions.begin(), revisions.end(), [](const RevisionView& one) {
      return !one.selected ||
             (one.downgrade_possible && one.downgrade_known && one.downgrade_end > one.downgrade_begin);
    });
    if (newest == selected && down) out += "; roll back with `bascule downgrade -" + std::to_string(selected) + "`";
    return out + ".\n";
  }

  const safety::LintResult& result_;
  Detail detail_;
};

std::string render(const safety::LintResult& result, Detail detail) {
  const Comment comment(result, detail);
  std::string out = comment.head() + comment.problems();
  for (const RevisionView& one : result.chain.revisions)
    if (one.selected) out += comment.section(one);
  return out + comment.others() + comment.answered();
}

/// The migrations with findings first, as many as there is room for.
std::string render_what_fits(const safety::LintResult& result) {
  const Comment comment(result, Detail::kFindings);
  std::set<std::string_view> troubled;
  for (const Finding& one : result.findings) troubled.insert(one.path);
  std::string out = comment.head();
  std::size_t left_out = 0;
  constexpr std::size_t kForTheSentence = 400;
  const auto add = [&](const std::string& part) {
    const bool room = out.size() + part.size() + kForTheSentence <= kLimit;
    if (room) out += part;
    return room;
  };
  bool all = add(comment.problems());
  for (const bool first : {true, false}) {
    for (const RevisionView& one : result.chain.revisions) {
      if (!one.selected || (troubled.count(one.path) > 0) != first) continue;
      if (!add(comment.section(one))) ++left_out;
    }
  }
  all = add(comment.others()) && all;
  all = add(comment.answered()) && all;
  out += "_Cut: a comment on GitHub may have 65,536 characters. ";
  if (left_out > 0) out += counted(left_out, "migration") + " had to be left out. ";
  if (!all) out += "Parts about other files had to be left out. ";
  return out + "`bascule lint` shows everything._\n";
}

}  // namespace

std::string lint_markdown(const safety::LintResult& result) {
  for (const Detail detail : {Detail::kAll, Detail::kShort}) {
    std::string out = render(result, detail);
    if (detail != Detail::kAll)
      out += "_Shortened: a comment on GitHub may have 65,536 characters. `bascule lint` shows everything._\n";
    if (out.size() <= kLimit) return out;
  }
  return render_what_fits(result);
}

}  // namespace bascule::report
