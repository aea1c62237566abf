// The functions of the module `sqlalchemy` that make expressions: text, func, case, and_ ...
#include <fmt/core.h>

#include <array>
#include <charconv>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_dml.h"
#include "formats/alembic/sa_expressions.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::BooleanExpr;
using model::Expression;
using model::ListExpr;
using model::LiteralExpr;
using model::ScalarKind;
using model::ScalarType;
using model::TextExpr;
using model::UnaryExpr;

namespace {

using Function = std::function<Value(Interpreter&, Arguments&)>;

/// The first opaque argument: what is made from something unknown is unknown.
const Value* opaque_argument(const Arguments& arguments) {
  for (const Value& value : arguments.positional) {
    if (value.is_opaque()) return &value;
  }
  for (const auto& [name, value] : arguments.keywords) {
    if (value.is_opaque()) return &value;
  }
  return nullptr;
}

void add(Members& members, const std::string& name, Function function) {
  members[name] =
      evaluate::make_function(name, [function = std::move(function)](Interpreter& in, Arguments& arguments) {
        if (auto* opaque = opaque_argument(arguments)) return *opaque;
        return function(in, arguments);
      });
}

ScalarType scalar(ScalarKind kind) {
  ScalarType type;
  type.kind = kind;
  return type;
}

std::optional<model::Type> type_of(const Value& value) {
  auto expression = value.as<ExpressionObject>();
  return expression ? expression->type() : std::nullopt;
}

/// The type of the well-known functions, which decides how operators read ("+" of texts ...).
std::optional<model::Type> function_type(const std::string& lower, const std::vector<Value>& arguments) {
  for (const char* name : {"max", "min", "sum", "coalesce", "lower", "upper", "trim"}) {
    if (lower == name && !arguments.empty()) return type_of(arguments.front());
  }
  if (lower == "count" || lower == "char_length") return scalar(ScalarKind::kInteger);
  if (lower == "concat") return scalar(ScalarKind::kString);
  if (lower == "now" || lower == "current_timestamp") return scalar(ScalarKind::kDateTime);
  return std::nullopt;
}

/// cast(), type_coerce(), collate() ... take an expression or a plain value first.
Expression first(Interpreter& interpreter, const Value& value, const std::string& function) {
  return to_expression(interpreter, value, nullptr, "the argument of " + function + "()");
}

/// A column may be named by a str: sa.desc("created_at").
Expression ordered(Interpreter& interpreter, const Value& value, const std::string& function) {
  if (auto* text = value.as_str()) return model::ColumnExpr{{}, Identifier(*text)};
  return first(interpreter, value, function);
}

Function text(Recorder& recorder) {
  return [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("text", arguments, {"text", "bind", "bindparams", "typemap"});
    bind.reject_extra();
    const Value given = bind.required("text");
    if (given.as<TextClause>()) return given;
    return Value(evaluate::ObjectPtr(std::make_shared<TextClause>(
        to_identifier(interpreter, given, "the text of sa.text()").text(), recorder.target().dialect)));
  };
}

Function junction(const std::string& name, const std::string& op) {
  return [name, op](Interpreter& interpreter, Arguments& arguments) {
    std::vector<Expression> parts;
    for (const Value& value : arguments.positional) {
      parts.push_back(condition(interpreter, value, "a condition of " + name + "()"));
    }
    if (!arguments.keywords.empty()) {
      evaluate::raise_type_error(
          fmt::format("{}() got an unexpected keyword argument '{}'", name, arguments.keywords.front().first));
    }
    return make_expression(conjunction(op, std::move(parts)));
  };
}

Function order(const std::string& name, const std::string& op) {
  return [name, op](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"column"});
    bind.reject_extra();
    const Value column = bind.required("column");
    return make_expression(UnaryExpr{op, ordered(interpreter, column, name), true}, type_of(column));
  };
}

/// sa.between(x, ...) is x.between(...).
Function as_method(const std::string& name, const std::string& method) {
  return [name, method](Interpreter& interpreter, Arguments& arguments) {
    if (arguments.positional.empty())
      evaluate::raise_type_error(name + "() missing 1 required positional argument: 'expr'");
    Value subject = arguments.positional.front();
    if (!subject.as<ExpressionObject>()) subject = make_expression(first(interpreter, subject, name));
    Arguments rest = arguments;
    rest.positional.erase(rest.positional.begin());
    return interpreter.call(interpreter.attribute(subject, method), std::move(rest));
  };
}

