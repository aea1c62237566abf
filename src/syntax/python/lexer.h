// What: Python's tokens with their byte offsets, as CPython's tokenizer makes them (3.12's f-strings included), and the
// skeleton of the text: the same tokens with everything blanked that the tree parser need not see.
// Must not know: grammar, trees.
// Invariants: tokens are in order and do not overlap; a Tokens without failure ends in kEnd, and every kIndent has its
// kDedent; skeleton is as long as the text, so that offsets in it are offsets in the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bascule::syntax::python {

enum class TokenKind : std::uint8_t { kName, kKeyword, kNumber, kString, kOperator, kNewline, kIndent, kDedent, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// A piece of an f-string: literal text (still with its escapes), or a replacement field.
struct FormatPiece {
  bool is_field = false;
  std::uint32_t begin = 0;  ///< of the literal text, or of the field's expression
  std::uint32_t end = 0;
  bool show_source = false;  ///< f"{x=}": the source shown is [begin, source_end)
  std::uint32_t source_end = 0;
  char conversion = 0;
  bool has_spec = false;
  std::vector<FormatPiece> spec;
  std::vector<Token> tokens;  ///< of the expression, ending in kEnd
  std::string skeleton;       ///< of [begin, end)
};
struct FormatString {
  bool raw = false;
  std::vector<FormatPiece> pieces;
};

/// What is wrong with the text, at [begin, end).
struct SyntaxFailure {
  std::string code;
  std::string message;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string help;
};

struct Tokens {
  std::vector<Token> list;
  std::unordered_map<std::uint32_t, FormatString> format_strings;  ///< by the offset of their token
  std::vector<Token> unclosed;                                     ///< brackets still open at the end, outermost first
  std::string skeleton;
};

/// The prefix of a string literal: what its letters say, and where its content stands.
struct StringShape {
  bool bytes = false;
  bool raw = false;
  bool format = false;
  std::uint32_t prefix = 0;  ///< letters
  std::uint32_t quotes = 0;  ///< 1 or 3
};
StringShape string_shape(std::string_view literal);

/// Whether the word is one of Python's reserved words.
bool is_keyword(std::string_view word);

/// Brackets and f-strings may nest this deep.
inline constexpr std::uint32_t kMaxNesting = 200;

/// Throws SyntaxFailure. Unclosed brackets are not thrown but returned, because the grammar may know better.
/// @param start where the text begins (behind a byte order mark).
Tokens tokenize(std::string_view text, std::uint32_t start);

}  // namespace bascule::syntax::python
