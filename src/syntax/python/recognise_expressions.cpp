#include <algorithm>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "syntax/python/characters.h"
#include "syntax/python/recogniser.h"

namespace bascule::syntax::python {

Recogniser::Nest::Nest(Recogniser& owner) : owner_(owner) {
  if (owner.depth_ >= kMaxNesting) {
    owner.fail_at(owner.now().begin, owner.now().end, fmt::format("nested deeper than {} levels", kMaxNesting),
                  "too-deep");
  }
  ++owner.depth_;
}

void Recogniser::expect(std::string_view word) {
  if (accept(word)) return;
  if (word == ":" && now().kind != TokenKind::kIndent && !is("=")) {
    fail_at(now().begin, now().end, "expected ':'");
  }
  invalid();
}

std::string_view Recogniser::expect_name() {
  if (!is_name()) invalid();
  std::string_view name = text(now());
  ++pos_;
  return name;
}

bool Recogniser::starts_expression(const Token& token) const {
  if (token.kind == TokenKind::kName || token.kind == TokenKind::kNumber || token.kind == TokenKind::kString)
    return true;
  if (token.kind == TokenKind::kKeyword) {
    std::string_view word = text(token);
    return word == "None" || word == "True" || word == "False" || word == "lambda" || word == "await";
  }
  return false;
}

void Recogniser::fail_at(std::uint32_t begin, std::uint32_t end, std::string message, std::string code) const {
  if (begin >= text_.size()) {
    // At the end of the file: point behind the last thing in it, not at the empty line below.
    std::size_t last = pos_;
    while (last > 0 && ((*list_)[last].kind == TokenKind::kEnd || (*list_)[last].kind == TokenKind::kDedent ||
                        (*list_)[last].kind == TokenKind::kNewline)) {
      --last;
    }
    begin = end = (*list_)[last].end;
  }
  throw SyntaxFailure{std::move(code), std::move(message), begin, end, ""};
}

void Recogniser::invalid() const {
  const Token& token = now();
  if (token.kind == TokenKind::kIndent) fail_at(token.begin, token.end, "unexpected indent");
  if (token.kind == TokenKind::kDedent) fail_at(token.begin, token.end, "unexpected unindent");
  if (token.kind == TokenKind::kOperator && text(token) == "<>") {
    fail_at(token.begin, token.end, "invalid syntax: Python 3 has no '<>'; write '!='");
  }
  fail_at(token.begin, token.end, "invalid syntax");
}

std::uint32_t Recogniser::line_of(std::uint32_t offset) const {
  std::uint32_t line = 1;
  for (std::uint32_t i = 0; i < offset && i < text_.size(); ++i) {
    if (text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n'))) ++line;
  }
  return line;
}

void Recogniser::fill(std::uint32_t begin, std::uint32_t end, char with) {
  std::string& skeleton = piece_ ? piece_->skeleton : all_.skeleton;
  std::uint32_t shift = piece_ ? piece_->begin : 0;
  std::fill(skeleton.begin() + (begin - shift), skeleton.begin() + (end - shift), with);
}

void Recogniser::star() {
  // At the start of a line a blank would be indentation; there the star stays.
  TokenKind previous = before().kind;
  bool first =
      pos_ == 0 || previous == TokenKind::kNewline || previous == TokenKind::kIndent || previous == TokenKind::kDedent;
  if (first && piece_ == nullptr) {
    ++pos_;
    return;
  }
  blank(now().begin, now().end);
  notes_.starred.emplace(ahead(1).begin, now().begin);
  ++pos_;
}

Shape Recogniser::other(std::uint32_t begin, std::string_view what) const {
  Shape shape;
  shape.begin = shape.bad_begin = begin;
  shape.end = shape.bad_end = before().end;
  shape.bad = what;
  return shape;
}

void Recogniser::check_target(const Shape& shape, bool suggest_equality) const {
  if (shape.stars > 1) fail_at(shape.begin, shape.end, "multiple starred expressions in assignment");
  if (shape.bad.empty()) return;
  bool constant = shape.bad == "True" || shape.bad == "False" || shape.bad == "None";
  std::string message = fmt::format("cannot assign to {}", shape.bad);
  if (suggest_equality && !constant) message += " here; perhaps '==' was meant instead of '='";
  fail_at(shape.bad_begin, shape.bad_end, message);
}

namespace {

/// Makes one shape of a tuple's or list's items: it can be assigned to if all its items can.
void merge(Shape& whole, const Shape& item) {
  whole.has_star |= item.has_star;
  if (item.kind == Shape::Kind::kStarred) ++whole.stars;
  if (whole.bad.empty() && !item.bad.empty()) {
    whole.bad = item.bad;
    whole.bad_begin = item.bad_begin;
    whole.bad_end = item.bad_end;
  }
}

}  // namespace

Shape Recogniser::star_expressions() {
  Shape first = star_expression();
  if (!is(",")) {
    if (first.kind == Shape::Kind::kStarred && !is("=")) {
      fail_at(first.begin, first.end, "cannot use a starred expression here");
    }
    return first;
  }
  Shape whole;
  whole.kind = Shape::Kind::kTuple;
  whole.begin = first.begin;
  merge(whole, first);
  while (accept(",")) {
    if (now().kind == TokenKind::kNewline || now().kind == TokenKind::kEnd || is("=") || is(")") || is("]") ||
        is("}") || is(":") || is(";") || is("in")) {
      break;
    }
    merge(whole, star_expression());
  }
  whole.end = before().end;
  return whole;
}

Shape Recogniser::star_expression() {
  if (!is("*")) return expression();
  std::uint32_t begin = now().begin;
  star();
  Shape inner = binary(0);
  inner.kind = Shape::Kind::kStarred;
  inner.begin = begin;
  inner.has_star = true;
  return inner;
}

Shape Recogniser::star_named_expression() { return is("*") ? star_expression() : named_expression(); }

Shape Recogniser::named_expression() {
  Shape shape = expression();
  if (!is(":=")) return shape;
  if (shape.kind != Shape::Kind::kName || shape.parenthesised) {
    fail_at(shape.begin, shape.end, "cannot use assignment expressions with anything but a name");
  }
  ++pos_;
  expression();
  return other(shape.begin, "named expression");
}

Shape Recogniser::expression() {
  Nest nest(*this);
  if (is("lambda")) return lambda();
  Shape shape = disjunction();
  if (!is("if")) return shape;
  std::uint32_t begin = shape.begin;
  ++pos_;
  disjunction();
  if (!is("else")) fail_at(begin, before().end, "expected 'else' after 'if' expression");
  ++pos_;
  expression();
  return other(begin, "conditional expression");
}

Shape Recogniser::disjunction() {
  Shape shape = conjunction();
  while (accept("or")) {
    conjunction();
    shape = other(shape.begin, "expression");
  }
  return shape;
}

Shape Recogniser::conjunction() {
  Shape shape = inversion();
  while (accept("and")) {
    inversion();
    shape = other(shape.begin, "expression");
  }
  return shape;
}

Shape Recogniser::inversion() {
  if (!is("not")) return comparison();
  Nest nest(*this);
  std::uint32_t begin = now().begin;
  ++pos_;
  inversion();
  return other(begin, "expression");
}

bool Recogniser::comparison_operator() {
  if (now().kind != TokenKind::kOperator && now().kind != TokenKind::kKeyword) return false;
  for (std::string_view op : {"==", "!=", "<", "<=", ">", ">=", "in"}) {
    if (accept(op)) return true;
  }
  if (is("not") && is_ahead(1, "in")) {
    pos_ += 2;
    return true;
  }
  if (accept("is")) {
    accept("not");
    return true;
  }
  return false;
}

Shape Recogniser::comparison() {
  Shape shape = binary(0);
  while (comparison_operator()) {
    binary(0);
    shape = other(shape.begin, "comparison");
  }
  return shape;
}

int Recogniser::binary_level() const {
  const Token& token = now();
  if (token.kind != TokenKind::kOperator) return -1;
  const std::string_view word = text(token);
  if (word.size() == 2) return word == "<<" || word == ">>" ? 3 : word == "//" ? 5 : -1;
  if (word.size() != 1) return -1;
  switch (word[0]) {
    case '|':
      return 0;
    case '^':
      return 1;
    case '&':
      return 2;
    case '+':
    case '-':
      return 4;
    case '*':
    case '/':
    case '%':
    case '@':
      return 5;
    default:
      return -1;
  }
}

Shape Recogniser::binary(int weakest) {
  Shape shape = unary();
  for (int level = binary_level(); level >= weakest; level = binary_level()) {
    ++pos_;
    binary(level + 1);
    shape = other(shape.begin, "expression");
  }
  return shape;
}

Shape Recogniser::unary() {
  if (!is("-") && !is("+") && !is("~")) return power();
  Nest nest(*this);
  std::uint32_t begin = now().begin;
  ++pos_;
  unary();
  return other(begin, "expression");
}

Shape Recogniser::power() {
  std::uint32_t begin = now().begin;
  Shape shape;
  if (is("await")) {
    if (!scope().is_async && !stray_await_) {
      bool function = scope().kind == ScopeKind::kFunction;
      stray_await_ =
          SyntaxFailure{"syntax-error", function ? "'await' outside async function" : "'await' outside function",
                        now().begin, now().end, ""};
    }
    ++pos_;
    primary();
    shape = other(begin, "await expression");
  } else {
    shape = primary();
  }
  if (is("**")) {
    Nest nest(*this);
    ++pos_;
    unary();
    shape = other(begin, "expression");
  }
  return shape;
}

Shape Recogniser::primary() {
  bool dotted = now().kind == TokenKind::kName;
  Shape shape = atom();
  for (;;) {
    if (is(".")) {
      ++pos_;
      expect_name();
      shape = other(shape.begin, "");
      shape.kind = Shape::Kind::kAttribute;
      if (dotted) as_name(shape.begin, shape.end);
      continue;
    }
    dotted = false;
    if (is("(")) {
      std::uint32_t open = now().begin;
      ++pos_;
      arguments(open, true);
      shape = other(shape.begin, "function call");
    } else if (is("[")) {
      ++pos_;
      subscripts();
      shape = other(shape.begin, "");
      shape.kind = Shape::Kind::kSubscript;
    } else {
      return shape;
    }
  }
}

Shape Recogniser::atom() {
  const Token& token = now();
  switch (token.kind) {
    case TokenKind::kName: {
      ++pos_;
      Shape shape = other(token.begin, "");
      shape.kind = Shape::Kind::kName;
      return shape;
    }
    case TokenKind::kNumber:
      ++pos_;
      return other(token.begin, "literal");
    case TokenKind::kString:
      return strings();
    case TokenKind::kKeyword:
      for (std::string_view word : {"None", "True", "False"}) {
        if (!accept(word)) continue;
        as_name(token.begin, token.end);
        return other(token.begin, word);
      }
      break;
    case TokenKind::kOperator:
      if (is("(")) return parenthesised();
      if (is("[")) return list_display();
      if (is("{")) return dict_or_set();
      if (accept("...")) return other(token.begin, "ellipsis");
      break;
    case TokenKind::kNewline:
    case TokenKind::kIndent:
    case TokenKind::kDedent:
    case TokenKind::kEnd:
      break;
  }
  invalid();
}

/// Whether a word stands against the stretch without a blank between them: not"x", "x"if y.
bool Recogniser::touches_word(std::uint32_t begin, std::uint32_t end) const {
  const auto in_word = [&](std::size_t at) {
    return at < text_.size() &&
           (is_name_start_ascii(text_[at]) || is_digit(text_[at]) || static_cast<unsigned char>(text_[at]) >= 0x80);
  };
  return (begin > 0 && in_word(begin - 1)) || in_word(end);
}

Shape Recogniser::strings() {
  std::uint32_t begin = now().begin;
  bool bytes = string_shape(text(now())).bytes;
  bool format = false;
  while (now().kind == TokenKind::kString) {
    StringShape shape = string_shape(text(now()));
    if (shape.bytes != bytes) fail_at(begin, now().end, "cannot mix bytes and nonbytes literals");
    if (shape.format) {
      format = true;
      auto found = all_.format_strings.find(now().begin);
      if (found != all_.format_strings.end()) format_pieces(found->second.pieces);
    }
    ++pos_;
  }
  const std::uint32_t end = before().end;
  if (!touches_word(begin, end)) as_name(begin, end);
  return other(begin, format ? "f-string expression" : "literal");
}

void Recogniser::format_pieces(std::vector<FormatPiece>& pieces) {
  Nest nest(*this);
  for (FormatPiece& piece : pieces) {
    if (!piece.is_field) continue;
    const std::vector<Token>* list = std::exchange(list_, &piece.tokens);
    std::size_t pos = std::exchange(pos_, 0);
    FormatPiece* outer = std::exchange(piece_, &piece);
    if (is("yield")) {
      yield_expression();
    } else {
      star_expressions();
    }
    if (now().kind != TokenKind::kEnd) fail_at(now().begin, now().end, "f-string: invalid syntax");
    list_ = list;
    pos_ = pos;
    piece_ = outer;
    format_pieces(piece.spec);
  }
}

void Recogniser::missing_comma(const Shape& item, std::string_view closer) {
  if (is(closer)) {
    ++pos_;
    return;
  }
  if (starts_expression(now())) {
    fail_at(item.begin, before().end, "invalid syntax; perhaps a comma is missing behind this");
  }
  invalid();
}

Shape Recogniser::parenthesised() {
  std::uint32_t begin = now().begin;
  ++pos_;
  Shape whole;
  whole.kind = Shape::Kind::kTuple;
  whole.begin = begin;
  whole.parenthesised = true;
  if (accept(")")) {
    whole.end = before().end;
    return whole;
  }
  if (is("yield")) {
    yield_expression();
    expect(")");
    return other(begin, "yield expression");
  }
  auto stray_before = stray_await_;
  Shape item = star_named_expression();
  if (at_comprehension()) {
    if (item.kind == Shape::Kind::kStarred)
      fail_at(item.begin, item.end, "iterable unpacking cannot be used in comprehension");
    comprehension_clauses(true);
    stray_await_ = std::move(stray_before);
    expect(")");
    return other(begin, "generator expression");
  }
  if (!is(",")) {
    missing_comma(item, ")");
    if (item.kind == Shape::Kind::kStarred) fail_at(item.begin, item.end, "cannot use a starred expression here");
    item.begin = begin;
    item.end = before().end;
    item.parenthesised = true;
    return item;
  }
  merge(whole, item);
  while (accept(",")) {
    if (is(")")) break;
    item = star_named_expression();
    merge(whole, item);
  }
  missing_comma(item, ")");
  whole.end = before().end;
  return whole;
}

Shape Recogniser::list_display() {
  Shape whole;
  whole.kind = Shape::Kind::kList;
  whole.begin = now().begin;
  ++pos_;
  Shape item;
  bool first = true;
  while (!is("]")) {
    item = star_named_expression();
    if (first && at_comprehension()) {
      if (item.kind == Shape::Kind::kStarred)
        fail_at(item.begin, item.end, "iterable unpacking cannot be used in comprehension");
      comprehension_clauses(false);
      expect("]");
      return other(whole.begin, "list comprehension");
    }
    first = false;
    merge(whole, item);
    if (!accept(",")) break;
  }
  missing_comma(item, "]");
  whole.end = before().end;
  return whole;
}

Shape Recogniser::dict_or_set() {
  std::uint32_t begin = now().begin;
  ++pos_;
  if (accept("}")) return other(begin, "dict literal");
  bool is_dict = is("**");
  Shape item;
  bool first = true;
  while (!is("}")) {
    std::uint32_t item_begin = now().begin;
    if (is("**")) {
      if (!is_dict) invalid();
      ++pos_;
      item = binary(0);
      if (first && at_comprehension())
        fail_at(item_begin, item.end, "dict unpacking cannot be used in dict comprehension");
    } else {
      item = star_named_expression();
      if (first && is(":")) is_dict = true;
      if (is_dict) {
        if (item.kind == Shape::Kind::kStarred)
          fail_at(item.begin, item.end, "cannot use a starred expression in a dictionary");
        if (!is(":")) {
          if (is(",") || is("}")) fail_at(item.begin, item.end, "':' expected after dictionary key");
          missing_comma(item, ":");
        }
        ++pos_;
        if (is("}") || is(","))
          fail_at(before().begin, before().end, "expression expected after dictionary key and ':'");
        if (is("*")) fail_at(now().begin, now().end, "cannot use a starred expression in a dictionary value");
        item = expression();
      }
      if (first && at_comprehension()) {
        if (item.kind == Shape::Kind::kStarred)
          fail_at(item.begin, item.end, "iterable unpacking cannot be used in comprehension");
        comprehension_clauses(false);
        expect("}");
        return other(begin, is_dict ? "dict comprehension" : "set comprehension");
      }
    }
    first = false;
    if (!accept(",")) break;
  }
  missing_comma(item, "}");
  return other(begin, is_dict ? "dict literal" : "set display");
}

void Recogniser::comprehension_clauses(bool generator) {
  while (at_comprehension()) {
    if (is("async")) {
      if (!generator && !scope().is_async) {
        fail_at(now().begin, now().end, "asynchronous comprehension outside of an asynchronous function");
      }
      ++pos_;
    }
    expect("for");
    Shape target = target_list("in");
    check_target(target, false);
    expect("in");
    disjunction();
    if (is("if")) {
      while (accept("if")) disjunction();
    } else if (is(",") && !generator) {
      invalid();
    }
  }
}

Shape Recogniser::target_list(std::string_view stop) {
  Shape first = is("*") ? star_expression() : binary(0);
  if (!is(",")) {
    if (first.kind == Shape::Kind::kStarred) {
      fail_at(first.begin, first.end, "starred assignment target must be in a list or tuple");
    }
    return first;
  }
  Shape whole;
  whole.kind = Shape::Kind::kTuple;
  whole.begin = first.begin;
  merge(whole, first);
  while (accept(",")) {
    if (is(stop)) break;
    merge(whole, is("*") ? star_expression() : binary(0));
  }
  whole.end = before().end;
  return whole;
}

Shape Recogniser::yield_expression() {
  std::uint32_t begin = now().begin;
  if (scope().kind != ScopeKind::kFunction) fail_at(now().begin, now().end, "'yield' outside function");
  ++pos_;
  if (accept("from")) {
    if (scope().is_async) fail_at(begin, before().end, "'yield from' inside async function");
    expression();
  } else if (!is(")") && !is("=") && !is("]") && !is("}") && now().kind != TokenKind::kNewline && !is(";") &&
             now().kind != TokenKind::kEnd) {
    star_expressions();
  }
  return other(begin, "yield expression");
}

Shape Recogniser::lambda() {
  std::uint32_t begin = now().begin;
  ++pos_;
  Parameters names;
  parameters(":", false, names);
  Scope inner;
  inner.kind = ScopeKind::kFunction;
  scopes_.push_back(std::move(inner));
  expect(":");
  expression();
  scopes_.pop_back();
  return other(begin, "lambda");
}

void Recogniser::arguments(std::uint32_t open, bool generator) {
  bool keyword = false;
  bool double_star = false;
  bool first = true;
  std::unordered_set<std::string_view> names;
  Shape item;
  while (!is(")")) {
    std::uint32_t begin = now().begin;
    if (accept("**")) {
      expression();
      double_star = true;
      item = other(begin, "expression");
    } else if (is("*")) {
      if (double_star) fail_at(begin, now().end, "iterable argument unpacking follows keyword argument unpacking");
      star();
      expression();
      item = other(begin, "expression");
    } else if (is_name() && is_ahead(1, "=")) {
      std::string_view name = text(now());
      if (!names.insert(name).second) fail_at(begin, now().end, fmt::format("keyword argument repeated: {}", name));
      pos_ += 2;
      if (is(",") || is(")")) fail_at(begin, before().end, "expected argument value expression");
      expression();
      keyword = true;
      item = other(begin, "expression");
      if (at_comprehension())
        fail_at(begin, before().end, "invalid syntax; perhaps '==' or ':=' was meant instead of '='");
    } else {
      auto stray_before = stray_await_;
      item = named_expression();
      if (at_comprehension()) {
        if (!generator) invalid();
        comprehension_clauses(true);
        stray_await_ = std::move(stray_before);
        if (!first || !is(")")) {
          if (!first || (is(",") && !is_ahead(1, ")"))) {
            fail_at(begin, before().end, "generator expression must be parenthesized");
          }
        }
      }
      if (is("=")) {
        if (item.bad == "True" || item.bad == "False" || item.bad == "None") check_target(item, false);
        fail_at(item.begin, item.end, "expression cannot contain assignment, perhaps \"==\" was meant");
      }
      if (double_star) fail_at(begin, before().end, "positional argument follows keyword argument unpacking");
      if (keyword) fail_at(begin, before().end, "positional argument follows keyword argument");
    }
    first = false;
    if (!accept(",")) break;
  }
  if (first) item = other(open, "");
  missing_comma(item, ")");
}

void Recogniser::subscripts() {
  if (is("]")) invalid();
  while (!is("]")) {
    std::uint32_t begin = now().begin;
    subscript_item();
    if (accept(",")) continue;
    missing_comma(other(begin, ""), "]");
    return;
  }
  ++pos_;
}

void Recogniser::subscript_item() {
  auto ends = [&] { return is(":") || is(",") || is("]"); };
  if (is("*")) {
    star_expression();
    return;
  }
  if (!is(":")) named_expression();
  if (!accept(":")) return;
  if (!ends()) expression();
  if (!accept(":")) return;
  if (!is(",") && !is("]")) expression();
}

void Recogniser::annotation(std::uint32_t mask_from, bool star) {
  if (star && is("*")) {
    star_expression();
  } else {
    expression();
  }
  blank(mask_from, before().end);
}

void Recogniser::parameters(std::string_view closer, bool annotations, Parameters& out) {
  bool seen_default = false;
  bool seen_slash = false;
  bool seen_star = false;
  bool bare_star = false;
  bool seen_double = false;
  bool any = false;
  auto name = [&](bool star) {
    if (!is_name()) invalid();
    if (!out.names.insert(text(now())).second) {
      fail_at(now().begin, now().end, fmt::format("duplicate argument '{}' in function definition", text(now())));
    }
    ++pos_;
    if (annotations && is(":")) {
      std::uint32_t colon = now().begin;
      ++pos_;
      annotation(colon, star);
    }
  };
  while (!is(closer)) {
    if (seen_double) fail_at(now().begin, now().end, "arguments cannot follow var-keyword argument");
    if (accept("**")) {
      if (bare_star) fail_at(before().begin, before().end, "named arguments must follow bare *");
      name(false);
      if (is("=")) fail_at(now().begin, now().end, "var-keyword argument cannot have default value");
      seen_double = true;
    } else if (is("*")) {
      if (seen_star) fail_at(now().begin, now().end, "* argument may appear only once");
      seen_star = true;
      ++pos_;
      bare_star = is(",");
      if (is(closer)) fail_at(before().begin, before().end, "named arguments must follow bare *");
      if (!bare_star) {
        name(true);
        if (is("=")) fail_at(now().begin, now().end, "var-positional argument cannot have default value");
      }
    } else if (is("/")) {
      if (seen_star) fail_at(now().begin, now().end, "/ must be ahead of *");
      if (seen_slash) fail_at(now().begin, now().end, "/ may appear only once");
      if (!any) fail_at(now().begin, now().end, "at least one argument must precede /");
      seen_slash = true;
      ++pos_;
    } else {
      std::uint32_t begin = now().begin;
      name(false);
      bare_star = false;
      if (accept("=")) {
        if (is(",") || is(closer)) fail_at(before().begin, before().end, "expected default value expression");
        expression();
        seen_default = true;
      } else if (seen_default && !seen_star) {
        fail_at(begin, before().end, "parameter without a default follows parameter with a default");
      }
    }
    any = true;
    if (!accept(",")) break;
  }
  if (bare_star) fail_at(before().begin, before().end, "named arguments must follow bare *");
}

}  // namespace bascule::syntax::python