/// As a literal of an integer type SQLAlchemy writes '12' as 12.
Expression as_integer_literal(Expression given, const model::Type& type, const std::string& dialect) {
  auto* literal = std::get_if<LiteralExpr>(&given);
  const auto* digits = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  if (digits == nullptr || !is_integer_type(model::resolve_variant(type, dialect))) return given;
  std::int64_t number = 0;
  const char* const end = digits->data() + digits->size();
  const auto [stopped, error] = std::from_chars(digits->data(), end, number);
  if (error == std::errc() && stopped == end) literal->value = number;
  return given;
}

Function cast(Recorder& recorder, bool coerce) {
  return [&recorder, coerce](Interpreter& interpreter, Arguments& arguments) {
    const std::string name = coerce ? "type_coerce" : "cast";
    Binder bind(name, arguments, {"expression", "type_"});
    bind.reject_extra();
    auto type = to_type(interpreter, bind.required("type_"), recorder, "the type of " + name + "()");
    const Value given = bind.required("expression");
    Expression inner =
        as_integer_literal(bind_expression(interpreter, given, type.get(), "the argument of " + name + "()"),
                           type->type(), recorder.target().dialect);
    if (coerce) return make_expression(std::move(inner), type->type());
    return make_expression(model::CastExpr{std::move(inner), type->type()}, type->type());
  };
}

Value make_case(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("case", arguments, {}, {"value", "else_", "whens"}, true);
  bind.reject_extra();
  std::vector<std::pair<Value, Value>> whens;
  std::vector<Value> given = bind.rest();
  if (auto named = bind.present("whens")) given.push_back(*named);
  // SQLAlchemy 1.4 took one list of pairs.
  if (given.size() == 1 && given[0].as_list()) given = given[0].as_list()->items;
  for (const Value& item : given) {
    if (auto* dict = item.as_dict()) {
      for (const auto& entry : dict->entries()) whens.push_back(entry);
      continue;
    }
    auto* pair = item.as_sequence();
    if (!pair || pair->size() != 2) {
      evaluate::raise_python("ArgumentError",
                             "The \"whens\" argument to case() is a series of (condition, result) tuples");
    }
    whens.emplace_back((*pair)[0], (*pair)[1]);
  }
  if (whens.empty()) evaluate::raise_python("ArgumentError", "case() needs at least one WHEN");
  auto subject = bind.present("value");
  model::CaseExpr result;
  std::optional<model::Type> type;
  for (const auto& [when, then] : whens) {
    Expression test = BooleanExpr{};
    if (subject) {
      auto compared = subject->as<ExpressionObject>();
      test =
          binary_expression("=", first(interpreter, *subject, "case"), operand(interpreter, when, compared.get(), "="));
    } else {
      test = condition(interpreter, when, "a condition of case()");
    }
    if (!type) type = type_of(then);
    result.branches.emplace_back(std::move(test), first(interpreter, then, "case"));
  }
  if (auto otherwise = bind.present("else_")) result.otherwise = first(interpreter, *otherwise, "case");
  return make_expression(std::move(result), std::move(type));
}

Function literal(Recorder& recorder) {
  return [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("literal", arguments, {"value", "type_", "literal_execute"});
    bind.reject_extra();
    std::shared_ptr<TypeObject> type;
    if (auto given = bind.present("type_")) type = to_type(interpreter, *given, recorder, "the type of literal()");
    Expression made = bind_expression(interpreter, bind.required("value"), type.get(), "the value of literal()");
    std::optional<model::Type> known;
    if (type) {
      known = type->type();
    } else if (bind.required("value").as_str()) {
      known = scalar(ScalarKind::kString);
    } else if (bind.required("value").as_int()) {
      known = scalar(ScalarKind::kInteger);
    }
    return make_expression(std::move(made), std::move(known));
  };
}

Function literal_column(Recorder& recorder) {
  return [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("literal_column", arguments, {"text", "type_"});
    bind.reject_extra();
    std::optional<model::Type> type;
    if (auto given = bind.present("type_"))
      type = to_type(interpreter, *given, recorder, "the type of literal_column()")->type();
    return make_expression(
        TextExpr{to_identifier(interpreter, bind.required("text"), "the text of literal_column()").text()},
        std::move(type));
  };
}

Function bindparam(Recorder& recorder) {
  return [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("bindparam", arguments, {"key", "value", "type_", "unique"},
                {"required", "quote", "callable_", "expanding", "isoutparam", "literal_execute"});
    bind.reject_extra();
    refuse_argument(bind, "callable_");
    std::shared_ptr<TypeObject> type;
    if (auto given = bind.present("type_")) type = to_type(interpreter, *given, recorder, "the type of bindparam()");
    std::string name = string_argument(interpreter, bind, "key");
    const bool expanding = bool_argument(interpreter, bind, "expanding", false);
    auto value = bind.optional("value");
    std::optional<Expression> shown;
    if (value && !expanding && !value->as_sequence()) {
      shown = bind_expression(interpreter, *value, type.get(), "the value of bindparam('" + name + "')");
    }
    return Value(evaluate::ObjectPtr(std::make_shared<BindParameter>(std::move(name), std::move(value), std::move(type),
                                                                     expanding, std::move(shown))));
  };
}

