// Expression objects: their operators and what they become.
#include "formats/alembic/sa_expressions.h"

#include <fmt/core.h>

#include <array>

#include "base/overload.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_dml.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

using evaluate::BinaryOperator;
using evaluate::UnaryOperator;
using model::BinaryExpr;
using model::BooleanExpr;
using model::Expression;
using model::ListExpr;
using model::LiteralExpr;
using model::NullExpr;
using model::ScalarKind;
using model::TextExpr;
using model::UnaryExpr;

namespace {

bool has_kind(const std::optional<model::Type>& type, std::initializer_list<ScalarKind> kinds) {
  if (!type) return false;
  const model::Type* seen = &*type;
  if (auto* variant = std::get_if<Box<model::VariantType>>(seen)) seen = &(*variant)->base;
  auto* scalar = std::get_if<model::ScalarType>(seen);
  if (!scalar) return false;
  for (ScalarKind kind : kinds) {
    if (scalar->kind == kind) return true;
  }
  return false;
}

bool is_array_type(const std::optional<model::Type>& type) {
  return type && std::holds_alternative<Box<model::ArrayType>>(*type);
}

bool is_null(const Expression& expression) {
  if (std::holds_alternative<NullExpr>(expression)) return true;
  auto* literal = std::get_if<LiteralExpr>(&expression);
  return literal && std::holds_alternative<model::NullValue>(literal->value);
}

Expression boolean_operand(const Expression& expression) {
  if (auto* literal = std::get_if<LiteralExpr>(&expression)) {
    if (auto* truth = std::get_if<bool>(&literal->value)) return BooleanExpr{*truth};
  }
  return expression;
}

/// Counts the parts of an expression and how deep they are nested; refuses what is beyond the bounds.
struct Measure {
  static constexpr std::size_t kMostParts = 100'000;
  static constexpr std::size_t kDeepest = 2'000;  ///< every pass over expressions recurses
  std::size_t parts = 0;
  std::size_t depth = 0;

  void count(const Expression& expression) {
    if (++parts > kMostParts) {
      throw evaluate::Refusal("too-large", fmt::format("an SQL expression would have more than {} parts", kMostParts),
                              "make several statements of it");
    }
    if (++depth > kDeepest) {
      throw evaluate::Refusal("too-deep", fmt::format("an SQL expression is nested deeper than {} levels", kDeepest),
                              "make several statements of it, or write its SQL with op.execute()");
    }
    std::visit(*this, expression);
    --depth;
  }
  void operator()(const TextExpr&) {}
  void operator()(const LiteralExpr&) {}
  void operator()(const model::ColumnExpr&) {}
  void operator()(const BooleanExpr&) {}
  void operator()(const NullExpr&) {}
  void operator()(const Box<model::FunctionExpr>& node) { all(node->arguments); }
  void operator()(const Box<BinaryExpr>& node) {
    count(node->left);
    count(node->right);
  }
  void operator()(const Box<UnaryExpr>& node) { count(node->operand); }
  void operator()(const Box<model::CastExpr>& node) { count(node->operand); }
  void operator()(const Box<ListExpr>& node) { all(node->items); }
  void operator()(const Box<model::CaseExpr>& node) {
    for (const auto& [when, then] : node->branches) {
      count(when);
      count(then);
    }
    if (node->otherwise) count(*node->otherwise);
  }
  void operator()(const Box<model::CollateExpr>& node) { count(node->operand); }
  void operator()(const model::ParameterExpr&) {}
  void operator()(const Box<model::WindowExpr>& node) {
    count(node->function);
    if (node->filter) count(*node->filter);
    all(node->partition_by);
    all(node->order_by);
  }
  void operator()(const Box<model::SelectExpr>& node) { query(*node); }

