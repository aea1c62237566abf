#include "graph/resolver.h"

#include <fmt/core.h>
#include <algorithm>
#include <limits>

namespace bascule::graph {

namespace {

// Abbreviations match only names longer than this; so it is in Alembic.
constexpr std::size_t kShortestAbbreviated = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A word character; bytes of non-ASCII characters count as letters.
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// The steps of "+2" or "-13", held at a bound no graph reaches.
long long read_steps(std::string_view digits_with_sign) {
  constexpr long long kBound = std::numeric_limits<std::int32_t>::max();
  long long value = 0;
  for (const char c : digits_with_sign.substr(1)) value = std::min(kBound, value * 10 + (c - '0'));
  return digits_with_sign.front() == '-' ? -value : value;
}

/// Reads [symbol](+|-)digits at the start of text.
std::optional<RelativeTarget> read_symbol_and_steps(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && is_word(text[i])) ++i;
  if (i >= text.size() || (text[i] != '+' && text[i] != '-')) return std::nullopt;
  std::size_t end = i + 1;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == i + 1) return std::nullopt;
  RelativeTarget result;
  result.symbol = text.substr(0, i);
  result.relative = text.substr(i, end - i);
  result.steps = read_steps(result.relative);
  return result;
}

bool is_negative_number(std::string_view text) {
  return text.size() > 1 && text.front() == '-' && std::all_of(text.begin() + 1, text.end(), is_digit) &&
         read_steps(text) < 0;
}

}  // namespace

std::optional<RelativeTarget> parse_relative(std::string_view target) {
  for (std::size_t at = target.find('@', 1); at != std::string_view::npos; at = target.find('@', at + 1)) {
    auto found = read_symbol_and_steps(target.substr(at + 1));
    if (!found) continue;
    found->branch = target.substr(0, at);
    return found;
  }
  return read_symbol_and_steps(target);
}

Outcome<Resolver::Named> Resolver::split(std::string_view name) const {
  Named result;
  if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
    result.branch = name.substr(0, at);
    name = name.substr(at + 1);
  }
  if (name == "heads") {
    result.revisions = graph_.real_heads();
    if (!result.branch.empty()) {
      BASCULE_TRY_ASSIGN(result.revisions, in_lineage(graph_.heads(), result.branch));
    }
  } else if (name == "head") {
    result.revisions = graph_.heads();
    if (!result.branch.empty()) {
      BASCULE_TRY_ASSIGN(result.revisions, in_lineage(graph_.heads(), result.branch));
    }
    if (result.revisions.size() > 1) {
      const std::string typed = result.branch.empty() ? "head" : fmt::format("{}@head", result.branch);
      return failure(problem::multiple_heads(graph_, result.revisions, typed));
    }
  } else if (name != "base") {
    result.text = name;
  }
  return result;
}

Outcome<Stops> Resolver::revisions(std::string_view name) const {
  BASCULE_TRY_ASSIGN(const Named named, split(name));
  Stops result;
  if (!named.text) {
    for (const RevisionIndex index : named.revisions) {
      BASCULE_TRY_ASSIGN(const RevisionIndex found, by_ident(graph_.id(index), named.branch));
      result.push_back(Stop::at(found));
    }
    return result;
  }
  if (!is_negative_number(*named.text)) {
    BASCULE_TRY_ASSIGN(const RevisionIndex found, by_ident(*named.text, named.branch));
    return Stops{Stop::at(found)};
  }
  // "-2" and "label@-2" count down from the heads.
  const bool has_branch = name.find('@') != std::string_view::npos;
  for (const RevisionIndex head : graph_.real_heads()) {
    if (has_branch && !graph_.has_label(head, named.branch)) continue;
    BASCULE_TRY_ASSIGN(const Stop stop, walk(Stop::at(head), read_steps(*named.text), {}, Overwalk::kFails));
    result.push_back(stop);
  }
  return result;
}

Outcome<Stop> Resolver::revision(std::string_view name) const {
  BASCULE_TRY_ASSIGN(const Named named, split(name));
  if (named.text) {
    BASCULE_TRY_ASSIGN(const RevisionIndex found, by_ident(*named.text, named.branch));
    return Stop::at(found);
  }
  if (named.revisions.size() > 1) return failure(problem::multiple_heads(graph_, named.revisions, name));
  if (named.revisions.empty()) {
    if (!named.branch.empty()) BASCULE_TRY(branch(named.branch));
    return Stop::none();
  }
  BASCULE_TRY_ASSIGN(const RevisionIndex found, by_ident(graph_.id(named.revisions.front()), named.branch));
  return Stop::at(found);
}

Outcome<RevisionIndex> Resolver::branch(std::string_view label) const {
  if (const auto found = graph_.find_name(label)) return *found;
  auto found = by_ident(label);
  if (!found && found.error().code == "unknown-revision") return failure(problem::unknown_branch(graph_, label));
  return found;
}

