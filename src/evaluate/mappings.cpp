#include "evaluate/mappings.h"

#include <algorithm>

#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

using Core = Interpreter::Implementation;

/// keys(), values(), items(): made when they are asked for; a list that reads as Python's view.
class DictView final : public Object {
 public:
  enum class Kind { kKeys, kValues, kItems };
  DictView(DictPtr dict, Kind kind) : dict_(std::move(dict)), kind_(kind) {}
  std::string type_name() const override {
    return kind_ == Kind::kKeys ? "dict_keys" : kind_ == Kind::kValues ? "dict_values" : "dict_items";
  }
  std::vector<Value> items() const {
    std::vector<Value> out;
    out.reserve(dict_->size());
    for (const auto& [key, value] : dict_->entries()) {
      switch (kind_) {
        case Kind::kKeys:
          out.push_back(key);
          break;
        case Kind::kValues:
          out.push_back(value);
          break;
        case Kind::kItems:
          out.push_back(make_tuple({key, value}));
          break;
      }
    }
    return out;
  }
  std::optional<std::vector<Value>> iterate(Interpreter&) override { return items(); }
  std::optional<std::int64_t> length(Interpreter&) override { return static_cast<std::int64_t>(dict_->size()); }
  bool truth(Interpreter&) override { return dict_->size() > 0; }
  std::optional<bool> contains(Interpreter&, const Value& item) override {
    if (kind_ == Kind::kKeys) return dict_->find(item) != nullptr;
    return std::nullopt;
  }
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other,
                              bool reflected) override {
    if (kind_ == Kind::kValues) return std::nullopt;
    const auto as_set = [&](const Value& value) {
      auto set = std::make_shared<Set>();
      for (Value& item : interpreter.iterate(value)) set->add(std::move(item));
      return set;
    };
    const auto mine = as_set(Value(shared_from_this()));
    if (!other.as_set() && !other.as<DictView>() && op >= BinaryOperator::kEq) return std::nullopt;
    const auto theirs = as_set(other);
    return reflected ? set_operation(op, *theirs, *mine) : set_operation(op, *mine, *theirs);
  }
  std::string repr(Interpreter& interpreter) override {
    return type_name() + "(" + interpreter.repr(make_list(items())) + ")";
  }

 private:
  DictPtr dict_;
  Kind kind_;
};

template <DictView::Kind kind>
Value dict_view(Core& core, const Value& self, Arguments&) {
  core.charge(self.as_dict()->size() / 8);
  return ObjectPtr(std::make_shared<DictView>(std::get<DictPtr>(self.payload()), kind));
}

Value dict_get(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("dict.get", arguments, {"key", "default"});
  const Value key = bind.required("key");
  if (key.is_opaque()) return core.opaque(key.as_opaque()->what, *key.as_opaque());
  if (const Value* found = self.as_dict()->find(key)) return *found;
  return bind.optional("default").value_or(Value());
}

Value dict_pop(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("dict.pop", arguments, {"key", "default"});
  const Value key = bind.required("key");
  if (key.is_opaque()) core.refuse_opaque(key, "the key that pop() takes out");
  Dict& dict = *self.as_dict();
  core.charge(dict.size() / 8);
  if (const Value* found = dict.find(key)) {
    Value value = *found;
    dict.erase(key);
    return value;
  }
  if (auto otherwise = bind.optional("default")) return *otherwise;
  core.raise_key_error(key);
}

Value dict_popitem(Core&, const Value& self, Arguments&) {
  Dict& dict = *self.as_dict();
  if (dict.size() == 0) raise_python("KeyError", "'popitem(): dictionary is empty'");
  const auto [key, value] = dict.entries().back();
  dict.erase(key);
  return make_tuple({key, value});
}

Value dict_setdefault(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("dict.setdefault", arguments, {"key", "default"});
  const Value key = bind.required("key");
  Dict& dict = *self.as_dict();
  if (const Value* found = dict.find(key)) return *found;
  Value value = bind.optional("default").value_or(Value());
  core.set_item(self, key, value);
  return value;
}

Value dict_update(Core& core, const Value& self, Arguments& arguments) {
  if (!arguments.positional.empty()) merge_into(core, self, arguments.positional.front());
  for (const auto& [name, value] : arguments.keywords) core.set_item(self, Value(name), value);
  return {};
}

