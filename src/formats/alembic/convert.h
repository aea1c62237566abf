// What: the bridge from evaluated values to the model: types, expressions, literal values. sa_types.cpp,
// sa_expressions.cpp and values.cpp implement it; sa_schema and op_* use it.
// Must not know: rendering.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/interpreter.h"
#include "evaluate/value.h"
#include "formats/alembic/recorder.h"
#include "model/expression.h"
#include "model/schema.h"
#include "model/type.h"

namespace bascule::formats::alembic {

using evaluate::Interpreter;
using evaluate::Value;

/// An instance of a SQLAlchemy type: sa.String(20), postgresql.ENUM(...). metadata_schema etc. live in the model type.
/// Knows with_variant, and for enums and domains .create(bind, checkfirst=) / .drop(bind, checkfirst=), .name, .enums.
class TypeObject : public evaluate::Object {
 public:
  TypeObject(model::Type type, Recorder& recorder) : type_(std::move(type)), recorder_(recorder) {}
  const model::Type& type() const { return type_; }
  void set_type(model::Type type) { type_ = std::move(type); }
  Recorder& recorder() const { return recorder_; }
  /// What op.create_table with this type makes first, on the target's database: a CreateEnum or CreateDomain; nullopt
  /// where there is nothing to make (another type, another database, create_type=False, a non-native enum). Looks
  /// through ARRAY and with_variant. Measured: op.add_column, alter_column and drop_table neither make nor drop types.
  std::optional<model::Operation> implied_creation(bool if_not_exists) const;
  /// Enum and domain only: whether creating a table with it creates the type too (create_type=).
  bool create_type = true;
  /// Enum: inherit_schema=True; the table's schema applies.
  bool inherit_schema = false;
  /// Boolean / non-native Enum with create_constraint: name= of the CHECK (empty: unnamed).
  Identifier constraint_name;
  /// JSON(none_as_null=True): None is SQL NULL, not JSON's null.
  bool none_as_null = false;
  /// Enum of a Python enum class: member name to the value that the database sees.
  std::vector<std::pair<std::string, std::string>> enum_labels;
  /// That class itself, whose members a query's cells become.
  std::optional<Value> enum_class;
  /// Domain only: its definition (if_not_exists is not set).
  std::optional<model::CreateDomain> domain;
  /// ARRAY: the item's type; with_variant: the type on the target's database. Else null.
  std::shared_ptr<TypeObject> inner;
  /// An instance of a project's own TypeDecorator, whose process_bind_param values go through.
  std::optional<Value> decorator;
  /// checkfirst when .create() and .drop() do not say: False for sa.Enum, True for PostgreSQL's own types.
  bool checks_first = false;
  /// An argument that changes how values are stored, and that Bascule does not read: "DATE(storage_format=)". The type
  /// serves for DDL, which it does not change; binding a value is refused. Empty: there is none.
  std::string unread_storage;
  /// SQLAlchemy's class name, for messages: "String", "ENUM".
  std::string class_name;
  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::string repr(Interpreter& interpreter) override;

 protected:
  model::Type type_;
  Recorder& recorder_;

 private:
  bool is_variant() const { return std::holds_alternative<Box<model::VariantType>>(type_); }
  std::optional<model::Operation> creation(bool if_not_exists) const;
  std::optional<model::Operation> removal(bool if_exists) const;
};

/// A SQL expression: sa.text("now()"), func.now(), column == 1, sa.true() ...; operators build bigger ones.
/// Bounded: an expression that stands twice in a bigger one is copied twice, so a loop would double it without end.
class ExpressionObject : public evaluate::Object {
 public:
  /// Refuses more than 100,000 parts (too-large) and nesting beyond 2,000 levels (too-deep).
  explicit ExpressionObject(model::Expression expression, std::optional<model::Type> type = std::nullopt);
  const model::Expression& expression() const { return expression_; }
  const std::optional<model::Type>& type() const { return type_; }
  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, evaluate::BinaryOperator op, const Value& other,
                              bool reflected) override;
  std::optional<Value> unary(Interpreter& interpreter, evaluate::UnaryOperator op) override;
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  bool truth(Interpreter& interpreter) override;
  std::string repr(Interpreter& interpreter) override;

