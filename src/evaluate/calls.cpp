// Calls and functions: arguments, binding to parameters, running a body.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "evaluate/containers.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/strings.h"

namespace bascule::evaluate {

namespace {

std::string quoted_names(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? (names.size() > 2 ? ", and " : " and ") : ", ";
    out += "'" + names[i] + "'";
  }
  return out;
}

bool holds_opaque(const Arguments& arguments) {
  const auto unknown = [](const Value& value) {
    if (value.is_opaque()) return true;
    const auto* items = value.as_sequence();
    return items && std::any_of(items->begin(), items->end(), [](const Value& item) { return item.is_opaque(); });
  };
  return std::any_of(arguments.positional.begin(), arguments.positional.end(), unknown) ||
         std::any_of(arguments.keywords.begin(), arguments.keywords.end(),
                     [&](const auto& keyword) { return unknown(keyword.second); });
}

/// The first opaque value in the arguments or in a list among them.
const Opaque* first_opaque(const Arguments& arguments) {
  const auto look = [](const Value& value) -> const Opaque* {
    if (value.is_opaque()) return value.as_opaque();
    if (const auto* items = value.as_sequence()) {
      for (const Value& item : *items) {
        if (item.is_opaque()) return item.as_opaque();
      }
    }
    return nullptr;
  };
  for (const Value& value : arguments.positional) {
    if (const Opaque* found = look(value)) return found;
  }
  for (const auto& [name, value] : arguments.keywords) {
    if (const Opaque* found = look(value)) return found;
  }
  return nullptr;
}

/// Whether a value, or what it holds, lets code that is handed it change the database.
bool reaches_database(const Value& value, int depth) {
  // Deeper than this nobody hands over a connection; rings end here too.
  constexpr int kDeepest = 4;
  if (depth > kDeepest) return false;
  const auto any = [depth](const auto& values) {
    return std::any_of(values.begin(), values.end(),
                       [depth](const Value& item) { return reaches_database(item, depth + 1); });
  };
  if (const auto* items = value.as_sequence()) return any(*items);
  if (const Set* set = value.as_set()) return any(set->items());
  if (const Dict* dict = value.as_dict()) {
    return std::any_of(dict->entries().begin(), dict->entries().end(),
                       [depth](const auto& entry) { return reaches_database(entry.second, depth + 1); });
  }
  const auto* object = std::get_if<ObjectPtr>(&value.payload());
  if (!object) return false;
  if (const auto instance = value.as<Instance>()) {
    const auto& held = instance->attributes.entries();
    return std::any_of(held.begin(), held.end(),
                       [depth](const auto& entry) { return reaches_database(entry.second, depth + 1); });
  }
  return (*object)->reaches_database();
}

bool hands_over_database(const Arguments& arguments) {
  return std::any_of(arguments.positional.begin(), arguments.positional.end(),
                     [](const Value& value) { return reaches_database(value, 0); }) ||
         std::any_of(arguments.keywords.begin(), arguments.keywords.end(),
                     [](const auto& keyword) { return reaches_database(keyword.second, 0); });
}

}  // namespace

bool only_talks(std::string_view called) {
  const std::string_view method = called.substr(called.rfind('.') + 1);
  constexpr std::string_view kWords[] = {"debug",     "info",     "warning", "warn", "error",
                                         "exception", "critical", "log",     "echo"};
  return method.size() < called.size() && std::find(std::begin(kWords), std::end(kWords), method) != std::end(kWords);
}

Arguments Interpreter::Implementation::eval_arguments(const py::Call& node, const py::Expr& whole, bool callee_opaque) {
  Arguments arguments;
  arguments.where = {file_, whole.span};
  arguments.positional.reserve(node.positional.size());
  for (const auto& argument : node.positional) {
    if (const auto* starred = std::get_if<py::Starred>(&argument->node)) {
      const Value inner = eval(*starred->value);
      current_ = argument->span;
      if (inner.is_opaque() && callee_opaque) continue;
      for (Value& item : items_of(inner, "what is unpacked into these arguments")) {
        arguments.positional.push_back(std::move(item));
      }
    } else {
      arguments.positional.push_back(eval(*argument));
    }
  }
  arguments.keywords.reserve(node.keywords.size());
  for (const py::Keyword& keyword : node.keywords) {
    Value value = eval(*keyword.value);
    if (!keyword.name.empty()) {
      arguments.keywords.emplace_back(keyword.name, std::move(value));
      continue;
    }
    current_ = keyword.value->span;
    if (value.is_opaque()) {
      if (callee_opaque) continue;
      refuse_opaque(value, "what is unpacked into these keyword arguments");
    }
    const Value* inner = payload_of(value);
    const Dict* dict = inner ? inner->as_dict() : value.as_dict();
    if (!dict) raise_type_error("argument after ** must be a mapping, not " + type_name(value));
    for (const auto& [name, held] : dict->entries()) {
      const std::string* text = name.as_str();
      if (!text) raise_type_error("keywords must be strings");
      const bool twice = std::any_of(arguments.keywords.begin(), arguments.keywords.end(),
                                     [&](const auto& given) { return given.first == *text; });
      if (twice) raise_type_error("got multiple values for keyword argument '" + *text + "'");
      arguments.keywords.emplace_back(*text, held);
    }
  }
  return arguments;
}