Value dict_clear(Core&, const Value& self, Arguments&) {
  self.as_dict()->clear();
  return {};
}

Value dict_copy(Core& core, const Value& self, Arguments&) {
  core.charge(self.as_dict()->size());
  return std::make_shared<Dict>(*self.as_dict());
}

// --- sets ---

SetPtr copy_of(const Set& set) {
  auto copy = std::make_shared<Set>();
  for (const Value& item : set.items()) copy->add(item);
  return copy;
}

SetPtr set_of(Core& core, const Value& value) {
  auto set = std::make_shared<Set>();
  for (Value& item : core.items_of(value, "what this set is made of")) set->add(std::move(item));
  return set;
}

Value set_add(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("set.add", arguments, {"element"});
  self.as_set()->add(bind.required("element"));
  core.check_items(self.as_set()->items().size());
  return {};
}

Value set_discard(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("set.discard", arguments, {"element"});
  core.charge(self.as_set()->items().size() / 8);
  self.as_set()->erase(bind.required("element"));
  return {};
}

Value set_remove(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("set.remove", arguments, {"element"});
  core.charge(self.as_set()->items().size() / 8);
  if (!self.as_set()->erase(bind.required("element"))) core.raise_key_error(bind.required("element"));
  return {};
}

Value set_pop(Core& core, const Value& self, Arguments&) {
  Set& set = *self.as_set();
  if (set.items().empty()) raise_python("KeyError", "'pop from an empty set'");
  core.charge(set.items().size() / 8);
  const Value item = set.items().front();
  set.erase(item);
  return item;
}

Value set_clear(Core&, const Value& self, Arguments&) {
  self.as_set()->clear();
  return {};
}

Value set_copy(Core& core, const Value& self, Arguments&) {
  core.charge(self.as_set()->items().size());
  return copy_of(*self.as_set());
}

template <BinaryOperator op>
Value set_combine(Core& core, const Value& self, Arguments& arguments) {
  Value result = copy_of(*self.as_set());
  for (const Value& other : arguments.positional) {
    core.charge(result.as_set()->items().size());
    result = *set_operation(op, *result.as_set(), *set_of(core, other));
  }
  result.as_set()->frozen = self.as_set()->frozen;
  return result;
}

template <BinaryOperator op>
Value set_combine_in_place(Core& core, const Value& self, Arguments& arguments) {
  const Value result = set_combine<op>(core, self, arguments);
  Set& set = *self.as_set();
  set.clear();
  for (const Value& item : result.as_set()->items()) set.add(item);
  return {};
}

template <BinaryOperator op>
Value set_relate(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("set.issubset", arguments, {"other"});
  return *set_operation(op, *self.as_set(), *set_of(core, bind.required("other")));
}

Value set_isdisjoint(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("set.isdisjoint", arguments, {"other"});
  const SetPtr other = set_of(core, bind.required("other"));
  const auto& items = other->items();
  return std::none_of(items.begin(), items.end(), [&](const Value& item) { return self.as_set()->contains(item); });
}

}  // namespace

void merge_into(Interpreter::Implementation& interpreter, const Value& self, const Value& source) {
  const Value* inner = payload_of(source);
  if (const Dict* dict = inner ? inner->as_dict() : source.as_dict()) {
    interpreter.charge(dict->size());
    const Dict copy = *dict;
    for (const auto& [key, value] : copy.entries()) interpreter.set_item(self, key, value);
    return;
  }
  const bool is_object = std::holds_alternative<ObjectPtr>(source.payload());
  if (auto keys = is_object ? interpreter.find_attribute(source, "keys") : std::nullopt) {
    for (const Value& key : interpreter.items_of(interpreter.call(*keys, std::vector<Value>()), "the keys of this")) {
      interpreter.set_item(self, key, interpreter.get_item(source, key));
    }
    return;
  }
  for (const Value& pair : interpreter.items_of(source, "what this dict is made of")) {
    const std::vector<Value> parts = interpreter.items_of(pair, "a key and its value");
    if (parts.size() != 2) {
      raise_python("ValueError",
                   fmt::format("dictionary update sequence element has length {}; 2 is required", parts.size()));
    }
    interpreter.set_item(self, parts[0], parts[1]);
  }
}

