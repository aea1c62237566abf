#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

#include "syntax/python/characters.h"
#include "syntax/python/convert.h"
#include "syntax/python/literals.h"

namespace bascule::syntax::python {

namespace {

TSNode field(const std::vector<Child>& children, TSFieldId id) {
  for (const Child& child : children) {
    if (child.field == id) return child.node;
  }
  return {};
}

/// Whether a word of the text is a string literal: a prefix of letters at most, then a quote.
bool begins_string(std::string_view word) {
  constexpr std::size_t kLongestPrefix = 2;
  std::size_t letters = 0;
  while (letters < std::min(word.size() - 1, kLongestPrefix) && is_name_start_ascii(word[letters])) ++letters;
  return word[letters] == '"' || word[letters] == '\'';
}

}  // namespace

const std::vector<Converter::ExprMaker>& Converter::expression_makers() {
  using C = Converter;
  static const std::vector<ExprMaker> makers = by_symbol<ExprMaker>({
      {"identifier", &C::operand},
      {"integer", &C::operand},
      {"float", &C::operand},
      {"ellipsis", &C::ellipsis},
      {"string", &C::string},
      {"concatenated_string", &C::string},
      {"attribute", &C::attribute},
      {"subscript", &C::subscript},
      {"slice", &C::slice},
      {"list_splat", &C::starred},
      {"list_splat_pattern", &C::starred},
      {"call", &C::call},
      {"binary_operator", &C::binary},
      {"unary_operator", &C::unary},
      {"not_operator", &C::negation},
      {"boolean_operator", &C::boolean_operator},
      {"comparison_operator", &C::comparison},
      {"conditional_expression", &C::conditional},
      {"list", &C::list},
      {"list_pattern", &C::list},
      {"tuple", &C::tuple},
      {"expression_list", &C::tuple},
      {"pattern_list", &C::tuple},
      {"tuple_pattern", &C::tuple_pattern},
      {"set", &C::set},
      {"dictionary", &C::dictionary},
      {"list_comprehension", &C::list_comprehension},
      {"set_comprehension", &C::set_comprehension},
      {"dictionary_comprehension", &C::dict_comprehension},
      {"generator_expression", &C::generator},
      {"parenthesized_expression", &C::parenthesised},
      {"lambda", &C::lambda},
      {"named_expression", &C::named},
      {"await", &C::await},
      {"yield", &C::yield},
  });
  return makers;
}

void Converter::not_understood(TSNode node) const {
  throw SyntaxFailure{"unsupported-syntax", "this is valid Python that Bascule's reader does not understand",
                      begin(node), end(node), ""};
}

void Converter::too_deep(std::uint32_t begin, std::uint32_t end) {
  throw SyntaxFailure{"too-deep", "the expression or statement is nested too deep", begin, end, ""};
}

ExprPtr Converter::expr(TSNode node) {
  Deeper deeper(*this, node);
  const ExprMaker maker = expression_makers().at(ts_node_symbol(node));
  if (maker == nullptr) not_understood(node);
  return (this->*maker)(node);
}

ExprPtr Converter::item(TSNode node) {
  ExprPtr inner = expr(node);
  auto star = notes_.starred.find(begin(node));
  if (star == notes_.starred.end()) return inner;
  Span whole = positions_.span(star->second, end(node));
  return std::make_unique<Expr>(Expr{Starred{std::move(inner)}, whole});
}

std::vector<ExprPtr> Converter::items(TSNode node) {
  std::vector<ExprPtr> out;
  for (const Child& child : children_of(node)) {
    if (is_named(child.node)) out.push_back(item(child.node));
  }
  return out;
}

std::vector<Token>::const_iterator Converter::tokens_from(std::uint32_t offset) const {
  // By their ends: a dedent has no width and stands where the token behind it begins.
  return std::lower_bound(list_->begin(), list_->end(), offset,
                          [](const Token& token, std::uint32_t wanted) { return token.end <= wanted; });
}

ExprPtr Converter::operand(TSNode node) {
  const std::string_view word = text(node);
  if (is_digit(word[0]) || word[0] == '.') return make(node, number_value(word, begin(node)));
  if (begins_string(word)) return string(node);
  if (word == "None") return make(node, Constant{Constant::None{}});
  if (word == "True" || word == "False") return make(node, Constant{word == "True"});
  if (word.find('.') != std::string_view::npos) return dotted_name(begin(node), end(node));
  return make(node, Name{std::string(word)});
}

ExprPtr Converter::dotted_name(std::uint32_t begin, std::uint32_t end) {
  const auto first = tokens_from(begin);
  auto after = first;
  while (after->begin < end) ++after;
  const auto dots = static_cast<std::uint32_t>(after - first) / 2;
  if (depth_ + dots > kMaxTreeDepth) too_deep(begin, (after - 1 - 2 * (kMaxTreeDepth - depth_ + 1))->end);
  ExprPtr out;
  for (auto token = first; token < after; token += 2) {
    std::string name(text_.substr(token->begin, token->end - token->begin));
    const Span whole = positions_.span(begin, token->end);
    if (out == nullptr) {
      out = std::make_unique<Expr>(Expr{Name{std::move(name)}, whole});
    } else {
      out = std::make_unique<Expr>(Expr{Attribute{std::move(out), std::move(name)}, whole});
    }
  }
  return out;
}

ExprPtr Converter::ellipsis(TSNode node) { return make(node, Constant{Constant::Ellipsis{}}); }

ExprPtr Converter::string(TSNode node) {
  FString joined;
  bool format = false;
  bool bytes = false;
  for (auto literal = tokens_from(begin(node)); literal->begin < end(node); ++literal) {
    std::string_view word = text_.substr(literal->begin, literal->end - literal->begin);
    StringShape shape = string_shape(word);
    bytes |= shape.bytes;
    if (shape.format) {
      format = true;
      auto found = tokens_.format_strings.find(literal->begin);
      if (found == tokens_.format_strings.end()) not_understood(node);
      string_parts(found->second.pieces, shape.raw, false, joined);
      continue;
    }
    std::uint32_t head = shape.prefix + shape.quotes;
    std::string value = string_value(word.substr(head, word.size() - head - shape.quotes), literal->begin + head,
                                     shape.raw, shape.bytes, false);
    if (!joined.parts.empty() && std::holds_alternative<std::string>(joined.parts.back())) {
      std::get<std::string>(joined.parts.back()) += value;
    } else {
      joined.parts.emplace_back(std::move(value));
    }
  }
  if (format) return make(node, std::move(joined));
  std::string value = joined.parts.empty() ? "" : std::get<std::string>(std::move(joined.parts.front()));
  if (bytes) return make(node, Constant{Constant::BytesLiteral{std::move(value)}});
  return make(node, Constant{std::move(value)});
}

void Converter::string_parts(const std::vector<FormatPiece>& pieces, bool raw, bool in_spec, FString& out) {
  for (const FormatPiece& piece : pieces) {
    if (!piece.is_field) {
      std::string value =
          string_value(text_.substr(piece.begin, piece.end - piece.begin), piece.begin, raw, false, !in_spec);
      if (!out.parts.empty() && std::holds_alternative<std::string>(out.parts.back())) {
        std::get<std::string>(out.parts.back()) += value;
      } else {
        out.parts.emplace_back(std::move(value));
      }
      continue;
    }
    FormatField made;
    made.value = format_value(piece);
    made.source =
        std::string(text_.substr(piece.begin, (piece.show_source ? piece.source_end : piece.end) - piece.begin));
    made.show_source = piece.show_source;
    made.conversion = piece.conversion;
    if (piece.has_spec) {
      FString spec;
      string_parts(piece.spec, raw, true, spec);
      Span where = piece.spec.empty() ? positions_.span(piece.source_end, piece.source_end)
                                      : positions_.span(piece.spec.front().begin, piece.spec.back().end);
      made.spec = std::make_unique<Expr>(Expr{std::move(spec), where});
    }
    out.parts.emplace_back(std::move(made));
  }
}

ExprPtr Converter::format_value(const FormatPiece& piece) {
  std::string_view word = text_.substr(piece.begin, piece.end - piece.begin);
  // The commonest field is a name: no tree is needed.
  if (piece.tokens.size() == 2 && piece.tokens[0].kind == TokenKind::kName) {
    return std::make_unique<Expr>(Expr{Name{std::string(word)}, positions_.span(piece.begin, piece.end)});
  }
  std::string bracketed = "(" + piece.skeleton + ")\n";
  TreePtr tree = parser_->parse(bracketed);
  TSNode root = ts_tree_root_node(tree.get());
  std::uint32_t shift = std::exchange(shift_, piece.begin - 1);
  const std::vector<Token>* list = std::exchange(list_, &piece.tokens);
  if (TSNode error = first_error(root); !ts_node_is_null(error)) not_understood(error);
  TSNode statement = ts_node_named_child(root, 0);
  TSNode whole = ts_node_named_child(statement, 0);
  if (ts_node_is_null(whole)) not_understood(root);
  ExprPtr value = expr(whole);
  shift_ = shift;
  list_ = list;
  return value;
}

ExprPtr Converter::starred(TSNode node) { return make(node, Starred{expr(ts_node_named_child(node, 0))}); }

ExprPtr Converter::attribute(TSNode node) {
  auto children = children_of(node);
  Attribute made;
  made.object = expr(field(children, fields().object));
  made.name = name(field(children, fields().attribute));
  return make(node, std::move(made));
}

ExprPtr Converter::subscript(TSNode node) {
  auto children = children_of(node);
  Subscript made;
  made.object = expr(field(children, fields().value));
  TupleDisplay indexes;
  bool comma = false;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  for (const Child& child : children) {
    if (child.field == fields().subscript && is_named(child.node)) {
      if (indexes.items.empty()) first = begin(child.node);
      last = end(child.node);
      indexes.items.push_back(item(child.node));
    }
    comma |= is_kind(child.node, ",");
  }
  if (indexes.items.empty()) not_understood(node);
  bool tuple = comma || std::holds_alternative<Starred>(indexes.items[0]->node);
  if (tuple) {
    made.index = std::make_unique<Expr>(Expr{std::move(indexes), positions_.span(first, last)});
  } else {
    made.index = std::move(indexes.items[0]);
  }
  return make(node, std::move(made));
}

ExprPtr Converter::slice(TSNode node) {
  Slice made;
  int part = 0;
  for (const Child& child : children_of(node)) {
    if (is_kind(child.node, ":")) {
      ++part;
    } else if (is_named(child.node)) {
      (part == 0 ? made.lower : part == 1 ? made.upper : made.step) = expr(child.node);
    }
  }
  return make(node, std::move(made));
}

ExprPtr Converter::call(TSNode node) {
  auto children = children_of(node);
  Call made;
  made.callee = expr(field(children, fields().function));
  TSNode given = field(children, fields().arguments);
  if (is_kind(given, "generator_expression")) {
    made.positional.push_back(expr(given));
  } else {
    arguments(given, made.positional, made.keywords);
  }
  return make(node, std::move(made));
}

void Converter::arguments(TSNode node, std::vector<ExprPtr>& positional, std::vector<Keyword>& keywords) {
  for (const Child& child : children_of(node)) {
    if (!is_named(child.node)) continue;
    if (is_kind(child.node, "keyword_argument")) {
      auto parts = children_of(child.node);
      Keyword keyword;
      keyword.name = name(field(parts, fields().name));
      keyword.value = expr(field(parts, fields().value));
      keyword.span = span(child.node);
      keywords.push_back(std::move(keyword));
    } else if (is_kind(child.node, "dictionary_splat")) {
      Keyword keyword;
      keyword.value = expr(ts_node_named_child(child.node, 0));
      keyword.span = span(child.node);
      keywords.push_back(std::move(keyword));
    } else {
      positional.push_back(item(child.node));
    }
  }
}

BinaryOp Converter::binary_op(TSNode node) const {
  static const std::unordered_map<std::string_view, BinaryOp> kOps = {
      {"+", BinaryOp::kAdd},        {"-", BinaryOp::kSub},   {"*", BinaryOp::kMul},    {"/", BinaryOp::kDiv},
      {"//", BinaryOp::kFloorDiv},  {"%", BinaryOp::kMod},   {"**", BinaryOp::kPow},   {"@", BinaryOp::kMatMul},
      {"&", BinaryOp::kBitAnd},     {"|", BinaryOp::kBitOr}, {"^", BinaryOp::kBitXor}, {"<<", BinaryOp::kLeftShift},
      {">>", BinaryOp::kRightShift}};
  std::string_view word = text(node);
  if (word.size() > 1 && word.back() == '=') word.remove_suffix(1);
  auto found = kOps.find(word);
  if (found == kOps.end()) not_understood(node);
  return found->second;
}

ExprPtr Converter::binary(TSNode node) {
  auto children = children_of(node);
  Binary made{binary_op(field(children, fields().op)), nullptr, nullptr};
  made.left = expr(field(children, fields().left));
  made.right = expr(field(children, fields().right));
  return make(node, std::move(made));
}

ExprPtr Converter::unary(TSNode node) {
  auto children = children_of(node);
  std::string_view word = text(field(children, fields().op));
  UnaryOp op = word == "-" ? UnaryOp::kNegative : word == "+" ? UnaryOp::kPositive : UnaryOp::kInvert;
  return make(node, Unary{op, expr(field(children, fields().argument))});
}

ExprPtr Converter::negation(TSNode node) {
  return make(node, Unary{UnaryOp::kNot, expr(field(children_of(node), fields().argument))});
}

ExprPtr Converter::boolean_operator(TSNode node) {
  // a and b and c leans to the left in the grammar; in our tree it is one flat operation.
  auto children = children_of(node);
  BoolOp made;
  made.is_and = text(field(children, fields().op)) == "and";
  std::vector<TSNode> operands;
  for (;;) {
    operands.push_back(field(children, fields().right));
    TSNode left = field(children, fields().left);
    if (!is_kind(left, "boolean_operator")) {
      operands.push_back(left);
      break;
    }
    auto inner = children_of(left);
    if ((text(field(inner, fields().op)) == "and") != made.is_and) {
      operands.push_back(left);
      break;
    }
    children = std::move(inner);
  }
  for (auto operand = operands.rbegin(); operand != operands.rend(); ++operand) made.operands.push_back(expr(*operand));
  return make(node, std::move(made));
}

ExprPtr Converter::comparison(TSNode node) {
  static const std::unordered_map<std::string_view, CompareOp> kOps = {
      {"==", CompareOp::kEq},        {"!=", CompareOp::kNe},       {"<", CompareOp::kLt},  {"<=", CompareOp::kLe},
      {">", CompareOp::kGt},         {">=", CompareOp::kGe},       {"is", CompareOp::kIs}, {"in", CompareOp::kIn},
      {"is not", CompareOp::kIsNot}, {"not in", CompareOp::kNotIn}};
  Compare made;
  CompareOp op = CompareOp::kEq;
  for (const Child& child : children_of(node)) {
    if (child.field == fields().operators) {
      auto found = kOps.find(ts_node_type(child.node));
      if (found == kOps.end()) not_understood(child.node);
      op = found->second;
    } else if (made.left == nullptr) {
      made.left = expr(child.node);
    } else {
      made.rest.emplace_back(op, expr(child.node));
    }
  }
  return make(node, std::move(made));
}

ExprPtr Converter::conditional(TSNode node) {
  std::vector<TSNode> parts;
  for (const Child& child : children_of(node)) {
    if (is_named(child.node)) parts.push_back(child.node);
  }
  if (parts.size() != 3) not_understood(node);
  Conditional made;
  made.then = expr(parts[0]);
  made.condition = expr(parts[1]);
  made.otherwise = expr(parts[2]);
  return make(node, std::move(made));
}

ExprPtr Converter::list(TSNode node) { return make(node, ListDisplay{items(node)}); }
ExprPtr Converter::tuple(TSNode node) { return make(node, TupleDisplay{items(node)}); }
ExprPtr Converter::set(TSNode node) { return make(node, SetDisplay{items(node)}); }

ExprPtr Converter::tuple_pattern(TSNode node) {
  auto children = children_of(node);
  bool comma = std::any_of(children.begin(), children.end(), [](const Child& c) { return is_kind(c.node, ","); });
  auto parts = items(node);
  if (parts.size() == 1 && !comma) return std::move(parts[0]);
  return make(node, TupleDisplay{std::move(parts)});
}

ExprPtr Converter::dictionary(TSNode node) {
  DictDisplay made;
  for (const Child& child : children_of(node)) {
    if (!is_named(child.node)) continue;
    if (is_kind(child.node, "dictionary_splat")) {
      made.items.emplace_back(nullptr, expr(ts_node_named_child(child.node, 0)));
      continue;
    }
    auto parts = children_of(child.node);
    ExprPtr key = expr(field(parts, fields().key));
    made.items.emplace_back(std::move(key), expr(field(parts, fields().value)));
  }
  return make(node, std::move(made));
}

ExprPtr Converter::list_comprehension(TSNode node) { return comprehension(node, ComprehensionKind::kList); }
ExprPtr Converter::set_comprehension(TSNode node) { return comprehension(node, ComprehensionKind::kSet); }
ExprPtr Converter::dict_comprehension(TSNode node) { return comprehension(node, ComprehensionKind::kDict); }
ExprPtr Converter::generator(TSNode node) { return comprehension(node, ComprehensionKind::kGenerator); }

ExprPtr Converter::comprehension(TSNode node, ComprehensionKind kind) {
  Comprehension made{kind, nullptr, nullptr, {}};
  for (const Child& child : children_of(node)) {
    if (child.field == fields().body) {
      if (kind == ComprehensionKind::kDict) {
        auto parts = children_of(child.node);
        made.element = expr(field(parts, fields().key));
        made.value = expr(field(parts, fields().value));
      } else {
        made.element = expr(child.node);
      }
    } else if (is_kind(child.node, "for_in_clause")) {
      auto parts = children_of(child.node);
      ComprehensionClause clause;
      clause.is_async = is_kind(parts.front().node, "async");
      clause.target = expr(field(parts, fields().left));
      clause.iterable = expr(field(parts, fields().right));
      made.clauses.push_back(std::move(clause));
    } else if (is_kind(child.node, "if_clause") && !made.clauses.empty()) {
      made.clauses.back().conditions.push_back(expr(ts_node_named_child(child.node, 0)));
    }
  }
  return make(node, std::move(made));
}

ExprPtr Converter::parenthesised(TSNode node) { return expr(ts_node_named_child(node, 0)); }

ExprPtr Converter::lambda(TSNode node) {
  auto children = children_of(node);
  Lambda made;
  if (TSNode list = field(children, fields().parameters); !ts_node_is_null(list)) made.parameters = parameters(list);
  made.body = expr(field(children, fields().body));
  return make(node, std::move(made));
}

std::vector<Parameter> Converter::parameters(TSNode node) {
  std::vector<Parameter> out;
  bool keyword_only = false;
  for (const Child& child : children_of(node)) {
    TSNode at = child.node;
    if (!is_named(at)) continue;
    Parameter made;
    made.kind = keyword_only ? ParameterKind::kKeywordOnly : ParameterKind::kNormal;
    if (is_kind(at, "identifier")) {
      made.name = name(at);
    } else if (is_kind(at, "default_parameter")) {
      auto parts = children_of(at);
      made.name = name(field(parts, fields().name));
      made.default_value = expr(field(parts, fields().value));
    } else if (is_kind(at, "list_splat_pattern")) {
      made.kind = ParameterKind::kVarArgs;
      made.name = name(ts_node_named_child(at, 0));
      keyword_only = true;
    } else if (is_kind(at, "dictionary_splat_pattern")) {
      made.kind = ParameterKind::kKwArgs;
      made.name = name(ts_node_named_child(at, 0));
    } else if (is_kind(at, "keyword_separator")) {
      keyword_only = true;
      continue;
    } else if (is_kind(at, "positional_separator")) {
      for (Parameter& before : out) before.kind = ParameterKind::kPositionalOnly;
      continue;
    } else {
      not_understood(at);
    }
    out.push_back(std::move(made));
  }
  return out;
}

ExprPtr Converter::named(TSNode node) {
  auto children = children_of(node);
  NamedExpr made;
  made.name = name(field(children, fields().name));
  made.value = expr(field(children, fields().value));
  return make(node, std::move(made));
}

ExprPtr Converter::await(TSNode node) { return make(node, Await{expr(ts_node_named_child(node, 0))}); }

ExprPtr Converter::yield(TSNode node) {
  Yield made;
  for (const Child& child : children_of(node)) {
    if (is_kind(child.node, "from")) made.from = true;
    if (is_named(child.node)) made.value = expr(child.node);
  }
  return make(node, std::move(made));
}

}  // namespace bascule::syntax::python
