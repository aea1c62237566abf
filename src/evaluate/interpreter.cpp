#include "evaluate/interpreter.h"

#include <fmt/core.h>

#include "base/check.h"
#include "base/text.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

/// The part of an 8 MB stack that evaluation may use; the rest is for natives and whoever called.
constexpr std::ptrdiff_t kStackBytes = 5 * 1024 * 1024;
constexpr std::size_t kMaxRelated = 5;

const char* stack_address() { return static_cast<const char*>(__builtin_frame_address(0)); }

/// The first line of the source at a place: "from myapp import settings".
std::string source_of(const Location& place) {
  if (!place.file || !place.span.begin.known()) return "";
  return std::string(trim(place.file->line(place.span.begin.line)));
}

}  // namespace

Interpreter::Implementation::Implementation(Interpreter& owner, SourceFilePtr file, const py::Module& module,
                                            ModuleProvider& modules,
                                            const std::map<std::string, std::string>& environment, Limits limits)
    : owner_(owner),
      file_(std::move(file)),
      module_(module),
      modules_(modules),
      environment_(environment),
      limits_(limits) {
  globals_.set("__name__", Value("revision"));
  globals_.set("__file__", Value(file_ ? file_->path() : std::string()));
  globals_.set("__doc__", module.docstring ? Value(*module.docstring) : Value());
}

Interpreter::Implementation::~Implementation() {
  globals_.clear();
  for (const auto& weak : captured_scopes_) {
    if (auto scope = weak.lock()) scope->names.clear();
  }
  for (const auto& weak : classes_) {
    if (auto type = weak.lock()) {
      type->names.clear();
      type->members.clear();
    }
  }
  for (const auto& weak : ring_lists_) {
    if (auto list = weak.lock()) release(std::move(list->items));
  }
  for (const auto& weak : ring_dicts_) {
    if (auto dict = weak.lock()) dict->clear();
  }
  for (const auto& weak : ring_objects_) {
    auto object = weak.lock();
    if (auto instance = std::dynamic_pointer_cast<Instance>(object)) instance->attributes.clear();
    if (auto function = std::dynamic_pointer_cast<FunctionObject>(object)) function->attributes.clear();
  }
}

void Interpreter::Implementation::may_form_ring(const Value& holder, const Value& held) {
  if (!held.as_list() && !held.as_dict() && !held.as_tuple() && !held.as_set() &&
      !std::holds_alternative<ObjectPtr>(held.payload())) {
    return;
  }
  if (const auto* list = std::get_if<ListPtr>(&holder.payload())) ring_lists_.emplace_back(*list);
  if (const auto* dict = std::get_if<DictPtr>(&holder.payload())) ring_dicts_.emplace_back(*dict);
  if (const auto* object = std::get_if<ObjectPtr>(&holder.payload())) ring_objects_.emplace_back(*object);
}

// --- bounds ---

void Interpreter::Implementation::too_many_steps() const {
  throw Refusal(
      "too-many-steps", fmt::format("the evaluation did not end within {} steps", limits_.steps),
      "look for a loop that does not end, or allow more with evaluation_steps under [alembic] in bascule.toml");
}

void Interpreter::Implementation::too_deep() const {
  throw Refusal("too-deep", fmt::format("calls are nested deeper than {} levels", limits_.depth),
                "look for a recursion that does not end, or allow more with evaluation_depth under [alembic] in "
                "bascule.toml");
}

void Interpreter::Implementation::check_stack() const {
  if (stack_base_ - stack_address() > kStackBytes) too_deep();
}

void Interpreter::Implementation::check_items(std::uint64_t count) const {
  if (count > limits_.size) {
    throw Refusal("too-large", fmt::format("a container would hold more than {} items", limits_.size),
                  "allow more with evaluation_size under [alembic] in bascule.toml");
  }
}

void Interpreter::Implementation::check_text(std::uint64_t bytes) const {
  if (bytes > limits_.size) {
    throw Refusal("too-large", fmt::format("a string would be longer than {} characters", limits_.size),
                  "allow more with evaluation_size under [alembic] in bascule.toml");
  }
}

void Interpreter::Implementation::not_supported(const std::string& what, const std::string& help) const {
  throw Refusal("not-supported", what, help.empty() ? "rewrite this part of the migration without it" : help);
}

// --- places and failures ---

void Interpreter::Implementation::locate(PythonError& error) const {
  if (!error.location.file) error.location = here();
}

void Interpreter::Implementation::locate(Refusal& refusal) const {
  if (!refusal.diagnostic().location.file) refusal.diagnostic().location = here();
}

void Interpreter::Implementation::refuse_unknown_call(const Value& value, const std::string& what_it_does) const {
  try {
    refuse_opaque(value, what_it_does);
  } catch (Refusal& refusal) {
    if (refusal.diagnostic().code == "opaque-value") refusal.diagnostic().help = modules_.instead_of_unknown_call();
    throw;
  }
}

void Interpreter::Implementation::refuse_opaque(const Value& value, const std::string& needed_for) const {
  Diagnostic diagnostic;
  diagnostic.code = "opaque-value";
  diagnostic.message = needed_for + " is not known without running the project's code";
  diagnostic.help = "write the value as a literal in the migration";
  diagnostic.location = here();
  if (const Opaque* unknown = value.as_opaque()) {
    if (unknown->cause == kPoisoned) diagnostic.code = kFollowOn;
    const std::string source = source_of(unknown->origin);
    if (source.empty()) {
      diagnostic.cause = fmt::format("`{}` is {}", unknown->what, unknown->cause);
    } else {
      diagnostic.cause = fmt::format("`{}` comes from `{}` at line {} ({})", unknown->what, source,
                                     unknown->origin.span.begin.line, unknown->cause);
      diagnostic.related.push_back({"it comes from here", unknown->origin});
    }
  }
  throw Refusal(std::move(diagnostic));
}

