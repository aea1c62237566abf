#include "formats/alembic/sa_dml_statement.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/overload.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using model::Expression;

namespace {

void set(Statement::Row& row, const std::shared_ptr<ColumnClause>& column, Expression value) {
  for (auto& [held, expression] : row) {
    if (held == column) {
      expression = std::move(value);
      return;
    }
  }
  row.emplace_back(column, std::move(value));
}

const Expression* find(const Statement::Row& row, const std::shared_ptr<ColumnClause>& column) {
  for (const auto& [held, expression] : row) {
    if (held == column) return &expression;
  }
  return nullptr;
}

/// Column(default=...) as the value of one row; callables are called for each row.
Expression default_value(Interpreter& interpreter, const ColumnClause& column, const Value& given) {
  const std::string needed_for = fmt::format("the default of column '{}'", column.name().text());
  Value value = given;
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (!value.as<ExpressionObject>() && !evaluate::as_user_class(value)) {
    if (auto* object = std::get_if<evaluate::ObjectPtr>(&value.payload()); object && (*object)->callable()) {
      Arguments arguments;
      arguments.where = interpreter.here();
      value = interpreter.call(given, std::move(arguments));
    }
  }
  return bind_expression(interpreter, value, column.type_object().get(), needed_for);
}

}  // namespace

std::string Statement::type_name() const {
  switch (kind_) {
    case Kind::kInsert:
      return "Insert";
    case Kind::kUpdate:
      return "Update";
    case Kind::kDelete:
      return "Delete";
  }
  return "";
}

std::string Statement::phrase() const {
  const std::string table = display(table_->table_name());
  switch (kind_) {
    case Kind::kInsert:
      return "the INSERT into '" + table + "'";
    case Kind::kUpdate:
      return "the UPDATE of '" + table + "'";
    case Kind::kDelete:
      return "the DELETE from '" + table + "'";
  }
  return "";
}

std::string Statement::repr(Interpreter&) {
  return fmt::format("<{} on {}>", type_name(), display(table_->table_name()));
}

bool Statement::truth(Interpreter&) { evaluate::raise_type_error("Boolean value of this clause is not defined"); }

Statement::Row Statement::to_row(Interpreter& interpreter, const Value& dict, bool unknown_allowed) const {
  Row row;
  std::string unknown;
  auto* entries = dict.as_dict();
  if (!entries) evaluate::raise_type_error("values are given as dicts, not " + evaluate::type_name(dict));
  for (const auto& [key, value] : entries->entries()) {
    if (key.is_opaque()) interpreter.refuse_opaque(key, "a column name of " + phrase());
    std::shared_ptr<ColumnClause> column = key.as<ColumnClause>();
    std::string name;
    if (column) {
      name = column->key;
      column = table_->find_column(name);
    } else {
      name = to_identifier(interpreter, key, "a column name of " + phrase()).text();
      column = table_->find_column(name);
    }
    if (!column) {
      if (!unknown_allowed) unknown += (unknown.empty() ? "" : ", ") + name;
      continue;
    }
    set(row, column,
        bind_expression(interpreter, value, column->type_object().get(),
                        fmt::format("the value of column '{}' in {}", name, phrase())));
  }
  if (!unknown.empty()) evaluate::raise_python("CompileError", "Unconsumed column names: " + unknown);
  return row;
}

std::shared_ptr<Statement> Statement::with_values(Interpreter& interpreter, const Arguments& arguments) const {
  auto made = std::make_shared<Statement>(*this);
  if (!arguments.positional.empty() && !arguments.keywords.empty()) {
    evaluate::raise_python("ArgumentError", "Can't pass positional and kwargs to values() simultaneously");
  }
  if (arguments.positional.size() > 1) {
    evaluate::raise_python("ArgumentError",
                           "Only a single dictionary/tuple or list of dictionaries/tuples is accepted "
                           "positionally.");
  }
  const std::string needed_for = "the values of " + phrase();
  const auto tuple_row = [&](const std::vector<Value>& cells) {
    const auto& columns = table_->table_columns();
    if (cells.size() > columns.size()) evaluate::raise_python("ArgumentError", "too many values for " + phrase());
    Row row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      set(row, columns[i], bind_expression(interpreter, cells[i], columns[i]->type_object().get(), needed_for));
    }
    return row;
  };
  std::vector<Row> rows;
  bool multiple = false;
  if (arguments.positional.size() == 1) {
    const Value& given = arguments.positional[0];
    if (given.is_opaque()) interpreter.refuse_opaque(given, needed_for);
    auto* items = given.as_sequence();
    if (given.as_dict()) {
      rows.push_back(to_row(interpreter, given, false));
    } else if (items && given.as_list() && !items->empty() && ((*items)[0].as_dict() || (*items)[0].as_sequence())) {
      multiple = true;
      if (kind_ == Kind::kUpdate)
        evaluate::raise_python("InvalidRequestError", "UPDATE construct does not support multiple parameter sets.");
      for (const Value& item : *items) {
        if (item.is_opaque()) interpreter.refuse_opaque(item, needed_for);
        rows.push_back(item.as_sequence() ? tuple_row(*item.as_sequence()) : to_row(interpreter, item, false));
      }
    } else if (items && given.as_list() && !items->empty() && (*items)[0].is_opaque()) {
      interpreter.refuse_opaque((*items)[0], needed_for);
    } else if (items) {
      rows.push_back(tuple_row(*items));
    } else {
      evaluate::raise_python(
          "ArgumentError", "values() takes a dictionary, a tuple or a list of them, not " + evaluate::type_name(given));
    }
  } else if (!arguments.keywords.empty()) {
    evaluate::Dict dict;
    for (const auto& [name, value] : arguments.keywords) dict.set(Value(name), value);
    rows.push_back(to_row(interpreter, Value(std::make_shared<evaluate::Dict>(std::move(dict))), false));
  }
  if (rows.empty()) return made;
  if (multiple || made->multiple_) {
    if (!made->rows_.empty() && !made->multiple_) {
      evaluate::raise_python("InvalidRequestError",
                             "Can't mix single and multiple VALUES formats in one INSERT statement.");
    }
    made->multiple_ = true;
    made->rows_.insert(made->rows_.end(), rows.begin(), rows.end());
    return made;
  }
  if (made->rows_.empty()) made->rows_.emplace_back();
  for (auto& [column, value] : rows.front()) set(made->rows_.front(), column, value);
  return made;
}

