// What: the recogniser's class, shared by its two halves (expressions, statements). Included only by recognise_*.cpp.
// Must not know: trees.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "syntax/python/grammar.h"
#include "syntax/python/lexer.h"

namespace bascule::syntax::python {

/// What an expression looks like from outside: whether it can be assigned to, and if not, why.
struct Shape {
  enum class Kind { kName, kAttribute, kSubscript, kTuple, kList, kStarred, kOther };
  Kind kind = Kind::kOther;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string_view bad;  ///< "function call": why it is no target; empty if it is one
  std::uint32_t bad_begin = 0;
  std::uint32_t bad_end = 0;
  bool has_star = false;  ///< a starred item somewhere in it
  int stars = 0;          ///< starred items directly in it
  bool parenthesised = false;
};

class Recogniser {
 public:
  Recogniser(std::string_view text, Tokens& tokens) : text_(text), all_(tokens), list_(&tokens.list) {}
  Notes run();

 private:
  enum class ScopeKind { kModule, kClass, kFunction };
  struct Scope {
    ScopeKind kind = ScopeKind::kModule;
    bool is_async = false;
    int loops = 0;
    std::unordered_set<std::string_view> parameters;
    std::unordered_set<std::string_view> assigned;
  };
  struct Parameters {
    std::unordered_set<std::string_view> names;
  };
  class Nest;

  // --- tokens ---
  const Token& now() const { return (*list_)[pos_]; }
  const Token& ahead(std::size_t n) const {
    const std::size_t at = pos_ + n;
    return at < list_->size() ? (*list_)[at] : list_->back();
  }
  const Token& before() const { return (*list_)[pos_ == 0 ? 0 : pos_ - 1]; }
  std::string_view text(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }
  bool is(std::string_view word) const { return is_word(now(), word); }
  bool is_ahead(std::size_t n, std::string_view word) const { return is_word(ahead(n), word); }
  /// Asked several times a token and nearly always answered no: inline, the first character first.
  bool is_word(const Token& token, std::string_view word) const {
    return (token.kind == TokenKind::kOperator || token.kind == TokenKind::kKeyword) && text_[token.begin] == word[0] &&
           text(token) == word;
  }
  bool is_name() const { return now().kind == TokenKind::kName; }
  bool accept(std::string_view word) {
    if (!is(word)) return false;
    ++pos_;
    return true;
  }
  void expect(std::string_view word);
  std::string_view expect_name();
  bool starts_expression(const Token& token) const;
  [[noreturn]] void fail_at(std::uint32_t begin, std::uint32_t end, std::string message,
                            std::string code = "syntax-error") const;
  [[noreturn]] void invalid() const;
  std::uint32_t line_of(std::uint32_t offset) const;
  /// Fills a stretch of the skeleton, or of the f-string field's own.
  void fill(std::uint32_t begin, std::uint32_t end, char with);
  void blank(std::uint32_t begin, std::uint32_t end) { fill(begin, end, ' '); }
  /// Shows a stretch to the tree parser as one name.
  void as_name(std::uint32_t begin, std::uint32_t end) { fill(begin, end, 'x'); }
  /// Takes a star off the skeleton: the tree parser binds it too tightly.
  void star();
  Scope& scope() { return scopes_.back(); }

  // --- expressions (recognise_expressions.cpp) ---
  Shape star_expressions();       ///< a tuple without brackets, stars allowed inside it
  Shape star_expression();        ///< *x or an expression
  Shape star_named_expression();  ///< *x or an expression, perhaps named
  Shape named_expression();       ///< x := y, or an expression
  Shape expression();
  Shape disjunction();
  Shape conjunction();
  Shape inversion();
  Shape comparison();
  bool comparison_operator();
  Shape binary(int weakest);  ///< operators that bind at least so tightly: 0 is |
  int binary_level() const;   ///< how tightly the operator at hand binds; -1: it is none
  Shape unary();
  Shape power();
  Shape primary();
  Shape atom();
  Shape strings();
  bool touches_word(std::uint32_t begin, std::uint32_t end) const;
  void format_pieces(std::vector<FormatPiece>& pieces);
  Shape parenthesised();
  Shape list_display();
  Shape dict_or_set();
  void comprehension_clauses(bool generator);
  bool at_comprehension() const { return is("for") || (is("async") && is_ahead(1, "for")); }
  void missing_comma(const Shape& item, std::string_view closer);
  Shape yield_expression();
  Shape lambda();
  /// @param generator whether one generator expression may stand there without brackets of its own.
  void arguments(std::uint32_t open, bool generator);
  void subscripts();
  void subscript_item();
  Shape target_list(std::string_view stop);
  Shape other(std::uint32_t begin, std::string_view what) const;
  void check_target(const Shape& shape, bool suggest_equality) const;
  void parameters(std::string_view closer, bool annotations, Parameters& out);
  void annotation(std::uint32_t mask_from, bool star);

  // --- statements (recognise_statements.cpp) ---
  void statements_until(TokenKind end);
  void statement();
  void simple_statements();
  void simple_statement();
  void expression_statement();
  void block(std::string_view after, std::uint32_t header);
  void if_statement();
  void for_statement(bool is_async, std::uint32_t begin);
  void while_statement();
  void with_statement(bool is_async, std::uint32_t begin);
  void with_items(std::string_view closer);
  bool parenthesised_with_items();
  void try_statement();
  void function(bool is_async, std::uint32_t begin);
  void class_definition();
  void decorated();
  void type_parameters();
  bool at_match() const;
  void match_statement();
  void pattern_top();
  void pattern_as();
  void pattern();
  void pattern_closed();
  void pattern_list(std::string_view closer);
  bool at_type_alias() const;
  void type_alias();
  void import();
  void import_from();
  void imported_names(std::string_view module, std::uint32_t begin);
  void dotted_name();
  void declared_names(std::string_view word);
  void delete_statement();
  void assigned(const Shape& shape);
  bool at_statement_end() const;

  std::string_view text_;
  Tokens& all_;
  const std::vector<Token>* list_;
  std::size_t pos_ = 0;
  std::uint32_t depth_ = 0;
  std::vector<Scope> scopes_ = std::vector<Scope>(1);
  Notes notes_;
  bool future_allowed_ = true;
  /// An `await` outside an async function, refused at the end of its statement unless it stood in a generator
  /// expression.
  std::optional<SyntaxFailure> stray_await_;
  FormatPiece* piece_ = nullptr;  ///< the f-string field whose tokens are being read
};

/// Counts nesting for as long as it lives.
class Recogniser::Nest {
 public:
  explicit Nest(Recogniser& owner);
  ~Nest() { --owner_.depth_; }
  Nest(const Nest&) = delete;
  Nest& operator=(const Nest&) = delete;

 private:
  Recogniser& owner_;
};

}  // namespace bascule::syntax::python
