// Names and assignment targets.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return !names.empty() && std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const Value* Interpreter::Implementation::find_name(std::string_view name) {
  bool innermost = true;
  for (const Scope* scope = scope_.get(); scope; scope = scope->parent.get()) {
    // A class body's names are seen by itself only, not by the functions in it.
    if (scope->kind == Scope::Kind::kClass && !innermost) continue;
    if (scope->kind != Scope::Kind::kComprehension) innermost = false;
    if (holds(scope->globals, name)) break;
    if (const Value* found = scope->names.find(name)) return found;
  }
  if (const Value* found = globals_.find(name)) return found;
  return find_builtin(name);
}

Value Interpreter::Implementation::load_name(const std::string& name) {
  if (const Value* found = find_name(name)) {
    if (const auto* text = found->as_str(); text && text->size() > 256) charge(text->size() / 256);
    return *found;
  }
  for (const Value& module : star_modules_) {
    if (module.is_opaque()) return opaque(name, *module.as_opaque());
    if (auto found = find_attribute(module, name)) return *found;
  }
  undefined_name(name);
}

void Interpreter::Implementation::undefined_name(const std::string& name) {
  std::vector<std::string> known = builtin_names();
  for (const auto& [key, value] : globals_.entries()) known.push_back(key);
  for (const Scope* scope = scope_.get(); scope; scope = scope->parent.get()) {
    for (const auto& [key, value] : scope->names.entries()) known.push_back(key);
  }
  PythonError error(make_exception(builtin_class("NameError"), {Value(fmt::format("name '{}' is not defined", name))}));
  error.code = "undefined-name";
  error.message = fmt::format("the name `{}` is not defined", name);
  const auto near = did_you_mean(name, known);
  error.help = near ? fmt::format("did you mean `{}`?", *near) : "define or import it in the migration";
  error.location = here();
  throw error;
}

void Interpreter::Implementation::assign_name(std::string_view name, Value value) {
  for (Scope* scope = scope_.get(); scope; scope = scope->parent.get()) {
    if (holds(scope->globals, name)) break;
    if (holds(scope->nonlocals, name)) {
      for (Scope* outer = scope->parent.get(); outer; outer = outer->parent.get()) {
        if (outer->kind != Scope::Kind::kFunction) continue;
        if (Value* held = outer->names.find(name)) {
          *held = std::move(value);
          return;
        }
      }
      raise_python("SyntaxError", fmt::format("no binding for nonlocal '{}' found", name));
    }
    scope->names.set(name, std::move(value));
    return;
  }
  globals_.set(name, std::move(value));
}

bool Interpreter::Implementation::remove_name(std::string_view name) {
  for (Scope* scope = scope_.get(); scope; scope = scope->parent.get()) {
    if (holds(scope->globals, name)) break;
    return scope->names.erase(name);
  }
  return globals_.erase(name);
}

void Interpreter::Implementation::assign(const py::Expr& target, Value value) {
  if (const auto* name = std::get_if<py::Name>(&target.node)) {
    assign_name(name->id, std::move(value));
    return;
  }
  if (const auto* tuple = std::get_if<py::TupleDisplay>(&target.node)) {
    unpack(tuple->items, value, target);
    return;
  }
  if (const auto* list = std::get_if<py::ListDisplay>(&target.node)) {
    unpack(list->items, value, target);
    return;
  }
  if (const auto* attribute = std::get_if<py::Attribute>(&target.node)) {
    const Value object = eval(*attribute->object);
    current_ = target.span;
    set_attribute(object, attribute->name, std::move(value));
    return;
  }
  if (const auto* subscript = std::get_if<py::Subscript>(&target.node)) {
    const Value object = eval(*subscript->object);
    if (const auto* slice = std::get_if<py::Slice>(&subscript->index->node)) {
      current_ = target.span;
      set_slice(object, *slice, value);
      return;
    }
    const Value key = eval(*subscript->index);
    current_ = target.span;
    set_item(object, key, std::move(value));
    return;
  }
  current_ = target.span;
  not_supported("this is no target that a value can be assigned to");
}

void Interpreter::Implementation::unpack(const std::vector<py::ExprPtr>& targets, const Value& value,
                                         const py::Expr& where) {
  std::size_t star = targets.size();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (std::holds_alternative<py::Starred>(targets[i]->node)) star = i;
  }
  const bool starred = star != targets.size();
  if (const Opaque* unknown = value.as_opaque()) {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const py::Expr& target = i == star ? *std::get<py::Starred>(targets[i]->node).value : *targets[i];
      assign(target, opaque(fmt::format("{}[{}]", unknown->what, i), *unknown));
    }
    return;
  }
  current_ = where.span;
  std::vector<Value> items;
  if (const auto* sequence = value.as_sequence()) {
    items = *sequence;
  } else {
    items = items_of(value, "what is unpacked here");
  }
  if (!starred && items.size() > targets.size()) {
    raise_python("ValueError", fmt::format("too many values to unpack (expected {})", targets.size()));
  }
  if (items.size() + (starred ? 1 : 0) < targets.size()) {
    raise_python("ValueError",
                 fmt::format("not enough values to unpack (expected {}{}, got {})", starred ? "at least " : "",
                             targets.size() - (starred ? 1 : 0), items.size()));
  }
  if (!starred) {
    for (std::size_t i = 0; i < targets.size(); ++i) assign(*targets[i], std::move(items[i]));
    return;
  }
  const std::size_t after = targets.size() - star - 1;
  for (std::size_t i = 0; i < star; ++i) assign(*targets[i], items[i]);
  const auto middle = items.begin() + static_cast<std::ptrdiff_t>(star);
  const auto end = items.end() - static_cast<std::ptrdiff_t>(after);
  assign(*std::get<py::Starred>(targets[star]->node).value, make_list(std::vector<Value>(middle, end)));
  for (std::size_t i = 0; i < after; ++i) assign(*targets[star + 1 + i], items[items.size() - after + i]);
}