/// SQLite has no EXTRACT; these are SQLAlchemy's strftime formats for its fields.
const char* strftime_format(const std::string& field) {
  struct Entry {
    std::string_view field;
    const char* format;
  };
  static constexpr std::array<Entry, 11> kFormats = {{{"month", "%m"},
                                                      {"day", "%d"},
                                                      {"year", "%Y"},
                                                      {"second", "%S"},
                                                      {"hour", "%H"},
                                                      {"doy", "%j"},
                                                      {"minute", "%M"},
                                                      {"epoch", "%s"},
                                                      {"dow", "%w"},
                                                      {"week", "%W"},
                                                      {"milliseconds", nullptr}}};
  for (const Entry& entry : kFormats) {
    if (entry.field == field) return entry.format;
  }
  return nullptr;
}

Function extract(Recorder& recorder) {
  return [&recorder](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("extract", arguments, {"field", "expr"});
    bind.reject_extra();
    const std::string field = string_argument(interpreter, bind, "field");
    Expression source = first(interpreter, bind.required("expr"), "extract");
    const ScalarType integer = scalar(ScalarKind::kInteger);
    if (recorder.target().dialect != "sqlite") {
      Expression inner = binary_expression("FROM", TextExpr{field}, std::move(source));
      return make_expression(model::FunctionExpr{"EXTRACT", {std::move(inner)}}, integer);
    }
    const char* format = strftime_format(field);
    if (!format) {
      evaluate::raise_python("CompileError", fmt::format("{} is not a valid extract argument.", field));
    }
    model::FunctionExpr call{"STRFTIME", {LiteralExpr{std::string(format), std::nullopt}, std::move(source)}};
    return make_expression(model::CastExpr{std::move(call), integer}, integer);
  };
}

Value make_tuple_expression(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("tuple_", arguments, {}, {"types"}, true);
  bind.reject_extra();
  ListExpr list;
  for (const Value& item : bind.rest()) list.items.push_back(first(interpreter, item, "tuple_"));
  return make_expression(std::move(list));
}

Function quantifier(const std::string& name, const std::string& sql) {
  return [name, sql](Interpreter& interpreter, Arguments& arguments) {
    Binder bind(name, arguments, {"expr"});
    bind.reject_extra();
    return make_expression(model::FunctionExpr{sql, {first(interpreter, bind.required("expr"), name)}});
  };
}

Value make_quoted_name(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("quoted_name", arguments, {"value", "quote"});
  bind.reject_extra();
  std::optional<bool> quote;
  if (auto given = bind.present("quote")) quote = interpreter.truth(*given);
  return Value(evaluate::ObjectPtr(std::make_shared<QuotedName>(
      to_identifier(interpreter, bind.required("value"), "the quoted_name").text(), quote)));
}

}  // namespace

std::optional<Value> FunctionNames::attribute(Interpreter&, std::string_view name) {
  if (name.starts_with("__")) return std::nullopt;
  std::string plain(name);
  if (plain.size() > 1 && plain.back() == '_') plain.pop_back();  // func.if_ is IF
  return Value(evaluate::ObjectPtr(std::make_shared<FunctionNames>(path_.empty() ? plain : path_ + "." + plain)));
}

Value FunctionNames::call(Interpreter& interpreter, Arguments& arguments) {
  if (auto* opaque = opaque_argument(arguments)) return *opaque;
  Binder bind("func." + path_, arguments, {}, {"type_", "packagenames"}, true);
  bind.reject_extra();
  refuse_argument(bind, "packagenames");
  model::FunctionExpr call;
  call.name = path_;
  for (const Value& value : bind.rest()) {
    call.arguments.push_back(to_expression(interpreter, value, nullptr, "an argument of func." + path_));
  }
  std::optional<model::Type> type;
  if (auto given = bind.present("type_")) {
    if (auto object = given->as<TypeObject>()) type = object->type();
    if (auto klass = given->as<TypeClass>()) {
      Arguments none;
      none.where = arguments.where;
      type = klass->make(interpreter, none)->type();
    }
  } else {
    type = function_type(to_lower_ascii(path_), bind.rest());
  }
  return make_expression(std::move(call), std::move(type));
}

