#include "safety/suppressions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "safety/collect.h"

namespace bascule::safety {

namespace {

constexpr std::string_view kMark = "bascule:";

struct Suppression {
  const SourceComment* comment = nullptr;
  bool whole_file = false;
  std::vector<std::string> rules;  ///< empty: all
  std::string reason;
  std::uint32_t first_line = 0, last_line = 0;  ///< what it speaks of
  std::vector<bool> used;                       ///< by rule; one for all where none is named
};

struct Words {
  std::string verb, names, reason;
};

/// nullopt: the comment is none of ours.
std::optional<Words> read_words(std::string_view text) {
  if (!text.starts_with(kMark)) return std::nullopt;
  const std::string_view rest = trim(text.substr(kMark.size()));
  const std::size_t verb_end = std::min(rest.find_first_of(" \t\r\n"), rest.size());
  Words out;
  out.verb = rest.substr(0, verb_end);
  const std::string_view behind = trim(rest.substr(verb_end));
  std::size_t dashes = behind.starts_with("--") ? 0 : behind.find(" --");
  if (dashes == std::string_view::npos) {
    out.names = behind;
    return out;
  }
  out.names = trim(behind.substr(0, dashes));
  out.reason = trim(behind.substr(behind.find("--", dashes) + 2));
  return out;
}

std::vector<std::string> names_of(const std::string& list) {
  std::vector<std::string> out;
  const std::string names = replace_all(list, " ", ",");
  for (const std::string_view name : split(names, ','))
    if (!trim(name).empty()) out.emplace_back(trim(name));
  return out;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const Rule* rule : all_rules()) names.emplace_back(rule->id);
  return names;
}

/// Which lines the statements of each file cover.
class StatementLines {
 public:
  explicit StatementLines(const Chain& chain) {
    for (const StatementView& statement : chain.statements) {
      if (!statement.location.file || !chain.revisions[statement.revision].selected) continue;
      const Span& span = statement.location.span;
      ranges_[statement.location.file->path()].push_back({span.begin.line, std::max(span.begin.line, span.end.line)});
    }
  }
  /// Widens [first, last] to the statements on this line.
  void widen(const std::string& path, std::uint32_t line, std::uint32_t& first, std::uint32_t& last) const {
    const auto found = ranges_.find(path);
    if (found == ranges_.end()) return;
    for (const auto& [begin, end] : found->second) {
      if (line < begin || line > end) continue;
      first = std::min(first, begin);
      last = std::max(last, end);
    }
  }

 private:
  std::map<std::string, std::vector<std::pair<std::uint32_t, std::uint32_t>>> ranges_;
};

class Suppressing {
 public:
  Suppressing(LintResult& result, const LevelOf& level_of)
      : result_(result), level_of_(level_of), collector_(result.chain, level_of), lines_(result.chain) {}

  void run(const std::vector<SourceComment>& comments) {
    for (std::size_t i = 0; i < comments.size(); ++i) read(comments, i);
    move_suppressed();
    report_unused();
    for (Finding& finding : collector_.take()) result_.findings.push_back(std::move(finding));
    std::stable_sort(result_.findings.begin(), result_.findings.end(), [](const Finding& a, const Finding& b) {
      return std::pair(std::string_view(a.path), a.location.span.begin.offset) <
             std::pair(std::string_view(b.path), b.location.span.begin.offset);
    });
  }

 private:
  void read(const std::vector<SourceComment>& comments, std::size_t number) {
    const SourceComment& comment = comments[number];
    const std::optional<Words> words = read_words(comment.text);
    if (!words) return;
    if (words->verb != "ignore" && words->verb != "ignore-file") {
      if (const auto near = did_you_mean(words->verb, {"ignore", "ignore-file"}))
        report("unknown-suppression", comment, "'" + words->verb + "' suppresses nothing",
               "did you mean " + *near + "?");
      return;
    }
    Suppression one;
    one.comment = &comment;
    one.whole_file = words->verb == "ignore-file";
    one.reason = words->reason;
    const std::vector<std::string> names = names_of(words->names);
    for (const std::string& name : names) {
      if (find_rule(name) != nullptr) {
        one.rules.push_back(name);
        continue;
      }
      const auto near = did_you_mean(name, rule_names());
      report("unknown-suppression", comment, "there is no rule '" + name + "'",
             near ? "did you mean " + *near + "?" : "`bascule explain` lists the rules");
    }
    if (names.empty() && !one.whole_file)
      report("unknown-suppression", comment, "this suppression names no rule", "write the rule's name: " + example());
    if (one.reason.empty() && (!one.rules.empty() || one.whole_file)) {
      report("suppression-without-reason", comment, "this suppression gives no reason, so it is not obeyed",
             "say why it is safe: " + example());
      return;
    }
    if (one.rules.empty() && (!one.whole_file || !names.empty())) return;
    one.used.resize(std::max<std::size_t>(one.rules.size(), 1));
    find_lines(comments, number, one);
    suppressions_.push_back(std::move(one));
  }

