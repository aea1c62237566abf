// Classes: making them, instances, looking names up along the bases.
#include <algorithm>

#include <fmt/core.h>

#include "evaluate/interpreter_impl.h"
#include "evaluate/natives.h"

namespace bascule::evaluate {

namespace {

using ClassPtr = std::shared_ptr<ClassObject>;

/// The ancestors of a class with these bases: each base and its ancestors in turn; of one that comes twice the last
/// stays.
std::vector<ClassPtr> linearise(const std::vector<ClassPtr>& bases) {
  std::vector<ClassPtr> all;
  for (const ClassPtr& base : bases) {
    all.push_back(base);
    all.insert(all.end(), base->ancestors.begin(), base->ancestors.end());
  }
  std::vector<ClassPtr> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (std::find(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(), all[i]) == all.end()) {
      out.push_back(all[i]);
    }
  }
  return out;
}

/// isinstance(value, collections.abc.<name>), for the names that programs test for; nullopt: none of those.
std::optional<bool> matches_abstract(std::string_view name, const Value& value) {
  const Value* inner = payload_of(value);
  const Value& held = inner ? *inner : value;
  const bool text = held.as_str() || held.as_bytes();
  const bool container = held.as_list() || held.as_tuple() || held.as_dict() || held.as_set();
  const auto range = held.as<RangeObject>();
  if (name == "Mapping" || name == "MutableMapping" || name == "Dict") return held.as_dict() != nullptr;
  if (name == "Sequence") return text || held.as_sequence() || range;
  if (name == "MutableSequence" || name == "List") return held.as_list() != nullptr;
  if (name == "Set" || name == "MutableSet" || name == "FrozenSet") return held.as_set() != nullptr;
  if (name == "Collection" || name == "Sized" || name == "Container") return text || container || range;
  if (name == "Iterable") {
    auto instance = value.as<Instance>();
    return text || container || range || value.as<IteratorObject>() || value.as<GeneratorObject>() ||
           (instance && instance->type->lookup("__iter__"));
  }
  if (name == "Iterator" || name == "Generator") return value.as<IteratorObject>() || value.as<GeneratorObject>();
  if (name == "Callable") {
    const auto* object = std::get_if<ObjectPtr>(&value.payload());
    return object && (*object)->callable();
  }
  return std::nullopt;
}

bool is_immutable_payload(std::string_view type) { return type != "dict" && type != "list" && type != "set"; }

}  // namespace

const Value* ClassObject::lookup(std::string_view wanted) const {
  if (const Value* found = names.find(wanted)) return found;
  for (const auto& ancestor : ancestors) {
    if (const Value* found = ancestor->names.find(wanted)) return found;
  }
  return nullptr;
}

bool ClassObject::derives_from(const ClassObject& other) const {
  if (this == &other) return true;
  return std::any_of(ancestors.begin(), ancestors.end(), [&](const ClassPtr& held) { return held.get() == &other; });
}

