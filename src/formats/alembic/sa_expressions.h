// What: pieces that build SQL expressions, for the files that list SQLAlchemy's functions and methods.
// Must not know: rendering. The tree carries the grouping; whoever renders it adds the parentheses.
// Invariants: an expression object is never changed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {

using ExpressionPtr = std::shared_ptr<ExpressionObject>;

/// sa.text("... :name ..."): its bind parameters, named in the text, get values from .bindparams(). No operators.
class TextClause : public ExpressionObject {
 public:
  explicit TextClause(std::string text, std::string dialect);
  /// The same text with more of its parameters given. strict: a name that the text does not have is an ArgumentError.
  std::shared_ptr<TextClause> with(Interpreter& interpreter, const std::vector<std::pair<std::string, Value>>& values,
                                   bool strict) const;
  /// The text with its parameters spelled as literals and \: as a colon. Refuses a parameter without a value.
  std::string sql(Interpreter& interpreter) const;
  std::string type_name() const override { return "TextClause"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, evaluate::BinaryOperator op, const Value& other,
                              bool reflected) override;
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  std::string str(Interpreter&) override { return text_; }

 private:
  std::string text_;
  std::string dialect_;
  std::vector<std::string> names_;                     ///< parameters that the text has
  std::vector<std::pair<std::string, Value>> values_;  ///< BindParameter objects or plain values
};

/// sa.bindparam("name", value): its value where it stands; refused where it has none.
class BindParameter : public ExpressionObject {
 public:
  /// shown: the value as a literal, for operators; nullopt where there is no single value.
  BindParameter(std::string name, std::optional<Value> value, std::shared_ptr<TypeObject> type, bool expanding,
                std::optional<model::Expression> shown = std::nullopt);
  const std::string& name() const { return name_; }
  const std::optional<Value>& value() const { return value_; }
  const std::shared_ptr<TypeObject>& bound_type() const { return bound_type_; }
  bool expanding() const { return expanding_; }
  std::string type_name() const override { return "BindParameter"; }

 private:
  std::string name_;
  std::optional<Value> value_;
  std::shared_ptr<TypeObject> bound_type_;
  bool expanding_;
};

/// An expression with a name: x.label("name"). Outside of queries only postgresql_ops asks for the name.
class LabelledExpression : public ExpressionObject {
 public:
  LabelledExpression(model::Expression expression, std::optional<model::Type> type, std::string label,
                     std::shared_ptr<TypeObject> type_object = nullptr)
      : ExpressionObject(std::move(expression), std::move(type)),
        label_(std::move(label)),
        type_object_(std::move(type_object)) {}
  const std::string& label() const { return label_; }
  /// The column's, where it is a column; may be null.
  const std::shared_ptr<TypeObject>& type_object() const { return type_object_; }

 private:
  std::string label_;
  std::shared_ptr<TypeObject> type_object_;
};

/// sa.func and sa.func.a.b: any name is a function.
class FunctionNames : public evaluate::Object {
 public:
  explicit FunctionNames(std::string path) : path_(std::move(path)) {}
  std::string type_name() const override { return "_FunctionGenerator"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  bool callable() const override { return !path_.empty(); }
  Value call(Interpreter& interpreter, evaluate::Arguments& arguments) override;

 private:
  std::string path_;
};

/// A value spelled as a literal of that dialect, for SQL that the author wrote as text.
std::string spell_literal(const model::Value& value, const std::string& dialect, const std::string& needed_for);

Value make_expression(model::Expression expression, std::optional<model::Type> type = std::nullopt);
/// The operand of an operator beside `left`: an expression as it is, else a literal typed by it.
model::Expression operand(Interpreter& interpreter, const Value& value, const ExpressionObject* left,
                          const std::string& op);
model::Expression binary_expression(std::string op, model::Expression left, model::Expression right);
/// NOT as SQLAlchemy writes it: x = y becomes x != y, IN becomes NOT IN ...
model::Expression negate(model::Expression expression);
/// and_(...) / or_(...): true() and false() are absorbed, one element stands for itself.
model::Expression conjunction(const std::string& op, std::vector<model::Expression> parts);
/// A method of every column expression: x.in_, x.like, x.desc ... nullopt: there is none of that name.
std::optional<Value> expression_method(const ExpressionPtr& self, std::string_view name);
/// Where an SQL condition is wanted: an expression, true, false; a str is refused as SQLAlchemy refuses it.
model::Expression condition(Interpreter& interpreter, const Value& value, const std::string& needed_for);

bool is_text_type(const std::optional<model::Type>& type);
bool is_json_type(const std::optional<model::Type>& type);
bool is_integer_type(const std::optional<model::Type>& type);

/// array(), insert() and the other functions of sqlalchemy.dialects.postgresql that are no types.
void add_postgresql_functions(Members& members, Recorder& recorder);

}  // namespace bascule::formats::alembic