  std::string example() const {
    const std::string mark = result_.chain.spelling == Spelling::kAlembic ? "#" : "--";
    return mark + " bascule: ignore RULE -- the table has forty rows";
  }

  /// A comment that stands alone speaks of what follows, other comments aside; any speaks of the statement it is in.
  void find_lines(const std::vector<SourceComment>& comments, std::size_t number, Suppression& one) const {
    const SourceComment& comment = comments[number];
    const std::string& path = comment.location.file->path();
    one.first_line = comment.location.span.begin.line;
    one.last_line = comment.location.span.end.line;
    if (comment.alone) {
      for (std::size_t next = number + 1; next < comments.size(); ++next) {
        const SourceComment& other = comments[next];
        const bool directly_below =
            other.location.file->path() == path && other.alone && other.location.span.begin.line == one.last_line + 1;
        if (!directly_below) break;
        one.last_line = other.location.span.end.line;
      }
      ++one.last_line;
    }
    const std::uint32_t begin = one.first_line;
    const std::uint32_t end = one.last_line;
    lines_.widen(path, begin, one.first_line, one.last_line);
    lines_.widen(path, end, one.first_line, one.last_line);
  }

  static bool speaks_of(const Suppression& one, const Finding& finding, std::size_t& which) {
    const std::string& path = one.comment->location.file->path();
    const bool same_file = finding.location.file ? finding.location.file->path() == path : finding.path == path;
    if (!same_file && !(one.whole_file && finding.path == path)) return false;
    const std::uint32_t line = finding.location.span.begin.line;
    if (!one.whole_file && (line < one.first_line || line > one.last_line)) return false;
    const auto found = std::find(one.rules.begin(), one.rules.end(), finding.rule);
    which = one.rules.empty() ? 0 : static_cast<std::size_t>(found - one.rules.begin());
    return one.rules.empty() || found != one.rules.end();
  }

  void move_suppressed() {
    std::vector<Finding> stay;
    for (Finding& finding : result_.findings) {
      const Suppression* answer = nullptr;
      for (Suppression& one : suppressions_) {
        std::size_t which = 0;
        if (!speaks_of(one, finding, which)) continue;
        one.used[which] = true;
        if (answer == nullptr) answer = &one;
      }
      if (answer != nullptr)
        result_.suppressed.push_back({std::move(finding), answer->reason, false});
      else
        stay.push_back(std::move(finding));
    }
    result_.findings = std::move(stay);
  }

  void report_unused() {
    for (const Suppression& one : suppressions_) {
      for (std::size_t i = 0; i < one.used.size(); ++i) {
        if (one.used[i]) continue;
        const std::string name = one.rules.empty() ? "" : one.rules[i];
        if (!name.empty() && is_off(name, *one.comment)) continue;
        report("unused-suppression", *one.comment,
               name.empty() ? "there is nothing in this file to ignore" : "'" + name + "' has nothing to say here",
               "take it out");
      }
    }
  }

  /// A rule that does not speak cannot be answered.
  bool is_off(const std::string& name, const SourceComment& comment) const {
    const Rule* rule = find_rule(name);
    Finding finding;
    finding.rule = name;
    finding.level = rule->level;
    finding.path = comment.location.file->path();
    return level_of_(*rule, finding) == Level::kOff;
  }

  void report(std::string_view id, const SourceComment& comment, std::string message, std::string help) {
    const Rule* rule = find_rule(id);
    BASCULE_CHECK(rule != nullptr, "the rules about suppressions are in the list of rules");
    Finding finding;
    finding.message = std::move(message);
    finding.help = std::move(help);
    finding.location = comment.location;
    finding.statement = comment.text;
    for (const RevisionView& revision : result_.chain.revisions)
      if (revision.selected && revision.path == comment.location.file->path()) finding.revision = revision.id;
    collector_.add(*rule, std::move(finding), {});
  }

  LintResult& result_;
  const LevelOf& level_of_;
  Collector collector_;
  StatementLines lines_;
  std::vector<Suppression> suppressions_;
};

}  // namespace

bool may_hold_suppression(std::string_view text) { return text.find(kMark) != std::string_view::npos; }

void suppress(LintResult& result, const std::vector<SourceComment>& comments, const LevelOf& level_of) {
  if (!comments.empty()) Suppressing(result, level_of).run(comments);
}

}  // namespace bascule::safety
