#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "syntax/python/recogniser.h"

namespace bascule::syntax::python {

namespace {

constexpr std::array<std::string_view, 10> kFutures = {
    "absolute_import", "annotations",   "barry_as_FLUFL", "division",         "generator_stop",
    "generators",      "nested_scopes", "print_function", "unicode_literals", "with_statement"};

constexpr std::array<std::string_view, 13> kAugmented = {
    "+=", "-=", "*=", "/=", "//=", "%=", "@=", "&=", "|=", "^=", "<<=", ">>=", "**="};

}  // namespace

Notes Recogniser::run() {
  statements_until(TokenKind::kEnd);
  return std::move(notes_);
}

void Recogniser::statements_until(TokenKind end) {
  while (now().kind != end) {
    if (now().kind == TokenKind::kEnd) invalid();
    statement();
    if (stray_await_) throw SyntaxFailure(*stray_await_);
  }
}

bool Recogniser::at_statement_end() const {
  return now().kind == TokenKind::kNewline || now().kind == TokenKind::kEnd || is(";");
}

void Recogniser::statement() {
  const Token& token = now();
  bool future = future_allowed_;
  if (token.kind == TokenKind::kKeyword) {
    std::string_view word = text(token);
    auto compound = [&](auto&& handler) {
      ++notes_.statements;
      future_allowed_ = false;
      handler();
    };
    if (word == "if") return compound([&] { if_statement(); });
    if (word == "for") return compound([&] { for_statement(false, token.begin); });
    if (word == "while") return compound([&] { while_statement(); });
    if (word == "with") return compound([&] { with_statement(false, token.begin); });
    if (word == "try") return compound([&] { try_statement(); });
    if (word == "def") return compound([&] { function(false, token.begin); });
    if (word == "class") return compound([&] { class_definition(); });
    if (word == "async") {
      return compound([&] {
        ++pos_;
        if (is("def")) return function(true, token.begin);
        if (is("for")) return for_statement(true, token.begin);
        if (is("with")) return with_statement(true, token.begin);
        invalid();
      });
    }
  } else if (is("@")) {
    ++notes_.statements;
    future_allowed_ = false;
    return decorated();
  } else if (at_match()) {
    future_allowed_ = false;
    return match_statement();
  }
  future_allowed_ = future;
  simple_statements();
}

void Recogniser::simple_statements() {
  for (;;) {
    simple_statement();
    if (accept(";")) {
      if (now().kind == TokenKind::kNewline) break;
      continue;
    }
    break;
  }
  if (now().kind != TokenKind::kNewline) invalid();
  ++pos_;
}

void Recogniser::simple_statement() {
  ++notes_.statements;
  const Token& token = now();
  bool future = future_allowed_;
  future_allowed_ = false;
  if (token.kind == TokenKind::kKeyword) {
    std::string_view word = text(token);
    if (word == "pass") {
      ++pos_;
      return;
    }
    if (word == "break" || word == "continue") {
      ++pos_;
      if (scope().loops == 0) {
        fail_at(token.begin, token.end, word == "break" ? "'break' outside loop" : "'continue' not properly in loop");
      }
      return;
    }
    if (word == "return") {
      ++pos_;
      if (scope().kind != ScopeKind::kFunction) fail_at(token.begin, token.end, "'return' outside function");
      if (!at_statement_end()) star_expressions();
      return;
    }
    if (word == "raise") {
      ++pos_;
      if (at_statement_end()) return;
      expression();
      if (accept("from")) expression();
      return;
    }
    if (word == "global" || word == "nonlocal") return declared_names(word);
    if (word == "del") return delete_statement();
    if (word == "assert") {
      ++pos_;
      named_expression();
      if (accept(",")) expression();
      return;
    }
    if (word == "import") return import();
    if (word == "from") {
      future_allowed_ = future;
      return import_from();
    }
    if (word == "yield") {
      yield_expression();
      while (is("=")) invalid();
      return;
    }
    if (word == "elif" || word == "else" || word == "except" || word == "finally") invalid();
  }
  if (token.kind == TokenKind::kIndent) invalid();
  if (at_type_alias()) return type_alias();
  // A docstring may stand before the imports from __future__.
  if (token.kind == TokenKind::kString && future) future_allowed_ = ahead(1).kind == TokenKind::kNewline;
  expression_statement();
}

void Recogniser::assigned(const Shape& shape) {
  if (shape.kind == Shape::Kind::kName) scope().assigned.insert(text_.substr(shape.begin, shape.end - shape.begin));
}

void Recogniser::expression_statement() {
  std::uint32_t statement_begin = now().begin;
  Shape shape = star_expressions();
  if (is(":")) {
    if (shape.kind == Shape::Kind::kTuple || shape.kind == Shape::Kind::kList) {
      fail_at(shape.begin, shape.end,
              fmt::format("only single target (not {}) can be annotated",
                          shape.kind == Shape::Kind::kTuple ? "tuple" : "list"));
    }
    if (!shape.bad.empty() || shape.kind == Shape::Kind::kStarred) {
      // "else:" misspelt and the like: the colon is what is wrong, not the target.
      if (ahead(1).kind == TokenKind::kNewline) invalid();
      fail_at(shape.begin, shape.end, "illegal target for annotation");
    }
    std::uint32_t colon = now().begin;
    ++pos_;
    annotation(colon, false);
    notes_.annotated.insert(statement_begin);
    if (accept("=")) {
      if (is("yield")) {
        yield_expression();
      } else {
        star_expressions();
      }
    } else {
      notes_.annotated_end.emplace(statement_begin, before().end);
    }
    assigned(shape);
    return;
  }
  for (std::string_view op : kAugmented) {
    if (!is(op)) continue;
    bool single = shape.kind == Shape::Kind::kName || shape.kind == Shape::Kind::kAttribute ||
                  shape.kind == Shape::Kind::kSubscript;
    if (!single) {
      std::string_view what = shape.kind == Shape::Kind::kTuple  ? "tuple"
                              : shape.kind == Shape::Kind::kList ? "list"
                                                                 : shape.bad;
      fail_at(shape.begin, shape.end, fmt::format("'{}' is an illegal expression for augmented assignment", what));
    }
    ++pos_;
    if (is("yield")) {
      yield_expression();
    } else {
      star_expressions();
    }
    assigned(shape);
    return;
  }
  while (is("=")) {
    check_target(shape, true);
    if (shape.kind == Shape::Kind::kStarred) {
      fail_at(shape.begin, shape.end, "starred assignment target must be in a list or tuple");
    }
    assigned(shape);
    ++pos_;
    if (is("yield")) {
      shape = yield_expression();
    } else {
      shape = star_expressions();
    }
  }
  if (at_statement_end()) return;
  if (is(":=")) {
    // At the start of a statement a walrus is refused, whatever stands on its left.
    invalid();
  }
  std::string_view word = text_.substr(shape.begin, shape.end - shape.begin);
  if (shape.kind == Shape::Kind::kName && (word == "print" || word == "exec") && starts_expression(now())) {
    fail_at(shape.begin, now().end, fmt::format("missing parentheses in call to '{0}': write {0}(...)", word));
  }
  invalid();
}

void Recogniser::block(std::string_view after, std::uint32_t header) {
  Nest nest(*this);
  expect(":");
  if (now().kind != TokenKind::kNewline) {
    static constexpr std::array<std::string_view, 8> kCompound = {"if",  "for", "while", "with",
                                                                  "try", "def", "class", "async"};
    if (now().kind == TokenKind::kKeyword &&
        std::find(kCompound.begin(), kCompound.end(), text(now())) != kCompound.end()) {
      invalid();
    }
    simple_statements();
    return;
  }
  ++pos_;
  if (now().kind != TokenKind::kIndent) {
    fail_at(now().begin, now().end,
            fmt::format("expected an indented block after {} on line {}", after, line_of(header)));
  }
  ++pos_;
  statements_until(TokenKind::kDedent);
  ++pos_;
}

void Recogniser::if_statement() {
  std::string_view what = "'if' statement";
  for (;;) {
    std::uint32_t begin = now().begin;
    ++pos_;
    named_expression();
    if (is("=")) fail_at(now().begin, now().end, "invalid syntax; perhaps '==' or ':=' was meant instead of '='");
    block(what, begin);
    if (is("elif")) {
      what = "'elif' statement";
      continue;
    }
    break;
  }
  std::uint32_t begin = now().begin;
  if (accept("else")) block("'else' statement", begin);
}

void Recogniser::for_statement(bool is_async, std::uint32_t begin) {
  if (is_async && !scope().is_async) fail_at(begin, now().end, "'async for' outside async function");
  ++pos_;
  Shape target = target_list("in");
  check_target(target, false);
  assigned(target);
  expect("in");
  star_expressions();
  ++scope().loops;
  block("'for' statement", begin);
  --scope().loops;
  std::uint32_t after = now().begin;
  if (accept("else")) block("'else' statement", after);
}

void Recogniser::while_statement() {
  std::uint32_t begin = now().begin;
  ++pos_;
  named_expression();
  if (is("=")) fail_at(now().begin, now().end, "invalid syntax; perhaps '==' or ':=' was meant instead of '='");
  ++scope().loops;
  block("'while' statement", begin);
  --scope().loops;
  std::uint32_t after = now().begin;
  if (accept("else")) block("'else' statement", after);
}

void Recogniser::with_items(std::string_view closer) {
  for (;;) {
    expression();
    if (accept("as")) {
      Shape target = is("*") ? star_expression() : binary(0);
      check_target(target, false);
      if (target.kind == Shape::Kind::kStarred)
        fail_at(target.begin, target.end, "starred assignment target must be in a list or tuple");
    }
    if (!accept(",")) return;
    if (closer == ")" && is(")")) return;
  }
}

/// `with (a as b, c as d):`. False, with nothing consumed, if the brackets belong to an expression.
bool Recogniser::parenthesised_with_items() {
  std::size_t begin = pos_;
  std::size_t depth = 0;
  std::size_t close = pos_;
  for (; close < list_->size(); ++close) {
    const Token& token = (*list_)[close];
    if (token.kind != TokenKind::kOperator) continue;
    std::string_view word = text(token);
    if (word == "(" || word == "[" || word == "{") ++depth;
    if ((word == ")" || word == "]" || word == "}") && --depth == 0) break;
  }
  if (close + 1 >= list_->size() || text((*list_)[close + 1]) != ":") return false;
  std::uint32_t nesting = depth_;
  std::size_t scopes = scopes_.size();
  try {
    ++pos_;
    with_items(")");
    if (accept(")") && is(":")) return true;
  } catch (const SyntaxFailure& failure) {
    if (failure.code == "too-deep") throw;
  }
  depth_ = nesting;
  scopes_.resize(scopes);
  list_ = &all_.list;
  piece_ = nullptr;
  pos_ = begin;
  return false;
}

void Recogniser::with_statement(bool is_async, std::uint32_t begin) {
  if (is_async && !scope().is_async) fail_at(begin, now().end, "'async with' outside async function");
  ++pos_;
  if (!is("(") || !parenthesised_with_items()) with_items(":");
  block("'with' statement", begin);
}

void Recogniser::try_statement() {
  std::uint32_t begin = now().begin;
  ++pos_;
  block("'try' statement", begin);
  if (!is("except") && !is("finally")) {
    fail_at(now().begin, now().end, "expected 'except' or 'finally' block");
  }
  bool any = false;
  bool star = false;
  std::uint32_t bare = 0;
  while (is("except")) {
    std::uint32_t handler = now().begin;
    if (bare != 0) fail_at(bare - 1, bare + 5, "default 'except:' must be last");
    ++pos_;
    std::uint32_t keyword_end = before().end;
    bool this_star = accept("*");
    if (this_star) {
      // The tree parser only knows "except*" as one word.
      blank(before().begin, before().end);
      all_.skeleton[keyword_end] = '*';
    }
    if (any && this_star != star)
      fail_at(handler, before().end, "cannot have both 'except' and 'except*' on the same 'try'");
    star = this_star;
    any = true;
    if (is(":")) {
      if (star) fail_at(now().begin, now().end, "expected one or more exception types");
      bare = handler + 1;
    } else {
      Shape type = expression();
      if (is(",")) fail_at(type.begin, now().end, "multiple exception types must be parenthesized");
      if (accept("as")) expect_name();
    }
    block(star ? "'except*' statement" : "'except' statement", handler);
  }
  std::uint32_t after = now().begin;
  if (any && accept("else")) block("'else' statement", after);
  after = now().begin;
  if (accept("finally")) block("'finally' statement", after);
}

void Recogniser::type_parameters() {
  if (!is("[")) return;
  std::uint32_t begin = now().begin;
  ++pos_;
  if (is("]")) invalid();
  while (!is("]")) {
    bool star = accept("*") || accept("**");
    expect_name();
    if (!star && accept(":")) expression();
    if (accept("=")) star_expression();
    if (!accept(",")) break;
  }
  expect("]");
  blank(begin, before().end);
}

void Recogniser::function(bool is_async, std::uint32_t begin) {
  ++pos_;
  expect_name();
  scope().assigned.insert(text(before()));
  type_parameters();
  if (!is("(")) fail_at(now().begin, now().end, "expected '('");
  ++pos_;
  Parameters names;
  parameters(")", true, names);
  expect(")");
  if (is("->")) {
    std::uint32_t arrow = now().begin;
    ++pos_;
    annotation(arrow, false);
  }
  Scope inner;
  inner.kind = ScopeKind::kFunction;
  inner.is_async = is_async;
  inner.parameters = std::move(names.names);
  scopes_.push_back(std::move(inner));
  block("function definition", begin);
  scopes_.pop_back();
}

void Recogniser::class_definition() {
  std::uint32_t begin = now().begin;
  ++pos_;
  expect_name();
  scope().assigned.insert(text(before()));
  type_parameters();
  if (is("(")) {
    std::uint32_t open = now().begin;
    ++pos_;
    arguments(open, false);
  }
  Scope inner;
  inner.kind = ScopeKind::kClass;
  scopes_.push_back(std::move(inner));
  block("class definition", begin);
  scopes_.pop_back();
}

void Recogniser::decorated() {
  while (accept("@")) {
    named_expression();
    if (now().kind != TokenKind::kNewline) invalid();
    ++pos_;
  }
  if (is("def") || is("class") || (is("async") && is_ahead(1, "def"))) return statement();
  invalid();
}

bool Recogniser::at_match() const {
  if (!is_name() || text(now()) != "match") return false;
  // A statement ends its line with a colon, and the line below is indented and begins with "case".
  std::size_t at = pos_ + 1;
  while (at < list_->size() && (*list_)[at].kind != TokenKind::kNewline) ++at;
  if (at + 2 >= list_->size() || at == pos_ + 1) return false;
  return text((*list_)[at - 1]) == ":" && (*list_)[at + 1].kind == TokenKind::kIndent &&
         text((*list_)[at + 2]) == "case";
}

void Recogniser::match_statement() {
  std::uint32_t begin = now().begin;
  std::size_t first = pos_;
  std::uint64_t statements = notes_.statements;
  ++pos_;
  Shape subject = star_named_expression();
  while (accept(",")) {
    if (is(":")) break;
    star_named_expression();
  }
  if (subject.kind == Shape::Kind::kStarred && text(before()) != "," && !is(":")) invalid();
  expect(":");
  if (now().kind != TokenKind::kNewline) invalid();
  pos_ += 2;
  while (now().kind != TokenKind::kDedent) {
    if (!is_name() || text(now()) != "case") invalid();
    std::uint32_t header = now().begin;
    ++pos_;
    pattern_top();
    if (accept("if")) named_expression();
    block("'case' statement", header);
  }
  ++pos_;
  // The end: the last token that is neither a line end nor a dedent.
  std::size_t last = pos_ - 1;
  while (last > first && ((*list_)[last].kind == TokenKind::kDedent || (*list_)[last].kind == TokenKind::kNewline))
    --last;
  std::uint32_t end = (*list_)[last].end;
  blank(begin, end);
  all_.skeleton.replace(begin, 4, "pass");
  notes_.matches.emplace(begin, end);
  notes_.statements = statements + 1;
}

void Recogniser::pattern_top() {
  pattern_as();
  while (accept(",")) {
    if (is(":") || is("if")) return;
    pattern_as();
  }
}

void Recogniser::pattern_as() {
  Nest nest(*this);
  if (accept("*")) {
    expect_name();
    return;
  }
  pattern();
  if (accept("as")) expect_name();
}

void Recogniser::pattern() {
  pattern_closed();
  while (accept("|")) pattern_closed();
}

void Recogniser::pattern_list(std::string_view closer) {
  while (!is(closer)) {
    pattern_as();
    if (!accept(",")) break;
  }
  expect(closer);
}

void Recogniser::pattern_closed() {
  if (accept("(")) return pattern_list(")");
  if (accept("[")) return pattern_list("]");
  if (accept("{")) {
    while (!is("}")) {
      if (accept("**")) {
        expect_name();
      } else {
        binary(0);
        expect(":");
        pattern_as();
      }
      if (!accept(",")) break;
    }
    expect("}");
    return;
  }
  if (is_name()) {
    ++pos_;
    while (accept(".")) expect_name();
    if (!accept("(")) return;
    while (!is(")")) {
      if (is_name() && is_ahead(1, "=")) pos_ += 2;
      pattern_as();
      if (!accept(",")) break;
    }
    expect(")");
    return;
  }
  if (now().kind == TokenKind::kString) {
    strings();
    return;
  }
  if (accept("None") || accept("True") || accept("False")) return;
  accept("-");
  if (now().kind != TokenKind::kNumber) invalid();
  ++pos_;
  if (accept("+") || accept("-")) {
    if (now().kind != TokenKind::kNumber) invalid();
    ++pos_;
  }
}

bool Recogniser::at_type_alias() const {
  if (!is_name() || text(now()) != "type" || ahead(1).kind != TokenKind::kName) return false;
  return is_ahead(2, "=") || is_ahead(2, "[");
}

void Recogniser::type_alias() {
  std::uint32_t begin = now().begin;
  ++pos_;
  std::string name(expect_name());
  type_parameters();
  expect("=");
  expression();
  blank(begin, before().end);
  all_.skeleton.replace(begin, 4, "pass");
  notes_.type_aliases.emplace(begin, std::move(name));
}

void Recogniser::dotted_name() {
  expect_name();
  while (accept(".")) expect_name();
}

void Recogniser::import() {
  ++pos_;
  do {
    std::string_view name = text(now());
    dotted_name();
    if (accept("as")) name = expect_name();
    scope().assigned.insert(name);
  } while (accept(","));
}

void Recogniser::import_from() {
  std::uint32_t begin = now().begin;
  ++pos_;
  bool relative = false;
  while (is(".") || is("...")) {
    relative = true;
    ++pos_;
  }
  std::uint32_t module_begin = now().begin;
  if (!relative || !is("import")) dotted_name();
  std::string_view module = relative ? "" : text_.substr(module_begin, before().end - module_begin);
  if (!is("import")) invalid();
  ++pos_;
  if (module == "__future__" && !future_allowed_) {
    fail_at(begin, before().end, "from __future__ imports must occur at the beginning of the file");
  }
  if (module != "__future__") future_allowed_ = false;
  if (is("*")) {
    if (scopes_.size() > 1) fail_at(now().begin, now().end, "import * only allowed at module level");
    ++pos_;
    return;
  }
  imported_names(module, begin);
}

void Recogniser::imported_names(std::string_view module, std::uint32_t begin) {
  bool brackets = accept("(");
  if (at_statement_end()) fail_at(begin, before().end, "expected one or more names after 'import'");
  for (;;) {
    const Token& token = now();
    std::string_view name = expect_name();
    if (module == "__future__" && std::find(kFutures.begin(), kFutures.end(), name) == kFutures.end()) {
      fail_at(token.begin, token.end, fmt::format("future feature {} is not defined", name));
    }
    if (accept("as")) name = expect_name();
    scope().assigned.insert(name);
    if (!accept(",")) break;
    if (brackets && is(")")) break;
    if (!brackets && at_statement_end()) {
      fail_at(before().begin, before().end, "trailing comma not allowed without surrounding parentheses");
    }
  }
  if (brackets) expect(")");
}

void Recogniser::declared_names(std::string_view word) {
  std::uint32_t begin = now().begin;
  ++pos_;
  do {
    const Token& token = now();
    std::string_view name = expect_name();
    if (scope().parameters.contains(name)) {
      fail_at(token.begin, token.end, fmt::format("name '{}' is parameter and {}", name, word));
    }
    if (scope().assigned.contains(name)) {
      fail_at(begin, token.end, fmt::format("name '{}' is assigned to before {} declaration", name, word));
    }
  } while (accept(","));
  if (word != "nonlocal") return;
  if (scopes_.size() == 1) fail_at(begin, before().end, "nonlocal declaration not allowed at module level");
  bool enclosed =
      std::any_of(scopes_.begin(), scopes_.end() - 1, [](const Scope& s) { return s.kind == ScopeKind::kFunction; });
  if (!enclosed && text(before()) != "__class__")
    fail_at(begin, before().end, fmt::format("no binding for nonlocal '{}' found", text(before())));
}

void Recogniser::delete_statement() {
  ++pos_;
  if (at_statement_end()) invalid();
  do {
    if (at_statement_end()) break;
    Shape shape = binary(0);
    if (shape.has_star) fail_at(shape.begin, shape.end, "cannot delete starred");
    if (!shape.bad.empty()) fail_at(shape.bad_begin, shape.bad_end, fmt::format("cannot delete {}", shape.bad));
  } while (accept(","));
}

Notes recognise(std::string_view text, Tokens& tokens) { return Recogniser(text, tokens).run(); }

}  // namespace bascule::syntax::python