Value Interpreter::Implementation::eval_node(const py::Call& node, const py::Expr& whole) {
  if (const auto* method = std::get_if<py::Attribute>(&node.callee->node)) {
    const Value self = eval(*method->object);
    if (!std::holds_alternative<ObjectPtr>(self.payload()) && !self.is_opaque()) {
      Arguments arguments = eval_arguments(node, whole, false);
      current_ = whole.span;
      if (self.as_str() || self.as_bytes()) {
        const Opaque* unknown = holds_opaque(arguments) ? first_opaque(arguments) : nullptr;
        if (unknown) return opaque(unknown->what, *unknown);
      }
      if (auto result = call_builtin_method(self, method->name, arguments)) return *std::move(result);
      current_ = node.callee->span;
      const Value callee = attribute(self, method->name);
      current_ = whole.span;
      return call(callee, arguments);
    }
    current_ = node.callee->span;
    const Value callee = attribute(self, method->name);
    Arguments arguments = eval_arguments(node, whole, callee.is_opaque());
    current_ = whole.span;
    return call(callee, arguments);
  }
  const Value callee = eval(*node.callee);
  Arguments arguments = eval_arguments(node, whole, callee.is_opaque());
  current_ = whole.span;
  return call(callee, arguments);
}

std::optional<Value> Interpreter::Implementation::call_builtin_method(const Value& self, std::string_view name,
                                                                      Arguments& arguments) {
  if (const ContainerMethod method = find_container_method(self, name)) {
    return method(*this, self, arguments);
  }
  return std::nullopt;
}

Value Interpreter::Implementation::call(const Value& callee, std::vector<Value> positional) {
  Arguments arguments;
  arguments.positional = std::move(positional);
  arguments.where = here();
  return call(callee, arguments);
}

Value Interpreter::Implementation::call(const Value& callee, Arguments& arguments) {
  if (const auto* object = std::get_if<ObjectPtr>(&callee.payload())) {
    if ((*object)->callable()) {
      check_stack();
      // The object may be the only holder of itself in a name that the call assigns anew.
      const ObjectPtr held = *object;
      return held->call(owner_, arguments);
    }
    raise_type_error("'" + (*object)->type_name() + "' object is not callable");
  }
  if (const Opaque* unknown = callee.as_opaque()) {
    check_unknown_call(unknown->what, *unknown, arguments);
    return opaque(unknown->what + "()", *unknown);
  }
  raise_type_error("'" + type_name(callee) + "' object is not callable");
}

void Interpreter::Implementation::check_unknown_call(const std::string& called, const Opaque& unknown,
                                                     const Arguments& arguments) const {
  if (unknown.harmless || only_talks(called) || !hands_over_database(arguments)) return;
  refuse_unknown_call(opaque(called + "()", unknown), fmt::format("what `{}()` does with the database", called));
}

std::shared_ptr<FunctionObject> Interpreter::Implementation::make_function_object(
    std::string name, const std::vector<py::Parameter>& parameters, Span span) {
  auto function = std::make_shared<FunctionObject>();
  function->name = std::move(name);
  function->parameters = &parameters;
  function->span = span;
  function->home = &owner_;
  function->defaults.reserve(parameters.size());
  for (const py::Parameter& parameter : parameters) {
    if (parameter.default_value) {
      function->defaults.emplace_back(eval(*parameter.default_value));
    } else {
      function->defaults.emplace_back(std::nullopt);
    }
  }
  std::shared_ptr<Scope> closure = scope_;
  while (closure && closure->kind == Scope::Kind::kClass) closure = closure->parent;
  if (closure) {
    captured_scopes_.emplace_back(closure);
    charge(1);
  }
  function->closure = std::move(closure);
  return function;
}