Value Interpreter::Implementation::make_class(const std::string& name, std::vector<Value> bases, const py::Block* body,
                                              const std::vector<std::pair<std::string, Value>>& keywords) {
  auto type = std::make_shared<ClassObject>();
  type->name = name;
  std::vector<ClassPtr> known;
  for (const Value& base : bases) {
    if (const auto* unknown = std::get_if<OpaquePtr>(&base.payload())) {
      type->opaque_base = *unknown;
    } else if (auto held = base.as<ClassObject>()) {
      if (held->has_members) {
        raise_type_error(fmt::format("<enum '{}'> cannot extend <enum '{}'>", name, held->name));
      }
      if (held->name != "object" || !held->is_builtin || bases.size() == 1) known.push_back(held);
      if (!type->opaque_base) type->opaque_base = held->opaque_base;
      if (!type->native_base) type->native_base = held->native_base;
      if (type->payload_type.empty()) type->payload_type = held->payload_type;
      type->is_exception = type->is_exception || held->is_exception;
      type->is_dataclass = type->is_dataclass || held->is_dataclass;
      type->is_frozen = type->is_frozen || held->is_frozen;
      if (held->enum_kind != EnumKind::kNone) type->enum_kind = held->enum_kind;
    } else if (auto builtin = base.as<BuiltinType>()) {
      type->payload_type = builtin->name();
    } else if (const auto* native = std::get_if<ObjectPtr>(&base.payload())) {
      type->native_base = *native;
    } else {
      raise_type_error("a base of class " + name + " is no class");
    }
  }
  for (const auto& [keyword, value] : keywords) {
    const auto* unknown = std::get_if<OpaquePtr>(&value.payload());
    if (unknown && !type->opaque_base) type->opaque_base = *unknown;
  }
  type->bases = std::move(bases);
  type->ancestors = linearise(known);
  if (auto object = builtin_class("object"); !type->derives_from(*object)) type->ancestors.push_back(object);
  classes_.emplace_back(type);
  if (body) {
    auto scope = std::make_shared<Scope>();
    scope->kind = Scope::Kind::kClass;
    scope->parent = scope_;
    const Span place = current_;
    ClassObject* const outer = class_being_made_;
    class_being_made_ = type.get();
    try {
      const ScopeGuard guard(*this, scope);
      execute(*body);
    } catch (...) {
      class_being_made_ = outer;
      throw;
    }
    class_being_made_ = outer;
    current_ = place;
    type->names = std::move(scope->names);
  }
  if (type->enum_kind != EnumKind::kNone) make_members(*type);
  const Value made = ObjectPtr(type);
  if (type->native_base) {
    if (const auto hook = type->native_base->attribute(owner_, "__init_subclass__")) call(*hook, {made});
  }
  return made;
}

Value Interpreter::Implementation::bind(const Value& found, const Value& self, ClassObject& type) {
  if (found.as<FunctionObject>()) return ObjectPtr(std::make_shared<BoundMethod>(self, found));
  if (auto descriptor = found.as<Descriptor>()) {
    switch (descriptor->kind()) {
      case Descriptor::Kind::kStaticMethod:
        return descriptor->function();
      case Descriptor::Kind::kClassMethod:
        return ObjectPtr(std::make_shared<BoundMethod>(Value(type.shared_from_this()), descriptor->function()));
      case Descriptor::Kind::kProperty:
        return call(descriptor->function(), {self});
      case Descriptor::Kind::kMethod:
        return ObjectPtr(std::make_shared<BoundMethod>(self, descriptor->function()));
    }
  }
  return found;
}

std::optional<Value> Interpreter::Implementation::call_special(Instance& self, std::string_view name,
                                                               std::vector<Value> positional) {
  const Value* found = self.type->lookup(name);
  if (!found) return std::nullopt;
  const Value method = bind(Value(*found), Value(self.shared_from_this()), *self.type);
  return call(method, std::move(positional));
}

std::optional<Value> Interpreter::Implementation::class_attribute(ClassObject& type, std::string_view name) {
  if (const Value* found = type.lookup(name)) {
    if (auto descriptor = found->as<Descriptor>();
        descriptor && (descriptor->kind() == Descriptor::Kind::kClassMethod ||
                       descriptor->kind() == Descriptor::Kind::kStaticMethod)) {
      return bind(Value(*found), Value(), type);
    }
    return *found;
  }
  if (name == "__name__" || name == "__qualname__") return Value(type.name);
  if (name == "__module__") return Value(type.is_builtin ? "builtins" : "revision");
  if (name == "__doc__") return Value();
  if (name == "__bases__") return make_tuple(type.bases);
  if (name == "__mro__") {
    std::vector<Value> line = {Value(type.shared_from_this())};
    for (const auto& ancestor : type.ancestors) line.emplace_back(ObjectPtr(ancestor));
    return make_tuple(std::move(line));
  }
  if (name == "__dict__" || (name == "__members__" && type.has_members)) {
    auto dict = std::make_shared<Dict>();
    if (name == "__dict__") {
      for (const auto& [key, value] : type.names.entries()) dict->set(Value(key), value);
    } else {
      // With the aliases, as they were written.
      for (const auto& [key, value] : type.names.entries()) {
        auto member = value.as<Instance>();
        if (member && member->type.get() == &type) dict->set(Value(key), value);
      }
    }
    return Value(std::move(dict));
  }
  if (name == "__annotations__") {
    auto dict = std::make_shared<Dict>();
    for (const std::string& key : type.annotated) dict->set(Value(key), Value());
    return Value(std::move(dict));
  }
  if (name == "__init__" || name == "__new__") {
    // Base.__init__(self, ...) written out: what super() would find behind every class.
    const std::string wanted(name);
    return make_function("object." + wanted, [wanted](Interpreter& owner, Arguments& arguments) -> Value {
      if (arguments.positional.empty()) raise_type_error("descriptor '" + wanted + "' needs an argument");
      const Value self = arguments.positional.front();
      SuperObject behind(builtin_class("object"), self);
      auto method = behind.attribute(owner, wanted);
      if (!method) return {};
      if (wanted == "__init__") arguments.positional.erase(arguments.positional.begin());
      return owner.implementation().call(*method, arguments);
    });
  }
  if (type.native_base) {
    if (auto found = type.native_base->attribute(owner_, name)) return found;
  }
  if (type.opaque_base) return opaque(fmt::format("{}.{}", type.name, name), *type.opaque_base);
  if (!type.payload_type.empty()) {
    if (const Value* builtin = find_builtin(type.payload_type)) return find_attribute(*builtin, name);
  }
  return std::nullopt;
}

