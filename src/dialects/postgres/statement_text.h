// What: a statement's text by tokens, and the stretches of it that the tree points at. Internal to this folder.
// Must not know: the tree, the model.
// Invariants: tokens are counted from 0; a stretch is a half-open range of tokens; brackets are matched once, in linear
// time. Out of range reads as the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syntax/sql/lexer.h"

namespace bascule::dialects::postgres {

class StatementText {
 public:
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool empty() const { return begin >= end; }
  };

  explicit StatementText(std::string_view sql);

  std::string_view sql() const { return sql_; }
  std::size_t count() const { return tokens_.size(); }
  /// The first token that begins at this byte or after it.
  std::size_t at(std::size_t offset) const;
  std::string_view written(std::size_t token) const;
  bool word(std::size_t token, std::string_view wanted) const;
  bool symbol(std::size_t token, char wanted) const;
  bool number(std::size_t token) const;
  /// The token after the bracket that closes the one at token; token + 1 where there is no bracket.
  std::size_t after(std::size_t token) const;
  /// The first such word in the range that no bracket holds; the range's end if there is none.
  std::size_t find_word(Range range, std::string_view wanted) const;
  std::size_t find_symbol(Range range, char wanted) const;
  /// What stands between the bracket at token and its partner; empty where there is none.
  Range inside(std::size_t token) const;
  /// The range cut at its commas outside of brackets.
  std::vector<Range> split(Range range) const;
  /// From the range's first token to its last, with what lies between them as it is written.
  std::string slice(Range range) const;
  /// The integer that stands at token, with a sign before it or not.
  std::optional<std::int64_t> integer(std::size_t token) const;
  /// The most tokens in a row that neither a comma nor a bracket parts: no tree of this text is deeper.
  std::size_t longest_run() const { return longest_run_; }

 private:
  std::string_view sql_;
  std::vector<syntax::sql::Token> tokens_;
  std::vector<std::uint32_t> partners_;  ///< of an opening bracket: the closing one; else the token itself
  std::size_t longest_run_ = 0;
};

}  // namespace bascule::dialects::postgres