 private:
  void from(const model::FromItem& item) {
    for (const model::FromItem& side : item.joined) from(side);
    if (item.query) count(*item.query);
    if (item.on) count(*item.on);
  }
  void query(const model::SelectExpr& node) {
    for (const model::SelectColumn& column : node.columns) count(column.expression);
    for (const model::FromItem& item : node.froms) from(item);
    for (const model::FromItem& item : node.aliases) from(item);
    if (node.where) count(*node.where);
    all(node.group_by);
    if (node.having) count(*node.having);
    all(node.order_by);
    for (const model::SelectExpr& part : node.parts) query(part);
  }
  void all(const std::vector<Expression>& items) {
    for (const Expression& item : items) count(item);
  }
};
static_assert(kCovers<Measure&, Expression>);

/// any_(x) / all_(x) may only stand on the right: any_(x) == 1 is 1 = ANY (x).
bool is_quantifier(const Expression& expression) {
  auto* function = std::get_if<Box<model::FunctionExpr>>(&expression);
  return function && ((*function)->name == "ANY" || (*function)->name == "ALL");
}

std::string mirrored(const std::string& op) {
  if (op == "<") return ">";
  if (op == ">") return "<";
  if (op == "<=") return ">=";
  if (op == ">=") return "<=";
  return op;
}

struct Negation {
  std::string_view op, negated;
};
constexpr std::array<Negation, 22> kNegations = {{
    {"=", "!="},
    {"!=", "="},
    {"<", ">="},
    {">=", "<"},
    {">", "<="},
    {"<=", ">"},
    {"IS", "IS NOT"},
    {"IS NOT", "IS"},
    {"IN", "NOT IN"},
    {"NOT IN", "IN"},
    {"LIKE", "NOT LIKE"},
    {"NOT LIKE", "LIKE"},
    {"ILIKE", "NOT ILIKE"},
    {"NOT ILIKE", "ILIKE"},
    {"IS NULL", "IS NOT NULL"},
    {"IS NOT NULL", "IS NULL"},
    {"IS DISTINCT FROM", "IS NOT DISTINCT FROM"},
    {"IS NOT DISTINCT FROM", "IS DISTINCT FROM"},
    {"BETWEEN", "NOT BETWEEN"},
    {"NOT BETWEEN", "BETWEEN"},
    {"~", "!~"},
    {"!~", "~"},
}};

std::string_view negated_op(std::string_view op) {
  for (const Negation& pair : kNegations) {
    if (pair.op == op) return pair.negated;
  }
  return "";
}

Value comparison(const std::string& op, const Expression& left, const Expression& right) {
  if (is_null(right) && (op == "=" || op == "!=")) {
    return make_expression(UnaryExpr{op == "=" ? "IS NULL" : "IS NOT NULL", left, true});
  }
  if (is_null(right)) {
    evaluate::raise_python("ArgumentError",
                           "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', 'is_not_distinct_from()' "
                           "operators can be used with None/True/False");
  }
  if (is_quantifier(left)) return make_expression(binary_expression(mirrored(op), right, left));
  return make_expression(binary_expression(op, left, boolean_operand(right)));
}

}  // namespace

bool is_text_type(const std::optional<model::Type>& type) {
  if (type && std::holds_alternative<model::EnumType>(*type)) return true;
  if (type) {
    if (auto* native = std::get_if<model::NativeType>(&*type); native && native->sql == "CITEXT") return true;
  }
  return has_kind(type, {ScalarKind::kString, ScalarKind::kText, ScalarKind::kUnicode, ScalarKind::kUnicodeText,
                         ScalarKind::kSqlChar, ScalarKind::kSqlVarchar, ScalarKind::kSqlNchar, ScalarKind::kSqlNvarchar,
                         ScalarKind::kSqlText, ScalarKind::kSqlClob});
}

bool is_json_type(const std::optional<model::Type>& type) {
  if (type) {
    if (auto* native = std::get_if<model::NativeType>(&*type)) return native->sql == "JSON" || native->sql == "JSONB";
  }
  return has_kind(type, {ScalarKind::kJson, ScalarKind::kSqlJson});
}

