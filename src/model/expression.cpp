#include "model/expression.h"

#include <algorithm>

#include "base/overload.h"

namespace bascule::model {

namespace {

struct TablesOf {
  std::vector<TableRef>& found;

  void all(const std::vector<Expression>& expressions) const {
    for (const Expression& expression : expressions) std::visit(*this, expression);
  }
  void operator()(const TextExpr&) const {}
  void operator()(const LiteralExpr&) const {}
  void operator()(const ColumnExpr& column) const {
    if (column.table.name.empty()) return;
    const TableRef table{column.table, column.source};
    if (std::find(found.begin(), found.end(), table) == found.end()) found.push_back(table);
  }
  void operator()(const BooleanExpr&) const {}
  void operator()(const NullExpr&) const {}
  void operator()(const ParameterExpr&) const {}
  void operator()(const Box<FunctionExpr>& function) const { all(function->arguments); }
  void operator()(const Box<BinaryExpr>& binary) const {
    std::visit(*this, binary->left);
    std::visit(*this, binary->right);
  }
  void operator()(const Box<UnaryExpr>& unary) const { std::visit(*this, unary->operand); }
  void operator()(const Box<CastExpr>& cast) const { std::visit(*this, cast->operand); }
  void operator()(const Box<ListExpr>& list) const { all(list->items); }
  void operator()(const Box<CaseExpr>& choice) const {
    for (const auto& [condition, result] : choice->branches) {
      std::visit(*this, condition);
      std::visit(*this, result);
    }
    if (choice->otherwise) std::visit(*this, *choice->otherwise);
  }
  void operator()(const Box<CollateExpr>& collate) const { std::visit(*this, collate->operand); }
  void operator()(const Box<WindowExpr>& window) const {
    std::visit(*this, window->function);
    if (window->filter) std::visit(*this, *window->filter);
    all(window->partition_by);
    all(window->order_by);
  }
  void operator()(const Box<SelectExpr>&) const {}
};
static_assert(kCovers<TablesOf, Expression>);

/// Whether an expression is a parameter itself; changes those further inside.
struct Replacing {
  const std::function<Expression(const ParameterExpr&)>& value_of;

  void one(Expression& expression) const {
    if (const auto* parameter = std::get_if<ParameterExpr>(&expression)) {
      expression = value_of(*parameter);
    } else {
      std::visit(*this, expression);
    }
  }
  void maybe(std::optional<Expression>& expression) const {
    if (expression) one(*expression);
  }
  void all(std::vector<Expression>& expressions) const {
    for (Expression& expression : expressions) one(expression);
  }
  void from(FromItem& item) const {
    for (FromItem& side : item.joined) from(side);
    maybe(item.query);
    maybe(item.on);
  }
  void operator()(TextExpr&) const {}
  void operator()(LiteralExpr&) const {}
  void operator()(ColumnExpr&) const {}
  void operator()(BooleanExpr&) const {}
  void operator()(NullExpr&) const {}
  void operator()(ParameterExpr&) const {}
  void operator()(Box<FunctionExpr>& function) const { all(function->arguments); }
  void operator()(Box<BinaryExpr>& binary) const {
    one(binary->left);
    one(binary->right);
  }
  void operator()(Box<UnaryExpr>& unary) const { one(unary->operand); }
  void operator()(Box<CastExpr>& cast) const { one(cast->operand); }
  void operator()(Box<ListExpr>& list) const { all(list->items); }
  void operator()(Box<CaseExpr>& choice) const {
    for (auto& [condition, result] : choice->branches) {
      one(condition);
      one(result);
    }
    maybe(choice->otherwise);
  }
  void operator()(Box<CollateExpr>& collate) const { one(collate->operand); }
  void operator()(Box<WindowExpr>& window) const {
    one(window->function);
    maybe(window->filter);
    all(window->partition_by);
    all(window->order_by);
  }
  void operator()(Box<SelectExpr>& query) const { select(*query); }
  void select(SelectExpr& query) const {
    all(query.distinct_on);
    for (SelectColumn& column : query.columns) one(column.expression);
    for (FromItem& item : query.froms) from(item);
    for (FromItem& item : query.aliases) from(item);
    maybe(query.where);
    all(query.group_by);
    maybe(query.having);
    all(query.order_by);
    maybe(query.limit);
    maybe(query.offset);
    for (SelectExpr& part : query.parts) select(part);
  }
};

}  // namespace

std::vector<TableRef> tables_of(const Expression& expression) {
  std::vector<TableRef> found;
  std::visit(TablesOf{found}, expression);
  return found;
}

void replace_parameters(Expression& expression, const std::function<Expression(const ParameterExpr&)>& value_of) {
  Replacing{value_of}.one(expression);
}

TableRef ref_of(const FromItem& item) {
  if (item.alias.empty()) return {item.table, 0};
  return {QualifiedName{Identifier(), item.alias}, item.source};
}

}  // namespace bascule::model
