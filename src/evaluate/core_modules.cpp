#include "evaluate/core_modules.h"

#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

Value first(Arguments& arguments, const char* function) {
  if (arguments.positional.empty()) raise_type_error(std::string(function) + "() missing 1 required argument");
  return arguments.positional.front();
}

/// A decorator that leaves what it decorates as it is, with or without arguments of its own.
Value leave_alone(const char* name) {
  return make_function(name, [name](Interpreter&, Arguments& arguments) -> Value {
    const bool direct = arguments.positional.size() == 1 && arguments.keywords.empty() &&
                        (arguments.positional[0].as<FunctionObject>() || arguments.positional[0].as<ClassObject>() ||
                         arguments.positional[0].as<Descriptor>());
    if (direct) return arguments.positional.front();
    return make_function(name, [](Interpreter&, Arguments& given) { return first(given, "decorator"); });
  });
}

Value base(std::string_view name) { return ObjectPtr(builtin_class(name)); }

std::optional<Value> enum_module() {
  return make_namespace("enum",
                        {{"Enum", base("Enum")},
                         {"IntEnum", base("IntEnum")},
                         {"StrEnum", base("StrEnum")},
                         {"Flag", base("Flag")},
                         {"IntFlag", base("IntFlag")},
                         {"EnumMeta", base("object")},
                         {"EnumType", base("object")},
                         {"unique", leave_alone("enum.unique")},
                         {"auto", make_function("enum.auto", [](Interpreter&, Arguments&) { return make_auto(); })}});
}

// --- dataclasses ---

/// field(default=..., default_factory=...) until its class is made.
class FieldDefault final : public Object {
 public:
  std::optional<Value> value;
  std::optional<Value> factory;
  bool init = true;
  std::string type_name() const override { return "Field"; }
};

std::vector<std::string> field_names(const ClassObject& type) {
  std::vector<std::string> names;
  const auto add = [&](const ClassObject& one) {
    for (const std::string& name : one.annotated) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  };
  for (auto ancestor = type.ancestors.rbegin(); ancestor != type.ancestors.rend(); ++ancestor) {
    if ((*ancestor)->is_dataclass) add(**ancestor);
  }
  add(type);
  return names;
}

Value dataclass_init(Interpreter& interpreter, Arguments& arguments, const std::vector<std::string>& names) {
  Interpreter::Implementation& core = interpreter.implementation();
  auto self = first(arguments, "__init__").as<Instance>();
  if (!self) raise_type_error("__init__() needs an instance");
  std::size_t position = 1;
  std::vector<bool> used(arguments.keywords.size());
  for (const std::string& name : names) {
    const Value* held = self->type->lookup(name);
    auto field = held ? held->as<FieldDefault>() : nullptr;
    std::optional<Value> value;
    if (!field || field->init) {
      if (position < arguments.positional.size()) value = arguments.positional[position++];
      for (std::size_t i = 0; i < arguments.keywords.size(); ++i) {
        if (arguments.keywords[i].first != name) continue;
        if (value) raise_type_error(fmt::format("__init__() got multiple values for argument '{}'", name));
        value = arguments.keywords[i].second;
        used[i] = true;
      }
    }
    if (!value && field) {
      if (field->factory) {
        value = core.call(*field->factory, std::vector<Value>());
      } else {
        value = field->value;
      }
      if (!value && !field->init) continue;
    } else if (!value && held) {
      value = *held;
    }
    if (!value)
      raise_type_error(
          fmt::format("{}.__init__() missing 1 required positional argument: '{}'", self->type->name, name));
    core.may_form_ring(Value(ObjectPtr(self)), *value);
    self->attributes.set(name, *std::move(value));
  }
  if (position < arguments.positional.size()) {
    raise_type_error(fmt::format("{}.__init__() takes {} positional arguments but {} were given", self->type->name,
                                 names.size() + 1, arguments.positional.size()));
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) {
      raise_type_error(fmt::format("{}.__init__() got an unexpected keyword argument '{}'", self->type->name,
                                   arguments.keywords[i].first));
    }
  }
  if (self->type->lookup("__post_init__")) core.call_special(*self, "__post_init__", {});
  return {};
}