std::optional<Value> Interpreter::Implementation::instance_attribute(Instance& instance, std::string_view name) {
  ClassObject& type = *instance.type;
  const Value self = instance.shared_from_this();
  const Value* found = type.lookup(name);
  if (found) {
    if (auto descriptor = found->as<Descriptor>(); descriptor && descriptor->kind() == Descriptor::Kind::kProperty) {
      return bind(Value(*found), self, type);
    }
  }
  if (const Value* held = instance.attributes.find(name)) return *held;
  if (instance.is_member()) {
    if (auto part = member_attribute(instance, name)) return part;
  }
  if (found) return bind(Value(*found), self, type);
  if (type.is_exception) {
    if (name == "args") return make_tuple(instance.exception_args);
    if (name == "__cause__" || name == "__context__" || name == "__traceback__") return Value();
    if (name == "with_traceback" || name == "add_note") {
      const bool returns_self = name == "with_traceback";
      // Not to be kept in the exception itself: that would be a ring.
      return make_function("with_traceback",
                           [self, returns_self](Interpreter&, Arguments&) { return returns_self ? self : Value(); });
    }
    if (name == "code" && type.name == "SystemExit") {
      return instance.exception_args.empty() ? Value() : instance.exception_args.front();
    }
  }
  if (name == "__dict__") {
    auto dict = std::make_shared<Dict>();
    for (const auto& [key, value] : instance.attributes.entries()) dict->set(Value(key), value);
    return Value(std::move(dict));
  }
  if (name == "__class__") return Value(instance.type);
  if (name == "__module__" || name == "__doc__") return class_attribute(type, name);
  if (type.lookup("__getattr__")) return call_special(instance, "__getattr__", {Value(name)});
  if (type.native_base) {
    if (auto inherited = type.native_base->attribute(owner_, name)) return inherited;
  }
  if (instance.payload) return find_attribute(*instance.payload, name);
  if (type.opaque_base) return opaque(fmt::format("{}().{}", type.name, name), *type.opaque_base);
  return std::nullopt;
}

namespace {

/// For the native base that reads the instance (construction_arguments in natives.h).
void keep_construction_arguments(Instance& instance, const Arguments& arguments) {
  auto keywords = std::make_shared<Dict>();
  for (const auto& [key, value] : arguments.keywords) keywords->set(Value(key), value);
  instance.attributes.set("__init_arguments__", make_tuple(arguments.positional));
  instance.attributes.set("__init_keywords__", Value(std::move(keywords)));
}

}  // namespace