 protected:
  model::Expression expression_;
  std::optional<model::Type> type_;
};

/// A type given as an instance (sa.Integer()), a class (sa.Integer) or a project's own class (TypeDecorator with a
/// literal impl). needed_for: "the type of column 'email'", for the refusal when it is opaque.
std::shared_ptr<TypeObject> to_type(Interpreter& interpreter, const Value& value, Recorder& recorder,
                                    const std::string& needed_for);
/// Whether the value is a type in one of those forms (so that Column("x", T) can tell a type from other arguments).
bool is_type(const Value& value);
/// A Python value as a literal of `type` (may be null): dict for JSON, enum member for Enum, datetime, bytes, uuid ...
/// Refuses opaque values.
model::Value to_value(Interpreter& interpreter, const Value& value, const model::Type* type,
                      const std::string& needed_for);
/// A Python value as SQLAlchemy would bind it for a column of that type (may be null): to_value, and what only the type
/// object knows (none_as_null, enum labels, process_bind_param).
model::Value bind_value(Interpreter& interpreter, const Value& value, const TypeObject* type,
                        const std::string& needed_for);
/// bind_value for what is not an expression yet.
model::Expression bind_expression(Interpreter& interpreter, const Value& value, const TypeObject* type,
                                  const std::string& needed_for);
/// An expression object as it is; anything else as a LiteralExpr of `type`.
model::Expression to_expression(Interpreter& interpreter, const Value& value, const model::Type* type,
                                const std::string& needed_for);
/// Where SQL is meant (CheckConstraint("x > 0"), postgresql_where="..."): a str is TextExpr, an expression stays.
model::Expression to_sql(Interpreter& interpreter, const Value& value, const std::string& needed_for);
/// A str, or an object that stands for a name (quoted_name, op.f). Refuses opaque. needed_for as above.
Identifier to_identifier(Interpreter& interpreter, const Value& value, const std::string& needed_for);
/// sa.text(...) with its bindparams put in as quoted literals; executable statements (insert/update/delete) as
/// operations. nullopt: the value is not executable SQL.
std::optional<model::Operation> to_executable(Interpreter& interpreter, const Value& value,
                                              const std::string& needed_for);

/// connection.execute(statement, parameters): parameters are None, a dict, or a list of dicts (one execution each).
/// nullopt: the statement is not executable SQL.
std::optional<std::vector<model::Operation>> to_executables(Interpreter& interpreter, const Value& statement,
                                                            const Value& parameters, const std::string& needed_for);

/// The members of the modules `sqlalchemy` (types and expressions only) and sqlalchemy.dialects.*, .types, .sql,
/// .sql.expression, .ext.mutable ...: name -> value. sa_schema.cpp adds Column, Table, constraints.
std::unordered_map<std::string, Value> type_members(Recorder& recorder);
std::unordered_map<std::string, Value> expression_members(Recorder& recorder);
std::unordered_map<std::string, Value> postgresql_members(Recorder& recorder);
std::unordered_map<std::string, Value> sqlite_members(Recorder& recorder);
std::unordered_map<std::string, Value> mysql_members(Recorder& recorder);
std::unordered_map<std::string, Value> mssql_members(Recorder& recorder);
std::unordered_map<std::string, Value> oracle_members(Recorder& recorder);

/// sa.quoted_name("Name", quote): a str to everything else.
class QuotedName : public evaluate::Object {
 public:
  QuotedName(std::string text, std::optional<bool> quote) : text_(std::move(text)), quote_(quote) {}
  const std::string& text() const { return text_; }
  std::optional<bool> quote() const { return quote_; }
  std::string type_name() const override { return "quoted_name"; }
  std::string repr(Interpreter&) override { return "'" + text_ + "'"; }
  std::string str(Interpreter&) override { return text_; }

 private:
  std::string text_;
  std::optional<bool> quote_;
};

/// op.f("ix_x") / conv: a final name, exempt from naming conventions. A str to everything else.
class FinalName : public evaluate::Object {
 public:
  explicit FinalName(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  std::string type_name() const override { return "conv"; }
  std::string repr(Interpreter&) override { return "'" + text_ + "'"; }
  std::string str(Interpreter&) override { return text_; }

 private:
  std::string text_;
};

}  // namespace bascule::formats::alembic
