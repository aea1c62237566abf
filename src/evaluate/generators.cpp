// Iteration. A generator is never suspended: its loop's body runs inside its yield.
#include <fmt/core.h>

#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

std::size_t character_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

/// Looks for a yield in the body of one function, not in the functions written inside it.
struct YieldFinder {
  bool block(const py::Block& statements) const {
    for (const py::Stmt& statement : statements) {
      if (std::visit(*this, statement.node)) return true;
    }
    return false;
  }
  bool any(const std::vector<py::ExprPtr>& expressions) const {
    for (const auto& expression : expressions) {
      if (some(expression)) return true;
    }
    return false;
  }
  bool some(const py::ExprPtr& expression) const { return expression && std::visit(*this, expression->node); }

  bool operator()(const py::Name&) const { return false; }
  bool operator()(const py::Constant&) const { return false; }
  bool operator()(const py::FString& node) const {
    for (const auto& part : node.parts) {
      const auto* field = std::get_if<py::FormatField>(&part);
      if (field && some(field->value)) return true;
    }
    return false;
  }
  bool operator()(const py::Attribute& node) const { return some(node.object); }
  bool operator()(const py::Subscript& node) const { return some(node.object) || some(node.index); }
  bool operator()(const py::Slice& node) const { return some(node.lower) || some(node.upper) || some(node.step); }
  bool operator()(const py::Call& node) const {
    if (some(node.callee) || any(node.positional)) return true;
    for (const py::Keyword& keyword : node.keywords) {
      if (some(keyword.value)) return true;
    }
    return false;
  }
  bool operator()(const py::Starred& node) const { return some(node.value); }
  bool operator()(const py::Binary& node) const { return some(node.left) || some(node.right); }
  bool operator()(const py::Unary& node) const { return some(node.operand); }
  bool operator()(const py::BoolOp& node) const { return any(node.operands); }
  bool operator()(const py::Compare& node) const {
    if (some(node.left)) return true;
    for (const auto& [op, operand] : node.rest) {
      if (some(operand)) return true;
    }
    return false;
  }
  bool operator()(const py::Conditional& node) const {
    return some(node.condition) || some(node.then) || some(node.otherwise);
  }
  bool operator()(const py::ListDisplay& node) const { return any(node.items); }
  bool operator()(const py::TupleDisplay& node) const { return any(node.items); }
  bool operator()(const py::SetDisplay& node) const { return any(node.items); }
  bool operator()(const py::DictDisplay& node) const {
    for (const auto& [key, value] : node.items) {
      if (some(key) || some(value)) return true;
    }
    return false;
  }
  bool operator()(const py::Comprehension& node) const {
    return !node.clauses.empty() && some(node.clauses.front().iterable);
  }
  bool operator()(const py::Lambda&) const { return false; }
  bool operator()(const py::NamedExpr& node) const { return some(node.value); }
  bool operator()(const py::Await& node) const { return some(node.value); }
  bool operator()(const py::Yield&) const { return true; }

  bool operator()(const py::ExprStmt& node) const { return some(node.value); }
  bool operator()(const py::Assign& node) const { return some(node.value) || any(node.targets); }
  bool operator()(const py::AnnAssign& node) const { return some(node.value); }
  bool operator()(const py::AugAssign& node) const { return some(node.value); }
  bool operator()(const py::Return& node) const { return some(node.value); }
  bool operator()(const py::Raise& node) const { return some(node.value) || some(node.cause); }
  bool operator()(const py::Pass&) const { return false; }
  bool operator()(const py::Break&) const { return false; }
  bool operator()(const py::Continue&) const { return false; }
  bool operator()(const py::Delete& node) const { return any(node.targets); }
  bool operator()(const py::Assert& node) const { return some(node.condition) || some(node.message); }
  bool operator()(const py::Global&) const { return false; }
  bool operator()(const py::Nonlocal&) const { return false; }
  bool operator()(const py::Import&) const { return false; }
  bool operator()(const py::ImportFrom&) const { return false; }
  bool operator()(const py::If& node) const {
    return some(node.condition) || block(node.body) || block(node.otherwise);
  }
  bool operator()(const py::For& node) const {
    return some(node.iterable) || block(node.body) || block(node.otherwise);
  }
  bool operator()(const py::While& node) const {
    return some(node.condition) || block(node.body) || block(node.otherwise);
  }
  bool operator()(const py::With& node) const {
    for (const py::WithItem& item : node.items) {
      if (some(item.context)) return true;
    }
    return block(node.body);
  }
  bool operator()(const py::Try& node) const {
    for (const py::ExceptHandler& handler : node.handlers) {
      if (block(handler.body)) return true;
    }
    return block(node.body) || block(node.otherwise) || block(node.finally);
  }
  bool operator()(const py::FunctionDef&) const { return false; }
  bool operator()(const py::ClassDef&) const { return false; }
  bool operator()(const py::Match&) const { return false; }
};

}  // namespace

bool Interpreter::Implementation::contains_yield(const py::Block& body) {
  auto [found, added] = generators_.try_emplace(&body, false);
  if (added) found->second = YieldFinder{}.block(body);
  return found->second;
}