void Interpreter::Implementation::bind_parameters(FunctionObject& function, Arguments& arguments, Scope& scope) {
  const auto& parameters = *function.parameters;
  std::vector<std::optional<Value>> bound(parameters.size());
  std::vector<Value> rest;
  std::shared_ptr<Dict> extra;
  std::size_t position = 0;
  std::size_t accepted = 0;
  bool variadic = false;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const py::ParameterKind kind = parameters[i].kind;
    if (kind == py::ParameterKind::kPositionalOnly || kind == py::ParameterKind::kNormal) {
      ++accepted;
      if (position < arguments.positional.size()) bound[i] = std::move(arguments.positional[position++]);
    } else if (kind == py::ParameterKind::kVarArgs) {
      variadic = true;
      while (position < arguments.positional.size()) rest.push_back(std::move(arguments.positional[position++]));
    } else if (kind == py::ParameterKind::kKwArgs) {
      extra = std::make_shared<Dict>();
    }
  }
  const std::size_t given = arguments.positional.size();
  if (!variadic && given > accepted) {
    raise_type_error(fmt::format("{}() takes {} positional argument{} but {} {} given", function.qualified_name(),
                                 accepted, accepted == 1 ? "" : "s", given, given == 1 ? "was" : "were"));
  }
  for (auto& [name, value] : arguments.keywords) {
    std::size_t at = parameters.size();
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const bool by_name =
          parameters[i].kind == py::ParameterKind::kNormal || parameters[i].kind == py::ParameterKind::kKeywordOnly;
      if (by_name && parameters[i].name == name) at = i;
    }
    if (at < parameters.size()) {
      if (bound[at])
        raise_type_error(fmt::format("{}() got multiple values for argument '{}'", function.qualified_name(), name));
      bound[at] = std::move(value);
    } else if (extra) {
      extra->set(Value(name), std::move(value));
    } else {
      raise_type_error(fmt::format("{}() got an unexpected keyword argument '{}'", function.qualified_name(), name));
    }
  }
  std::vector<std::string> missing;
  std::vector<std::string> missing_keywords;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const py::ParameterKind kind = parameters[i].kind;
    if (kind == py::ParameterKind::kVarArgs) {
      // There is one *parameter at most. NOLINTNEXTLINE(bugprone-use-after-move)
      scope.names.set(parameters[i].name, make_tuple(std::move(rest)));
    } else if (kind == py::ParameterKind::kKwArgs) {
      scope.names.set(parameters[i].name, Value(extra));
    } else if (bound[i]) {
      scope.names.set(parameters[i].name, *std::move(bound[i]));
    } else if (function.defaults[i]) {
      scope.names.set(parameters[i].name, *function.defaults[i]);
    } else {
      (kind == py::ParameterKind::kKeywordOnly ? missing_keywords : missing).push_back(parameters[i].name);
    }
  }
  const auto complain = [&](const std::vector<std::string>& names, const char* what) {
    raise_type_error(fmt::format("{}() missing {} required {} argument{}: {}", function.qualified_name(), names.size(),
                                 what, names.size() == 1 ? "" : "s", quoted_names(names)));
  };
  if (!missing.empty()) complain(missing, "positional");
  if (!missing_keywords.empty()) complain(missing_keywords, "keyword-only");
}

Value Interpreter::Implementation::call_function(FunctionObject& function, Arguments& arguments) {
  step();
  auto scope = std::make_shared<Scope>();
  scope->parent = function.closure;
  bind_parameters(function, arguments, *scope);
  if (function.is_generator || function.is_async) {
    auto generator = std::make_shared<GeneratorObject>();
    generator->function = std::static_pointer_cast<FunctionObject>(function.shared_from_this());
    generator->scope = std::move(scope);
    return ObjectPtr(std::move(generator));
  }
  return run_body(function, scope, nullptr);
}

Value Interpreter::Implementation::run_body(FunctionObject& function, const std::shared_ptr<Scope>& scope,
                                            const YieldHook* yield) {
  if (depth_ >= limits_.depth) too_deep();
  const Span called_from = current_;
  Frame frame;
  frame.function = &function;
  frame.yield = yield;
  if (!function.parameters->empty()) {
    if (const Value* first = scope->names.find(function.parameters->front().name)) frame.first_argument = *first;
  }
  const FrameGuard guard(*this, &frame, scope);
  ++depth_;
  try {
    if (function.expression) {
      frame.return_value = eval(*function.expression);
    } else {
      execute(*function.body);
    }
  } catch (PythonError& error) {
    locate(error);
    if (called_from.begin.known() && error.chain.size() < limits_.depth) {
      error.chain.push_back({fmt::format("{}() is called here", function.name), {file_, called_from}});
    }
    --depth_;
    current_ = called_from;
    throw;
  } catch (Refusal& refusal) {
    locate(refusal);
    auto& related = refusal.diagnostic().related;
    if (called_from.begin.known() && related.size() < 5) {
      related.push_back({fmt::format("{}() is called here", function.name), {file_, called_from}});
    }
    --depth_;
    current_ = called_from;
    throw;
  } catch (const GeneratorStop&) {
    --depth_;
    current_ = called_from;
    throw;
  }
  --depth_;
  current_ = called_from;
  return std::move(frame.return_value);
}

