#include "lab/case_file.h"

#include <charconv>
#include <cstddef>
#include <utility>

#include "base/file.h"
#include "base/text.h"

namespace bascule::lab {

namespace {

constexpr std::string_view kComment = "--";

/// What follows a word at the begin of a line; null text: it does not begin so.
std::string_view after(std::string_view line, std::string_view word) {
  if (line.substr(0, word.size()) != word) return {};
  if (line.size() == word.size()) return line.substr(word.size());
  return line[word.size()] == ' ' ? trim(line.substr(word.size())) : std::string_view{};
}

class CaseReader {
 public:
  explicit CaseReader(std::string path) : path_(std::move(path)) {}

  Result<std::vector<Case>, std::string> read(std::string_view text) {
    for (const std::string_view line : split(text, '\n')) {
      ++line_;
      BASCULE_TRY(take(line));
    }
    BASCULE_TRY(end_case());
    return std::move(cases_);
  }

 private:
  enum class Part { kNone, kHead, kSetUp, kStatement };

  Result<void, std::string> take(std::string_view line) {
    if (line.substr(0, kComment.size()) == kComment && part_ != Part::kNone) {
      const std::string_view words = trim(line.substr(kComment.size()));
      if (const auto id = after(words, "case"); !id.empty()) return begin_case(id);
      if (words == "set-up") return enter(Part::kSetUp);
      if (words == "statement") return enter(Part::kStatement);
      if (part_ == Part::kHead) return take_head(words);
      return problem("a comment inside a case: write it before '-- case'");
    }
    if (part_ == Part::kNone) {
      const std::string_view words = line.substr(0, kComment.size()) == kComment ? trim(line.substr(2)) : "";
      if (const auto id = after(words, "case"); !id.empty()) return begin_case(id);
      return trim(line).empty() || !words.empty() ? Result<void, std::string>{} : problem("SQL before the first case");
    }
    if (trim(line).empty() && part_ == Part::kHead) return {};
    if (part_ == Part::kHead) part_ = Part::kStatement;
    std::string& into = part_ == Part::kSetUp ? now_.set_up : now_.statement;
    if (!into.empty() || !trim(line).empty()) into += std::string(line) + "\n";
    return {};
  }

  Result<void, std::string> take_head(std::string_view words) {
    if (const auto major = after(words, "since"); !major.empty()) return number(major, now_.since);
    if (const auto major = after(words, "until"); !major.empty()) return number(major, now_.until);
    if (const auto zone = after(words, "time zone"); !zone.empty()) {
      now_.time_zone = zone;
      return {};
    }
    if (const auto sql = after(words, "held up by"); !sql.empty()) {
      now_.held_by.emplace_back(sql);
      return {};
    }
    return problem("not understood: " + std::string(words));
  }

  Result<void, std::string> begin_case(std::string_view id) {
    BASCULE_TRY(end_case());
    now_ = {};
    now_.id = id;
    part_ = Part::kHead;
    return {};
  }
  Result<void, std::string> enter(Part part) {
    if (part <= part_) return problem("twice, or in the wrong order");
    part_ = part;
    return {};
  }
  Result<void, std::string> end_case() {
    if (part_ == Part::kNone) return {};
    now_.set_up = trim(now_.set_up);
    now_.statement = trim(now_.statement);
    if (now_.statement.empty()) return problem("case '" + now_.id + "' has no statement");
    for (const Case& earlier : cases_)
      if (earlier.id == now_.id) return problem("there is a case '" + now_.id + "' already");
    cases_.push_back(std::move(now_));
    return {};
  }

  Result<void, std::string> number(std::string_view text, int& into) {
    const auto done = std::from_chars(text.data(), text.data() + text.size(), into);
    if (done.ec != std::errc() || done.ptr != text.data() + text.size()) return problem("a major version is a number");
    return {};
  }
  Result<void, std::string> problem(const std::string& what) const {
    return failure(path_ + ":" + std::to_string(line_) + ": " + what);
  }

  std::string path_;
  std::size_t line_ = 0;
  Part part_ = Part::kNone;
  Case now_;
  std::vector<Case> cases_;
};

}  // namespace

Result<std::vector<Case>, std::string> read_cases(const std::string& path) {
  auto text = read_file(path);
  if (!text) return failure(text.error().message);
  return CaseReader(path).read(*text);
}

}  // namespace bascule::lab
