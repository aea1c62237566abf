// What: the objects the interpreter itself makes: functions, methods, classes, instances, iterators, builtin types.
// Must not know: Alembic, SQL, what natives a format gives.
// Invariants: a class's ancestors are its linearised bases without itself. An instance keeps its class alive, not the
// other way round, except an enum class and its members: the interpreter breaks that ring when it ends.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluate/name_map.h"
#include "evaluate/value.h"
#include "syntax/python/ast.h"

namespace bascule::evaluate {

class ClassObject;

/// Names of one running function, class body or comprehension. parent: the scope it is written in; null: the module.
struct Scope {
  enum class Kind { kFunction, kClass, kComprehension };
  Kind kind = Kind::kFunction;
  NameMap names;
  std::shared_ptr<Scope> parent;
  std::vector<std::string> globals;
  std::vector<std::string> nonlocals;
};

/// A def or a lambda of the module.
class FunctionObject final : public Object {
 public:
  std::string name;
  const std::vector<syntax::python::Parameter>* parameters = nullptr;
  const syntax::python::Block* body = nullptr;       ///< a def
  const syntax::python::Expr* expression = nullptr;  ///< a lambda
  std::vector<std::optional<Value>> defaults;        ///< one a parameter
  std::shared_ptr<Scope> closure;
  std::weak_ptr<ClassObject> owner;  ///< the class whose body defined it, for super()
  NameMap attributes;
  Span span;
  Interpreter* home = nullptr;  ///< the module that it was written in, whose globals it sees
  bool is_generator = false;
  bool is_async = false;
  std::string qualified_name() const;  ///< "Class.method"
  bool is_context_manager = false;     ///< @contextmanager: calling it makes something for `with`

  std::string type_name() const override { return "function"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  bool set_attribute(Interpreter& interpreter, std::string_view wanted, Value value) override;
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override;
  std::string repr(Interpreter& interpreter) override;
};

/// A function with its first argument.
class BoundMethod final : public Object {
 public:
  BoundMethod(Value self, Value function) : self_(std::move(self)), function_(std::move(function)) {}
  std::string type_name() const override { return "method"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override;
  std::string repr(Interpreter& interpreter) override;

 private:
  Value self_;
  Value function_;
};

/// staticmethod, classmethod, property and cached values: what a class body may hold besides plain values.
class Descriptor final : public Object {
 public:
  enum class Kind { kStaticMethod, kClassMethod, kProperty, kMethod };  ///< kMethod: a native bound like a function
  Descriptor(Kind kind, Value function) : kind_(kind), function_(std::move(function)) {}
  Kind kind() const { return kind_; }
  const Value& function() const { return function_; }
  const Value& setter() const { return setter_; }
  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  bool callable() const override { return kind_ == Kind::kStaticMethod || kind_ == Kind::kMethod; }
  Value call(Interpreter& interpreter, Arguments& arguments) override;

 private:
  Kind kind_;
  Value function_;
  Value setter_;
};

enum class EnumKind { kNone, kEnum, kIntEnum, kStrEnum, kFlag };

/// A class: one the module defines, or one of Python's own (exceptions, object, Enum).
class ClassObject final : public Object {
 public:
  std::string name;
  std::vector<Value> bases;
  std::vector<std::shared_ptr<ClassObject>> ancestors;
  NameMap names;
  std::vector<std::string> annotated;  ///< names with an annotation, in order: the fields of a dataclass
  OpaquePtr opaque_base;               ///< set if a base is not known: then any attribute may exist
  ObjectPtr native_base;               ///< a base that a format or the standard library gave
  std::string payload_type;            ///< "str", "int", "dict" ...: the builtin type it derives from
  bool is_exception = false;
  bool is_builtin = false;
  bool is_dataclass = false;
  bool is_frozen = false;
  EnumKind enum_kind = EnumKind::kNone;
  bool has_members = false;
  std::vector<std::pair<std::string, Value>> members;  ///< of an enum class, in order, without aliases

  std::shared_ptr<ClassObject> self() { return std::static_pointer_cast<ClassObject>(shared_from_this()); }
  /// A name of the class or of its ancestors, as it was defined (no binding).
  const Value* lookup(std::string_view wanted) const;
  bool derives_from(const ClassObject& other) const;

  std::string type_name() const override { return enum_kind != EnumKind::kNone ? "EnumMeta" : "type"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  bool set_attribute(Interpreter& interpreter, std::string_view wanted, Value value) override;
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override;
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override;
  std::optional<std::int64_t> length(Interpreter& interpreter) override;
  std::optional<bool> contains(Interpreter& interpreter, const Value& item) override;
  std::optional<bool> is_instance(Interpreter& interpreter, const Value& value) override;
  std::string repr(Interpreter& interpreter) override;
};

/// An instance of a ClassObject: of a user's class, an exception, an enum member.
class Instance final : public Object {
 public:
  std::shared_ptr<ClassObject> type;
  NameMap attributes;
  std::optional<Value>
      payload;  ///< what it is as a builtin: the str of a (str, Enum) member, the dict of a dict subclass
  std::vector<Value> exception_args;
  std::optional<std::string> exception_text;  ///< str(exception) when the interpreter itself raised it
  std::string member_name;                    ///< enum members
  Value member_value;

