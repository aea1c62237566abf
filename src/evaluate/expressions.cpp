// Expressions: one eval_node() a kind. Calls are in calls.cpp, operators in operators.cpp.
#include <fmt/core.h>

#include "evaluate/format.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

Value Interpreter::Implementation::eval(const py::Expr& expression) {
  step();
  check_stack();
  const Span saved = current_;
  current_ = expression.span;
  Value result = std::visit([&](const auto& node) { return eval_node(node, expression); }, expression.node);
  current_ = saved;
  return result;
}

bool Interpreter::Implementation::decide(const Value& value, const char* needed_for) {
  if (const bool* flag = value.as_bool()) return *flag;
  return truth(value, needed_for);
}

Value Interpreter::Implementation::eval_node(const py::Name& node, const py::Expr&) { return load_name(node.id); }

Value Interpreter::Implementation::eval_node(const py::Constant& node, const py::Expr&) {
  struct Visitor {
    const Implementation& interpreter;
    Value operator()(const py::Constant::None&) const { return {}; }
    Value operator()(const py::Constant::Ellipsis&) const { return *find_builtin("Ellipsis"); }
    Value operator()(bool flag) const { return flag; }
    Value operator()(std::int64_t number) const { return number; }
    Value operator()(double number) const { return number; }
    Value operator()(const std::string& text) const { return text; }
    Value operator()(const py::Constant::BytesLiteral& bytes) const { return Bytes{bytes.data}; }
    Value operator()(const py::Constant::BigInteger& big) const {
      throw Refusal("integer-too-large", fmt::format("the integer {} does not fit in 64 bits", big.digits),
                    "write it as a string or inside the SQL");
    }
    Value operator()(const py::Constant::Imaginary&) const {
      interpreter.not_supported("complex numbers are not supported");
    }
  };
  return std::visit(Visitor{*this}, node.value);
}

Value Interpreter::Implementation::eval_node(const py::FString& node, const py::Expr& whole) {
  std::string out;
  for (const auto& part : node.parts) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      out += *literal;
      continue;
    }
    const auto& field = std::get<py::FormatField>(part);
    Value value = eval(*field.value);
    if (field.show_source) out += field.source;  // with its "="
    if (const Opaque* unknown = value.as_opaque()) return opaque(unknown->what, *unknown);
    std::string spec;
    if (field.spec) {
      const Value made = eval(*field.spec);
      if (made.is_opaque()) return made;
      spec = str(made);
    }
    current_ = field.value->span;
    if (field.conversion == 'a') {
      value = Value(ascii_repr(owner_, value));
    } else if (field.conversion == 'r' || (field.show_source && spec.empty() && field.conversion == 0)) {
      value = Value(repr(value));
    } else if (field.conversion == 's') {
      value = text(value);
    }
    if (const auto* plain = value.as_str(); plain && spec.empty()) {
      out += *plain;
    } else {
      out += format_value(owner_, value, spec);
    }
    check_text(out.size());
  }
  current_ = whole.span;
  charge(out.size() / 64);
  return out;
}

Value Interpreter::Implementation::eval_node(const py::Attribute& node, const py::Expr& whole) {
  const Value object = eval(*node.object);
  current_ = whole.span;
  return attribute(object, node.name);
}

Value Interpreter::Implementation::eval_node(const py::Subscript& node, const py::Expr& whole) {
  const Value object = eval(*node.object);
  if (const auto* slice = std::get_if<py::Slice>(&node.index->node)) {
    current_ = whole.span;
    return get_slice(object, *slice);
  }
  const Value key = eval(*node.index);
  current_ = whole.span;
  return get_item(object, key);
}

Value Interpreter::Implementation::eval_node(const py::Slice&, const py::Expr&) {
  not_supported("a slice of several dimensions is not supported");
}

Value Interpreter::Implementation::eval_node(const py::Starred&, const py::Expr&) {
  raise_python("SyntaxError", "can't use starred expression here");
}

Value Interpreter::Implementation::eval_node(const py::Binary& node, const py::Expr& whole) {
  const Value left = eval(*node.left);
  const Value right = eval(*node.right);
  current_ = whole.span;
  return binary(node.op, left, right);
}

Value Interpreter::Implementation::eval_node(const py::Unary& node, const py::Expr& whole) {
  const Value operand = eval(*node.operand);
  current_ = whole.span;
  if (node.op == py::UnaryOp::kNot) {
    current_ = node.operand->span;
    return !decide(operand, "the condition of this `not`");
  }
  return unary(node.op, operand);
}

Value Interpreter::Implementation::eval_node(const py::BoolOp& node, const py::Expr&) {
  Value value;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    value = eval(*node.operands[i]);
    if (i + 1 == node.operands.size()) break;
    current_ = node.operands[i]->span;
    if (decide(value, node.is_and ? "the condition of this `and`" : "the condition of this `or`") != node.is_and) break;
  }
  return value;
}

Value Interpreter::Implementation::eval_node(const py::Compare& node, const py::Expr& whole) {
  Value left = eval(*node.left);
  Value result;
  for (std::size_t i = 0; i < node.rest.size(); ++i) {
    Value right = eval(*node.rest[i].second);
    current_ = whole.span;
    result = compare(node.rest[i].first, left, right);
    if (i + 1 == node.rest.size()) break;
    if (!decide(result, "this comparison")) break;
    left = std::move(right);
  }
  return result;
}

Value Interpreter::Implementation::eval_node(const py::Conditional& node, const py::Expr&) {
  const Value condition = eval(*node.condition);
  current_ = node.condition->span;
  return eval(decide(condition, "the condition of this `if`") ? *node.then : *node.otherwise);
}

