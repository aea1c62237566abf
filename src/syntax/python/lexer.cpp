#include "syntax/python/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "syntax/python/characters.h"

namespace bascule::syntax::python {

namespace {

constexpr std::array<std::string_view, 35> kKeywords = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};

/// How many characters long the operator is that begins with these three; 0: none begins so.
std::uint32_t operator_length(char first, char second, char third) {
  switch (first) {
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
    case ',':
    case ';':
    case '~':
      return 1;
    case '.':
      return second == '.' && third == '.' ? 3 : 1;
    case '*':
    case '/':
    case '>':
    case '<':
      if (second == first) return third == '=' ? 3 : 2;
      return second == '=' || (first == '<' && second == '>') ? 2 : 1;
    case '-':
      return second == '=' || second == '>' ? 2 : 1;
    case '+':
    case '%':
    case '&':
    case '|':
    case '^':
    case '@':
    case ':':
    case '=':
      return second == '=' ? 2 : 1;
    case '!':
      return second == '=' ? 2 : 0;
    default:
      return 0;
  }
}

constexpr std::size_t kMaxIndents = 100;  // CPython's MAXINDENT

char closing(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

class Lexer {
 public:
  Lexer(std::string_view text, std::uint32_t start) : text_(text), at_(start) {
    out_.skeleton.assign(text.size(), ' ');
  }

  Tokens run() {
    lines();
    return std::move(out_);
  }

 private:
  struct Indent {
    std::uint32_t column = 0;       ///< tabs to the next multiple of 8
    std::uint32_t alternative = 0;  ///< a tab counts 1
  };

  char peek(std::uint32_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char peek_back() const { return text_[at_ - 1]; }
  bool done() const { return at_ >= text_.size(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(text_.size()); }
  bool at_newline() const { return peek() == '\n' || peek() == '\r'; }
  void skip_newline() { at_ += (peek() == '\r' && peek(1) == '\n') ? 2 : 1; }
  [[noreturn]] static void fail(std::string message, std::uint32_t begin, std::uint32_t end,
                                std::string code = "syntax-error") {
    throw SyntaxFailure{std::move(code), std::move(message), begin, end, ""};
  }
  void push(std::vector<Token>& to, TokenKind kind, std::uint32_t begin, std::uint32_t end) {
    to.push_back({kind, begin, end});
  }

  /// Ends a physical line in the skeleton: the tree parser counts indentation from there.
  void line_end() {
    skip_newline();
    out_.skeleton[at_ - 1] = '\n';
  }

  void lines() {
    while (!done()) {
      if (!indentation()) continue;
      logical_line();
    }
    if (!out_.list.empty() && brackets_.empty()) {
      while (indents_.size() > 1) {
        indents_.pop_back();
        push(out_.list, TokenKind::kDedent, size(), size());
      }
    }
    push(out_.list, TokenKind::kEnd, size(), size());
  }

  /// Measures the line's indentation; false if the line is blank (and has been passed).
  bool indentation() {
    std::uint32_t line = at_;
    Indent now;
    for (;; ++at_) {
      if (peek() == ' ') {
        ++now.column;
        ++now.alternative;
      } else if (peek() == '\t') {
        now.column = (now.column / 8 + 1) * 8;
        ++now.alternative;
      } else if (peek() == '\f') {
        now = {};
        out_.skeleton[at_] = '\n';
      } else {
        break;
      }
      if (done()) return false;
    }
    if (done()) return false;
    if (peek() == '#') comment();
    if (done()) return false;
    if (at_newline()) {
      line_end();
      return false;
    }
    if (peek() == '\\' && (peek(1) == '\n' || peek(1) == '\r')) {
      fail("a line that is blank but for a line continuation is not read", at_, at_ + 1);
    }
    indent_tokens(now, line);
    return true;
  }

  void indent_tokens(Indent now, std::uint32_t line) {
    auto inconsistent = [&] { fail("inconsistent use of tabs and spaces in indentation", line, at_); };
    const Indent& top = indents_.back();
    if (now.column == top.column) {
      if (now.alternative != top.alternative) inconsistent();
      return;
    }
    if (now.column > top.column) {
      if (now.alternative <= top.alternative) inconsistent();
      if (indents_.size() >= kMaxIndents) fail("too many levels of indentation", line, at_, "too-deep");
      indents_.push_back(now);
      push(out_.list, TokenKind::kIndent, line, at_);
      return;
    }
    while (now.column < indents_.back().column) {
      indents_.pop_back();
      push(out_.list, TokenKind::kDedent, at_, at_);
    }
    if (now.column != indents_.back().column) {
      fail("unindent does not match any outer indentation level", at_, at_);
    }
    if (now.alternative != indents_.back().alternative) inconsistent();
  }

  void comment() {
    while (!done() && !at_newline()) ++at_;
  }

  /// White space, comments and continuations inside a logical line. Newlines too when a bracket is open.
  void blanks(bool in_brackets) {
    while (!done()) {
      char c = peek();
      if (c == ' ' || c == '\t' || c == '\f') {
        ++at_;
      } else if (c == '#') {
        comment();
      } else if (c == '\\') {
        std::uint32_t slash = at_++;
        if (done()) fail("unexpected end of file after a line continuation", slash, at_);
        if (!at_newline()) fail("unexpected character after line continuation character", slash, at_ + 1);
        skip_newline();
        if (done()) fail("unexpected end of file after a line continuation", slash, slash + 1);
      } else if (in_brackets && at_newline()) {
        skip_newline();
      } else {
        break;
      }
    }
  }

  void logical_line() {
    for (;;) {
      blanks(!brackets_.empty());
      if (done()) {
        if (!brackets_.empty()) {
          out_.unclosed = brackets_;
          return;
        }
        push(out_.list, TokenKind::kNewline, size(), size());
        return;
      }
      if (at_newline()) {
        push(out_.list, TokenKind::kNewline, at_, at_ + 1);
        line_end();
        return;
      }
      token(out_.list, brackets_);
    }
  }

  void token(std::vector<Token>& to, std::vector<Token>& brackets) {
    char c = peek();
    if (is_name_start_ascii(c) || static_cast<unsigned char>(c) >= 0x80) {
      word(to);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number(to);
    } else if (c == '\'' || c == '"') {
      string(to, 0);
    } else {
      op(to, brackets);
    }
  }

  void word(std::vector<Token>& to) {
    std::uint32_t begin = at_;
    while (!done()) {
      char c = peek();
      if (is_name_start_ascii(c) || is_digit(c)) {
        ++at_;
        continue;
      }
      if (static_cast<unsigned char>(c) < 0x80) break;
      Character character = character_at(text_, at_);
      if (!is_name_character(character.code)) {
        fail(fmt::format("invalid character '{}' (U+{:04X})", text_.substr(at_, character.length), character.code), at_,
             at_ + character.length);
      }
      at_ += character.length;
    }
    std::string_view text = text_.substr(begin, at_ - begin);
    if ((peek() == '\'' || peek() == '"') && is_string_prefix(text)) {
      at_ = begin;
      string(to, static_cast<std::uint32_t>(text.size()));
      return;
    }
    bool keyword = is_keyword(text);
    if (keyword) {
      std::copy(text.begin(), text.end(), out_.skeleton.begin() + begin);
    } else {
      std::fill_n(out_.skeleton.begin() + begin, text.size(), 'x');
    }
    push(to, keyword ? TokenKind::kKeyword : TokenKind::kName, begin, at_);
  }

  static bool is_string_prefix(std::string_view text) {
    if (text.size() > 2) return false;
    std::string lower;
    for (char c : text) lower += static_cast<char>(c | 0x20);
    if (lower.size() == 2 && lower[1] != 'r') std::swap(lower[0], lower[1]);
    return lower == "r" || lower == "u" || lower == "b" || lower == "f" || lower == "br" || lower == "fr";
  }

  template <class Allowed>
  bool digits(Allowed allowed) {
    if (!allowed(peek())) return false;
    while (allowed(peek()) || (peek() == '_' && allowed(peek(1)))) ++at_;
    return true;
  }

  void number(std::vector<Token>& to) {
    std::uint32_t begin = at_;
    auto decimal = [](char c) { return is_digit(c); };
    const char* kind = "decimal";
    if (peek() == '0' && (peek(1) | 0x20) == 'x') {
      kind = "hexadecimal";
      radix(kind, [](char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); });
    } else if (peek() == '0' && (peek(1) | 0x20) == 'o') {
      kind = "octal";
      radix(kind, [](char c) { return c >= '0' && c <= '7'; });
    } else if (peek() == '0' && (peek(1) | 0x20) == 'b') {
      kind = "binary";
      radix(kind, [](char c) { return c == '0' || c == '1'; });
    } else {
      digits(decimal);
      std::uint32_t whole_end = at_;
      bool plain = true;
      if (peek() == '_') fail("invalid decimal literal", begin, at_ + 1);
      if (peek() == '.') {
        plain = false;
        ++at_;
        digits(decimal);
        if (peek() == '_') fail("invalid decimal literal", begin, at_ + 1);
      }
      if ((peek() | 0x20) == 'e') {
        std::uint32_t sign = (peek(1) == '+' || peek(1) == '-') ? 1 : 0;
        if (is_digit(peek(1 + sign))) {
          plain = false;
          at_ += 1 + sign;
          digits(decimal);
        }
      }
      if ((peek() | 0x20) == 'j') {
        plain = false;
        ++at_;
      }
      std::string_view whole = text_.substr(begin, whole_end - begin);
      if (plain && whole.size() > 1 && whole[0] == '0' && whole.find_first_not_of("0_") != std::string_view::npos) {
        throw SyntaxFailure{"syntax-error",
                            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
                            "integers",
                            begin, at_, ""};
      }
    }
    number_end(kind, begin);
    // The tree parser need not see which number it is; as a name it cannot swallow the dot of an attribute. Before a
    // keyword ("1if") it has to stay a number.
    std::fill(out_.skeleton.begin() + begin, out_.skeleton.begin() + at_, is_name_start_ascii(peek()) ? '1' : 'x');
    push(to, TokenKind::kNumber, begin, at_);
  }

  template <class Allowed>
  void radix(const char* kind, Allowed allowed) {
    std::uint32_t begin = at_;
    at_ += 2;
    if (peek() == '_') ++at_;
    if (!digits(allowed)) fail(fmt::format("invalid {} literal", kind), begin, at_ + (done() ? 0 : 1));
    if (is_digit(peek())) fail(fmt::format("invalid digit '{}' in {} literal", peek(), kind), at_, at_ + 1);
  }

  /// A number may run into a keyword ("1if x else 2"), not into another word.
  void number_end(const char* kind, std::uint32_t begin) {
    char c = peek();
    if (!is_name_start_ascii(c) && static_cast<unsigned char>(c) < 0x80) return;
    for (std::string_view word : {"and", "else", "for", "if", "in", "is", "not", "or"}) {
      if (text_.substr(at_, word.size()) != word) continue;
      char after = peek(static_cast<std::uint32_t>(word.size()));
      if (!is_name_start_ascii(after) && !is_digit(after) && static_cast<unsigned char>(after) < 0x80) return;
    }
    fail(fmt::format("invalid {} literal", kind), begin, at_);
  }

  void op(std::vector<Token>& to, std::vector<Token>& brackets) {
    std::uint32_t begin = at_;
    const std::uint32_t length = operator_length(peek(), peek(1), peek(2));
    if (length == 0) {
      if (peek() == '`') fail("invalid syntax: Python 3 has no backticks; write repr(...)", begin, begin + 1);
      unsigned char c = static_cast<unsigned char>(peek());
      if (c < 0x20 || c == 0x7F) fail(fmt::format("invalid non-printable character U+{:04X}", c), begin, begin + 1);
      fail("invalid syntax", begin, begin + 1);
    }
    at_ += length;
    std::copy_n(text_.begin() + begin, length, out_.skeleton.begin() + begin);
    // The tree's grammar has ^ bind tighter than &; Python has it the other way round. Which it was is read from the
    // text.
    if (length == 1 && peek_back() == '&') out_.skeleton[begin] = '^';
    if (length == 1 && peek_back() == '^') out_.skeleton[begin] = '&';
    if (length == 1) bracket(to, brackets, begin);
    push(to, TokenKind::kOperator, begin, at_);
  }

  void bracket(const std::vector<Token>& /*to*/, std::vector<Token>& brackets, std::uint32_t begin) {
    char c = text_[begin];
    if (c == '(' || c == '[' || c == '{') {
      if (brackets.size() + nested_ >= kMaxNesting) {
        fail(fmt::format("brackets are nested deeper than {} levels", kMaxNesting), begin, begin + 1, "too-deep");
      }
      brackets.push_back({TokenKind::kOperator, begin, begin + 1});
    } else if (c == ')' || c == ']' || c == '}') {
      if (brackets.empty()) fail(fmt::format("unmatched '{}'", c), begin, begin + 1);
      char open = text_[brackets.back().begin];
      if (closing(open) != c) {
        auto line = 1 + std::count(text_.begin(), text_.begin() + brackets.back().begin, '\n');
        fail(fmt::format("closing '{}' does not match opening '{}' on line {}", c, open, line), begin, begin + 1);
      }
      brackets.pop_back();
    }
  }

  void string(std::vector<Token>& to, std::uint32_t prefix) {
    std::uint32_t begin = at_;
    StringShape shape = string_shape(text_.substr(begin));
    at_ += prefix + shape.quotes;
    if (shape.format) {
      if (++nested_ >= kMaxNesting) fail("f-strings are nested too deep", begin, at_, "too-deep");
      FormatString format;
      format.raw = shape.raw;
      format_pieces(format.pieces, shape, begin, false);
      --nested_;
      at_ += shape.quotes;
      out_.format_strings.emplace(begin, std::move(format));
    } else {
      plain_string(shape, begin);
    }
    std::fill(out_.skeleton.begin() + begin, out_.skeleton.begin() + at_, 'x');
    out_.skeleton[begin] = '\'';
    out_.skeleton[at_ - 1] = '\'';
    push(to, TokenKind::kString, begin, at_);
  }

  bool at_closing(const StringShape& shape, char quote) const {
    if (peek() != quote) return false;
    return shape.quotes == 1 || (peek(1) == quote && peek(2) == quote);
  }

  [[noreturn]] void unterminated(const StringShape& shape, std::uint32_t begin) const {
    std::string name = shape.format ? "f-string" : "string";
    if (shape.quotes == 3)
      fail(fmt::format("unterminated triple-quoted {} literal, opened here", name), begin, begin + shape.prefix + 3);
    fail(fmt::format("unterminated {} literal", name), begin, begin + shape.prefix + 1);
  }

  void plain_string(const StringShape& shape, std::uint32_t begin) {
    char quote = text_[begin + shape.prefix];
    for (;;) {
      if (done()) unterminated(shape, begin);
      if (at_closing(shape, quote)) break;
      if (at_newline() && shape.quotes == 1) unterminated(shape, begin);
      if (shape.bytes && static_cast<unsigned char>(peek()) >= 0x80) {
        fail("bytes can only contain ASCII literal characters", at_, at_ + character_at(text_, at_).length);
      }
      if (peek() == '\\') {
        ++at_;
        if (done()) unterminated(shape, begin);
        if (at_newline()) {
          skip_newline();
          continue;
        }
        if (shape.bytes && static_cast<unsigned char>(peek()) >= 0x80) continue;
      }
      ++at_;
    }
    at_ += shape.quotes;
  }

  /// Literal text and replacement fields, up to the closing quotes, or up to the "}" that ends a format spec.
  void format_pieces(std::vector<FormatPiece>& pieces, const StringShape& shape, std::uint32_t begin, bool in_spec) {
    char quote = text_[begin + shape.prefix];
    std::uint32_t literal = at_;
    auto flush = [&] {
      if (at_ > literal) {
        FormatPiece piece;
        piece.begin = literal;
        piece.end = at_;
        pieces.push_back(std::move(piece));
      }
    };
    for (;;) {
      if (done()) unterminated(shape, begin);
      char c = peek();
      if (at_closing(shape, quote)) {
        if (in_spec) fail("f-string: expecting '}'", at_, at_ + 1);
        flush();
        return;
      }
      if (at_newline() && shape.quotes == 1) unterminated(shape, begin);
      if (c == '\\') {
        backslash_in_format(shape, begin);
        continue;
      }
      if (c == '{' && peek(1) == '{' && !in_spec) {
        at_ += 2;
      } else if (c == '{') {
        flush();
        pieces.push_back(field(shape, begin));
        literal = at_;
      } else if (c == '}' && in_spec) {
        flush();
        return;
      } else if (c == '}') {
        if (peek(1) != '}') fail("f-string: single '}' is not allowed", at_, at_ + 1);
        at_ += 2;
      } else {
        ++at_;
      }
    }
  }

  void backslash_in_format(const StringShape& shape, std::uint32_t begin) {
    ++at_;
    if (done()) unterminated(shape, begin);
    if (!shape.raw && peek() == 'N' && peek(1) == '{') {
      while (!done() && peek() != '}' && !at_newline()) ++at_;
      if (peek() == '}') ++at_;
      return;
    }
    if (peek() == '{' || peek() == '}') return;
    if (at_newline()) {
      skip_newline();
      return;
    }
    ++at_;
  }

  FormatPiece field(const StringShape& shape, std::uint32_t begin) {
    std::uint32_t open = at_++;
    if (++nested_ >= kMaxNesting) fail("f-strings are nested too deep", open, at_, "too-deep");
    FormatPiece piece;
    piece.is_field = true;
    std::vector<Token> brackets;
    blanks(true);
    piece.begin = at_;
    piece.end = at_;
    for (;;) {
      blanks(true);
      if (done()) fail("f-string: expecting '}'", open, open + 1);
      char c = peek();
      if (brackets.empty()) {
        if (c == '}' || c == ':' || (c == '!' && peek(1) != '=')) break;
        if (c == '=' && peek(1) != '=' && ends_field(at_ + 1)) break;
      }
      if (c == text_[begin + shape.prefix] && shape.quotes == 1 && !has_partner_quote()) {
        fail("f-string: expecting '}'", open, open + 1);
      }
      token(piece.tokens, brackets);
      piece.end = at_;
    }
    if (piece.tokens.empty())
      fail("f-string: valid expression required before '" + std::string(1, peek()) + "'", open, at_ + 1);
    push(piece.tokens, TokenKind::kEnd, at_, at_);
    piece.skeleton = out_.skeleton.substr(piece.begin, piece.end - piece.begin);
    piece.source_end = at_;
    if (peek() == '=') {
      piece.show_source = true;
      ++at_;
      blanks(true);
      piece.source_end = at_;
    }
    field_tail(piece, shape, begin, open);
    --nested_;
    return piece;
  }

  void field_tail(FormatPiece& piece, const StringShape& shape, std::uint32_t begin, std::uint32_t open) {
    if (peek() == '!') {
      char conversion = peek(1);
      if (conversion != 'r' && conversion != 's' && conversion != 'a') {
        fail("f-string: invalid conversion character: expected 's', 'r', or 'a'", at_, at_ + 1);
      }
      piece.conversion = conversion;
      at_ += 2;
      blanks(true);
    }
    if (peek() == ':') {
      ++at_;
      piece.has_spec = true;
      format_pieces(piece.spec, shape, begin, true);
    }
    if (peek() != '}') fail("f-string: expecting '}'", done() ? open : at_, done() ? open + 1 : at_ + 1);
    ++at_;
  }

  /// Whether the quote at hand opens a nested string (3.12) rather than closing ours: it has a partner on its line.
  bool has_partner_quote() const {
    for (std::uint32_t i = at_ + 1; i < text_.size() && text_[i] != '\n' && text_[i] != '\r'; ++i) {
      if (text_[i] == text_[at_]) return true;
    }
    return false;
  }

  /// Whether only white space and comments stand between an "=" and the end, conversion or spec of the field.
  bool ends_field(std::uint32_t from) const {
    for (; from < text_.size(); ++from) {
      char c = text_[from];
      if (c == '#') {
        while (from < text_.size() && text_[from] != '\n' && text_[from] != '\r') ++from;
      } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
        return c == '}' || c == ':' || (c == '!' && from + 1 < text_.size() && text_[from + 1] != '=');
      }
    }
    return false;
  }

  std::string_view text_;
  std::uint32_t at_;
  Tokens out_;
  std::vector<Indent> indents_ = {{}};
  std::vector<Token> brackets_;
  std::uint32_t nested_ = 0;
};

}  // namespace

StringShape string_shape(std::string_view literal) {
  StringShape shape;
  while (shape.prefix < literal.size() && literal[shape.prefix] != '\'' && literal[shape.prefix] != '"') {
    char c = static_cast<char>(literal[shape.prefix] | 0x20);
    shape.bytes |= c == 'b';
    shape.raw |= c == 'r';
    shape.format |= c == 'f';
    ++shape.prefix;
  }
  std::string_view rest = literal.substr(shape.prefix);
  shape.quotes = (rest.size() >= 3 && rest[1] == rest[0] && rest[2] == rest[0]) ? 3 : 1;
  return shape;
}

bool is_keyword(std::string_view word) {
  constexpr std::size_t kShortest = 2;  // as, if, in, is, or
  constexpr std::size_t kLongest = 8;   // continue, nonlocal
  return word.size() >= kShortest && word.size() <= kLongest &&
         std::binary_search(kKeywords.begin(), kKeywords.end(), word);
}

Tokens tokenize(std::string_view text, std::uint32_t start) { return Lexer(text, start).run(); }

}  // namespace bascule::syntax::python