std::shared_ptr<Statement> Statement::with_where(Interpreter& interpreter, const Arguments& arguments) const {
  auto made = std::make_shared<Statement>(*this);
  for (const Value& value : arguments.positional) {
    made->conditions_.push_back(condition(interpreter, value, "the condition of " + phrase()));
  }
  return made;
}

std::shared_ptr<Statement> Statement::with_order(Interpreter& interpreter, const Arguments& arguments) const {
  auto made = std::make_shared<Statement>(*this);
  made->ordered_ = true;
  evaluate::Dict dict;
  for (const Value& item : arguments.positional) {
    auto* pair = item.as_sequence();
    if (!pair || pair->size() != 2) evaluate::raise_type_error("ordered_values() takes (column, value) tuples");
    auto column = (*pair)[0].as<ColumnClause>();
    dict.set(column ? Value(column->key) : (*pair)[0], (*pair)[1]);
  }
  made->rows_ = {to_row(interpreter, Value(std::make_shared<evaluate::Dict>(std::move(dict))), false)};
  return made;
}

Statement::Row Statement::completed(Interpreter& interpreter, Row row) const {
  for (const auto& column : table_->table_columns()) {
    const auto& given = kind_ == Kind::kInsert ? column->insert_default : column->update_default;
    if (given && !find(row, column)) row.emplace_back(column, default_value(interpreter, *column, *given));
  }
  return row;
}

model::InsertStatement Statement::insert(Interpreter& interpreter, const std::vector<Row>& rows) const {
  model::InsertStatement statement;
  statement.table = table_->table_name();
  std::vector<Row> complete;
  for (Row row : rows) {
    // What the first row leaves out is left out of all: their defaults come instead.
    std::erase_if(row, [&](const auto& cell) { return !find(rows.front(), cell.first); });
    complete.push_back(completed(interpreter, std::move(row)));
  }
  if (complete.empty()) complete.push_back(completed(interpreter, {}));
  // The first row decides which columns there are; they come in the table's order.
  std::vector<std::shared_ptr<ColumnClause>> columns;
  for (const auto& column : table_->table_columns()) {
    if (!find(complete.front(), column)) continue;
    columns.push_back(column);
    statement.columns.push_back(column->name());
  }
  for (std::size_t i = 0; i < complete.size(); ++i) {
    std::vector<Expression> cells;
    for (const auto& column : columns) {
      const Expression* value = find(complete[i], column);
      if (!value) {
        evaluate::raise_python(
            "InvalidRequestError",
            fmt::format("A value is required for bind parameter '{}', in parameter group {}", column->key, i));
      }
      cells.push_back(*value);
    }
    statement.rows.push_back(std::move(cells));
  }
  return statement;
}

model::Operation Statement::operation(Interpreter& interpreter, const Row& row) const {
  return completed_operation(plain_operation(interpreter, row));
}