void Interpreter::Implementation::remove(const py::Expr& target) {
  if (const auto* name = std::get_if<py::Name>(&target.node)) {
    current_ = target.span;
    if (!remove_name(name->id)) undefined_name(name->id);
    return;
  }
  if (const auto* tuple = std::get_if<py::TupleDisplay>(&target.node)) {
    for (const auto& item : tuple->items) remove(*item);
    return;
  }
  if (const auto* list = std::get_if<py::ListDisplay>(&target.node)) {
    for (const auto& item : list->items) remove(*item);
    return;
  }
  if (const auto* attribute = std::get_if<py::Attribute>(&target.node)) {
    const Value object = eval(*attribute->object);
    current_ = target.span;
    remove_attribute(object, attribute->name);
    return;
  }
  if (const auto* subscript = std::get_if<py::Subscript>(&target.node)) {
    const Value object = eval(*subscript->object);
    if (const auto* slice = std::get_if<py::Slice>(&subscript->index->node)) {
      current_ = target.span;
      remove_slice(object, *slice);
      return;
    }
    const Value key = eval(*subscript->index);
    current_ = target.span;
    remove_item(object, key);
    return;
  }
  current_ = target.span;
  not_supported("this cannot be deleted");
}

Flow Interpreter::Implementation::run(const py::Assign& node) {
  const Span whole = current_;
  Value value = eval(*node.value);
  for (std::size_t i = 0; i + 1 < node.targets.size(); ++i) {
    current_ = whole;
    assign(*node.targets[i], value);
  }
  current_ = whole;
  assign(*node.targets.back(), std::move(value));
  return Flow::kNormal;
}

namespace {

/// As `from __future__ import annotations` keeps them: texts by name.
void keep_annotation(Scope& scope, const std::string& name, std::string_view text) {
  constexpr std::string_view kName = "__annotations__";
  if (!scope.names.find(kName)) scope.names.set(kName, Value(std::make_shared<Dict>()));
  scope.names.find(kName)->as_dict()->set(Value(name), Value(text));
}

/// What stands between the target and its value, or the end of the statement.
std::string_view annotation_text(std::string_view whole, const py::AnnAssign& node, const Span& statement) {
  const std::size_t begin = std::min<std::size_t>(node.target->span.end.offset, whole.size());
  const std::size_t end = node.value ? node.value->span.begin.offset : statement.end.offset;
  std::string_view text = whole.substr(begin, end > begin ? end - begin : 0);
  const auto is_margin = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == ':' || c == '='; };
  while (!text.empty() && is_margin(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_margin(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Flow Interpreter::Implementation::run(const py::AnnAssign& node) {
  if (const auto* name = std::get_if<py::Name>(&node.target->node);
      name && class_being_made_ && scope_ && scope_->kind == Scope::Kind::kClass) {
    auto& annotated = class_being_made_->annotated;
    if (!holds(annotated, name->id)) annotated.push_back(name->id);
    keep_annotation(*scope_, name->id, annotation_text(file_->text(), node, current_));
  }
  if (node.value) assign(*node.target, eval(*node.value));
  return Flow::kNormal;
}

Flow Interpreter::Implementation::run(const py::AugAssign& node) {
  const Span whole = current_;
  if (const auto* attribute = std::get_if<py::Attribute>(&node.target->node)) {
    const Value object = eval(*attribute->object);
    const Value held = this->attribute(object, attribute->name);
    const Value operand = eval(*node.value);
    current_ = whole;
    set_attribute(object, attribute->name, in_place(node.op, held, operand));
    return Flow::kNormal;
  }
  if (const auto* subscript = std::get_if<py::Subscript>(&node.target->node);
      subscript && !std::holds_alternative<py::Slice>(subscript->index->node)) {
    const Value object = eval(*subscript->object);
    const Value key = eval(*subscript->index);
    current_ = node.target->span;
    const Value held = get_item(object, key);
    const Value operand = eval(*node.value);
    current_ = whole;
    set_item(object, key, in_place(node.op, held, operand));
    return Flow::kNormal;
  }
  const Value held = eval(*node.target);
  const Value operand = eval(*node.value);
  current_ = whole;
  assign(*node.target, in_place(node.op, held, operand));
  return Flow::kNormal;
}

}  // namespace bascule::evaluate
