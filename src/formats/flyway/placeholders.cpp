#include "formats/flyway/placeholders.h"

#include <algorithm>

#include "base/text.h"

namespace bascule::formats::flyway {

std::size_t ReplacedText::original_offset(std::size_t offset) const {
  const auto after = std::upper_bound(jumps.begin(), jumps.end(), offset,
                                      [](std::size_t value, const auto& jump) { return value < jump.first; });
  if (after == jumps.begin()) return offset;
  const auto& jump = *std::prev(after);
  return jump.second + (offset - jump.first);
}

Result<ReplacedText, MissingPlaceholder> replace_placeholders(std::string_view text, const PlaceholderRules& rules) {
  ReplacedText out;
  std::size_t at = 0;
  while (true) {
    const auto begin = text.find(rules.prefix, at);
    if (begin == std::string_view::npos) break;
    const auto name_begin = begin + rules.prefix.size();
    const auto end = text.find(rules.suffix, name_begin);
    const std::string_view name = text.substr(name_begin, end == std::string_view::npos ? end : end - name_begin);
    const auto value = end == std::string_view::npos ? rules.values.end() : rules.values.find(to_lower_ascii(name));
    if (value == rules.values.end()) return failure(MissingPlaceholder{std::string(name.substr(0, 80)), begin});
    out.text += text.substr(at, begin - at);
    out.text += value->second;
    at = end + rules.suffix.size();
    out.jumps.emplace_back(out.text.size(), at);
  }
  out.text += text.substr(at);
  return out;
}

namespace {

/// Recursive descent over a few words; depth is bounded.
class Expression {
 public:
  explicit Expression(std::string_view text) : text_(text) {}
  Result<bool, std::string> read() {
    const bool value = alternatives(0);
    skip();
    if (wrong_ || at_ != text_.size()) return failure("'" + std::string(text_) + "' cannot be understood");
    return value;
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(std::string_view word) {
    skip();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool alternatives(int depth) {
    bool value = all(depth);
    while (take("||")) value = all(depth) || value;
    return value;
  }
  bool all(int depth) {
    bool value = one(depth);
    while (take("&&")) value = one(depth) && value;
    return value;
  }
  bool one(int depth) {
    constexpr int kDeepest = 100;
    if (depth > kDeepest) wrong_ = true;
    if (wrong_) return false;
    if (take("(")) {
      const bool value = alternatives(depth + 1);
      if (!take(")")) wrong_ = true;
      return value;
    }
    const std::string_view left = operand();
    if (take("==")) return left == operand();
    if (take("!=")) return left != operand();
    if (!iequals_ascii(left, "true") && !iequals_ascii(left, "false")) wrong_ = true;
    return iequals_ascii(left, "true");
  }
  std::string_view operand() {
    skip();
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != '(' && text_[end] != ')' && !operator_at(end)) ++end;
    const std::string_view word = trim(text_.substr(at_, end - at_));
    at_ = end;
    return word;
  }
  bool operator_at(std::size_t at) const {
    const std::string_view two = text_.substr(at, 2);
    return two == "==" || two == "!=" || two == "&&" || two == "||";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool wrong_ = false;
};

}  // namespace

Result<bool, std::string> evaluate_expression(std::string_view text) { return Expression(trim(text)).read(); }

}  // namespace bascule::formats::flyway
