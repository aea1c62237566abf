// Statements: one run() a kind.
#include <fmt/core.h>

#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

Flow Interpreter::Implementation::execute(const py::Block& block) {
  if (!recovering_.empty() && recovering_.count(&block) != 0) return execute_recovering(block);
  for (const py::Stmt& statement : block) {
    const Flow flow = execute(statement);
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

Flow Interpreter::Implementation::execute(const py::Stmt& statement) {
  step();
  check_stack();
  current_ = statement.span;
  return std::visit([this](const auto& node) { return run(node); }, statement.node);
}

Flow Interpreter::Implementation::run(const py::ExprStmt& node) {
  // A docstring or a lone name costs nothing to skip; everything else may have effects.
  if (std::holds_alternative<py::Constant>(node.value->node)) return Flow::kNormal;
  const Value value = eval(*node.value);
  // A call of the project's own code for its effect, in a migration that runs: leaving it out in silence would leave
  // the migration half done. (What a native gives back, such as a query's result, may well be dropped.)
  const auto* call = std::get_if<py::Call>(&node.value->node);
  const Opaque* unknown = value.as_opaque();
  if (call == nullptr || frame_ == nullptr || unknown == nullptr || unknown->harmless) return Flow::kNormal;
  const auto* method = std::get_if<py::Attribute>(&call->callee->node);
  if (method == nullptr || !only_talks("." + method->name)) refuse_unknown_call(value, "what this statement does");
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::Return& node) {
  frame_->return_value = node.value ? eval(*node.value) : Value();
  return Flow::kReturn;
}

Flow Interpreter::Implementation::run(const py::Raise& node) {
  const Span whole = current_;
  if (!node.value) {
    if (handled_.empty()) raise_python("RuntimeError", "No active exception to reraise");
    throw PythonError(*handled_.back());
  }
  Value raised = eval(*node.value);
  if (node.cause) eval(*node.cause);
  current_ = whole;
  if (raised.is_opaque()) {
    throw Refusal("opaque-exception", fmt::format("the migration raises `{}`", raised.as_opaque()->what),
                  "see the condition that leads here", here());
  }
  if (auto type = raised.as<ClassObject>(); type && (type->is_exception || type->opaque_base)) {
    Arguments none;
    none.where = here();
    raised = call(raised, none);
  }
  auto instance = raised.as<Instance>();
  if (!instance || (!instance->type->is_exception && !instance->type->opaque_base))
    raise_type_error("exceptions must derive from BaseException");
  throw PythonError(std::move(instance));
}

Flow Interpreter::Implementation::run(const py::Pass&) { return Flow::kNormal; }
Flow Interpreter::Implementation::run(const py::Break&) { return Flow::kBreak; }
Flow Interpreter::Implementation::run(const py::Continue&) { return Flow::kContinue; }

Flow Interpreter::Implementation::run(const py::Delete& node) {
  for (const auto& target : node.targets) remove(*target);
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::Assert& node) {
  const Span whole = current_;
  const Value condition = eval(*node.condition);
  current_ = node.condition->span;
  if (decide(condition, "the condition of this assert")) return Flow::kNormal;
  std::vector<Value> arguments;
  if (node.message) arguments.push_back(eval(*node.message));
  current_ = whole;
  throw PythonError(make_exception(builtin_class("AssertionError"), std::move(arguments)));
}

Flow Interpreter::Implementation::run(const py::Global& node) {
  if (scope_) scope_->globals.insert(scope_->globals.end(), node.names.begin(), node.names.end());
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::Nonlocal& node) {
  if (scope_) scope_->nonlocals.insert(scope_->nonlocals.end(), node.names.begin(), node.names.end());
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::If& node) {
  const Value condition = eval(*node.condition);
  current_ = node.condition->span;
  return execute(decide(condition, "the condition of this `if`") ? node.body : node.otherwise);
}

Flow Interpreter::Implementation::run(const py::For& node) {
  if (node.is_async) not_supported("`async for` is not supported");
  Flow ended = Flow::kNormal;
  const Value iterable = eval(*node.iterable);
  current_ = node.iterable->span;
  for_each(
      iterable,
      [&](Value item) {
        step();
        assign(*node.target, std::move(item));
        const Flow flow = execute(node.body);
        if (flow == Flow::kBreak || flow == Flow::kReturn) {
          ended = flow;
          return false;
        }
        return true;
      },
      "what this `for` goes over");
  if (ended == Flow::kReturn) return Flow::kReturn;
  return ended == Flow::kBreak ? Flow::kNormal : execute(node.otherwise);
}

Flow Interpreter::Implementation::run(const py::While& node) {
  const auto goes_on = [&] {
    step();
    const Value condition = eval(*node.condition);
    current_ = node.condition->span;
    return decide(condition, "the condition of this `while`");
  };
  while (goes_on()) {
    const Flow flow = execute(node.body);
    if (flow == Flow::kReturn) return flow;
    if (flow == Flow::kBreak) return Flow::kNormal;
  }
  return execute(node.otherwise);
}

Flow Interpreter::Implementation::run(const py::With& node) {
  if (node.is_async) not_supported("`async with` is not supported");
  return run_with(node, 0);
}

Flow Interpreter::Implementation::run_with(const py::With& node, std::size_t item) {
  if (item == node.items.size()) return execute(node.body);
  const py::WithItem& part = node.items[item];
  const Value context = eval(*part.context);
  const Span place = part.context->span;
  current_ = place;
  if (context.is_opaque()) {
    if (part.target) assign(*part.target, opaque(context.as_opaque()->what, *context.as_opaque()));
    return run_with(node, item + 1);
  }
  // A @contextmanager function runs around the block: its yield is the block.
  if (auto generator = context.as<GeneratorObject>(); generator && generator->function->is_context_manager) {
    if (generator->started) raise_python("RuntimeError", "generator didn't yield");
    generator->started = true;
    Flow flow = Flow::kNormal;
    bool entered = false;
    Frame* const outer_frame = frame_;
    const auto outer_scope = scope_;
    const YieldHook hook = [&](Value value) {
      if (entered) raise_python("RuntimeError", "generator didn't stop");
      entered = true;
      const FrameGuard guard(*this, outer_frame, outer_scope);
      if (part.target) assign(*part.target, std::move(value));
      flow = run_with(node, item + 1);
    };
    run_body(*generator->function, generator->scope, &hook);
    if (!entered) raise_python("RuntimeError", "generator didn't yield");
    return flow;
  }
  const auto* object = std::get_if<ObjectPtr>(&context.payload());
  std::optional<Value> entered = object ? (*object)->enter(owner_) : std::nullopt;
  if (!entered) {
    raise_type_error("'" + type_name(context) + "' object does not support the context manager protocol");
  }
  const auto instance = context.as<Instance>();
  const auto leave = [&](Value type, Value exception) -> bool {
    if (!instance) {
      (*object)->exit(owner_, !type.is_none());
      return false;
    }
    auto result = call_special(*instance, "__exit__", {std::move(type), std::move(exception), Value()});
    return result && !result->is_opaque() && truth(*result, "the result of __exit__");
  };
  Flow flow = Flow::kNormal;
  try {
    if (part.target) assign(*part.target, *std::move(entered));
    flow = run_with(node, item + 1);
  } catch (PythonError& error) {
    locate(error);
    current_ = place;
    if (leave(Value(ObjectPtr(error.exception->type)), Value(ObjectPtr(error.exception)))) return Flow::kNormal;
    throw;
  } catch (Refusal& refusal) {
    // Nothing of the module runs behind a refusal; natives still learn that their block ended.
    locate(refusal);
    if (!instance) (*object)->exit(owner_, true);
    throw;
  } catch (const GeneratorStop&) {
    leave(Value(), Value());
    throw;
  }
  current_ = place;
  leave(Value(), Value());
  return flow;
}

bool Interpreter::Implementation::handles(const py::ExceptHandler& handler, const Instance& exception) {
  if (!handler.type) return true;
  const Value type = eval(*handler.type);
  const auto matches = [&](const Value& candidate) {
    auto held = candidate.as<ClassObject>();
    return held && exception.type->derives_from(*held);
  };
  if (const auto* tuple = type.as_tuple()) {
    for (const Value& candidate : tuple->items) {
      if (matches(candidate)) return true;
    }
    return false;
  }
  return matches(type);
}

Flow Interpreter::Implementation::run_handlers(const py::Try& node, PythonError& error) {
  for (const py::ExceptHandler& handler : node.handlers) {
    if (!handles(handler, *error.exception)) continue;
    struct Handled {
      std::vector<PythonError*>& stack;
      explicit Handled(std::vector<PythonError*>& errors, PythonError* current) : stack(errors) {
        stack.push_back(current);
      }
      ~Handled() {
        if (!stack.empty()) stack.pop_back();
      }
      Handled(const Handled&) = delete;
      Handled& operator=(const Handled&) = delete;
    } const guard(handled_, &error);
    if (handler.name.empty()) return execute(handler.body);
    assign_name(handler.name, Value(ObjectPtr(error.exception)));
    const Flow flow = execute(handler.body);
    remove_name(handler.name);
    return flow;
  }
  throw PythonError(error);
}

Flow Interpreter::Implementation::run(const py::Try& node) {
  if (node.is_star) not_supported("`except*` is not supported");
  const auto guarded_part = [&]() -> Flow {
    const auto depth = depth_;
    const auto text_depth = text_depth_;
    std::optional<PythonError> caught;
    Flow flow = Flow::kNormal;
    try {
      flow = execute(node.body);
    } catch (PythonError& error) {
      locate(error);
      caught = std::move(error);
    }
    if (caught) {
      depth_ = depth;
      text_depth_ = text_depth;
      return run_handlers(node, *caught);
    }
    return flow == Flow::kNormal ? execute(node.otherwise) : flow;
  };
  if (node.finally.empty()) return guarded_part();
  Flow flow = Flow::kNormal;
  const auto finish = [&]() -> Flow {
    // A finally block may overwrite the result that is on its way.
    const Value result = frame_ ? frame_->return_value : Value();
    const Flow ended = execute(node.finally);
    if (ended != Flow::kReturn && frame_) frame_->return_value = result;
    return ended;
  };
  std::exception_ptr leaving;
  const auto depth = depth_;
  const auto text_depth = text_depth_;
  try {
    flow = guarded_part();
  } catch (PythonError& error) {
    locate(error);
    leaving = std::current_exception();
  } catch (const GeneratorStop&) {
    leaving = std::current_exception();
  }
  depth_ = depth;
  text_depth_ = text_depth;
  const Flow ended = finish();
  if (ended != Flow::kNormal) return ended;
  if (leaving) std::rethrow_exception(leaving);
  return flow;
}

Flow Interpreter::Implementation::run(const py::FunctionDef& node) {
  auto function = make_function_object(node.name, node.parameters, current_);
  function->body = &node.body;
  function->is_async = node.is_async;
  function->is_generator = contains_yield(node.body);
  if (class_being_made_ && scope_ && scope_->kind == Scope::Kind::kClass) function->owner = class_being_made_->self();
  Value value = ObjectPtr(function);
  for (auto decorator = node.decorators.rbegin(); decorator != node.decorators.rend(); ++decorator) {
    const Value wrapper = eval(**decorator);
    current_ = (*decorator)->span;
    value = call(wrapper, {std::move(value)});
  }
  assign_name(node.name, std::move(value));
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::ClassDef& node) {
  const Span whole = current_;
  std::vector<Value> bases = eval_items(node.bases);
  std::vector<std::pair<std::string, Value>> keywords;
  for (const py::Keyword& keyword : node.keywords) keywords.emplace_back(keyword.name, eval(*keyword.value));
  current_ = whole;
  Value value = make_class(node.name, std::move(bases), &node.body, keywords);
  for (auto decorator = node.decorators.rbegin(); decorator != node.decorators.rend(); ++decorator) {
    const Value wrapper = eval(**decorator);
    current_ = (*decorator)->span;
    value = call(wrapper, {std::move(value)});
  }
  assign_name(node.name, std::move(value));
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::Match& node) {
  not_supported(node.why.empty() ? "a match statement is not evaluated" : node.why, "write it as if/elif");
}

}  // namespace bascule::evaluate