void Interpreter::Implementation::run_generator(GeneratorObject& generator, const std::function<bool(Value)>& body) {
  if (generator.function->is_async) {
    not_supported(fmt::format("{}() is an async function", generator.function->name),
                  "write the migration without async functions");
  }
  generator.started = true;
  Frame* const outer_frame = frame_;
  const auto outer_scope = scope_;
  const Span outer_place = current_;
  const auto outer_depth = depth_;
  std::exception_ptr failed;
  const YieldHook hook = [&](Value value) {
    const Span inside = current_;
    bool more = true;
    {
      const FrameGuard guard(*this, outer_frame, outer_scope);
      // What fails in the loop's body is not the generator's to catch.
      try {
        more = body(std::move(value));
      } catch (PythonError& error) {
        locate(error);
        failed = std::current_exception();
      } catch (const GeneratorStop&) {
        failed = std::current_exception();
      }
    }
    if (failed || !more) throw GeneratorStop{&generator};
    current_ = inside;
  };
  try {
    run_body(*generator.function, generator.scope, &hook);
  } catch (const GeneratorStop& stop) {
    if (stop.generator != &generator) throw;
  }
  current_ = outer_place;
  depth_ = outer_depth;
  if (failed) std::rethrow_exception(failed);
}

void Interpreter::Implementation::for_each(const Value& iterable, const std::function<bool(Value)>& body,
                                           const char* needed_for) {
  if (iterable.as_list()) {
    // Held, and looked at by position: the body may change the list.
    const ListPtr list = std::get<ListPtr>(iterable.payload());
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      if (!body(list->items[i])) return;
    }
    return;
  }
  if (iterable.as_tuple()) {
    const TuplePtr tuple = std::get<TuplePtr>(iterable.payload());
    for (const Value& item : tuple->items) {
      if (!body(item)) return;
    }
    return;
  }
  if (iterable.as_dict()) {
    const DictPtr dict = std::get<DictPtr>(iterable.payload());
    const std::size_t size = dict->size();
    const Span place = current_;
    for (std::size_t i = 0; i < dict->size(); ++i) {
      if (!body(dict->entries()[i].first)) return;
      if (dict->size() != size) {
        current_ = place;
        raise_python("RuntimeError", "dictionary changed size during iteration");
      }
    }
    return;
  }
  if (iterable.as_set()) {
    const SetPtr set = std::get<SetPtr>(iterable.payload());
    const std::size_t size = set->items().size();
    for (std::size_t i = 0; i < set->items().size(); ++i) {
      if (!body(set->items()[i])) return;
      if (set->items().size() != size) raise_python("RuntimeError", "Set changed size during iteration");
    }
    return;
  }
  if (const auto* held = iterable.as_str()) {
    const std::string text = *held;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t bytes = character_bytes(static_cast<unsigned char>(text[at]));
      if (!body(Value(text.substr(at, bytes)))) return;
      at += bytes;
    }
    return;
  }
  if (const auto* held = iterable.as_bytes()) {
    const std::string data = held->data;
    for (const char byte : data) {
      if (!body(Value(static_cast<std::int64_t>(static_cast<unsigned char>(byte))))) return;
    }
    return;
  }
  if (iterable.is_opaque()) refuse_opaque(iterable, needed_for);
  if (auto range = iterable.as<RangeObject>()) {
    for (std::int64_t i = 0; i < range->count(); ++i) {
      step();
      if (!body(Value(range->at(i)))) return;
    }
    return;
  }
  if (auto iterator = iterable.as<IteratorObject>()) {
    while (auto item = iterator->next()) {
      if (!body(*std::move(item))) return;
    }
    return;
  }
  if (auto generator = iterable.as<GeneratorObject>()) {
    if (generator->collected) {
      while (auto item = generator->collected->next()) {
        if (!body(*std::move(item))) return;
      }
    } else if (!generator->started) {
      run_generator(*generator, body);
    }
    return;
  }
  if (const auto* object = std::get_if<ObjectPtr>(&iterable.payload())) {
    if (auto instance = iterable.as<Instance>(); instance && instance->type->lookup("__next__") && !instance->payload) {
      const Value iterator = instance->type->lookup("__iter__") ? *call_special(*instance, "__iter__", {}) : iterable;
      while (auto item = next(iterator)) {
        step();
        if (!body(*std::move(item))) return;
      }
      return;
    }
    if (auto items = (*object)->iterate(owner_)) {
      charge(items->size());
      for (Value& item : *items) {
        if (!body(std::move(item))) return;
      }
      return;
    }
  }
  raise_type_error("'" + type_name(iterable) + "' object is not iterable");
}

std::vector<Value> Interpreter::Implementation::items_of(const Value& iterable, const char* needed_for) {
  if (const auto* items = iterable.as_sequence()) {
    charge(items->size());
    return *items;
  }
  std::vector<Value> items;
  for_each(
      iterable,
      [&](Value item) {
        step();
        items.push_back(std::move(item));
        check_items(items.size());
        return true;
      },
      needed_for);
  return items;
}