Value Interpreter::Implementation::instantiate(ClassObject& type, Arguments& arguments) {
  const ClassPtr held = type.self();
  if (type.enum_kind != EnumKind::kNone) return find_member(type, arguments);
  if (type.opaque_base && !type.lookup("__init__") && !type.lookup("__new__"))
    check_unknown_call(type.name, *type.opaque_base, arguments);
  Value made;
  if (const Value* maker = type.lookup("__new__")) {
    Arguments with_class = arguments;
    with_class.positional.insert(with_class.positional.begin(), Value(ObjectPtr(held)));
    auto descriptor = maker->as<Descriptor>();
    made = call(descriptor ? descriptor->function() : Value(*maker), with_class);
    auto instance = made.as<Instance>();
    if (!instance || !instance->type->derives_from(type)) return made;
  } else {
    auto instance = std::make_shared<Instance>();
    instance->type = held;
    if (type.is_exception) {
      instance->exception_args = arguments.positional;
      for (const Value& argument : arguments.positional) may_form_ring(Value(ObjectPtr(instance)), argument);
    }
    made = ObjectPtr(instance);
  }
  auto instance = made.as<Instance>();
  if (!type.payload_type.empty() && !instance->payload) {
    if (const Value* builtin = find_builtin(type.payload_type)) {
      const bool own_init = type.lookup("__init__") != nullptr;
      Arguments none;
      none.where = arguments.where;
      Arguments given = arguments;
      const bool pass = !own_init || is_immutable_payload(type.payload_type);
      instance->payload = call(*builtin, pass ? given : none);
    }
  }
  if (const Value* init = type.lookup("__init__")) {
    const Value method = bind(Value(*init), made, type);
    call(method, arguments);
  } else if (!arguments.positional.empty() || !arguments.keywords.empty()) {
    if (!type.is_exception && !type.opaque_base && !type.native_base && type.payload_type.empty() &&
        !type.lookup("__new__")) {
      raise_type_error(type.name + "() takes no arguments");
    }
    if (type.is_exception && !arguments.keywords.empty() && !type.opaque_base) {
      raise_type_error(type.name + "() takes no keyword arguments");
    }
    if (type.native_base && !type.is_exception) keep_construction_arguments(*instance, arguments);
  }
  return made;
}

bool Interpreter::Implementation::is_instance(const Value& value, const Value& type) {
  if (const auto* tuple = type.as_tuple()) {
    for (const Value& one : tuple->items) {
      if (is_instance(value, one)) return true;
    }
    return false;
  }
  if (value.is_opaque()) refuse_opaque(value, "whether `" + value.as_opaque()->what + "` is an instance of a class");
  if (type.is_opaque()) {
    // None is an instance of no class that anybody tests for by name.
    if (value.is_none()) return false;
    refuse_opaque(type, "what `" + type.as_opaque()->what + "` is");
  }
  if (const auto* object = std::get_if<ObjectPtr>(&type.payload())) {
    if (auto answer = (*object)->is_instance(owner_, value)) return *answer;
    if ((*object)->callable()) {
      // A native constructor that says nothing about its instances: known by name.
      if (auto name = (*object)->attribute(owner_, "__name__"); name && name->as_str()) {
        if (auto answer = matches_abstract(*name->as_str(), value)) return *answer;
        return type_name(value) == *name->as_str();
      }
      return false;
    }
  }
  raise_type_error("isinstance() arg 2 must be a type, a tuple of types, or a union");
}

bool Interpreter::Implementation::is_subclass(const Value& type, const Value& base) {
  if (const auto* tuple = base.as_tuple()) {
    return std::any_of(tuple->items.begin(), tuple->items.end(),
                       [&](const Value& one) { return is_subclass(type, one); });
  }
  if (type.is_opaque()) refuse_opaque(type, "what `" + type.as_opaque()->what + "` is");
  if (base.is_opaque()) refuse_opaque(base, "what `" + base.as_opaque()->what + "` is");
  auto derived = type.as<ClassObject>();
  if (auto held = base.as<ClassObject>()) {
    return held->name == "object" || (derived && derived->derives_from(*held));
  }
  if (auto builtin = base.as<BuiltinType>()) {
    if (auto other = type.as<BuiltinType>()) {
      return other->name() == builtin->name() || (other->name() == "bool" && builtin->name() == "int");
    }
    return derived && derived->payload_type == builtin->name();
  }
  return derived && derived->native_base && derived->native_base == (base.as<Object>() ? base.as<Object>() : nullptr);
}