std::vector<Value> Interpreter::Implementation::eval_items(const std::vector<py::ExprPtr>& items) {
  std::vector<Value> values;
  values.reserve(items.size());
  for (const auto& item : items) {
    if (const auto* starred = std::get_if<py::Starred>(&item->node)) {
      const Value inner = eval(*starred->value);
      current_ = item->span;
      for_each(
          inner,
          [&](Value value) {
            values.push_back(std::move(value));
            return true;
          },
          "what is unpacked here");
    } else {
      values.push_back(eval(*item));
    }
    check_items(values.size());
  }
  return values;
}

Value Interpreter::Implementation::eval_node(const py::ListDisplay& node, const py::Expr&) {
  return make_list(eval_items(node.items));
}

Value Interpreter::Implementation::eval_node(const py::TupleDisplay& node, const py::Expr&) {
  return make_tuple(eval_items(node.items));
}

Value Interpreter::Implementation::eval_node(const py::SetDisplay& node, const py::Expr&) {
  auto set = std::make_shared<Set>();
  for (Value& value : eval_items(node.items)) set->add(std::move(value));
  return set;
}

Value Interpreter::Implementation::eval_node(const py::DictDisplay& node, const py::Expr& whole) {
  auto dict = std::make_shared<Dict>();
  for (const auto& [key, value] : node.items) {
    if (key) {
      Value name = eval(*key);
      Value held = eval(*value);
      current_ = key->span;
      dict->set(std::move(name), std::move(held));
      continue;
    }
    const Value other = eval(*value);
    current_ = value->span;
    const Value* inner = payload_of(other);
    const Dict* entries = inner ? inner->as_dict() : other.as_dict();
    if (other.is_opaque()) refuse_opaque(other, "what is unpacked into this dict");
    if (!entries) raise_type_error("'" + type_name(other) + "' object is not a mapping");
    charge(entries->size());
    for (const auto& [name, held] : entries->entries()) dict->set(name, held);
  }
  current_ = whole.span;
  return dict;
}

Value Interpreter::Implementation::eval_node(const py::Lambda& node, const py::Expr& whole) {
  auto function = make_function_object("<lambda>", node.parameters, whole.span);
  function->expression = node.body.get();
  return ObjectPtr(std::move(function));
}

Value Interpreter::Implementation::eval_node(const py::NamedExpr& node, const py::Expr&) {
  Value value = eval(*node.value);
  // The name belongs to the function around a comprehension, not to the comprehension.
  std::shared_ptr<Scope> target = scope_;
  while (target && target->kind == Scope::Kind::kComprehension) target = target->parent;
  const ScopeGuard guard(*this, std::move(target));
  assign_name(node.name, value);
  return value;
}

Value Interpreter::Implementation::eval_node(const py::Await& node, const py::Expr& whole) {
  const Value awaited = eval(*node.value);
  current_ = whole.span;
  if (const Opaque* unknown = awaited.as_opaque()) return opaque(unknown->what, *unknown);
  not_supported("`await` is not evaluated", "write the migration without async functions");
}

Value Interpreter::Implementation::eval_node(const py::Yield& node, const py::Expr& whole) {
  Value value = node.value ? eval(*node.value) : Value();
  current_ = whole.span;
  if (!frame_ || !frame_->yield) raise_python("SyntaxError", "'yield' outside function");
  const YieldHook& yield = *frame_->yield;
  if (!node.from) {
    yield(std::move(value));
    return {};
  }
  for_each(
      value,
      [&](Value item) {
        yield(std::move(item));
        return true;
      },
      "what `yield from` goes over");
  return {};
}

// --- comprehensions ---

void Interpreter::Implementation::run_clauses(const py::Comprehension& node, std::size_t clause,
                                              const std::function<void()>& emit) {
  if (clause == node.clauses.size()) {
    emit();
    return;
  }
  const py::ComprehensionClause& part = node.clauses[clause];
  if (part.is_async) not_supported("`async for` is not supported");
  Value iterable;
  if (clause == 0) {
    // The first iterable belongs to the scope around the comprehension.
    const ScopeGuard guard(*this, scope_->parent);
    iterable = eval(*part.iterable);
  } else {
    iterable = eval(*part.iterable);
  }
  current_ = part.iterable->span;
  for_each(
      iterable,
      [&](Value item) {
        step();
        assign(*part.target, std::move(item));
        for (const auto& condition : part.conditions) {
          const Value held = eval(*condition);
          current_ = condition->span;
          if (!decide(held, "the condition of this comprehension")) return true;
        }
        run_clauses(node, clause + 1, emit);
        return true;
      },
      "what this comprehension goes over");
}

Value Interpreter::Implementation::eval_node(const py::Comprehension& node, const py::Expr&) {
  auto scope = std::make_shared<Scope>();
  scope->kind = Scope::Kind::kComprehension;
  scope->parent = scope_;
  const ScopeGuard guard(*this, scope);
  switch (node.kind) {
    case py::ComprehensionKind::kList:
    case py::ComprehensionKind::kGenerator: {
      std::vector<Value> items;
      run_clauses(node, 0, [&] {
        items.push_back(eval(*node.element));
        check_items(items.size());
      });
      if (node.kind == py::ComprehensionKind::kList) return make_list(std::move(items));
      return ObjectPtr(std::make_shared<IteratorObject>("generator", std::move(items)));
    }
    case py::ComprehensionKind::kSet: {
      auto set = std::make_shared<Set>();
      run_clauses(node, 0, [&] { set->add(eval(*node.element)); });
      return set;
    }
    case py::ComprehensionKind::kDict: {
      auto dict = std::make_shared<Dict>();
      run_clauses(node, 0, [&] {
        Value key = eval(*node.element);
        dict->set(std::move(key), eval(*node.value));
      });
      return dict;
    }
  }
  return {};
}

}  // namespace bascule::evaluate
