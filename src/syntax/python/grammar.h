// What: Python's grammar as a recogniser over tokens: it builds nothing, it refuses what CPython refuses, at the token
// where CPython gives up. The tree parser behind it is lenient, so that what passes here decides.
// Must not know: trees.
// Invariants: what passes nests no deeper than kMaxNesting; the skeleton afterwards holds neither annotations nor type
// parameters nor stars before expressions, and a `pass` in place of each match and type statement (their offsets are in
// Notes). Dotted names, None, True, False and strings (a run of them, unless a word touches it) stand in it as one name
// each: the tree parser's time goes by the number of its tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "syntax/python/lexer.h"

namespace bascule::syntax::python {

/// What the skeleton no longer shows, by the offset at which the statement begins.
struct Notes {
  std::uint64_t statements = 0;                                    ///< how many there are; a match counts as one
  std::unordered_set<std::uint32_t> annotated;                     ///< `x: int` and `x: int = 1`
  std::unordered_map<std::uint32_t, std::uint32_t> matches;        ///< begin → end
  std::unordered_map<std::uint32_t, std::uint32_t> annotated_end;  ///< begin → end of `x: int` without a value
  std::unordered_map<std::uint32_t, std::string> type_aliases;     ///< the alias's name
  std::unordered_map<std::uint32_t, std::uint32_t> starred;  ///< begin of x in `*x` (not in parameters) → the star
};

/// Throws SyntaxFailure. Blanks and renames parts of tokens.skeleton.
Notes recognise(std::string_view text, Tokens& tokens);

}  // namespace bascule::syntax::python