bool is_integer_type(const std::optional<model::Type>& type) {
  return has_kind(type, {ScalarKind::kSmallInteger, ScalarKind::kInteger, ScalarKind::kBigInteger,
                         ScalarKind::kSqlSmallint, ScalarKind::kSqlInteger, ScalarKind::kSqlBigint});
}

Value make_expression(Expression expression, std::optional<model::Type> type) {
  return Value(evaluate::ObjectPtr(std::make_shared<ExpressionObject>(std::move(expression), std::move(type))));
}

Expression binary_expression(std::string op, Expression left, Expression right) {
  return BinaryExpr{std::move(op), std::move(left), std::move(right)};
}

Expression negate(Expression expression) {
  if (auto* boolean = std::get_if<BooleanExpr>(&expression)) return BooleanExpr{!boolean->value};
  if (auto* binary = std::get_if<Box<BinaryExpr>>(&expression)) {
    if (auto op = negated_op((*binary)->op); !op.empty()) {
      (*binary)->op = std::string(op);
      return expression;
    }
  }
  if (auto* unary = std::get_if<Box<UnaryExpr>>(&expression)) {
    if ((*unary)->op == "NOT" && !(*unary)->postfix) return (*unary)->operand;
    if (auto op = negated_op((*unary)->op); !op.empty() && (*unary)->postfix) {
      (*unary)->op = std::string(op);
      return expression;
    }
  }
  return UnaryExpr{"NOT", std::move(expression), false};
}

Expression conjunction(const std::string& op, std::vector<Expression> parts) {
  const bool all = op == "AND";
  std::optional<Expression> result;
  for (Expression& part : parts) {
    if (auto* boolean = std::get_if<BooleanExpr>(&part)) {
      if (boolean->value == all) continue;  // absorbed
      return BooleanExpr{!all};
    }
    result = result ? binary_expression(op, std::move(*result), std::move(part)) : std::move(part);
  }
  if (!result) return BooleanExpr{all};
  return std::move(*result);
}

Expression condition(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (auto* truth = value.as_bool()) return BooleanExpr{*truth};
  if (value.is_none()) return NullExpr{};
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (auto* text = value.as_str()) {
    evaluate::raise_python("ArgumentError", fmt::format("Textual SQL expression '{}' should be explicitly declared as "
                                                        "text('{}')",
                                                        *text, *text));
  }
  if (!value.as<ExpressionObject>()) {
    evaluate::raise_python(
        "ArgumentError", fmt::format("SQL expression for WHERE/HAVING role expected, got {}", interpreter.repr(value)));
  }
  return to_expression(interpreter, value, nullptr, needed_for);
}

Expression operand(Interpreter& interpreter, const Value& value, const ExpressionObject* left, const std::string& op) {
  const std::string needed_for = fmt::format("the operand of {}", op);
  if (value.as<ExpressionObject>() || value.as<SelectObject>())
    return to_expression(interpreter, value, nullptr, needed_for);
  if (left && left->type() && !value.is_none()) {
    if (auto column = dynamic_cast<const ColumnClause*>(left)) {
      return bind_expression(interpreter, value, column->type_object().get(), needed_for);
    }
    return to_expression(interpreter, value, &*left->type(), needed_for);
  }
  return to_expression(interpreter, value, nullptr, needed_for);
}

Expression to_expression(Interpreter& interpreter, const Value& value, const model::Type* type,
                         const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (auto text = value.as<TextClause>()) return TextExpr{text->sql(interpreter)};
  if (auto select = value.as<SelectObject>()) return select->as_expression();
  if (auto parameter = value.as<BindParameter>()) {
    // Its value comes when the statement is executed.
    if (!parameter->value()) {
      model::ParameterExpr open{parameter->name(), parameter->type()};
      if (!open.type && type) open.type = *type;
      return open;
    }
    const TypeObject* own = parameter->bound_type().get();
    if (own) return bind_expression(interpreter, *parameter->value(), own, needed_for);
    return to_expression(interpreter, *parameter->value(), type, needed_for);
  }
  if (auto expression = value.as<ExpressionObject>()) return expression->expression();
  LiteralExpr literal{to_value(interpreter, value, type, needed_for), std::nullopt};
  if (std::holds_alternative<model::NullValue>(literal.value)) return NullExpr{};
  if (type) literal.type = *type;
  return literal;
}