std::optional<Value> Interpreter::Implementation::next(const Value& iterator) {
  if (auto items = iterator.as<IteratorObject>()) return items->next();
  if (auto generator = iterator.as<GeneratorObject>()) {
    if (!generator->collected) {
      std::vector<Value> items;
      if (!generator->started) {
        run_generator(*generator, [&](Value item) {
          items.push_back(std::move(item));
          check_items(items.size());
          return true;
        });
      }
      generator->collected = std::make_shared<IteratorObject>("generator", std::move(items));
    }
    return generator->collected->next();
  }
  if (auto instance = iterator.as<Instance>()) {
    if (instance->type->lookup("__next__")) {
      static const auto stop = builtin_class("StopIteration");
      try {
        return call_special(*instance, "__next__", {});
      } catch (PythonError& error) {
        if (!error.exception->type->derives_from(*stop)) throw;
        return std::nullopt;
      }
    }
  }
  if (iterator.is_opaque()) refuse_opaque(iterator, "what next() goes over");
  raise_type_error("'" + type_name(iterator) + "' object is not an iterator");
}

std::optional<Value> IteratorObject::next() {
  if (position_ >= items_.size()) return std::nullopt;
  return std::move(items_[position_++]);
}

std::optional<std::vector<Value>> IteratorObject::iterate(Interpreter&) {
  std::vector<Value> rest;
  while (auto item = next()) rest.push_back(*std::move(item));
  return rest;
}

std::optional<Value> GeneratorObject::attribute(Interpreter& interpreter, std::string_view wanted) {
  if (wanted == "close") {
    return make_function("generator.close", [](Interpreter&, Arguments&) { return Value(); });
  }
  if (wanted == "__next__" || wanted == "send") {
    const Value self = shared_from_this();
    return make_function("generator.send", [self](Interpreter& owner, Arguments&) {
      if (auto item = owner.implementation().next(self)) return *std::move(item);
      raise_python("StopIteration", "");
    });
  }
  (void)interpreter;
  return std::nullopt;
}

std::optional<std::vector<Value>> GeneratorObject::iterate(Interpreter& interpreter) {
  return interpreter.implementation().items_of(Value(shared_from_this()), "a generator");
}

// --- range ---

RangeObject::RangeObject(std::int64_t start, std::int64_t stop, std::int64_t step)
    : start_(start), stop_(stop), step_(step) {
  // In 128 bits: stop - start may not fit in 64.
  const auto distance = static_cast<Wide>(stop) - start;
  const Wide wide = step;
  Wide count = 0;
  if (step > 0 && distance > 0) count = (distance + wide - 1) / wide;
  if (step < 0 && distance < 0) count = (distance + wide + 1) / wide;
  count_ = count > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(count);
}

bool RangeObject::holds(std::int64_t number) const {
  if (count_ == 0) return false;
  const bool inside = step_ > 0 ? number >= start_ && number < stop_ : number <= start_ && number > stop_;
  return inside && (static_cast<Wide>(number) - start_) % step_ == 0;
}

std::optional<Value> RangeObject::attribute(Interpreter&, std::string_view wanted) {
  if (wanted == "start") return Value(start_);
  if (wanted == "stop") return Value(stop_);
  if (wanted == "step") return Value(step_);
  return std::nullopt;
}

std::optional<Value> RangeObject::index(Interpreter&, const Value& key) {
  const auto* position = key.as_int();
  if (!position) raise_type_error("range indices must be integers, not " + evaluate::type_name(key));
  const std::int64_t at_position = *position < 0 ? *position + count_ : *position;
  if (at_position < 0 || at_position >= count_) raise_python("IndexError", "range object index out of range");
  return Value(at(at_position));
}

std::optional<std::vector<Value>> RangeObject::iterate(Interpreter& interpreter) {
  interpreter.implementation().check_items(static_cast<std::uint64_t>(count_));
  interpreter.implementation().charge(static_cast<std::uint64_t>(count_));
  std::vector<Value> items;
  items.reserve(static_cast<std::size_t>(count_));
  for (std::int64_t i = 0; i < count_; ++i) items.emplace_back(at(i));
  return items;
}

std::optional<std::int64_t> RangeObject::length(Interpreter&) { return count_; }

std::optional<bool> RangeObject::contains(Interpreter&, const Value& item) {
  if (const auto* number = item.as_int()) return holds(*number);
  if (const auto* flag = item.as_bool()) return holds(*flag ? 1 : 0);
  if (const auto* real = item.as_float()) {
    return *real == static_cast<double>(static_cast<std::int64_t>(*real)) && holds(static_cast<std::int64_t>(*real));
  }
  return false;
}

std::string RangeObject::repr(Interpreter&) {
  return step_ == 1 ? fmt::format("range({}, {})", start_, stop_)
                    : fmt::format("range({}, {}, {})", start_, stop_, step_);
}

bool RangeObject::equals(const Object& other) const {
  const auto* range = dynamic_cast<const RangeObject*>(&other);
  if (!range || count_ != range->count_) return false;
  return count_ == 0 || (start_ == range->start_ && (count_ == 1 || step_ == range->step_));
}

}  // namespace bascule::evaluate
