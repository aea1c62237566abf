// The methods of column expressions: x.in_(...), x.like(...), x.desc() ...
#include <fmt/core.h>

#include <functional>
#include <map>

#include "base/text.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/sa_expressions.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;
using evaluate::Binder;
using model::BinaryExpr;
using model::BooleanExpr;
using model::Expression;
using model::ListExpr;
using model::LiteralExpr;
using model::NullExpr;
using model::ScalarKind;
using model::UnaryExpr;

namespace {

using Method = std::function<Value(Interpreter&, Arguments&, const ExpressionPtr&)>;

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

Method postfix(const std::string& op) {
  return [op](Interpreter&, Arguments& arguments, const ExpressionPtr& self) {
    Binder bind(op, arguments, {});
    bind.reject_extra();
    return make_expression(UnaryExpr{op, self->expression(), true}, self->type());
  };
}

Method infix(const std::string& name, const std::string& op) {
  return [name, op](Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
    Binder bind(name, arguments, {"other"});
    bind.reject_extra();
    return make_expression(
        binary_expression(op, self->expression(), operand(interpreter, bind.required("other"), self.get(), op)));
  };
}

/// s LIKE p ESCAPE 'c'; escape may be empty.
Value with_escape(Expression test, const std::string& escape) {
  if (escape.empty()) return make_expression(std::move(test));
  return make_expression(binary_expression("ESCAPE", std::move(test), LiteralExpr{escape, std::nullopt}));
}

/// x.like(y, escape=None).
Method like(const std::string& name, const std::string& op) {
  return [name, op](Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
    Binder bind(name, arguments, {"other", "escape"});
    bind.reject_extra();
    return with_escape(
        binary_expression(op, self->expression(), operand(interpreter, bind.required("other"), self.get(), op)),
        string_argument(interpreter, bind, "escape"));
  };
}

/// x.startswith("a"): LIKE 'a' || '%'.
Method pattern(const std::string& name, bool before, bool after, bool ignore_case) {
  return [=](Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
    Binder bind(name, arguments, {"other", "escape", "autoescape"}, {}, false);
    bind.reject_extra();
    Value other = bind.required("other");
    std::string escape = string_argument(interpreter, bind, "escape");
    if (name == "contains" && self->type()) {
      const bool holds = is_json_type(self->type()) || std::holds_alternative<Box<model::ArrayType>>(*self->type());
      if (holds)
        return make_expression(
            binary_expression("@>", self->expression(), operand(interpreter, other, self.get(), "@>")));
    }
    if (bool_argument(interpreter, bind, "autoescape", false)) {
      auto* text = other.as_str();
      if (!text) evaluate::raise_type_error("String value expected when autoescape=True");
      if (escape.empty()) escape = "/";
      std::string escaped = *text;
      if (escape != "%" && escape != "_") escaped = replace_all(escaped, escape, escape + escape);
      escaped = replace_all(replace_all(escaped, "%", escape + "%"), "_", escape + "_");
      other = Value(escaped);
    }
    Expression wanted = operand(interpreter, other, self.get(), name);
    const Expression any = LiteralExpr{std::string("%"), std::nullopt};
    if (before) wanted = binary_expression("||", any, std::move(wanted));
    if (after) wanted = binary_expression("||", std::move(wanted), any);
    return with_escape(binary_expression(ignore_case ? "ILIKE" : "LIKE", self->expression(), std::move(wanted)),
                       escape);
  };
}

Method membership(bool negated) {
  return [negated](Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
    Binder bind(negated ? "not_in" : "in_", arguments, {"other"});
    bind.reject_extra();
    const Value other = bind.required("other");
    const std::string op = negated ? "NOT IN" : "IN";
    if (const auto query = other.as<SelectObject>())
      return make_expression(binary_expression(op, self->expression(), query->as_expression()));
    if (const auto table = other.as<TableClause>()) {
      const Value query = make_select(interpreter, {other}, std::nullopt, table->recorder());
      return make_expression(binary_expression(op, self->expression(), query.as<SelectObject>()->as_expression()));
    }
    if (other.as<ExpressionObject>() && !other.as_sequence()) {
      auto parameter = other.as<BindParameter>();
      if (!parameter || !parameter->value()) {
        Expression right = operand(interpreter, other, nullptr, op);
        if (!std::holds_alternative<Box<ListExpr>>(right) && !std::holds_alternative<Box<model::SelectExpr>>(right))
          right = ListExpr{{std::move(right)}};
        return make_expression(binary_expression(op, self->expression(), std::move(right)));
      }
    }
    if (other.as_str()) {
      evaluate::raise_python("ArgumentError",
                             "IN expression list, SELECT construct, or bound parameter object expected, got a str");
    }
    auto parameter = other.as<BindParameter>();
    ListExpr list;
    for (const Value& item : interpreter.iterate(parameter ? *parameter->value() : other)) {
      if (item.is_opaque()) return item;
      if (auto* tuple = item.as_sequence()) {
        ListExpr row;
        for (const Value& cell : *tuple)
          row.items.push_back(to_expression(interpreter, cell, nullptr, "a value of IN"));
        list.items.push_back(std::move(row));
      } else {
        list.items.push_back(operand(interpreter, item, self.get(), op));
      }
    }
    return make_expression(binary_expression(op, self->expression(), std::move(list)));
  };
}

Method identity(bool negated) {
  return [negated](Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
    Binder bind(negated ? "is_not" : "is_", arguments, {"other"});
    bind.reject_extra();
    const Value other = bind.required("other");
    if (auto* truth = other.as_bool()) {
      return make_expression(binary_expression(negated ? "IS NOT" : "IS", self->expression(), BooleanExpr{*truth}));
    }
    Expression right = operand(interpreter, other, nullptr, "IS");
    auto* literal = std::get_if<LiteralExpr>(&right);
    if (std::holds_alternative<NullExpr>(right) ||
        (literal && std::holds_alternative<model::NullValue>(literal->value))) {
      return make_expression(UnaryExpr{negated ? "IS NOT NULL" : "IS NULL", self->expression(), true});
    }
    return make_expression(binary_expression(negated ? "IS NOT" : "IS", self->expression(), std::move(right)));
  };
}

Value between(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  Binder bind("between", arguments, {"cleft", "cright", "symmetric"});
  bind.reject_extra();
  if (bool_argument(interpreter, bind, "symmetric", false)) refuse_argument(bind, "symmetric");
  Expression bounds = binary_expression("AND", operand(interpreter, bind.required("cleft"), self.get(), "BETWEEN"),
                                        operand(interpreter, bind.required("cright"), self.get(), "BETWEEN"));
  return make_expression(binary_expression("BETWEEN", self->expression(), std::move(bounds)));
}

Value custom_operator(const ExpressionPtr& self, const std::string& op) {
  return evaluate::make_function("op('" + op + "')", [self, op](Interpreter& interpreter, Arguments& arguments) {
    if (auto* opaque = opaque_argument(arguments)) return *opaque;
    if (arguments.positional.size() != 1) evaluate::raise_type_error("op() takes exactly one operand");
    // The right side of a JSON or array operator is no JSON: '->>' wants a plain text.
    const bool plain = is_json_type(self->type());
    return make_expression(binary_expression(
        op, self->expression(), operand(interpreter, arguments.positional[0], plain ? nullptr : self.get(), op)));
  });
}

Value op(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  Binder bind("op", arguments,
              {"opstring", "precedence", "is_comparison", "return_type", "python_impl", "operator_class"});
  bind.reject_extra();
  return custom_operator(self, string_argument(interpreter, bind, "opstring"));
}

Value cast(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  Binder bind("cast", arguments, {"type_"});
  bind.reject_extra();
  const Value wanted = bind.required("type_");
  if (wanted.is_opaque()) return wanted;
  auto type = wanted.as<TypeObject>();
  if (auto klass = wanted.as<TypeClass>()) {
    Arguments none;
    none.where = arguments.where;
    type = klass->make(interpreter, none);
  }
  if (!type) evaluate::raise_type_error("cast(): the type must be a type, not " + evaluate::type_name(wanted));
  return make_expression(model::CastExpr{self->expression(), type->type()}, type->type());
}

Value collate(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  Binder bind("collate", arguments, {"collation"});
  bind.reject_extra();
  return make_expression(model::CollateExpr{self->expression(), string_argument(interpreter, bind, "collation")},
                         self->type());
}

/// A JSON element as a plain value: data["a"].astext.
std::optional<Value> json_as_text(const ExpressionPtr& self) {
  auto* element = std::get_if<Box<BinaryExpr>>(&self->expression());
  if (!element || ((*element)->op != "->" && (*element)->op != "#>")) return std::nullopt;
  BinaryExpr text = **element;
  text.op += ">";
  model::ScalarType type;
  type.kind = ScalarKind::kText;
  return make_expression(text, type);
}

Method json_as(const std::string& name, ScalarKind kind) {
  return [name, kind](Interpreter&, Arguments& arguments, const ExpressionPtr& self) -> Value {
    Binder bind(name, arguments, {});
    bind.reject_extra();
    auto text = json_as_text(self);
    if (!text) refuse_unsupported(name + "() on what is no JSON element");
    model::ScalarType type;
    type.kind = kind;
    return make_expression(model::CastExpr{text->as<ExpressionObject>()->expression(), type}, type);
  };
}

Value label(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  Binder bind("label", arguments, {"name"});
  bind.reject_extra();
  // None: a name that SQLAlchemy makes up, which nothing can ask for.
  const auto column = std::dynamic_pointer_cast<ColumnClause>(self);
  return Value(evaluate::ObjectPtr(std::make_shared<LabelledExpression>(
      to_expression(interpreter, Value(evaluate::ObjectPtr(self)), nullptr, "what is labelled"), self->type(),
      string_argument(interpreter, bind, "name"), column ? column->type_object() : nullptr)));
}

/// What is being narrowed: a window or a filter already, or the function itself.
model::WindowExpr window_of(const ExpressionPtr& self) {
  if (const auto* window = std::get_if<Box<model::WindowExpr>>(&self->expression())) return **window;
  model::WindowExpr window;
  window.function = self->expression();
  return window;
}

Value over(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  Binder bind("over", arguments, {}, {"partition_by", "order_by", "rows", "range_", "groups", "exclude"});
  bind.reject_extra();
  for (const char* name : {"rows", "range_", "groups", "exclude"}) refuse_argument(bind, name);
  model::WindowExpr window = window_of(self);
  window.over = true;
  const auto fill = [&](const char* name, std::vector<Expression>& out) {
    const auto given = bind.present(name);
    if (!given) return;
    const std::vector<Value> items = given->as_sequence() ? *given->as_sequence() : std::vector<Value>{*given};
    for (const Value& item : items) {
      out.push_back(item.as_str() ? Expression(model::ColumnExpr{{}, Identifier(*item.as_str())})
                                  : to_expression(interpreter, item, nullptr, "the window of a function"));
    }
  };
  fill("partition_by", window.partition_by);
  fill("order_by", window.order_by);
  return make_expression(std::move(window), self->type());
}

Value filter(Interpreter& interpreter, Arguments& arguments, const ExpressionPtr& self) {
  model::WindowExpr window = window_of(self);
  for (const Value& value : arguments.positional) {
    Expression made = condition(interpreter, value, "the filter of a function");
    window.filter = window.filter ? conjunction("AND", {std::move(*window.filter), std::move(made)}) : std::move(made);
  }
  return make_expression(std::move(window), self->type());
}

Value itself(Interpreter&, Arguments&, const ExpressionPtr& self) { return Value(evaluate::ObjectPtr(self)); }

const std::map<std::string, Method, std::less<>>& methods() {
  static const std::map<std::string, Method, std::less<>> table = {
      {"desc", postfix("DESC")},
      {"asc", postfix("ASC")},
      {"nulls_first", postfix("NULLS FIRST")},
      {"nullsfirst", postfix("NULLS FIRST")},
      {"nulls_last", postfix("NULLS LAST")},
      {"nullslast", postfix("NULLS LAST")},
      {"in_", membership(false)},
      {"not_in", membership(true)},
      {"notin_", membership(true)},
      {"is_", identity(false)},
      {"is_not", identity(true)},
      {"isnot", identity(true)},
      {"is_distinct_from", infix("is_distinct_from", "IS DISTINCT FROM")},
      {"is_not_distinct_from", infix("is_not_distinct_from", "IS NOT DISTINCT FROM")},
      {"isnot_distinct_from", infix("isnot_distinct_from", "IS NOT DISTINCT FROM")},
      {"like", like("like", "LIKE")},
      {"not_like", like("not_like", "NOT LIKE")},
      {"notlike", like("notlike", "NOT LIKE")},
      {"ilike", like("ilike", "ILIKE")},
      {"not_ilike", like("not_ilike", "NOT ILIKE")},
      {"notilike", like("notilike", "NOT ILIKE")},
      {"startswith", pattern("startswith", false, true, false)},
      {"endswith", pattern("endswith", true, false, false)},
      {"contains", pattern("contains", true, true, false)},
      {"istartswith", pattern("istartswith", false, true, true)},
      {"iendswith", pattern("iendswith", true, false, true)},
      {"icontains", pattern("icontains", true, true, true)},
      {"concat", infix("concat", "||")},
      {"regexp_match", infix("regexp_match", "~")},
      {"bitwise_and", infix("bitwise_and", "&")},
      {"bitwise_or", infix("bitwise_or", "|")},
      {"bitwise_lshift", infix("bitwise_lshift", "<<")},
      {"bitwise_rshift", infix("bitwise_rshift", ">>")},
      {"contained_by", infix("contained_by", "<@")},
      {"overlap", infix("overlap", "&&")},
      {"overlaps", infix("overlaps", "&&")},
      {"between", between},
      {"op", op},
      {"bool_op", op},
      {"cast", cast},
      {"collate", collate},
      {"as_string", json_as("as_string", ScalarKind::kUnicode)},
      {"as_integer", json_as("as_integer", ScalarKind::kInteger)},
      {"as_float", json_as("as_float", ScalarKind::kFloat)},
      {"as_boolean", json_as("as_boolean", ScalarKind::kBoolean)},
      {"label", label},
      {"over", over},
      {"filter", filter},
      {"self_group", itself},
      {"distinct",
       [](Interpreter&, Arguments&, const ExpressionPtr& self) {
         return make_expression(UnaryExpr{"DISTINCT", self->expression(), false}, self->type());
       }},
  };
  return table;
}

constexpr std::string_view kUnsupported[] = {
    "within_group",
    "alias",
    "table_valued",
    "column_valued",
    "scalar_table_valued",
    "match",
    "regexp_replace",
    "any_",
    "all_",
    "any",
    "all",
    "select",
    "compile",
    "params",
    "unique_params",
    "bitwise_xor",
    "bitwise_not",
    "compare",
    "comparator",
    "correlate",
    "scalar_subquery",
    "subquery",
    "as_comparison",
    "as_json",
    "as_numeric",
    "delete_path",
    "path_exists",
    "path_match",
    "proxy_set",
    "anon_label",
    "foreign_keys",
};

}  // namespace

std::optional<Value> expression_method(const ExpressionPtr& self, std::string_view name) {
  if (name == "astext") return json_as_text(self);
  if (is_json_type(self->type())) {
    for (auto [method, sql] : {std::pair{"has_key", "?"}, {"has_any", "?|"}, {"has_all", "?&"}}) {
      if (name == method) return custom_operator(self, sql);
    }
  }
  const auto& table = methods();
  if (auto found = table.find(name); found != table.end()) {
    return evaluate::make_function(std::string(name),
                                   [self, method = &found->second](Interpreter& in, Arguments& arguments) {
                                     if (auto* opaque = opaque_argument(arguments)) return *opaque;
                                     return (*method)(in, arguments, self);
                                   });
  }
  for (std::string_view unsupported : kUnsupported) {
    if (name == unsupported)
      refuse_unsupported(fmt::format("{}.{}", self->type_name(), name), "write it with sa.text()");
  }
  return std::nullopt;
}

}  // namespace bascule::formats::alembic