Expression bind_expression(Interpreter& interpreter, const Value& value, const TypeObject* type,
                           const std::string& needed_for) {
  if (!type || value.as<ExpressionObject>() || value.as<SelectObject>() || value.is_opaque()) {
    return to_expression(interpreter, value, type ? &type->type() : nullptr, needed_for);
  }
  LiteralExpr literal{bind_value(interpreter, value, type, needed_for), type->type()};
  if (std::holds_alternative<model::NullValue>(literal.value)) return NullExpr{};
  return literal;
}

Expression to_sql(Interpreter& interpreter, const Value& value, const std::string& needed_for) {
  if (auto* text = value.as_str()) return TextExpr{*text};
  if (auto name = value.as<FinalName>()) return TextExpr{name->text()};
  if (auto name = value.as<QuotedName>()) return TextExpr{name->text()};
  return to_expression(interpreter, value, nullptr, needed_for);
}

ExpressionObject::ExpressionObject(model::Expression expression, std::optional<model::Type> type)
    : expression_(std::move(expression)), type_(std::move(type)) {
  Measure measure;
  measure.count(expression_);
}

std::string ExpressionObject::type_name() const { return "ColumnElement"; }

std::string ExpressionObject::repr(Interpreter&) { return "<SQL expression>"; }

bool ExpressionObject::truth(Interpreter&) {
  // SQLAlchemy decides a == b and a != b by identity, and two operands are hardly ever one object: `x == 1 or y == 2`
  // is y == 2. It refuses everything else.
  if (const auto* binary = std::get_if<Box<model::BinaryExpr>>(&expression_)) {
    const bool same = (*binary)->left == (*binary)->right;
    if (!same && (*binary)->op == "=") return false;
    if (!same && (*binary)->op == "!=") return true;
  }
  evaluate::raise_type_error("Boolean value of this clause is not defined");
}

std::optional<Value> ExpressionObject::attribute(Interpreter&, std::string_view name) {
  return expression_method(std::static_pointer_cast<ExpressionObject>(shared_from_this()), name);
}

