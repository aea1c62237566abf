// What: Python's regular expressions, by a backtracking machine of our own with bounds: no recursion over the text, a
// limited number of steps.
// Must not know: values, the interpreter.
// Invariants: works on code points; a match that takes more than the given steps is given up with RegexTooSlow.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bascule::evaluate {

struct RegexFlags {
  bool ignore_case = false;
  bool multiline = false;
  bool dot_all = false;
  bool verbose = false;
};

/// A pattern that Python would refuse, or that is not supported here.
struct RegexError {
  std::string message;
};
struct RegexTooSlow {};

class Regex {
 public:
  using Text = std::vector<std::uint32_t>;
  /// begin and end of each group; -1: the group took no part. Group 0 is the whole match.
  using Groups = std::vector<std::int64_t>;
  enum class Anchor { kSearch, kMatch, kFullMatch };

  /// Throws RegexError.
  Regex(std::string_view pattern, RegexFlags flags);
  /// Throws RegexTooSlow. steps is counted down.
  std::optional<Groups> find(const Text& text, std::size_t from, Anchor anchor, std::uint64_t& steps) const;
  int group_count() const { return groups_; }
  const std::map<std::string, int>& names() const { return names_; }

  enum class Op : std::uint8_t {
    kChar,
    kAny,
    kSet,
    kSplit,
    kJump,
    kSave,
    kLineBegin,
    kLineEnd,
    kTextBegin,
    kTextEnd,
    kWordEdge,
    kNotWordEdge,
    kBackReference,
    kLook,
    kMark,
    kProgress,
    kMatch
  };
  struct Instruction {
    Op op = Op::kMatch;
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    bool flag = false;    ///< kLook: negated; kAny: newline too
    bool behind = false;  ///< kLook
  };
  struct CharacterSet {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
    std::string classes;  ///< letters of d D w W s S
    bool negated = false;
    bool contains(std::uint32_t code, bool ignore_case) const;
  };

 private:
  friend class RegexCompiler;
  bool run(const Text& text, std::size_t pc, std::size_t at, bool to_end, Groups& slots, std::uint64_t& steps,
           int depth) const;

  std::vector<Instruction> program_;
  std::vector<CharacterSet> sets_;
  std::map<std::string, int> names_;
  int groups_ = 0;
  std::uint32_t slots_ = 2;
  RegexFlags flags_;
};

}  // namespace bascule::evaluate
