// Types given as classes, as instances, or as classes that the project defines (TypeDecorator, UserDefinedType).
#include <fmt/core.h>

#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "formats/alembic/live_cells.h"
#include "formats/alembic/sa_types.h"

namespace bascule::formats::alembic {

using evaluate::Arguments;

namespace {

constexpr int kDeepestInheritance = 50;

/// SQLAlchemy's class that a project's class derives from, and whether some base is not known.
struct Ancestry {
  std::shared_ptr<TypeClass> native;
  const Value* opaque = nullptr;
  std::vector<Value> line;  ///< keeps alive what opaque points into
};

void climb(const Value& klass, Ancestry& ancestry, int depth) {
  auto user = evaluate::as_user_class(klass);
  if (!user || depth > kDeepestInheritance) return;
  for (const Value& base : user->bases) {
    if (auto native = base.as<TypeClass>()) {
      if (!ancestry.native) ancestry.native = native;
    } else if (base.is_opaque()) {
      ancestry.line.push_back(base);
    } else {
      climb(base, ancestry, depth + 1);
    }
  }
}

Ancestry ancestry_of(const Value& klass) {
  Ancestry ancestry;
  climb(klass, ancestry, 0);
  if (!ancestry.line.empty()) ancestry.opaque = &ancestry.line.front();
  return ancestry;
}

/// The dialect that load_dialect_impl and process_bind_param are given: its name, and types as they are.
Value dialect_for(Recorder& recorder) {
  std::unordered_map<std::string, Value> members;
  members["name"] = Value(recorder.target().dialect);
  members["type_descriptor"] = evaluate::make_function("dialect.type_descriptor", [](Interpreter&, Arguments& given) {
    if (given.positional.size() != 1) evaluate::raise_type_error("type_descriptor() takes exactly one argument");
    return given.positional.front();
  });
  return evaluate::make_namespace("dialect", std::move(members));
}

Value call_with(Interpreter& interpreter, const Value& function, std::vector<Value> positional) {
  Arguments arguments;
  arguments.positional = std::move(positional);
  arguments.where = interpreter.here();
  return interpreter.call(function, std::move(arguments));
}

/// As TypeDecorator's __init__ leaves it: self.impl is the impl made with what the decorator was called with, so that
/// load_dialect_impl can say self.impl.length.
void bind_impl(Interpreter& interpreter, const Value& object) {
  const auto impl = find_attribute(interpreter, object, "impl");
  const auto impl_class = impl ? impl->as<TypeClass>() : nullptr;
  if (!impl_class) return;
  Arguments arguments = evaluate::construction_arguments(object).value_or(Arguments{});
  arguments.where = interpreter.here();
  const Value made(evaluate::ObjectPtr(impl_class->make(interpreter, arguments)));
  if (const auto* held = std::get_if<evaluate::ObjectPtr>(&object.payload()))
    static_cast<void>((*held)->set_attribute(interpreter, "impl", made));
}

std::shared_ptr<TypeObject> from_user_class(Interpreter& interpreter, const Value& klass,
                                            const std::optional<Value>& instance, Recorder& recorder,
                                            const std::string& needed_for) {
  const auto user = *evaluate::as_user_class(klass);
  const Ancestry ancestry = ancestry_of(klass);
  if (!ancestry.native) {
    if (ancestry.opaque) interpreter.refuse_opaque(*ancestry.opaque, fmt::format("{} ({})", needed_for, user.name));
    evaluate::raise_type_error(fmt::format("{} must be a type, not the class {}", needed_for, user.name));
  }
  const Value object = instance ? *instance : call_with(interpreter, klass, {});
  switch (ancestry.native->role()) {
    case TypeClass::Role::kUserDefined: {
      auto spec = find_attribute(interpreter, object, "get_col_spec");
      if (!spec) refuse_unsupported(fmt::format("{}, a type without get_col_spec(),", user.name));
      const Value text = call_with(interpreter, *spec, {});
      if (text.is_opaque())
        interpreter.refuse_opaque(text, fmt::format("{} ({}.get_col_spec())", needed_for, user.name));
      if (!text.as_str()) evaluate::raise_type_error(user.name + ".get_col_spec() must return str");
      return make_type(model::RawType{*text.as_str()}, recorder, user.name);
    }
    case TypeClass::Role::kTypeDecorator: {
      Value impl;
      bind_impl(interpreter, object);
      if (auto load = find_attribute(interpreter, object, "load_dialect_impl"); load && !load->is_none()) {
        impl = call_with(interpreter, *load, {dialect_for(recorder)});
      } else if (auto given = find_attribute(interpreter, object, "impl")) {
        impl = *given;
      } else {
        evaluate::raise_python("AttributeError",
                               "TypeDecorator implementations require a class-level variable 'impl' which refers to "
                               "the class of type being decorated");
      }
      const std::string what = fmt::format("{} (the impl of {})", needed_for, user.name);
      // Name(36) with `impl = sa.String` is String(36); an impl that is an instance already takes no more.
      auto given = evaluate::construction_arguments(object);
      auto impl_class = impl.as<TypeClass>();
      auto made = std::make_shared<TypeObject>(given && impl_class ? *impl_class->make(interpreter, *given)
                                                                   : *to_type(interpreter, impl, recorder, what));
      made->decorator = object;
      made->class_name = user.name;
      return made;
    }
    case TypeClass::Role::kType: {
      // class Name(sa.String): the column is a String; what it was called with goes there.
      Arguments arguments = evaluate::construction_arguments(object).value_or(Arguments{});
      arguments.where = interpreter.here();
      auto made = ancestry.native->make(interpreter, arguments);
      made->class_name = user.name;
      return made;
    }
  }
  return nullptr;
}

}  // namespace

Value decorated_result(Interpreter& interpreter, const Value& value, const TypeObject& type) {
  const auto method = find_attribute(interpreter, *type.decorator, "process_result_value");
  if (!method || method->is_opaque()) return value;
  return call_with(interpreter, *method, {value, dialect_for(type.recorder())});
}

std::shared_ptr<TypeObject> to_type(Interpreter& interpreter, const Value& value, Recorder& recorder,
                                    const std::string& needed_for) {
  if (value.is_opaque()) interpreter.refuse_opaque(value, needed_for);
  if (auto type = value.as<TypeObject>()) return type;
  if (auto klass = value.as<TypeClass>()) {
    Arguments arguments;
    arguments.where = interpreter.here();
    return klass->make(interpreter, arguments);
  }
  if (evaluate::as_user_class(value)) return from_user_class(interpreter, value, std::nullopt, recorder, needed_for);
  if (auto klass = evaluate::class_of_instance(value)) {
    return from_user_class(interpreter, *klass, value, recorder, needed_for);
  }
  if (value.is_none()) return make_type(model::ScalarType{}, recorder, "NullType");
  evaluate::raise_type_error(fmt::format("{} must be a type, not {}", needed_for, evaluate::type_name(value)));
}

bool is_type(const Value& value) {
  if (value.as<TypeObject>() || value.as<TypeClass>()) return true;
  std::optional<Value> klass;
  if (evaluate::as_user_class(value)) {
    klass = value;
  } else {
    klass = evaluate::class_of_instance(value);
  }
  if (!klass) return false;
  const Ancestry ancestry = ancestry_of(*klass);
  return ancestry.native || ancestry.opaque;
}

model::Value bind_value(Interpreter& interpreter, const Value& given, const TypeObject* type,
                        const std::string& needed_for) {
  if (!type) return to_value(interpreter, given, nullptr, needed_for);
  if (!type->unread_storage.empty() && !given.is_none()) {
    throw evaluate::Refusal("not-supported", type->unread_storage + " is not supported where a value is stored",
                            "leave the argument out, or write this step as SQL with op.execute()");
  }
  Value value = given;
  if (type->decorator) {
    if (auto process = find_attribute(interpreter, *type->decorator, "process_bind_param")) {
      value = call_with(interpreter, *process, {value, dialect_for(type->recorder())});
    }
  }
  if (value.is_none() && type->none_as_null) return model::NullValue{};
  if (auto member = evaluate::as_enum_member(value)) {
    for (const auto& [name, label] : type->enum_labels) {
      if (name == member->name) return label;
    }
  }
  return to_value(interpreter, value, &type->type(), needed_for);
}

}  // namespace bascule::formats::alembic