Value make_dataclass(const Value& value, const Arguments& options) {
  auto type = value.as<ClassObject>();
  if (!type) return value;
  const auto option = [&](const char* name, bool otherwise) {
    for (const auto& [key, given] : options.keywords) {
      if (key == name && given.as_bool()) return *given.as_bool();
    }
    return otherwise;
  };
  type->is_dataclass = option("eq", true);
  type->is_frozen = option("frozen", false);
  const std::vector<std::string> names = field_names(*type);
  const auto method = [&](const char* name, NativeFunction function) {
    if (type->names.find(name)) return;
    type->names.set(name, ObjectPtr(std::make_shared<Descriptor>(Descriptor::Kind::kMethod,
                                                                 make_function(name, std::move(function)))));
  };
  if (option("init", true)) {
    method("__init__", [names](Interpreter& interpreter, Arguments& arguments) {
      return dataclass_init(interpreter, arguments, names);
    });
  }
  if (option("repr", true)) {
    method("__repr__", [names](Interpreter& interpreter, Arguments& arguments) -> Value {
      auto self = first(arguments, "__repr__").as<Instance>();
      std::string out = self->type->name + "(";
      for (const std::string& name : names) {
        const Value* held = self->attributes.find(name);
        if (out.back() != '(') out += ", ";
        out += name + "=" + (held ? interpreter.repr(*held) : "?");
      }
      return out + ")";
    });
  }
  return value;
}

Value to_plain(const Value& value, int depth) {
  if (depth > 100) raise_python("RecursionError", "maximum recursion depth exceeded");
  if (auto instance = value.as<Instance>(); instance && instance->type->is_dataclass) {
    auto dict = std::make_shared<Dict>();
    for (const auto& [name, held] : instance->attributes.entries()) dict->set(Value(name), to_plain(held, depth + 1));
    return dict;
  }
  if (const auto* items = value.as_sequence()) {
    std::vector<Value> out;
    for (const Value& item : *items) out.push_back(to_plain(item, depth + 1));
    return value.as_list() ? make_list(std::move(out)) : make_tuple(std::move(out));
  }
  return value;
}

std::optional<Value> dataclasses_module() {
  return make_namespace(
      "dataclasses",
      {{"dataclass", make_function("dataclass",
                                   [](Interpreter&, Arguments& arguments) -> Value {
                                     if (!arguments.positional.empty()) {
                                       return make_dataclass(arguments.positional.front(), arguments);
                                     }
                                     const Arguments options = arguments;
                                     return make_function("dataclass", [options](Interpreter&, Arguments& given) {
                                       return make_dataclass(first(given, "dataclass"), options);
                                     });
                                   })},
       {"field", make_function("field",
                               [](Interpreter&, Arguments& arguments) -> Value {
                                 const Binder bind("field", arguments, {}, {"default", "default_factory", "init"});
                                 auto field = std::make_shared<FieldDefault>();
                                 field->value = bind.optional("default");
                                 field->factory = bind.optional("default_factory");
                                 if (auto init = bind.optional("init"); init && init->as_bool())
                                   field->init = *init->as_bool();
                                 return ObjectPtr(std::move(field));
                               })},
       {"asdict",
        make_function("asdict",
                      [](Interpreter&, Arguments& arguments) { return to_plain(first(arguments, "asdict"), 0); })},
       {"astuple", make_function("astuple", [](Interpreter&, Arguments& arguments) -> Value {
          auto instance = first(arguments, "astuple").as<Instance>();
          if (!instance) raise_type_error("astuple() should be called on dataclass instances");
          std::vector<Value> out;
          for (const auto& [name, held] : instance->attributes.entries()) out.push_back(held);
          return make_tuple(std::move(out));
        })}});
}

// --- contextlib ---

/// suppress(KeyError), nullcontext(x), closing(x): as contexts.
class SimpleContext final : public Object {
 public:
  explicit SimpleContext(Value entered) : entered_(std::move(entered)) {}
  std::string type_name() const override { return "nullcontext"; }
  std::optional<Value> enter(Interpreter&) override { return entered_; }

 private:
  Value entered_;
};

