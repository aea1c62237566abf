// Expressions as SQLAlchemy 2.1 spells and groups them (measured by compiling each form for both databases), so that
// what a database keeps as text (SQLite's CHECKs, defaults and indexes) reads the same.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/overload.h"
#include "base/text.h"
#include "dialects/render_common.h"

namespace bascule::dialects {

namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

/// How tightly an operator holds its operands: an operand that holds no tighter is put into parentheses. Operators that
/// have no entry (custom ones) hold nothing.
int precedence(std::string_view op) {
  struct Entry {
    std::string_view op;
    int precedence;
  };
  static constexpr std::array kTable = {
      Entry{"*", 8},
      Entry{"/", 8},
      Entry{"%", 8},
      Entry{"NEG", 8},
      Entry{"+", 7},
      Entry{"-", 7},
      Entry{"|", 7},
      Entry{"&", 7},
      Entry{"#", 7},
      Entry{"<<", 7},
      Entry{">>", 7},
      Entry{"||", 5},
      Entry{"MATCH", 5},
      Entry{"~", 5},
      Entry{"!~", 5},
      Entry{"~*", 5},
      Entry{"!~*", 5},
      Entry{"REGEXP", 5},
      Entry{"NOT REGEXP", 5},
      Entry{"LIKE", 5},
      Entry{"NOT LIKE", 5},
      Entry{"ILIKE", 5},
      Entry{"NOT ILIKE", 5},
      Entry{"IN", 5},
      Entry{"NOT IN", 5},
      Entry{"IS", 5},
      Entry{"IS NOT", 5},
      Entry{"IS NULL", 5},
      Entry{"IS NOT NULL", 5},
      Entry{"=", 5},
      Entry{"!=", 5},
      Entry{"<>", 5},
      Entry{">", 5},
      Entry{"<", 5},
      Entry{">=", 5},
      Entry{"<=", 5},
      Entry{"BETWEEN", 5},
      Entry{"NOT BETWEEN", 5},
      Entry{"DISTINCT", 5},
      Entry{"NOT", 5},
      Entry{"IS DISTINCT FROM", 5},
      Entry{"IS NOT DISTINCT FROM", 5},
      Entry{"COLLATE", 4},
      Entry{"AND", 3},
      Entry{"DESC", 3},
      Entry{"ASC", 3},
      Entry{"NULLS FIRST", 3},
      Entry{"NULLS LAST", 3},
      Entry{"OR", 2},
  };
  const auto* found = std::find_if(kTable.begin(), kTable.end(), [&](const Entry& entry) { return entry.op == op; });
  return found == kTable.end() ? 0 : found->precedence;
}

bool associative(std::string_view op) { return op == "AND" || op == "OR" || op == "+" || op == "*" || op == "||"; }

bool is_ordering(std::string_view op) {
  return op == "DESC" || op == "ASC" || op == "NULLS FIRST" || op == "NULLS LAST";
}

/// The operator that an expression is made with; empty for those that never need parentheses.
std::string outermost_operator(const model::Expression& expression) {
  if (const auto* binary = std::get_if<Box<model::BinaryExpr>>(&expression)) return upper((*binary)->op);
  if (const auto* unary = std::get_if<Box<model::UnaryExpr>>(&expression)) {
    const std::string op = upper((*unary)->op);
    if (op == "EXISTS") return {};
    return op == "-" ? "NEG" : op;
  }
  if (std::holds_alternative<Box<model::CollateExpr>>(expression)) return "COLLATE";
  return {};
}

struct ExpressionSpeller {
  Renderer& renderer;