void Interpreter::Implementation::raise_key_error(const Value& key) {
  throw PythonError(make_exception(builtin_class("KeyError"), {key}));
}

Diagnostic Interpreter::Implementation::describe(PythonError& error) {
  locate(error);
  Diagnostic diagnostic;
  diagnostic.code = error.code.empty() ? "python-exception" : error.code;
  diagnostic.location = error.location;
  diagnostic.help = error.help;
  if (!error.message.empty()) {
    diagnostic.message = error.message;
  } else {
    std::string text;
    try {
      text = str(Value(ObjectPtr(error.exception)));
    } catch (const std::exception&) {
      text = "(its text cannot be made)";
    }
    // A diagnostic is one line; the rest of a long text is in the file.
    if (auto end = text.find('\n'); end != std::string::npos) text.resize(end);
    diagnostic.message = error.exception->type->name + (text.empty() ? "" : ": " + text);
  }
  // The outermost calls say how the migration got there.
  const std::size_t first = error.chain.size() > kMaxRelated ? error.chain.size() - kMaxRelated : 0;
  for (std::size_t i = error.chain.size(); i > first; --i) diagnostic.related.push_back(error.chain[i - 1]);
  return diagnostic;
}

// --- entry points ---

template <class Result, class Action>
Result Interpreter::Implementation::guarded(Action action) {
  const char* saved_base = stack_base_;
  if (!stack_base_) {
    stack_base_ = stack_address();
    bound_comparisons(4 * limits_.steps);
  }
  const auto saved_scope = scope_;
  Frame* const saved_frame = frame_;
  const auto saved_depth = depth_;
  const auto restore = [&] {
    stack_base_ = saved_base;
    if (!saved_base) unbound_comparisons();
    scope_ = saved_scope;
    frame_ = saved_frame;
    depth_ = saved_depth;
    text_depth_ = 0;
    handled_.clear();
  };
  try {
    Result result = action();
    restore();
    return result;
  } catch (Refusal& refusal) {
    locate(refusal);
    restore();
    return failure(std::move(refusal.diagnostic()));
  } catch (PythonError& error) {
    Diagnostic diagnostic = describe(error);
    restore();
    return failure(std::move(diagnostic));
  } catch (const GeneratorStop&) {
    restore();
    throw InternalError("a generator's stop left its loop");
  }
}

void Interpreter::Implementation::run_module() { execute(module_.body); }

Interpreter::Interpreter(SourceFilePtr file, const syntax::python::Module& module, ModuleProvider& modules,
                         const std::map<std::string, std::string>& environment, Limits limits)
    : implementation_(std::make_unique<Implementation>(*this, std::move(file), module, modules, environment, limits)) {}

Interpreter::~Interpreter() = default;

Result<void, Diagnostic> Interpreter::run_module() {
  return implementation_->guarded<Result<void, Diagnostic>>([&] {
    implementation_->run_module();
    return Result<void, Diagnostic>();
  });
}

Result<void, Diagnostic> Interpreter::run_statement(const syntax::python::Stmt& statement) {
  return implementation_->guarded<Result<void, Diagnostic>>([&] {
    implementation_->execute(statement);
    return Result<void, Diagnostic>();
  });
}

void Interpreter::set_global(std::string_view name, Value value) {
  implementation_->globals().set(std::string(name), std::move(value));
}

Result<Value, Diagnostic> Interpreter::call_global(std::string_view name, Arguments arguments, Diagnostics* passed) {
  auto result = implementation_->guarded<Result<Value, Diagnostic>>([&]() -> Result<Value, Diagnostic> {
    const Value* found = implementation_->globals().find(name);
    if (!found) {
      Diagnostic diagnostic;
      diagnostic.code = "missing-function";
      diagnostic.message = fmt::format("there is no function {}()", name);
      diagnostic.location.file = implementation_->file();
      return failure(std::move(diagnostic));
    }
    const Value function = *found;
    implementation_->leave_source();
    // A function that the module imports, or wraps in what it imports, is code that is not there.
    if (function.is_opaque()) implementation_->refuse_unknown_call(function, fmt::format("what {}() does", name));
    if (passed) return implementation_->call_recovering(function, arguments, *passed);
    return implementation_->call(function, arguments);
  });
  // What only follows from an error that was passed is said with that one.
  if (!result && passed && result.error().code == kFollowOn) return Value();
  return result;
}

std::optional<Value> Interpreter::global(std::string_view name) const {
  const Value* found = implementation_->globals().find(name);
  return found ? std::optional<Value>(*found) : std::nullopt;
}

Value Interpreter::call(const Value& callee, Arguments arguments) { return implementation_->call(callee, arguments); }
Value Interpreter::attribute(const Value& object, std::string_view name) {
  return implementation_->attribute(object, name);
}
bool Interpreter::truth(const Value& value) { return implementation_->truth(value, "this condition"); }
std::string Interpreter::str(const Value& value) {
  if (value.is_opaque()) implementation_->refuse_opaque(value, "this text");
  return implementation_->str(value);
}
std::string Interpreter::repr(const Value& value) { return implementation_->repr(value); }
std::vector<Value> Interpreter::iterate(const Value& value) {
  return implementation_->items_of(value, "what is gone over here");
}
Location Interpreter::here() const { return implementation_->here(); }
const std::map<std::string, std::string>& Interpreter::environment() const { return implementation_->environment(); }
void Interpreter::refuse_opaque(const Value& value, const std::string& needed_for) {
  implementation_->refuse_opaque(value, needed_for);
}

}  // namespace bascule::evaluate
