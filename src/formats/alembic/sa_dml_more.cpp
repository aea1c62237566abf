// What insert, update and delete can say besides values and conditions: FROM a query, ON CONFLICT, RETURNING, and
// parameters that get their values when the statement is executed.
#include <fmt/core.h>

#include <algorithm>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_dml_statement.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::Expression;

namespace {

/// A column named by itself, its name or an expression: ON CONFLICT (columns).
Expression conflict_column(Interpreter& interpreter, const Value& value) {
  if (const auto column = value.as<ColumnClause>()) return model::ColumnExpr{{}, column->name()};
  if (const auto* text = value.as_str()) return model::ColumnExpr{{}, Identifier(*text)};
  return to_expression(interpreter, value, nullptr, "a column of ON CONFLICT");
}

/// The first parameter's name; empty: there is none.
std::string parameter_in(const Expression& expression) {
  std::string found;
  Expression copy = expression;
  model::replace_parameters(copy, [&](const model::ParameterExpr& parameter) -> Expression {
    if (found.empty()) found = parameter.name;
    return parameter;
  });
  return found;
}

}  // namespace

std::shared_ptr<Statement> Statement::from_select(Interpreter& interpreter, const Arguments& arguments) const {
  const Binder bind("from_select", arguments, {"names", "select"}, {"include_defaults"});
  const Value given = bind.required("select");
  if (given.is_opaque()) interpreter.refuse_opaque(given, "the query of " + phrase());
  auto made = std::make_shared<Statement>(*this);
  made->query_ = given.as<SelectObject>();
  if (!made->query_)
    evaluate::raise_python("ArgumentError", "SELECT construct expected, got " + interpreter.repr(given));
  const Value names = bind.required("names");
  if (names.is_opaque()) interpreter.refuse_opaque(names, "the columns of " + phrase());
  for (const Value& name : interpreter.iterate(names)) {
    const auto column = name.as<ColumnClause>();
    made->query_columns_.push_back(column ? column->name()
                                          : to_identifier(interpreter, name, "a column name of " + phrase()));
  }
  return made;
}

std::shared_ptr<Statement> Statement::asking_for(Interpreter& interpreter, const std::vector<Value>& columns) const {
  auto made = std::make_shared<Statement>(*this);
  made->returning_ = to_columns(interpreter, columns, table_->recorder(), made->returned_);
  return made;
}

std::shared_ptr<Statement> Statement::with_returning(Interpreter& interpreter, const Arguments& arguments) const {
  return asking_for(interpreter, arguments.positional);
}

std::shared_ptr<Statement> Statement::with_conflict(Interpreter& interpreter, const Arguments& arguments,
                                                    bool updates) const {
  const Binder bind(updates ? "on_conflict_do_update" : "on_conflict_do_nothing", arguments,
                    {"constraint", "index_elements", "index_where", "set_", "where"});
  bind.reject_extra();
  auto made = std::make_shared<Statement>(*this);
  model::OnConflict conflict;
  const std::string needed_for = "the ON CONFLICT of " + phrase();
  if (const auto constraint = bind.present("constraint"))
    conflict.constraint = to_identifier(interpreter, *constraint, needed_for);
  if (const auto elements = bind.present("index_elements")) {
    if (elements->is_opaque()) interpreter.refuse_opaque(*elements, needed_for);
    for (const Value& element : interpreter.iterate(*elements))
      conflict.columns.push_back(conflict_column(interpreter, element));
  }
  if (const auto where = bind.present("index_where")) conflict.index_where = condition(interpreter, *where, needed_for);
  if (updates) {
    if (conflict.columns.empty() && conflict.constraint.empty())
      evaluate::raise_python("ValueError",
                             "Either constraint or index_elements, but not both, must be specified unless "
                             "DO NOTHING");
    Value set = bind.required("set_");
    if (set.is_opaque()) interpreter.refuse_opaque(set, needed_for);
    if (set.as_dict() == nullptr || set.as_dict()->size() == 0)
      evaluate::raise_python("ValueError", "set parameter dictionary must not be empty");
    for (const auto& [column, value] : to_row(interpreter, set, false))
      conflict.assignments.emplace_back(column->name(), value);
    if (const auto where = bind.present("where")) conflict.where = condition(interpreter, *where, needed_for);
  }
  made->conflict_ = std::move(conflict);
  return made;
}

model::Operation Statement::completed_operation(model::Operation operation) const {
  Recorder& recorder = table_->recorder();
  if (auto* rows = std::get_if<model::InsertRows>(&operation)) {
    rows->statement.on_conflict = conflict_;
    rows->statement.returning = returning_;
  } else if (auto* update = std::get_if<model::UpdateRows>(&operation)) {
    std::vector<const Expression*> expressions;
    for (const auto& [column, value] : update->statement.assignments) expressions.push_back(&value);
    if (update->statement.where) expressions.push_back(&*update->statement.where);
    update->statement.aliases = aliases_in(expressions, recorder);
    update->statement.returning = returning_;
  } else if (auto* removal = std::get_if<model::DeleteRows>(&operation)) {
    if (removal->statement.where) removal->statement.aliases = aliases_in({&*removal->statement.where}, recorder);
    removal->statement.returning = returning_;
  }
  return operation;
}

std::string Statement::first_parameter() const {
  for (const Row& row : rows_) {
    for (const auto& [column, value] : row) {
      if (auto name = parameter_in(value); !name.empty()) return name;
    }
  }
  for (const Expression& one : conditions_) {
    if (auto name = parameter_in(one); !name.empty()) return name;
  }
  return "";
}

bool Statement::has_parameters() const { return !first_parameter().empty(); }

void Statement::refuse_parameters() const {
  const std::string name = first_parameter();
  throw evaluate::Refusal("unbound-parameter", fmt::format("the parameter '{}' has no value", name),
                          fmt::format("give it one: sa.bindparam('{}', value)", name));
}

model::Operation Statement::operation_with(Interpreter& interpreter, const Value& dict) const {
  const evaluate::Dict& values = *dict.as_dict();
  std::vector<std::string> used;
  const auto value_of = [&](const model::ParameterExpr& parameter) -> Expression {
    const Value* value = values.find(parameter.name);
    if (value == nullptr) {
      evaluate::raise_python("StatementError",
                             fmt::format("A value is required for bind parameter '{}'", parameter.name));
    }
    used.push_back(parameter.name);
    return to_expression(interpreter, *value, parameter.type ? &*parameter.type : nullptr,
                         "the parameter '" + parameter.name + "' of " + phrase());
  };
  Statement filled = *this;
  for (Row& row : filled.rows_) {
    for (auto& [column, value] : row) model::replace_parameters(value, value_of);
  }
  for (Expression& one : filled.conditions_) model::replace_parameters(one, value_of);
  // What is left of the dict are values of columns.
  auto rest = std::make_shared<evaluate::Dict>();
  for (const auto& [key, value] : values.entries()) {
    const auto* name = key.as_str();
    if (name == nullptr || std::find(used.begin(), used.end(), *name) == used.end()) rest->set(key, value);
  }
  return filled.operation(interpreter, filled.to_row(interpreter, Value(rest), true));
}

}  // namespace bascule::formats::alembic
