// Methods of list and tuple; sorting. Those of dict and set are in mappings.cpp.
#include "evaluate/containers.h"

#include <algorithm>

#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/mappings.h"

namespace bascule::evaluate {

namespace {

using Core = Interpreter::Implementation;

Value list_append(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("list.append", arguments, {"object"});
  const ListPtr list = std::get<ListPtr>(self.payload());
  core.check_items(list->items.size() + 1);
  Value item = bind.required("object");
  core.may_form_ring(self, item);
  list->items.push_back(std::move(item));
  return {};
}

Value list_extend(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("list.extend", arguments, {"iterable"});
  std::vector<Value> items = core.items_of(bind.required("iterable"), "what extend() adds");
  const ListPtr list = std::get<ListPtr>(self.payload());
  core.check_items(list->items.size() + items.size());
  for (Value& item : items) {
    core.may_form_ring(self, item);
    list->items.push_back(std::move(item));
  }
  return {};
}

Value list_insert(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("list.insert", arguments, {"index", "object"});
  const Value index = bind.required("index");
  if (!index.as_int()) raise_type_error("'" + type_name(index) + "' object cannot be interpreted as an integer");
  List& list = *self.as_list();
  const auto size = static_cast<std::int64_t>(list.items.size());
  std::int64_t at = *index.as_int();
  if (at < 0) at = std::max<std::int64_t>(at < -size ? 0 : at + size, 0);
  at = std::min(at, size);
  core.check_items(list.items.size() + 1);
  core.charge(list.items.size() / 16);
  Value item = bind.required("object");
  core.may_form_ring(self, item);
  list.items.insert(list.items.begin() + static_cast<std::ptrdiff_t>(at), std::move(item));
  return {};
}

Value list_pop(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("list.pop", arguments, {"index"});
  List& list = *self.as_list();
  if (list.items.empty()) raise_python("IndexError", "pop from empty list");
  const auto size = static_cast<std::int64_t>(list.items.size());
  std::int64_t at = size - 1;
  if (auto given = bind.optional("index")) {
    if (!given->as_int()) raise_type_error("'" + type_name(*given) + "' object cannot be interpreted as an integer");
    at = *given->as_int() < 0 ? *given->as_int() + size : *given->as_int();
  }
  if (at < 0 || at >= size) raise_python("IndexError", "pop index out of range");
  core.charge(static_cast<std::uint64_t>(size - at) / 16);
  Value item = std::move(list.items[static_cast<std::size_t>(at)]);
  list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(at));
  return item;
}

/// The position of an item in a list or tuple; nullopt: it is not there.
std::optional<std::size_t> find_item(Core& core, const Value& self, const Value& item, std::size_t from,
                                     std::size_t to) {
  for (std::size_t i = from; i < std::min(to, self.as_sequence()->size()); ++i) {
    core.step();
    if (core.same_or_equal(Value((*self.as_sequence())[i]), item)) return i;
  }
  return std::nullopt;
}

Value list_remove(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("list.remove", arguments, {"value"});
  const auto at = find_item(core, self, bind.required("value"), 0, SIZE_MAX);
  if (!at) raise_python("ValueError", "list.remove(x): x not in list");
  List& list = *self.as_list();
  const Value dying = std::move(list.items[*at]);
  list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(*at));
  return {};
}

Value list_clear(Core&, const Value& self, Arguments&) {
  release(std::move(self.as_list()->items));
  self.as_list()->items.clear();
  return {};
}

Value list_copy(Core& core, const Value& self, Arguments&) {
  core.charge(self.as_list()->items.size());
  return make_list(self.as_list()->items);
}

Value list_reverse(Core& core, const Value& self, Arguments&) {
  core.charge(self.as_list()->items.size() / 8);
  std::reverse(self.as_list()->items.begin(), self.as_list()->items.end());
  return {};
}

Value list_sort(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("list.sort", arguments, {}, {"key", "reverse"});
  std::vector<Value> items = self.as_list()->items;
  const Value reverse = bind.optional("reverse").value_or(Value(false));
  sort_values(core, items, bind.optional("key").value_or(Value()), core.truth(reverse, "reverse= of sort()"));
  self.as_list()->items = std::move(items);
  return {};
}