// --- callable objects ---

std::optional<Value> FunctionObject::attribute(Interpreter&, std::string_view wanted) {
  if (const Value* found = attributes.find(wanted)) return *found;
  if (wanted == "__name__") return Value(name);
  if (wanted == "__qualname__") return Value(qualified_name());
  if (wanted == "__module__") return Value("revision");
  if (wanted == "__doc__") {
    if (body && !body->empty()) {
      if (const auto* first = std::get_if<py::ExprStmt>(&body->front().node)) {
        if (const auto* constant = std::get_if<py::Constant>(&first->value->node)) {
          if (const auto* text = std::get_if<std::string>(&constant->value)) return Value(*text);
        }
      }
    }
    return Value();
  }
  return std::nullopt;
}

bool FunctionObject::set_attribute(Interpreter& interpreter, std::string_view wanted, Value value) {
  interpreter.implementation().may_form_ring(Value(shared_from_this()), value);
  attributes.set(wanted, std::move(value));
  return true;
}

Value FunctionObject::call(Interpreter& interpreter, Arguments& arguments) {
  Interpreter::Implementation& caller = interpreter.implementation();
  if (home && home != &interpreter) return home->implementation().call_from(caller, *this, arguments);
  return caller.call_function(*this, arguments);
}

Value Interpreter::Implementation::call_from(Implementation& caller, FunctionObject& function, Arguments& arguments) {
  if (function.is_generator || function.is_async) {
    caller.not_supported(fmt::format("{}() of another module gives its results one by one, which is not supported",
                                     function.qualified_name()));
  }
  const char* const saved_base = std::exchange(stack_base_, caller.stack_base_);
  const std::uint32_t saved_depth = std::exchange(depth_, caller.depth_ + 1);
  const std::uint64_t saved_steps = std::exchange(steps_, caller.steps_);
  const Limits saved_limits = std::exchange(limits_, caller.limits_);
  // Nothing in this file called it.
  const Span saved_place = std::exchange(current_, Span());
  const auto restore = [&] {
    stack_base_ = saved_base;
    depth_ = saved_depth;
    caller.steps_ = std::exchange(steps_, saved_steps);
    limits_ = saved_limits;
    current_ = saved_place;
  };
  try {
    Value result = call_function(function, arguments);
    restore();
    return result;
  } catch (Refusal& refusal) {
    if (current_.begin.known()) locate(refusal);
    refusal.diagnostic().related.push_back({fmt::format("{}() is called here", function.name), caller.here()});
    restore();
    throw;
  } catch (PythonError& error) {
    if (current_.begin.known()) locate(error);
    error.chain.push_back({fmt::format("{}() is called here", function.name), caller.here()});
    restore();
    throw;
  } catch (...) {
    restore();
    throw;
  }
}

std::string FunctionObject::qualified_name() const {
  const auto type = owner.lock();
  return type ? type->name + "." + name : name;
}

std::string FunctionObject::repr(Interpreter&) { return "<function " + name + ">"; }

std::optional<Value> BoundMethod::attribute(Interpreter& interpreter, std::string_view wanted) {
  if (wanted == "__self__") return self_;
  if (wanted == "__func__") return function_;
  return interpreter.implementation().find_attribute(function_, wanted);
}

Value BoundMethod::call(Interpreter& interpreter, Arguments& arguments) {
  arguments.positional.insert(arguments.positional.begin(), self_);
  return interpreter.implementation().call(function_, arguments);
}

std::string BoundMethod::repr(Interpreter&) { return "<bound method>"; }

std::string Descriptor::type_name() const {
  switch (kind_) {
    case Kind::kStaticMethod:
      return "staticmethod";
    case Kind::kClassMethod:
      return "classmethod";
    case Kind::kProperty:
      return "property";
    case Kind::kMethod:
      return "function";
  }
  return "";
}

std::optional<Value> Descriptor::attribute(Interpreter&, std::string_view wanted) {
  if (wanted == "__func__" || wanted == "fget") return function_;
  if (kind_ == Kind::kProperty && (wanted == "setter" || wanted == "getter" || wanted == "deleter")) {
    const bool sets = wanted == "setter";
    const Value getter = function_;
    return make_function("property." + std::string(wanted), [getter, sets](Interpreter&, Arguments& arguments) {
      auto made = std::make_shared<Descriptor>(Kind::kProperty, getter);
      if (sets && !arguments.positional.empty()) made->setter_ = arguments.positional.front();
      return Value(ObjectPtr(std::move(made)));
    });
  }
  return std::nullopt;
}

Value Descriptor::call(Interpreter& interpreter, Arguments& arguments) {
  return interpreter.implementation().call(function_, arguments);
}

}  // namespace bascule::evaluate