model::Operation Statement::plain_operation(Interpreter& interpreter, const Row& row) const {
  std::vector<Row> rows = rows_;
  if (!row.empty()) {
    if (rows.empty()) rows.emplace_back();
    for (const auto& [column, value] : row) {
      for (Row& held : rows) set(held, column, value);
    }
  }
  std::optional<Expression> where;
  if (!conditions_.empty()) where = conjunction("AND", conditions_);
  switch (kind_) {
    case Kind::kInsert:
      if (query_) {
        model::InsertStatement filled;
        filled.table = table_->table_name();
        filled.columns = query_columns_;
        filled.query = query_->as_expression();
        return model::InsertRows{std::move(filled)};
      }
      return model::InsertRows{insert(interpreter, rows)};
    case Kind::kDelete: {
      model::DeleteStatement removal;
      removal.table = table_->table_name();
      removal.where = std::move(where);
      return model::DeleteRows{std::move(removal)};
    }
    case Kind::kUpdate:
      break;
  }
  model::UpdateStatement update;
  update.table = table_->table_name();
  update.where = std::move(where);
  const Row given = rows.empty() ? Row{} : rows.front();
  if (ordered_) {
    for (const auto& [column, value] : given) update.assignments.emplace_back(column->name(), value);
    for (const auto& [column, value] : completed(interpreter, given)) {
      if (!find(given, column)) update.assignments.emplace_back(column->name(), value);
    }
    return model::UpdateRows{std::move(update)};
  }
  if (given.empty()) {
    throw evaluate::Refusal("empty-update", phrase() + " sets no column", "say what to set: .values(column=value)",
                            interpreter.here());
  }
  const Row complete = completed(interpreter, given);
  for (const auto& column : table_->table_columns()) {
    if (auto* value = find(complete, column)) update.assignments.emplace_back(column->name(), *value);
  }
  return model::UpdateRows{std::move(update)};
}

model::Operation Statement::with_rows(Interpreter& interpreter, const std::vector<Row>& rows) const {
  return completed_operation(model::InsertRows{insert(interpreter, rows)});
}

std::optional<Value> Statement::attribute(Interpreter& interpreter, std::string_view name) {
  auto self = std::static_pointer_cast<Statement>(shared_from_this());
  using Method = std::shared_ptr<Statement> (Statement::*)(Interpreter&, const Arguments&) const;
  const auto method = [&](Method wanted) {
    return evaluate::make_function(std::string(name), [self, wanted](Interpreter& in, Arguments& arguments) {
      return Value(evaluate::ObjectPtr(((*self).*wanted)(in, arguments)));
    });
  };
  if (name == "values" && kind_ != Kind::kDelete) return method(&Statement::with_values);
  if ((name == "where" || name == "filter") && kind_ != Kind::kInsert) return method(&Statement::with_where);
  if (name == "ordered_values" && kind_ == Kind::kUpdate) return method(&Statement::with_order);
  if (name == "filter_by" && kind_ != Kind::kInsert) {
    return evaluate::make_function("filter_by", [self](Interpreter& in, Arguments& arguments) {
      auto made = std::make_shared<Statement>(*self);
      for (const auto& [key, value] : arguments.keywords) {
        auto column = self->table()->find_column(key);
        if (!column) evaluate::raise_python("InvalidRequestError", "there is no column '" + key + "'");
        auto equal = column->binary(in, evaluate::BinaryOperator::kEq, value, false);
        made->conditions_.push_back(condition(in, *equal, "the condition of " + self->phrase()));
      }
      return Value(evaluate::ObjectPtr(made));
    });
  }
  if (name == "from_select" && kind_ == Kind::kInsert) return method(&Statement::from_select);
  if (name == "returning") return method(&Statement::with_returning);
  if (kind_ == Kind::kInsert && (name == "on_conflict_do_nothing" || name == "on_conflict_do_update")) {
    return evaluate::make_function(
        std::string(name), [self, updates = name == "on_conflict_do_update"](Interpreter& in, Arguments& given) {
          return Value(evaluate::ObjectPtr(self->with_conflict(in, given, updates)));
        });
  }
  if (kind_ == Kind::kInsert && name == "excluded") {
    std::vector<std::shared_ptr<ColumnClause>> columns;
    for (const auto& column : table_->table_columns()) {
      auto own = std::make_shared<ColumnClause>(column->name(), column->type_object());
      own->key = column->key;
      columns.push_back(std::move(own));
    }
    auto excluded = std::make_shared<TableClause>(QualifiedName{{}, Identifier("excluded")}, std::move(columns));
    excluded->set_recorder(table_->recorder());
    return excluded->attribute(interpreter, "c");
  }
  if (name == "inline" || name == "return_defaults" || name == "execution_options" || name == "options") {
    return evaluate::make_function(std::string(name),
                                   [self](Interpreter&, Arguments&) { return Value(evaluate::ObjectPtr(self)); });
  }
  if (name == "table") return Value(evaluate::ObjectPtr(table_));
  for (std::string_view unsupported :
       {"on_duplicate_key_update", "prefix_with", "with_hint", "suffix_with", "cte", "add_cte", "with_dialect_options",
        "compile", "params", "using", "select", "alias", "bind", "parameters", "with_only_columns"}) {
    if (name == unsupported)
      refuse_unsupported(fmt::format("{}.{}()", type_name(), name), "write the statement as SQL: op.execute(\"...\")");
  }
  return std::nullopt;
}

}  // namespace bascule::formats::alembic