Value sequence_index(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("index", arguments, {"value", "start", "stop"});
  const auto size = static_cast<std::int64_t>(self.as_sequence()->size());
  const auto bound = [&](const char* name, std::int64_t otherwise) -> std::size_t {
    const auto given = bind.optional(name);
    if (!given || !given->as_int()) return static_cast<std::size_t>(otherwise);
    const std::int64_t at = *given->as_int() < 0 ? *given->as_int() + size : *given->as_int();
    return static_cast<std::size_t>(std::max<std::int64_t>(at, 0));
  };
  const auto at = find_item(core, self, bind.required("value"), bound("start", 0), bound("stop", size));
  if (!at) {
    raise_python("ValueError", self.as_list() ? core.repr(bind.required("value")) + " is not in list"
                                              : "tuple.index(x): x not in tuple");
  }
  return static_cast<std::int64_t>(*at);
}

Value sequence_count(Core& core, const Value& self, Arguments& arguments) {
  const Binder bind("count", arguments, {"value"});
  const Value wanted = bind.required("value");
  std::int64_t count = 0;
  for (std::size_t i = 0; i < self.as_sequence()->size(); ++i) {
    core.step();
    if (core.same_or_equal(Value((*self.as_sequence())[i]), wanted)) ++count;
  }
  return count;
}

const std::unordered_map<std::string_view, ContainerMethod>& list_methods() {
  static const std::unordered_map<std::string_view, ContainerMethod> methods = {
      {"append", list_append}, {"extend", list_extend},   {"insert", list_insert},  {"pop", list_pop},
      {"remove", list_remove}, {"clear", list_clear},     {"copy", list_copy},      {"reverse", list_reverse},
      {"sort", list_sort},     {"index", sequence_index}, {"count", sequence_count}};
  return methods;
}

const std::unordered_map<std::string_view, ContainerMethod>& tuple_methods() {
  static const std::unordered_map<std::string_view, ContainerMethod> methods = {{"index", sequence_index},
                                                                                {"count", sequence_count}};
  return methods;
}

}  // namespace

void sort_values(Interpreter::Implementation& interpreter, std::vector<Value>& items, const Value& key, bool reverse) {
  struct Keyed {
    Value key;
    Value item;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(items.size());
  for (Value& item : items) {
    Value by = key.is_none() ? item : interpreter.call(key, {item});
    if (by.is_opaque()) interpreter.refuse_opaque(by, "the order of these values");
    keyed.push_back({std::move(by), std::move(item)});
  }
  // A merge sort of our own: an order that is none (NaN, a strange __lt__) must not lead outside the array,
  // as it may in std::stable_sort.
  std::vector<Keyed> buffer(keyed.size());
  const auto before = [&](const Keyed& a, const Keyed& b) {
    interpreter.step();
    return reverse ? interpreter.less(b.key, a.key) : interpreter.less(a.key, b.key);
  };
  for (std::size_t width = 1; width < keyed.size(); width *= 2) {
    for (std::size_t low = 0; low < keyed.size(); low += 2 * width) {
      const std::size_t middle = std::min(low + width, keyed.size());
      const std::size_t high = std::min(low + 2 * width, keyed.size());
      std::size_t left = low;
      std::size_t right = middle;
      for (std::size_t out = low; out < high; ++out) {
        const bool take_right = left >= middle || (right < high && before(keyed[right], keyed[left]));
        buffer[out] = std::move(take_right ? keyed[right++] : keyed[left++]);
      }
    }
    std::swap(keyed, buffer);
  }
  items.clear();
  for (Keyed& one : keyed) items.push_back(std::move(one.item));
}

ContainerMethod find_container_method(const Value& self, std::string_view name) {
  const auto look = [&](const std::unordered_map<std::string_view, ContainerMethod>& methods) -> ContainerMethod {
    auto found = methods.find(name);
    return found == methods.end() ? nullptr : found->second;
  };
  if (self.as_list()) return look(list_methods());
  if (self.as_tuple()) return look(tuple_methods());
  if (self.as_dict()) return look(dict_methods());
  if (const Set* set = self.as_set()) return look(set->frozen ? frozenset_methods() : set_methods());
  return nullptr;
}

}  // namespace bascule::evaluate