std::optional<Value> ExpressionObject::unary(Interpreter&, UnaryOperator op) {
  switch (op) {
    case UnaryOperator::kNegative:
      return make_expression(UnaryExpr{"-", expression_, false}, type_);
    case UnaryOperator::kInvert:
      return make_expression(negate(expression_));
    case UnaryOperator::kPositive:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Value> ExpressionObject::binary(Interpreter& interpreter, BinaryOperator op, const Value& other,
                                              bool reflected) {
  if (other.is_opaque()) return other;  // what is made from something unknown is unknown
  const auto arithmetic = [&](const std::string& sql, std::optional<model::Type> type) {
    Expression theirs = operand(interpreter, other, this, sql);
    return reflected ? make_expression(binary_expression(sql, std::move(theirs), expression_), std::move(type))
                     : make_expression(binary_expression(sql, expression_, std::move(theirs)), std::move(type));
  };
  // A comparison is reflected only when the left side is no expression: 1 < column arrives as column > 1.
  const auto compare = [&](const std::string& sql) {
    Expression theirs = operand(interpreter, other, this, sql);
    if (reflected) return make_expression(binary_expression(mirrored(sql), expression_, boolean_operand(theirs)));
    return comparison(sql, expression_, theirs);
  };
  const auto logical = [&](const std::string& sql) {
    Expression theirs = condition(interpreter, other, "the operand of " + sql);
    std::vector<Expression> parts;
    if (reflected) {
      parts = {std::move(theirs), expression_};
    } else {
      parts = {expression_, std::move(theirs)};
    }
    return make_expression(conjunction(sql, std::move(parts)));
  };
  const bool other_is_text =
      other.as_str() || (other.as<ExpressionObject>() && is_text_type(other.as<ExpressionObject>()->type()));
  switch (op) {
    case BinaryOperator::kAdd: {
      const bool concatenates = is_text_type(type_) ? (other_is_text || !other.as<ExpressionObject>() ||
                                                       !other.as<ExpressionObject>()->type())
                                                    : (!type_ && other_is_text);
      if (is_array_type(type_) || is_json_type(type_) || concatenates) return arithmetic("||", type_);
      return arithmetic("+", type_);
    }
    case BinaryOperator::kSub:
      return arithmetic("-", type_);
    case BinaryOperator::kMul:
      return arithmetic("*", type_);
    case BinaryOperator::kDiv: {
      // SQLAlchemy 2 divides integers as Python does: with a fraction.
      if (!reflected && is_integer_type(type_)) {
        auto theirs = other.as<ExpressionObject>();
        if (other.as_int() || (theirs && is_integer_type(theirs->type()))) {
          Expression divisor = binary_expression("+", operand(interpreter, other, this, "/"), TextExpr{"0.0"});
          return make_expression(binary_expression("/", expression_, std::move(divisor)));
        }
      }
      return arithmetic("/", type_);
    }
    case BinaryOperator::kFloorDiv:
      if (is_integer_type(type_)) return arithmetic("/", type_);
      {
        Expression theirs = operand(interpreter, other, this, "//");
        Expression quotient = reflected ? binary_expression("/", std::move(theirs), expression_)
                                        : binary_expression("/", expression_, std::move(theirs));
        return make_expression(model::FunctionExpr{"FLOOR", {std::move(quotient)}}, type_);
      }
    case BinaryOperator::kMod:
      return arithmetic("%", type_);
    case BinaryOperator::kPow: {
      Expression theirs = operand(interpreter, other, this, "**");
      std::vector<Expression> arguments;
      if (reflected) {
        arguments = {std::move(theirs), expression_};
      } else {
        arguments = {expression_, std::move(theirs)};
      }
      return make_expression(model::FunctionExpr{"power", std::move(arguments)}, type_);
    }
    case BinaryOperator::kBitAnd:
      return logical("AND");
    case BinaryOperator::kBitOr:
      return logical("OR");
    case BinaryOperator::kBitXor:
    case BinaryOperator::kLeftShift:
    case BinaryOperator::kRightShift:
      return std::nullopt;
    case BinaryOperator::kEq:
      return compare("=");
    case BinaryOperator::kNe:
      return compare("!=");
    case BinaryOperator::kLt:
      return compare("<");
    case BinaryOperator::kLe:
      return compare("<=");
    case BinaryOperator::kGt:
      return compare(">");
    case BinaryOperator::kGe:
      return compare(">=");
  }
  return std::nullopt;
}

std::optional<Value> ExpressionObject::index(Interpreter& interpreter, const Value& key) {
  if (key.is_opaque()) return key;
  if (is_json_type(type_)) {
    if (auto* path = key.as_sequence()) {
      std::string text = "{";
      for (std::size_t i = 0; i < path->size(); ++i) text += (i ? ", " : "") + interpreter.str((*path)[i]);
      return make_expression(binary_expression("#>", expression_, LiteralExpr{text + "}", std::nullopt}), type_);
    }
    if (!key.as_str() && !key.as_int()) evaluate::raise_type_error("a JSON index is a str, an int or a tuple of them");
    return make_expression(
        binary_expression("->", expression_,
                          LiteralExpr{to_value(interpreter, key, nullptr, "a JSON index"), std::nullopt}),
        type_);
  }
  refuse_unsupported("indexing this expression", "write it with sa.text() or sa.literal_column()");
}

}  // namespace bascule::formats::alembic