  std::string operator()(const model::TextExpr& text) { return text.sql; }
  std::string operator()(const model::LiteralExpr& literal) {
    return renderer.value(literal.value, literal.type ? &*literal.type : nullptr);
  }
  std::string operator()(const model::ColumnExpr& column) { return renderer.column(column); }
  std::string operator()(const model::BooleanExpr& boolean) { return renderer.boolean(boolean.value); }
  std::string operator()(const model::NullExpr&) { return "NULL"; }
  std::string operator()(const model::ParameterExpr& parameter) {
    return renderer.unsupported("the parameter '" + parameter.name + "' has no value",
                                "give it one: sa.bindparam('" + parameter.name + "', value)");
  }
  std::string operator()(const Box<model::FunctionExpr>& function) { return renderer.function(*function); }
  std::string operator()(const Box<model::BinaryExpr>& binary) { return renderer.binary(*binary); }
  std::string operator()(const Box<model::UnaryExpr>& unary) {
    const std::string op = upper(unary->op);
    if (unary->postfix) {
      // NULLS LAST around DESC: one after the other, no parentheses.
      const std::string inner = is_ordering(op) && is_ordering(outermost_operator(unary->operand))
                                    ? renderer.expression(unary->operand)
                                    : renderer.operand(unary->operand, op);
      return inner + " " + unary->op;
    }
    if (op == "-") return "-" + renderer.operand(unary->operand, "NEG");
    if (op == "~") return "~" + renderer.operand(unary->operand, "NEG");
    return unary->op + " " + renderer.operand(unary->operand, op);
  }
  std::string operator()(const Box<model::CastExpr>& cast) {
    return "CAST(" + renderer.expression(cast->operand) + " AS " + renderer.type(cast->type) + ")";
  }
  std::string operator()(const Box<model::ListExpr>& list) {
    std::vector<std::string> items;
    for (const auto& item : list->items) items.push_back(renderer.expression(item));
    return "(" + join(items, ", ") + ")";
  }
  std::string operator()(const Box<model::CaseExpr>& choice) {
    std::string sql = "CASE";
    for (const auto& [condition, result] : choice->branches) {
      const std::string test = renderer.expression(condition);
      sql += " WHEN " + (outermost_operator(condition).empty() ? test : "(" + test + ")") + " THEN " +
             renderer.expression(result);
    }
    if (choice->otherwise) sql += " ELSE " + renderer.expression(*choice->otherwise);
    return sql + " END";
  }
  std::string operator()(const Box<model::CollateExpr>& collate) {
    return renderer.operand(collate->operand, "COLLATE") + " COLLATE " + renderer.name(Identifier(collate->collation));
  }
  std::string operator()(const Box<model::WindowExpr>& window) { return renderer.window(*window); }
  std::string operator()(const Box<model::SelectExpr>& query) { return "(" + renderer.select(*query) + ")"; }
};
static_assert(kCovers<ExpressionSpeller, model::Expression>);

}  // namespace

std::string Renderer::expression(const model::Expression& expression) {
  return std::visit(ExpressionSpeller{*this}, expression);
}

std::string Renderer::operand(const model::Expression& expression, std::string_view against) {
  const std::string op = outermost_operator(expression);
  std::string sql = this->expression(expression);
  if (op.empty() || (op == against && associative(op)) || precedence(op) > precedence(against)) return sql;
  return op == "NOT IN" ? sql : "(" + sql + ")";
}

std::string Renderer::binary(const model::BinaryExpr& binary) {
  const std::string op = upper(binary.op);
  if (op == "IN" || op == "NOT IN") {
    const auto* list = std::get_if<Box<model::ListExpr>>(&binary.right);
    if (list != nullptr && (*list)->items.empty()) return empty_list_test(binary);
    const std::string sql = operand(binary.left, op) + " " + op + " " + operand(binary.right, op);
    return op == "IN" ? sql : "(" + sql + ")";
  }
  if (op == "BETWEEN" || op == "NOT BETWEEN")  // the AND of its bounds is part of it
    return operand(binary.left, op) + " " + op + " " + expression(binary.right);
  return operand(binary.left, op) + " " + binary.op + " " + operand(binary.right, op);
}

std::string Renderer::function(const model::FunctionExpr& function) {
  const std::string lower = to_lower_ascii(function.name);
  static constexpr std::array<std::string_view, 9> kBare = {"current_date", "current_time", "current_timestamp",
                                                            "current_user", "localtime",    "localtimestamp",
                                                            "session_user", "user",         "sysdate"};
  if (function.arguments.empty()) {
    if (std::find(kBare.begin(), kBare.end(), lower) != kBare.end()) return lower == "sysdate" ? lower : upper(lower);
    if (lower == "now") return "now()";
    if (lower == "count") return "count(*)";
  }
  std::vector<std::string> parts;
  for (const auto part : split(function.name, '.')) {
    const bool plain = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
    });
    parts.push_back(plain ? std::string(part) : name(Identifier(std::string(part), true)));
  }
  std::vector<std::string> arguments;
  for (const auto& argument : function.arguments) arguments.push_back(expression(argument));
  return join(parts, ".") + "(" + join(arguments, ", ") + ")";
}

}  // namespace bascule::dialects