Outcome<RevisionIndex> Resolver::by_ident(std::string_view ident, std::string_view branch_label) const {
  RevisionIndices line;
  if (!branch_label.empty()) {
    BASCULE_TRY_ASSIGN(const RevisionIndex on_branch, branch(branch_label));
    line.push_back(on_branch);
  }
  std::optional<RevisionIndex> found = graph_.find_name(ident);
  if (!found) {
    if (ident.empty()) return failure(problem::unknown_revision(graph_, ident));
    std::vector<std::string> names;
    RevisionIndices matches;
    const auto consider = [&](std::string_view name, RevisionIndex index) {
      if (name.size() < kShortestAbbreviated || !name.starts_with(ident)) return;
      if (!line.empty() && !shares_lineage(index, line, false)) return;
      names.emplace_back(name);
      matches.push_back(index);
    };
    for (std::size_t i = 0; i < graph_.size(); ++i) consider(graph_.id(index_of(i)), index_of(i));
    for (const auto& [label, declared_by] : graph_.declared_labels()) consider(label, declared_by);
    if (matches.empty()) return failure(problem::unknown_revision(graph_, ident));
    if (matches.size() > 1) return failure(problem::ambiguous_revision(ident, names));
    found = matches.front();
  }
  if (!line.empty() && !shares_lineage(*found, line, false)) {
    return failure(problem::not_in_branch(graph_.id(*found), branch_label));
  }
  return *found;
}

bool Resolver::shares_lineage(RevisionIndex target, const RevisionIndices& tests, bool with_dependencies) const {
  const RevisionSet below = reach(graph_, {target}, with_dependencies ? Follow::kNeeded : Follow::kParents);
  const RevisionSet above = reach(graph_, {target}, with_dependencies ? Follow::kAllChildren : Follow::kChildren);
  return std::any_of(tests.begin(), tests.end(),
                     [&](RevisionIndex test) { return below.contains(test) || above.contains(test); });
}

Outcome<std::vector<RevisionIndex>> Resolver::shares_of(const Named& named) const {
  RevisionIndices shares = named.revisions;
  if (!named.branch.empty()) {
    BASCULE_TRY_ASSIGN(const RevisionIndex on_branch, by_ident(named.branch));
    shares.push_back(on_branch);
  }
  if (named.text) {
    BASCULE_TRY_ASSIGN(const RevisionIndex found, by_ident(*named.text));
    shares.push_back(found);
  }
  return shares;
}

Outcome<RevisionIndices> Resolver::in_lineage(const RevisionIndices& targets, std::string_view against,
                                              bool with_dependencies) const {
  BASCULE_TRY_ASSIGN(const Named named, split(against));
  if (targets.empty()) return targets;
  auto shares = shares_of(named);
  if (!shares) return failure(std::move(shares).error());
  if (shares->empty()) return targets;
  RevisionIndices result;
  for (const RevisionIndex target : targets) {
    if (shares_lineage(target, *shares, with_dependencies)) result.push_back(target);
  }
  return result;
}

Outcome<RevisionIndices> Resolver::in_lineage(const std::vector<std::string>& targets, std::string_view against) const {
  BASCULE_TRY(split(against));
  RevisionIndices indices;
  for (const std::string& target : targets) {
    BASCULE_TRY_ASSIGN(const RevisionIndex index, by_ident(target));
    indices.push_back(index);
  }
  return in_lineage(indices, against);
}

Outcome<Stop> Resolver::walk(Stop start, long long steps, std::string_view branch_label, Overwalk overwalk) const {
  const bool up = steps > 0;
  Stop at = start;
  for (long long step = up ? steps : -steps; step > 0; --step) {
    RevisionIndices ways;
    if (at.kind == Stop::Kind::kNone) {
      ways = up ? graph_.bases() : graph_.heads();
    } else if (at.is_revision()) {
      const auto list = up ? graph_.children(at.revision) : graph_.parents(at.revision);
      ways.assign(list.begin(), list.end());
    }
    if (up && !branch_label.empty()) {
      BASCULE_TRY_ASSIGN(ways, in_lineage(ways, branch_label));
    }
    if (ways.size() > 1) {
      return failure(problem::ambiguous_walk(graph_, at.is_revision() ? graph_.id(at.revision) : "", ways, up));
    }
    if (!ways.empty()) {
      at = Stop::at(ways.front());
    } else if (!up && at.kind != Stop::Kind::kBase) {
      at = Stop::base();
    } else {
      return overwalk == Overwalk::kFails ? Stop::none() : at;
    }
  }
  return at;
}

RevisionIndices Resolver::tips_of_applied(const RevisionIndices& heads) const {
  const RevisionSet applied = reach(graph_, heads, Follow::kNeeded);
  RevisionIndices tips;
  for (const RevisionIndex index : applied.list()) {
    const auto children = graph_.children(index);
    if (std::none_of(children.begin(), children.end(), [&](RevisionIndex c) { return applied.contains(c); })) {
      tips.push_back(index);
    }
  }
  return tips;
}

}  // namespace bascule::graph
