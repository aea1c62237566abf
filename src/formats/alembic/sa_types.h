// What: SQLAlchemy's type classes, for the files that list them.
// Must not know: rendering, columns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "evaluate/arguments.h"
#include "formats/alembic/convert.h"

namespace bascule::formats::alembic {

using Members = std::unordered_map<std::string, Value>;
/// Makes an instance of the type from a call's arguments.
using TypeFactory = std::function<std::shared_ptr<TypeObject>(Interpreter&, evaluate::Arguments&)>;

/// A type class: sa.String. Calling it makes a TypeObject; project classes derive from it.
class TypeClass : public evaluate::Object {
 public:
  /// What a project's class that derives from it must offer.
  enum class Role { kType, kTypeDecorator, kUserDefined };
  TypeClass(std::string name, TypeFactory factory, Role role = Role::kType)
      : name_(std::move(name)), factory_(std::move(factory)), role_(role) {}
  const std::string& name() const { return name_; }
  Role role() const { return role_; }
  std::shared_ptr<TypeObject> make(Interpreter& interpreter, evaluate::Arguments& arguments) const;
  std::string type_name() const override { return "type"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  bool callable() const override { return true; }
  Value call(Interpreter& interpreter, evaluate::Arguments& arguments) override;
  std::string repr(Interpreter&) override { return "<class '" + name_ + "'>"; }

 private:
  std::string name_;
  TypeFactory factory_;
  Role role_;
};

/// Adds a type class to a module's members.
void add_type(Members& members, const std::string& name, TypeFactory factory,
              TypeClass::Role role = TypeClass::Role::kType);

// Factories by signature. Each accepts exactly what SQLAlchemy's class does.
TypeFactory plain_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory string_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory numeric_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory float_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory datetime_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory binary_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory boolean_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory json_type(Recorder& recorder, std::string name, model::ScalarKind kind);
TypeFactory array_type(Recorder& recorder, std::string name);
/// sa.Enum (postgres: false) and postgresql.ENUM.
TypeFactory enum_type(Recorder& recorder, std::string name, bool postgres);
TypeFactory domain_type(Recorder& recorder);
/// A type that takes no arguments and that only one dialect has.
TypeFactory native_type(Recorder& recorder, std::string dialect, std::string sql);

/// An integer argument; nullopt when absent or None. TypeError for anything but an int.
std::optional<std::int64_t> integer_argument(Interpreter& interpreter, const evaluate::Binder& bind,
                                             std::string_view name);
/// A string argument; empty when absent or None.
std::string string_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name);
bool bool_argument(Interpreter& interpreter, const evaluate::Binder& bind, std::string_view name, bool otherwise);
/// A type object of a type that needs nothing else.
std::shared_ptr<TypeObject> make_type(model::Type type, Recorder& recorder, std::string class_name);
/// Refuses an argument of that name when it is given and not None: what SQLAlchemy knows and Bascule does not.
void refuse_argument(const evaluate::Binder& bind, std::string_view name);
/// The refusal for a part of SQLAlchemy that Bascule does not read. what: "String.bind_processor".
[[noreturn]] void refuse_unsupported(const std::string& what, const std::string& help = "");
/// An attribute of an object that may not have it; Refusals pass.
std::optional<Value> find_attribute(Interpreter& interpreter, const Value& object, std::string_view name);
/// A value that stands for a result nobody can know before the run; refused with `cause` when it is needed.
Value make_opaque(std::string what, std::string cause, Location origin, bool harmless = false);

}  // namespace bascule::formats::alembic