  std::string type_name() const override { return type->name; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  bool set_attribute(Interpreter& interpreter, std::string_view wanted, Value value) override;
  bool callable() const override { return type->lookup("__call__") || type->opaque_base; }
  Value call(Interpreter& interpreter, Arguments& arguments) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::optional<Value> unary(Interpreter& interpreter, UnaryOperator op) override;
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  bool set_index(Interpreter& interpreter, const Value& key, Value value) override;
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override;
  std::optional<std::int64_t> length(Interpreter& interpreter) override;
  std::optional<bool> contains(Interpreter& interpreter, const Value& item) override;
  bool truth(Interpreter& interpreter) override;
  std::optional<Value> enter(Interpreter& interpreter) override;
  std::string repr(Interpreter& interpreter) override;
  std::string str(Interpreter& interpreter) override;
  bool equals(const Object& other) const override;
  std::size_t hash() const override;

  bool is_member() const { return type->enum_kind != EnumKind::kNone; }
};

/// super(): looks names up behind a class in the line of an object's class.
class SuperObject final : public Object {
 public:
  SuperObject(std::shared_ptr<ClassObject> after, Value self) : after_(std::move(after)), self_(std::move(self)) {}
  std::string type_name() const override { return "super"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;

 private:
  std::shared_ptr<ClassObject> after_;
  Value self_;
};

/// range(): its numbers are never all made unless somebody asks.
class RangeObject final : public Object {
 public:
  RangeObject(std::int64_t start, std::int64_t stop, std::int64_t step);
  std::int64_t count() const { return count_; }
  std::int64_t at(std::int64_t position) const { return start_ + position * step_; }
  bool holds(std::int64_t number) const;
  std::string type_name() const override { return "range"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override;
  std::optional<std::int64_t> length(Interpreter& interpreter) override;
  std::optional<bool> contains(Interpreter& interpreter, const Value& item) override;
  bool truth(Interpreter&) override { return count_ > 0; }
  std::string repr(Interpreter& interpreter) override;
  bool equals(const Object& other) const override;

 private:
  std::int64_t start_, stop_, step_;
  std::int64_t count_ = 0;
};

/// iter(x), enumerate, zip, map, a generator expression: items made already, handed out one by one.
class IteratorObject final : public Object {
 public:
  IteratorObject(std::string kind, std::vector<Value> items) : kind_(std::move(kind)), items_(std::move(items)) {}
  ~IteratorObject() override { release(std::move(items_)); }
  std::optional<Value> next();
  std::string type_name() const override { return kind_; }
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override;

 private:
  std::string kind_;
  std::vector<Value> items_;
  std::size_t position_ = 0;
};

/// A call of a function with yield, not run yet. A for-loop runs it item by item; next() runs it to its end first.
class GeneratorObject final : public Object {
 public:
  std::shared_ptr<FunctionObject> function;
  std::shared_ptr<Scope> scope;
  bool started = false;
  std::shared_ptr<IteratorObject> collected;

  std::string type_name() const override { return function->is_async ? "coroutine" : "generator"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override;
};

/// int, str, list ...: a builtin type as a value.
class BuiltinType final : public Object {
 public:
  using Construct = Value (*)(Interpreter&, Arguments&);
  BuiltinType(std::string name, Construct construct) : name_(std::move(name)), construct_(construct) {}
  const std::string& name() const { return name_; }
  std::string type_name() const override { return "type"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override;
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, Arguments& arguments) override { return construct_(interpreter, arguments); }
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::optional<bool> is_instance(Interpreter& interpreter, const Value& value) override;
  std::string repr(Interpreter& interpreter) override;

 private:
  std::string name_;
  Construct construct_;
};

/// How many values may be compared or hashed from here on in this thread: an evaluation begins, or ends.
void bound_comparisons(std::uint64_t allowed);
void unbound_comparisons();
/// The builtin value an instance stands for, if any: so that a (str, Enum) member equals its text.
const Value* payload_of(const Value& value);

/// Python's own class of that name ("KeyError", "object", "Enum"); nullptr: there is none.
std::shared_ptr<ClassObject> builtin_class(std::string_view name);
/// An instance of an exception class with its arguments.
std::shared_ptr<Instance> make_exception(const std::shared_ptr<ClassObject>& type, std::vector<Value> arguments);
/// A builtin function or type; nullptr: there is none of that name.
const Value* find_builtin(std::string_view name);
/// All names of builtins, for "did you mean".
std::vector<std::string> builtin_names();

}  // namespace bascule::evaluate