Value Interpreter::Implementation::type_of(const Value& value) {
  if (auto instance = value.as<Instance>()) return ObjectPtr(instance->type);
  if (value.as<ClassObject>() || value.as<BuiltinType>()) return *find_builtin("type");
  if (const Opaque* unknown = value.as_opaque()) return opaque("type(" + unknown->what + ")", *unknown);
  const std::string name = type_name(value);
  if (!std::holds_alternative<ObjectPtr>(value.payload()) || value.as<RangeObject>()) {
    if (const Value* builtin = find_builtin(name)) return *builtin;
  }
  return make_namespace(name, {{"__name__", Value(name)}, {"__qualname__", Value(name)}});
}

// --- the class as an object ---

std::optional<Value> ClassObject::attribute(Interpreter& interpreter, std::string_view wanted) {
  return interpreter.implementation().class_attribute(*this, wanted);
}

bool ClassObject::set_attribute(Interpreter&, std::string_view wanted, Value value) {
  if (is_builtin) return false;
  names.set(wanted, std::move(value));
  return true;
}

Value ClassObject::call(Interpreter& interpreter, Arguments& arguments) {
  return interpreter.implementation().instantiate(*this, arguments);
}

std::optional<Value> ClassObject::index(Interpreter& interpreter, const Value& key) {
  if (has_members) {
    const auto* wanted = key.as_str();
    for (const auto& [member, value] : members) {
      if (wanted && member == *wanted) return value;
    }
    if (wanted) {
      // An alias of another member.
      if (const Value* found = names.find(*wanted)) {
        if (auto instance = found->as<Instance>(); instance && instance->type.get() == this) return *found;
      }
    }
    interpreter.implementation().raise_key_error(key);
  }
  if (const Value* method = lookup("__class_getitem__")) {
    return interpreter.implementation().call(interpreter.implementation().bind(Value(*method), Value(), *this), {key});
  }
  // Generic[T] in an annotation or a base: the class itself.
  return Value(shared_from_this());
}

std::optional<std::vector<Value>> ClassObject::iterate(Interpreter&) {
  if (!has_members) return std::nullopt;
  std::vector<Value> out;
  for (const auto& [member, value] : members) out.push_back(value);
  return out;
}

std::optional<std::int64_t> ClassObject::length(Interpreter&) {
  if (!has_members) return std::nullopt;
  return static_cast<std::int64_t>(members.size());
}

std::optional<bool> ClassObject::contains(Interpreter&, const Value& item) {
  if (!has_members) return std::nullopt;
  return std::any_of(members.begin(), members.end(), [&](const auto& member) {
    return equal(member.second, item) ||
           equal(std::static_pointer_cast<Instance>(std::get<ObjectPtr>(member.second.payload()))->member_value, item);
  });
}

std::optional<bool> ClassObject::is_instance(Interpreter&, const Value& value) {
  if (is_builtin && name == "object") return true;
  auto instance = value.as<Instance>();
  return instance && instance->type->derives_from(*this);
}

std::string ClassObject::repr(Interpreter&) {
  if (enum_kind != EnumKind::kNone) return "<enum '" + name + "'>";
  return is_builtin ? "<class '" + name + "'>" : "<class '__main__." + name + "'>";
}

// --- super() ---

