#include "safety/collect.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "safety/estimate.h"
#include "safety/write_help.h"

namespace bascule::safety {

namespace {

constexpr std::size_t kLongestStatement = 160;

/// FNV-1a: small, and the same everywhere and for ever.
std::uint64_t hash(std::uint64_t start, std::string_view text) {
  constexpr std::uint64_t kPrime = 1099511628211ULL;
  for (const char c : text) start = (start ^ static_cast<unsigned char>(c)) * kPrime;
  return (start ^ 0xffU) * kPrime;  // what no text holds: the end
}

std::string cut(std::string text) {
  if (utf8_length(text) <= kLongestStatement) return text;
  std::size_t end = kLongestStatement - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

std::string on_one_line(std::string_view sql) {
  std::string out;
  for (const char c : trim(sql)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

std::string fingerprint(std::string_view rule, std::string_view path, std::string_view statement, std::size_t ordinal) {
  constexpr std::uint64_t kBasis = 14695981039346656037ULL;
  std::uint64_t value = hash(hash(hash(kBasis, rule), path), statement);
  if (ordinal > 0) value = hash(value, std::to_string(ordinal));
  return fmt::format("{:016x}", value);
}

void Collector::place(Finding& finding) const {
  if (statement_ != nullptr) {
    finding.direction = statement_->direction;
    if (!finding.location.file) finding.location = statement_->location;
    if (finding.statement.empty()) finding.statement = statement_->sql;
  }
  if (revision_ != nullptr) {
    if (finding.revision.empty()) finding.revision = revision_->id;
    if (!finding.location.file) finding.location = revision_->location;
    if (finding.path.empty()) finding.path = revision_->path;
  }
  // A body may lie in a file of its own beside the revision's.
  if (finding.location.file && (statement_ != nullptr || finding.path.empty()))
    finding.path = finding.location.file->path();
}

void Collector::add(const Rule& rule, Finding finding, const Names& names) {
  finding.rule = rule.id;
  if (finding.level == Finding{}.level) finding.level = rule.level;
  place(finding);
  finding.level = level_of_(rule, finding);
  if (finding.level == Level::kOff) return;
  if (finding.help.empty()) {
    Names all = names;
    if (!finding.table.name.empty()) all.emplace("table", display(finding.table));
    finding.help = write_help(rule, chain_.spelling, all);
  }
  if (statement_ != nullptr) {
    if (finding.assumptions.empty()) finding.assumptions = statement_->impact.assumptions;
    if (!finding.estimate && chain_.live != nullptr && !finding.table.name.empty())
      finding.estimate = estimate(statement_->impact, finding.table, *chain_.live);
  }
  finding.statement = on_one_line(finding.statement);
  if (finding.fingerprint.empty()) {
    const std::string first = fingerprint(finding.rule, finding.path, finding.statement, 0);
    const std::size_t ordinal = seen_[first]++;
    finding.fingerprint = ordinal == 0 ? first : fingerprint(finding.rule, finding.path, finding.statement, ordinal);
  }
  finding.statement = cut(std::move(finding.statement));
  findings_.push_back(std::move(finding));
}

std::vector<Finding> Collector::take() {
  // A finding is large, its place in the order is not.
  std::vector<std::size_t> order(findings_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) {
      return std::tuple(std::string_view(findings_[i].path), findings_[i].location.span.begin.offset);
    };
    return key(a) < key(b);
  });
  std::vector<Finding> sorted;
  sorted.reserve(order.size());
  for (const std::size_t i : order) sorted.push_back(std::move(findings_[i]));
  findings_.clear();
  return sorted;
}

}  // namespace bascule::safety
