// The functions of the module `sqlalchemy` that make queries: select, exists, union, join, alias ...
#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/error.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using evaluate::make_function;

namespace {

Value select(Interpreter& interpreter, Arguments& arguments, Recorder& recorder) {
  const Binder bind("select", arguments, {}, {"columns", "whereclause", "from_obj", "distinct", "limit", "order_by"},
                    true);
  bind.reject_extra();
  std::vector<Value> columns = bind.rest();
  std::optional<Value> condition = bind.present("whereclause");
  // SQLAlchemy 1.3: select([columns], condition).
  if (columns.size() == 2 && columns[0].as_list() != nullptr && columns[1].as<ExpressionObject>()) {
    condition = columns[1];
    columns.pop_back();
  }
  if (const auto named = bind.present("columns")) columns.push_back(*named);
  const Value made = make_select(interpreter, columns, condition, recorder);
  const auto query = made.as<SelectObject>();
  if (const auto from = bind.present("from_obj")) {
    for (const Value& item : from->as_sequence() ? *from->as_sequence() : std::vector<Value>{*from})
      query->add_from(interpreter, item);
  }
  Value out = made;
  for (const char* part : {"distinct", "limit", "order_by"}) {
    const auto given = bind.present(part);
    if (!given || (given->as_bool() != nullptr && !*given->as_bool())) continue;
    Arguments one;
    one.where = arguments.where;
    if (given->as_bool() == nullptr) one.positional = {*given};
    out = interpreter.call(interpreter.attribute(out, part), std::move(one));
  }
  return out;
}

/// exists(query), exists().where(...), exists([columns], condition).
Value exists(Interpreter& interpreter, Arguments& arguments, Recorder& recorder) {
  std::vector<Value> columns = arguments.positional;
  std::optional<Value> condition;
  if (columns.size() == 1 && columns[0].as<SelectObject>())
    return Value(evaluate::ObjectPtr(std::make_shared<ExistsObject>(columns[0].as<SelectObject>())));
  if (columns.size() == 1) {
    const auto expression = columns[0].as<ExpressionObject>();
    if (expression) {
      if (const auto* query = std::get_if<Box<model::SelectExpr>>(&expression->expression())) {
        return make_expression(model::UnaryExpr{"EXISTS", model::Expression(*query), false});
      }
    }
  }
  if (columns.size() == 2 && columns[0].as_list() != nullptr) {
    condition = columns[1];
    columns.pop_back();
  }
  if (columns.empty()) columns.push_back(make_expression(model::TextExpr{"*"}));
  const Value query = make_select(interpreter, columns, condition, recorder);
  return Value(evaluate::ObjectPtr(std::make_shared<ExistsObject>(query.as<SelectObject>())));
}

evaluate::NativeFunction combination(std::string words, Recorder& recorder) {
  return [words = std::move(words), &recorder](Interpreter& interpreter, Arguments& arguments) {
    auto made = std::make_shared<SelectObject>(recorder);
    made->combine(interpreter, words, arguments.positional);
    return Value(evaluate::ObjectPtr(made));
  };
}

evaluate::NativeFunction joining(bool outer, Recorder& recorder) {
  return [outer, &recorder](Interpreter& interpreter, Arguments& arguments) {
    if (arguments.positional.empty())
      evaluate::raise_type_error("join() missing 1 required positional argument: 'left'");
    const Value left = arguments.positional.front();
    Arguments rest = arguments;
    rest.positional.erase(rest.positional.begin());
    return join_by_arguments(interpreter, left, rest, outer, recorder);
  };
}

}  // namespace

Value make_select(Interpreter& interpreter, const std::vector<Value>& columns, const std::optional<Value>& condition,
                  Recorder& recorder) {
  auto query = std::make_shared<SelectObject>(recorder);
  for (const Value& column : columns) query->add_column(interpreter, column);
  if (condition) query->add_condition(interpreter, *condition);
  return Value(evaluate::ObjectPtr(query));
}

std::vector<model::FromItem> aliases_in(const std::vector<const model::Expression*>& expressions, Recorder& recorder) {
  std::vector<model::FromItem> found;
  for (const model::Expression* expression : expressions) {
    for (const model::TableRef& table : model::tables_of(*expression)) {
      const model::FromItem* alias = table.source == 0 ? nullptr : recorder.find_alias(table.source);
      if (alias != nullptr) found.push_back(*alias);
    }
  }
  return found;
}

std::vector<model::SelectColumn> to_columns(Interpreter& interpreter, const std::vector<Value>& values,
                                            Recorder& recorder, std::vector<ResultColumn>& read) {
  SelectObject query(recorder);
  for (const Value& value : values) query.add_column(interpreter, value);
  read = query.columns();
  return query.query().columns;
}

std::unordered_map<std::string, Value> select_members(Recorder& recorder) {
  std::unordered_map<std::string, Value> members;
  members["select"] = make_function(
      "select", [&recorder](Interpreter& in, Arguments& arguments) { return select(in, arguments, recorder); });
  members["exists"] = make_function(
      "exists", [&recorder](Interpreter& in, Arguments& arguments) { return exists(in, arguments, recorder); });
  for (const auto& [name, words] : {std::pair{"union", "UNION"},
                                    {"union_all", "UNION ALL"},
                                    {"intersect", "INTERSECT"},
                                    {"intersect_all", "INTERSECT ALL"},
                                    {"except_", "EXCEPT"},
                                    {"except_all", "EXCEPT ALL"}})
    members[name] = make_function(name, combination(words, recorder));
  members["join"] = make_function("join", joining(false, recorder));
  members["outerjoin"] = make_function("outerjoin", joining(true, recorder));
  for (const char* method : {"alias", "subquery", "cte", "over", "funcfilter"}) {
    const std::string attribute = std::string_view(method) == "funcfilter" ? "filter" : method;
    members[method] = make_function(method, [method, attribute](Interpreter& in, Arguments& arguments) {
      if (arguments.positional.empty()) evaluate::raise_type_error(std::string(method) + "() takes a first argument");
      Arguments rest = arguments;
      const Value subject = rest.positional.front();
      rest.positional.erase(rest.positional.begin());
      return in.call(in.attribute(subject, attribute), std::move(rest));
    });
  }
  return members;
}

}  // namespace bascule::formats::alembic