std::optional<Value> SuperObject::attribute(Interpreter& interpreter, std::string_view wanted) {
  Interpreter::Implementation& core = interpreter.implementation();
  auto instance = self_.as<Instance>();
  auto type = instance ? instance->type : self_.as<ClassObject>();
  if (!type) return std::nullopt;
  std::vector<ClassPtr> line = {type};
  line.insert(line.end(), type->ancestors.begin(), type->ancestors.end());
  auto from = std::find(line.begin(), line.end(), after_);
  if (from == line.end()) raise_type_error("super(type, obj): obj must be an instance or subtype of type");
  for (++from; from != line.end(); ++from) {
    if (const Value* found = (*from)->names.find(wanted)) {
      if (wanted == "__new__") {
        auto descriptor = found->as<Descriptor>();
        return descriptor ? descriptor->function() : Value(*found);
      }
      return core.bind(Value(*found), self_, *type);
    }
  }
  if (wanted == "__new__") {
    return make_function("object.__new__", [](Interpreter&, Arguments& arguments) -> Value {
      auto made = arguments.positional.empty() ? nullptr : arguments.positional.front().as<ClassObject>();
      if (!made) raise_type_error("object.__new__(): not enough arguments");
      auto fresh = std::make_shared<Instance>();
      fresh->type = made;
      if (made->is_exception)
        fresh->exception_args.assign(arguments.positional.begin() + 1, arguments.positional.end());
      return ObjectPtr(std::move(fresh));
    });
  }
  if (wanted == "__init__" && (!type->opaque_base || type->is_exception)) {
    const Value self = self_;
    return make_function("object.__init__", [self](Interpreter& owner, Arguments& arguments) -> Value {
      auto fresh = self.as<Instance>();
      if (fresh && fresh->type->is_exception) fresh->exception_args = arguments.positional;
      if (fresh && fresh->type->native_base && !fresh->type->is_exception)
        keep_construction_arguments(*fresh, arguments);
      if (fresh && fresh->payload && !is_immutable_payload(fresh->type->payload_type)) {
        fresh->payload = owner.call(*find_builtin(fresh->type->payload_type), arguments);
      }
      return {};
    });
  }
  if (wanted == "__str__" || wanted == "__repr__") {
    const Value self = self_;
    return make_function("object.__str__", [self](Interpreter& owner, Arguments&) -> Value {
      auto fresh = self.as<Instance>();
      if (fresh && fresh->payload) return owner.str(*fresh->payload);
      if (fresh && fresh->type->is_exception) {
        if (fresh->exception_args.empty()) return "";
        return fresh->exception_args.size() == 1 ? owner.str(fresh->exception_args.front())
                                                 : owner.repr(make_tuple(fresh->exception_args));
      }
      return "<" + evaluate::type_name(self) + " object>";
    });
  }
  if (wanted == "__setattr__" && instance) {
    return make_function("object.__setattr__", [instance](Interpreter& owner, Arguments& arguments) -> Value {
      if (arguments.positional.size() != 2 || !arguments.positional[0].as_str())
        raise_type_error("expected 2 arguments");
      owner.implementation().may_form_ring(Value(ObjectPtr(instance)), arguments.positional[1]);
      instance->attributes.set(*arguments.positional[0].as_str(), arguments.positional[1]);
      return {};
    });
  }
  if (wanted == "__init_subclass__" || wanted == "__post_init__") {
    return make_function("object.__init_subclass__", [](Interpreter&, Arguments&) { return Value(); });
  }
  if (type->native_base) {
    if (auto found = type->native_base->attribute(interpreter, wanted)) return found;
  }
  if (instance && instance->payload) return core.find_attribute(*instance->payload, wanted);
  if (type->opaque_base) return core.opaque("super()." + std::string(wanted), *type->opaque_base);
  return std::nullopt;
}

// --- what natives may ask (natives.h) ---

std::optional<UserClass> as_user_class(const Value& value) {
  auto type = value.as<ClassObject>();
  if (!type || type->is_builtin) return std::nullopt;
  return UserClass{type->name, type->bases};
}

std::optional<Arguments> construction_arguments(const Value& value) {
  auto instance = value.as<Instance>();
  if (!instance) return std::nullopt;
  const Value* positional = instance->attributes.find("__init_arguments__");
  const Value* keywords = instance->attributes.find("__init_keywords__");
  if (!positional || !keywords || !positional->as_tuple() || !keywords->as_dict()) return std::nullopt;
  Arguments arguments;
  arguments.positional = positional->as_tuple()->items;
  for (const auto& [key, held] : keywords->as_dict()->entries()) arguments.keywords.emplace_back(*key.as_str(), held);
  return arguments;
}

std::optional<Value> class_of_instance(const Value& value) {
  auto instance = value.as<Instance>();
  if (!instance || instance->type->is_builtin) return std::nullopt;
  return Value(ObjectPtr(instance->type));
}

}  // namespace bascule::evaluate