std::optional<Value> contextlib_module() {
  return make_namespace(
      "contextlib",
      {{"contextmanager", make_function("contextmanager",
                                        [](Interpreter&, Arguments& arguments) {
                                          Value function = first(arguments, "contextmanager");
                                          if (auto held = function.as<FunctionObject>())
                                            held->is_context_manager = true;
                                          return function;
                                        })},
       {"nullcontext", make_function("nullcontext",
                                     [](Interpreter&, Arguments& arguments) -> Value {
                                       const Binder bind("nullcontext", arguments, {"enter_result"});
                                       return ObjectPtr(std::make_shared<SimpleContext>(
                                           bind.optional("enter_result").value_or(Value())));
                                     })},
       {"closing", make_function("closing",
                                 [](Interpreter&, Arguments& arguments) -> Value {
                                   return ObjectPtr(std::make_shared<SimpleContext>(first(arguments, "closing")));
                                 })},
       {"suppress", make_function("suppress", [](Interpreter&, Arguments& arguments) -> Value {
          auto type = std::make_shared<ClassObject>();
          type->name = "suppress";
          type->is_builtin = true;
          const std::vector<Value> wanted = arguments.positional;
          const auto method = [&](const char* name, NativeFunction function) {
            type->names.set(name, ObjectPtr(std::make_shared<Descriptor>(Descriptor::Kind::kMethod,
                                                                         make_function(name, std::move(function)))));
          };
          method("__enter__", [](Interpreter&, Arguments&) { return Value(); });
          method("__exit__", [wanted](Interpreter&, Arguments& given) -> Value {
            auto raised = given.positional.size() > 1 ? given.positional[1].as<ClassObject>() : nullptr;
            for (const Value& one : wanted) {
              auto held = one.as<ClassObject>();
              if (raised && held && raised->derives_from(*held)) return true;
            }
            return false;
          });
          auto instance = std::make_shared<Instance>();
          instance->type = std::move(type);
          return ObjectPtr(std::move(instance));
        })}});
}

// --- functools ---

Value partial(Interpreter&, Arguments& arguments) {
  const Value function = first(arguments, "partial");
  Arguments fixed = arguments;
  fixed.positional.erase(fixed.positional.begin());
  return make_function("partial", [function, fixed](Interpreter& interpreter, Arguments& given) {
    Arguments all = fixed;
    all.where = given.where;
    all.positional.insert(all.positional.end(), given.positional.begin(), given.positional.end());
    for (auto& [name, value] : given.keywords) {
      auto same = std::find_if(all.keywords.begin(), all.keywords.end(),
                               [&, &wanted = name](const auto& held) { return held.first == wanted; });
      if (same != all.keywords.end()) {
        same->second = value;
      } else {
        all.keywords.emplace_back(name, value);
      }
    }
    return interpreter.call(function, std::move(all));
  });
}

Value reduce(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("reduce", arguments, {"function", "iterable", "initial"});
  std::vector<Value> items = interpreter.iterate(bind.required("iterable"));
  std::size_t from = 0;
  Value total;
  if (auto initial = bind.optional("initial")) {
    total = *initial;
  } else if (items.empty()) {
    raise_type_error("reduce() of empty iterable with no initial value");
  } else {
    total = items[from++];
  }
  for (; from < items.size(); ++from) {
    total = interpreter.implementation().call(bind.required("function"), {std::move(total), items[from]});
  }
  return total;
}

std::optional<Value> functools_module() {
  return make_namespace(
      "functools",
      {{"partial", make_function("partial", partial)},
       {"reduce", make_function("reduce", reduce)},
       {"lru_cache", leave_alone("lru_cache")},
       {"cache", leave_alone("cache")},
       {"total_ordering", leave_alone("total_ordering")},
       {"wraps", make_function("wraps",
                               [](Interpreter&, Arguments& arguments) -> Value {
                                 const Value wrapped = first(arguments, "wraps");
                                 return make_function("wraps", [wrapped](Interpreter& interpreter, Arguments& given) {
                                   Value function = first(given, "wraps");
                                   auto held = function.as<FunctionObject>();
                                   auto name = interpreter.implementation().find_attribute(wrapped, "__name__");
                                   if (held && name && name->as_str()) held->name = *name->as_str();
                                   return function;
                                 });
                               })},
       {"cached_property", make_function("cached_property", [](Interpreter&, Arguments& arguments) -> Value {
          return ObjectPtr(
              std::make_shared<Descriptor>(Descriptor::Kind::kProperty, first(arguments, "cached_property")));
        })}});
}

std::optional<Value> abc_module() {
  return make_namespace(
      "abc", {{"ABC", base("object")},
              {"ABCMeta", base("object")},
              {"abstractmethod", leave_alone("abstractmethod")},
              {"abstractproperty", make_function("abstractproperty", [](Interpreter&, Arguments& arguments) -> Value {
                 return ObjectPtr(
                     std::make_shared<Descriptor>(Descriptor::Kind::kProperty, first(arguments, "abstractproperty")));
               })}});
}

}  // namespace

std::optional<Value> core_module(std::string_view dotted) {
  if (dotted == "enum") {
    static const auto module = enum_module();
    return module;
  }
  if (dotted == "dataclasses") {
    static const auto module = dataclasses_module();
    return module;
  }
  if (dotted == "contextlib") {
    static const auto module = contextlib_module();
    return module;
  }
  if (dotted == "functools") {
    static const auto module = functools_module();
    return module;
  }
  if (dotted == "abc") {
    static const auto module = abc_module();
    return module;
  }
  return std::nullopt;
}

}  // namespace bascule::evaluate