Members expression_members(Recorder& recorder) {
  Members members;
  add(members, "text", text(recorder));
  add(members, "literal", literal(recorder));
  add(members, "literal_column", literal_column(recorder));
  add(members, "bindparam", bindparam(recorder));
  add(members, "null", [](Interpreter&, Arguments&) { return make_expression(model::NullExpr{}); });
  add(members, "true",
      [](Interpreter&, Arguments&) { return make_expression(BooleanExpr{true}, scalar(ScalarKind::kBoolean)); });
  add(members, "false",
      [](Interpreter&, Arguments&) { return make_expression(BooleanExpr{false}, scalar(ScalarKind::kBoolean)); });
  members["func"] = Value(evaluate::ObjectPtr(std::make_shared<FunctionNames>("")));
  add(members, "and_", junction("and_", "AND"));
  add(members, "or_", junction("or_", "OR"));
  add(members, "not_", [](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("not_", arguments, {"clause"});
    bind.reject_extra();
    return make_expression(negate(condition(interpreter, bind.required("clause"), "the condition of not_()")));
  });
  add(members, "desc", order("desc", "DESC"));
  add(members, "asc", order("asc", "ASC"));
  for (const char* name : {"nulls_first", "nullsfirst"}) add(members, name, order(name, "NULLS FIRST"));
  for (const char* name : {"nulls_last", "nullslast"}) add(members, name, order(name, "NULLS LAST"));
  add(members, "between", as_method("between", "between"));
  add(members, "collate", as_method("collate", "collate"));
  add(members, "distinct", as_method("distinct", "distinct"));
  add(members, "cast", cast(recorder, false));
  add(members, "type_coerce", cast(recorder, true));
  add(members, "case", make_case);
  add(members, "extract", extract(recorder));
  add(members, "tuple_", make_tuple_expression);
  add(members, "any_", quantifier("any_", "ANY"));
  add(members, "all_", quantifier("all_", "ALL"));
  add(members, "quoted_name", make_quoted_name);
  add(members, "label", [](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("label", arguments, {"name", "element", "type_"});
    bind.reject_extra();
    const Value element = bind.required("element");
    return Value(evaluate::ObjectPtr(std::make_shared<LabelledExpression>(
        first(interpreter, element, "label"), type_of(element), string_argument(interpreter, bind, "name"))));
  });
  // What only makes sense in queries or on other databases: refused when something needs it.
  for (const char* name :
       {"within_group", "try_cast", "outparam", "tablesample", "lambda_stmt", "bitwise_not", "custom_op"}) {
    members[name] = evaluate::make_function(name, [name](Interpreter&, Arguments& arguments) {
      return make_opaque(fmt::format("sqlalchemy.{}()", name), "it is not supported", arguments.where, true);
    });
  }
  for (auto& [name, value] : dml_members(recorder)) members[name] = value;
  return members;
}

void add_postgresql_functions(Members& members, Recorder&) {
  add(members, "array", [](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("array", arguments, {"clauses"}, {"type_"});
    bind.reject_extra();
    model::ArrayValue array;
    std::optional<model::Type> item;
    for (const Value& value : interpreter.iterate(bind.required("clauses"))) {
      if (value.is_opaque()) return value;
      Expression element = to_expression(interpreter, value, nullptr, "an element of array()");
      auto* literal = std::get_if<LiteralExpr>(&element);
      if (!literal && !std::holds_alternative<model::NullExpr>(element)) {
        refuse_unsupported("postgresql.array() of expressions", "write it with sa.text(\"ARRAY[...]\")");
      }
      array.items.push_back(literal ? literal->value : model::Value(model::NullValue{}));
      if (!item && value.as_str()) item = scalar(ScalarKind::kText);
      if (!item && value.as_int()) item = scalar(ScalarKind::kInteger);
    }
    if (auto type = bind.present("type_")) {
      if (auto object = type->as<TypeObject>()) item = object->type();
      if (auto klass = type->as<TypeClass>()) {
        Arguments none;
        none.where = arguments.where;
        item = klass->make(interpreter, none)->type();
      }
    }
    std::optional<model::Type> type;
    if (item) type = Box<model::ArrayType>(model::ArrayType{*item, 1});
    return make_expression(LiteralExpr{std::move(array), type}, type);
  });
  for (const char* name : {"to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery",
                           "ts_headline", "array_agg"}) {
    members[name] = Value(evaluate::ObjectPtr(std::make_shared<FunctionNames>(name)));
  }
  for (const char* name :
       {"aggregate_order_by", "hstore", "Range", "MultiRange", "BitString", "distinct_on", "Any", "All"}) {
    members[name] = evaluate::make_function(name, [name](Interpreter&, Arguments& arguments) {
      return make_opaque(fmt::format("postgresql.{}()", name), "it is not supported", arguments.where, true);
    });
  }
}

}  // namespace bascule::formats::alembic
