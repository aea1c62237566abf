// Builtin functions that go over their arguments.
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "evaluate/arguments.h"
#include "evaluate/builtins.h"
#include "evaluate/containers.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

using Core = Interpreter::Implementation;

Value iterator(const char* kind, std::vector<Value> items) {
  return ObjectPtr(std::make_shared<IteratorObject>(kind, std::move(items)));
}

Value enumerate(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("enumerate", arguments, {"iterable", "start"});
  const auto start = bind.optional("start");
  const Value first = start && start->as_int() ? *start : Value(0);
  Core& core = interpreter.implementation();
  std::vector<Value> pairs;
  for (Value& item : core.items_of(bind.required("iterable"), "what enumerate() goes over")) {
    const auto at = static_cast<std::int64_t>(pairs.size());
    pairs.push_back(make_tuple({core.binary(BinaryOperator::kAdd, first, Value(at)), std::move(item)}));
  }
  return iterator("enumerate", std::move(pairs));
}

Value zip(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("zip", arguments, {}, {"strict"}, true);
  std::vector<std::vector<Value>> columns;
  std::size_t shortest = SIZE_MAX;
  std::size_t longest = 0;
  for (const Value& source : bind.rest()) {
    columns.push_back(interpreter.implementation().items_of(source, "what zip() goes over"));
    shortest = std::min(shortest, columns.back().size());
    longest = std::max(longest, columns.back().size());
  }
  const auto strict = bind.optional("strict");
  if (strict && interpreter.truth(*strict) && !columns.empty() && shortest != longest) {
    raise_python("ValueError", "zip() arguments are of different lengths");
  }
  std::vector<Value> rows;
  for (std::size_t i = 0; !columns.empty() && i < shortest; ++i) {
    std::vector<Value> row;
    row.reserve(columns.size());
    for (auto& column : columns) row.push_back(std::move(column[i]));
    rows.push_back(make_tuple(std::move(row)));
  }
  return iterator("zip", std::move(rows));
}

Value map(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("map", arguments, {"function"}, {}, true);
  Core& core = interpreter.implementation();
  std::vector<std::vector<Value>> columns;
  std::size_t shortest = SIZE_MAX;
  for (const Value& source : bind.rest()) {
    columns.push_back(core.items_of(source, "what map() goes over"));
    shortest = std::min(shortest, columns.back().size());
  }
  if (columns.empty()) raise_type_error("map() must have at least two arguments.");
  const Value function = bind.required("function");
  std::vector<Value> out;
  for (std::size_t i = 0; i < shortest; ++i) {
    std::vector<Value> row;
    for (auto& column : columns) row.push_back(std::move(column[i]));
    core.step();
    out.push_back(core.call(function, std::move(row)));
  }
  return iterator("map", std::move(out));
}

Value filter(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("filter", arguments, {"function", "iterable"});
  Core& core = interpreter.implementation();
  const Value function = bind.required("function");
  std::vector<Value> out;
  for (Value& item : core.items_of(bind.required("iterable"), "what filter() goes over")) {
    core.step();
    const Value keep = function.is_none() ? item : core.call(function, {item});
    if (core.truth(keep, "what filter() keeps")) out.push_back(std::move(item));
  }
  return iterator("filter", std::move(out));
}

Value sorted(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("sorted", arguments, {"iterable"}, {"key", "reverse"});
  Core& core = interpreter.implementation();
  std::vector<Value> items = core.items_of(bind.required("iterable"), "what sorted() goes over");
  sort_values(core, items, bind.optional("key").value_or(Value()),
              core.truth(bind.optional("reverse").value_or(Value(false)), "reverse= of sorted()"));
  return make_list(std::move(items));
}

Value reversed(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("reversed", arguments, {"sequence"});
  const Value source = bind.required("sequence");
  if (auto instance = source.as<Instance>(); instance && instance->type->lookup("__reversed__")) {
    return *interpreter.implementation().call_special(*instance, "__reversed__", {});
  }
  if (source.as_set()) raise_type_error("'" + type_name(source) + "' object is not reversible");
  std::vector<Value> items = interpreter.implementation().items_of(source, "what reversed() goes over");
  std::reverse(items.begin(), items.end());
  return iterator("list_reverseiterator", std::move(items));
}