std::optional<Value> set_operation(BinaryOperator op, const Set& left, const Set& right) {
  const auto subset = [](const Set& a, const Set& b) {
    return std::all_of(a.items().begin(), a.items().end(), [&](const Value& item) { return b.contains(item); });
  };
  auto result = std::make_shared<Set>();
  switch (op) {
    case BinaryOperator::kBitOr:
      for (const Value& item : left.items()) result->add(item);
      for (const Value& item : right.items()) result->add(item);
      break;
    case BinaryOperator::kBitAnd:
      for (const Value& item : left.items()) {
        if (right.contains(item)) result->add(item);
      }
      break;
    case BinaryOperator::kSub:
      for (const Value& item : left.items()) {
        if (!right.contains(item)) result->add(item);
      }
      break;
    case BinaryOperator::kBitXor:
      for (const Value& item : left.items()) {
        if (!right.contains(item)) result->add(item);
      }
      for (const Value& item : right.items()) {
        if (!left.contains(item)) result->add(item);
      }
      break;
    case BinaryOperator::kEq:
      return left.items().size() == right.items().size() && subset(left, right);
    case BinaryOperator::kNe:
      return !(left.items().size() == right.items().size() && subset(left, right));
    case BinaryOperator::kLe:
      return subset(left, right);
    case BinaryOperator::kLt:
      return left.items().size() < right.items().size() && subset(left, right);
    case BinaryOperator::kGe:
      return subset(right, left);
    case BinaryOperator::kGt:
      return right.items().size() < left.items().size() && subset(right, left);
    case BinaryOperator::kAdd:
    case BinaryOperator::kMul:
    case BinaryOperator::kDiv:
    case BinaryOperator::kFloorDiv:
    case BinaryOperator::kMod:
    case BinaryOperator::kPow:
    case BinaryOperator::kLeftShift:
    case BinaryOperator::kRightShift:
      return std::nullopt;
  }
  result->frozen = left.frozen;
  return Value(std::move(result));
}

const std::unordered_map<std::string_view, ContainerMethod>& dict_methods() {
  static const std::unordered_map<std::string_view, ContainerMethod> methods = {
      {"get", dict_get},
      {"keys", dict_view<DictView::Kind::kKeys>},
      {"values", dict_view<DictView::Kind::kValues>},
      {"items", dict_view<DictView::Kind::kItems>},
      {"pop", dict_pop},
      {"popitem", dict_popitem},
      {"setdefault", dict_setdefault},
      {"update", dict_update},
      {"clear", dict_clear},
      {"copy", dict_copy}};
  return methods;
}

const std::unordered_map<std::string_view, ContainerMethod>& frozenset_methods() {
  static const std::unordered_map<std::string_view, ContainerMethod> methods = {
      {"copy", set_copy},
      {"union", set_combine<BinaryOperator::kBitOr>},
      {"intersection", set_combine<BinaryOperator::kBitAnd>},
      {"difference", set_combine<BinaryOperator::kSub>},
      {"symmetric_difference", set_combine<BinaryOperator::kBitXor>},
      {"issubset", set_relate<BinaryOperator::kLe>},
      {"issuperset", set_relate<BinaryOperator::kGe>},
      {"isdisjoint", set_isdisjoint}};
  return methods;
}

const std::unordered_map<std::string_view, ContainerMethod>& set_methods() {
  static const std::unordered_map<std::string_view, ContainerMethod> methods = [] {
    auto all = frozenset_methods();
    all.insert({{"add", set_add},
                {"discard", set_discard},
                {"remove", set_remove},
                {"pop", set_pop},
                {"clear", set_clear},
                {"update", set_combine_in_place<BinaryOperator::kBitOr>},
                {"intersection_update", set_combine_in_place<BinaryOperator::kBitAnd>},
                {"difference_update", set_combine_in_place<BinaryOperator::kSub>},
                {"symmetric_difference_update", set_combine_in_place<BinaryOperator::kBitXor>}});
    return all;
  }();
  return methods;
}

}  // namespace bascule::evaluate