template <bool greatest>
Value extreme(Interpreter& interpreter, Arguments& arguments) {
  const char* name = greatest ? "max" : "min";
  const Binder bind(name, arguments, {}, {"key", "default"}, true);
  Core& core = interpreter.implementation();
  const auto& given = bind.rest();
  if (given.empty()) raise_type_error(fmt::format("{} expected at least 1 argument, got 0", name));
  const std::vector<Value> items =
      given.size() == 1 ? core.items_of(given.front(), "what min() or max() goes over") : given;
  if (items.empty()) {
    if (auto otherwise = bind.optional("default")) return *otherwise;
    raise_python("ValueError", fmt::format("{}() arg is an empty sequence", name));
  }
  const auto key = bind.present("key");
  const auto by = [&](const Value& item) { return key ? core.call(*key, {item}) : item; };
  std::size_t best = 0;
  Value best_key = by(items[0]);
  for (std::size_t i = 1; i < items.size(); ++i) {
    core.step();
    Value candidate = by(items[i]);
    if (greatest ? core.less(best_key, candidate) : core.less(candidate, best_key)) {
      best = i;
      best_key = std::move(candidate);
    }
  }
  return items[best];
}

Value sum(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("sum", arguments, {"iterable", "start"});
  Core& core = interpreter.implementation();
  Value total = bind.optional("start").value_or(Value(0));
  if (total.as_str()) raise_type_error("sum() can't sum strings [use ''.join(seq) instead]");
  for (const Value& item : core.items_of(bind.required("iterable"), "what sum() goes over")) {
    core.step();
    total = core.binary(BinaryOperator::kAdd, total, item);
  }
  return total;
}

template <bool wanted>
Value decide_all(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind(wanted ? "any" : "all", arguments, {"iterable"});
  Core& core = interpreter.implementation();
  bool found = false;
  core.for_each(
      bind.required("iterable"),
      [&](Value item) {
        core.step();
        found = core.truth(item, "this any() or all()") == wanted;
        return !found;
      },
      "what any() or all() goes over");
  return found == wanted;
}

Value iter(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("iter", arguments, {"iterable", "sentinel"});
  const Value source = bind.required("iterable");
  Core& core = interpreter.implementation();
  if (auto sentinel = bind.optional("sentinel")) {
    std::vector<Value> items;
    for (;;) {
      core.step();
      Value item = core.call(source, std::vector<Value>());
      if (item.is_opaque()) core.refuse_opaque(item, "where this iter() ends");
      if (core.same_or_equal(item, *sentinel)) break;
      items.push_back(std::move(item));
      core.check_items(items.size());
    }
    return iterator("callable_iterator", std::move(items));
  }
  if (source.as<IteratorObject>() || source.as<GeneratorObject>()) return source;
  if (auto instance = source.as<Instance>(); instance && instance->type->lookup("__iter__")) {
    return *core.call_special(*instance, "__iter__", {});
  }
  return iterator("iterator", core.items_of(source, "what iter() goes over"));
}

Value next(Interpreter& interpreter, Arguments& arguments) {
  const Binder bind("next", arguments, {"iterator", "default"});
  const Value source = bind.required("iterator");
  if (const Opaque* unknown = source.as_opaque())
    return interpreter.implementation().opaque(unknown->what + "[0]", *unknown);
  if (auto item = interpreter.implementation().next(source)) return *std::move(item);
  if (auto otherwise = bind.optional("default")) return *otherwise;
  throw PythonError(make_exception(builtin_class("StopIteration"), {}));
}

}  // namespace

void add_iteration(BuiltinTable& table) {
  const auto add = [&](const char* name, NativeFunction function) {
    table.emplace(name, make_function(name, std::move(function)));
  };
  add("enumerate", enumerate);
  add("zip", zip);
  add("map", map);
  add("filter", filter);
  add("sorted", sorted);
  add("reversed", reversed);
  add("min", extreme<false>);
  add("max", extreme<true>);
  add("sum", sum);
  add("any", decide_all<true>);
  add("all", decide_all<false>);
  add("iter", iter);
  add("next", next);
}

}  // namespace bascule::evaluate
