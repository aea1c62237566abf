// The modules itertools, operator, math, copy and collections.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include <fmt/core.h>

#include "evaluate/containers.h"
#include "evaluate/interpreter_impl.h"
#include "evaluate/objects.h"
#include "evaluate/stdlib_modules.h"

namespace bascule::evaluate {

Value make_iterator(std::string kind, std::vector<Value> items) {
  return ObjectPtr(std::make_shared<IteratorObject>(std::move(kind), std::move(items)));
}

namespace {

std::vector<std::vector<Value>> each(Interpreter& interpreter, const std::vector<Value>& iterables) {
  std::vector<std::vector<Value>> out;
  for (const Value& iterable : iterables) out.push_back(interpreter.iterate(iterable));
  return out;
}

void check(Interpreter& interpreter, std::size_t count) {
  interpreter.implementation().charge(1);
  interpreter.implementation().check_items(count);
}

Value chain(Interpreter& interpreter, const std::vector<Value>& iterables) {
  std::vector<Value> out;
  for (const Value& iterable : iterables) {
    for (Value& item : interpreter.iterate(iterable)) out.push_back(std::move(item));
    check(interpreter, out.size());
  }
  return make_iterator("chain", std::move(out));
}

Value product(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("itertools.product", arguments, {}, {"repeat"}, true);
  std::int64_t repeat = bind.given("repeat") ? int_argument("product", *bind.optional("repeat")) : 1;
  if (repeat < 0 || repeat > 64) raise_python("ValueError", "repeat argument is out of range");
  std::vector<std::vector<Value>> pools;
  auto given = each(interpreter, bind.rest());
  for (std::int64_t i = 0; i < repeat; ++i) pools.insert(pools.end(), given.begin(), given.end());
  std::vector<Value> out;
  std::vector<std::size_t> at(pools.size(), 0);
  if (std::any_of(pools.begin(), pools.end(), [](const auto& pool) { return pool.empty(); }))
    return make_iterator("product", {});
  for (;;) {
    std::vector<Value> tuple;
    for (std::size_t i = 0; i < pools.size(); ++i) tuple.push_back(pools[i][at[i]]);
    out.push_back(make_tuple(std::move(tuple)));
    check(interpreter, out.size());
    std::size_t i = pools.size();
    while (i > 0 && ++at[i - 1] == pools[i - 1].size()) at[--i] = 0;
    if (i == 0) return make_iterator("product", std::move(out));
  }
}

/// All choices of r positions: ordered and without order.
Value choices(Interpreter& interpreter, Arguments& arguments, bool ordered) {
  Binder bind(ordered ? "itertools.permutations" : "itertools.combinations", arguments, {"iterable", "r"});
  std::vector<Value> pool = interpreter.iterate(bind.required("iterable"));
  auto given = bind.present("r");
  auto size = static_cast<std::int64_t>(pool.size());
  std::int64_t count = given ? int_argument("r", *given) : size;
  if (count < 0) raise_python("ValueError", "r must be non-negative");
  std::vector<Value> out;
  std::vector<std::size_t> at;
  auto used = [&](std::size_t position) { return std::find(at.begin(), at.end(), position) != at.end(); };
  if (count > size) return make_iterator("combinations", {});
  std::size_t next = 0;
  for (;;) {
    interpreter.implementation().charge(1);
    if (static_cast<std::int64_t>(at.size()) == count) {
      std::vector<Value> tuple;
      for (std::size_t position : at) tuple.push_back(pool[position]);
      out.push_back(make_tuple(std::move(tuple)));
      check(interpreter, out.size());
      next = pool.size();
    }
    while (next < pool.size() && ordered && used(next)) ++next;
    if (next < pool.size()) {
      at.push_back(next);
      next = ordered ? 0 : next + 1;
    } else if (at.empty()) {
      return make_iterator("combinations", std::move(out));
    } else {
      next = at.back() + 1;
      at.pop_back();
    }
  }
}

Value zip_longest(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("itertools.zip_longest", arguments, {}, {"fillvalue"}, true);
  auto pools = each(interpreter, bind.rest());
  Value fill = bind.optional("fillvalue").value_or(Value());
  std::size_t longest = 0;
  for (const auto& pool : pools) longest = std::max(longest, pool.size());
  std::vector<Value> out;
  for (std::size_t i = 0; i < longest; ++i) {
    std::vector<Value> tuple;
    for (const auto& pool : pools) tuple.push_back(i < pool.size() ? pool[i] : fill);
    out.push_back(make_tuple(std::move(tuple)));
  }
  return make_iterator("zip_longest", std::move(out));
}

Value islice(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("itertools.islice", arguments, {"iterable", "a", "b", "c"});
  std::vector<Value> items = interpreter.iterate(bind.required("iterable"));
  bool range = bind.given("b");
  auto bound = [&](const char* name, std::int64_t otherwise) {
    auto given = bind.present(name);
    return given ? int_argument("islice", *given) : otherwise;
  };
  auto size = static_cast<std::int64_t>(items.size());
  std::int64_t start = range ? bound("a", 0) : 0;
  std::int64_t stop = std::min(range ? bound("b", size) : bound("a", size), size);
  std::int64_t step = bound("c", 1);
  if (start < 0 || stop < 0 || step < 1)
    raise_python("ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
  std::vector<Value> out;
  for (std::int64_t i = start; i < stop; i += step) {
    out.push_back(items[static_cast<std::size_t>(i)]);
    if (step >= stop - i) break;  // before i leaves 64 bits
  }
  return make_iterator("islice", std::move(out));
}

Value groupby(Interpreter& interpreter, Arguments& arguments) {
  Binder bind("itertools.groupby", arguments, {"iterable", "key"});
  auto key = bind.present("key");
  std::vector<Value> out;
  std::vector<Value> group;
  Value current;
  auto flush = [&] {
    if (!group.empty()) out.push_back(make_tuple({current, make_list(std::move(group))}));
    group = {};
  };
  for (const Value& item : interpreter.iterate(bind.required("iterable"))) {
    Value its = key ? interpreter.implementation().call(*key, {item}) : item;
    if (group.empty() || !equal(its, current)) flush();
    current = its;
    group.push_back(item);
  }
  flush();
  return make_iterator("groupby", std::move(out));
}

Value getter(const char* name, bool attributes) {
  return make_function(name, [name, attributes](Interpreter&, Arguments& arguments) -> Value {
    std::vector<Value> wanted = arguments.positional;
    if (wanted.empty()) raise_type_error(fmt::format("{} expected 1 argument, got 0", name));
    return pure_function(name, [wanted, attributes](Interpreter& interpreter, Arguments& given) -> Value {
      Binder bind("getter", given, {"obj"});
      Value object = bind.required("obj");
      std::vector<Value> out;
      for (const Value& one : wanted) {
        if (!attributes) {
          out.push_back(interpreter.implementation().get_item(object, one));
          continue;
        }
        std::string path = text_argument("attrgetter", one);
        Value at = object;
        for (std::size_t begin = 0; begin <= path.size();) {
          std::size_t end = std::min(path.find('.', begin), path.size());
          at = interpreter.attribute(at, std::string_view(path).substr(begin, end - begin));
          begin = end + 1;
        }
        out.push_back(std::move(at));
      }
      return out.size() == 1 ? out[0] : make_tuple(std::move(out));
    });
  });
}

Value copied(Interpreter& interpreter, const Value& value, bool deep, int depth) {
  if (depth > 100) raise_python("RecursionError", "maximum recursion depth exceeded");
  interpreter.implementation().step();
  auto inner = [&](const Value& item) { return deep ? copied(interpreter, item, true, depth + 1) : item; };
  if (const List* list = value.as_list()) {
    std::vector<Value> items;
    for (const Value& item : list->items) items.push_back(inner(item));
    return make_list(std::move(items));
  }
  if (const Tuple* tuple = value.as_tuple(); tuple && deep) {
    std::vector<Value> items;
    for (const Value& item : tuple->items) items.push_back(inner(item));
    return make_tuple(std::move(items));
  }
  if (const Dict* dict = value.as_dict()) {
    auto made = std::make_shared<Dict>();
    for (const auto& [key, held] : dict->entries()) made->set(key, inner(held));
    return made;
  }
  if (const Set* set = value.as_set(); set && !set->frozen) {
    auto made = std::make_shared<Set>();
    for (const Value& item : set->items()) made->add(item);
    return made;
  }
  return value;
}

/// collections.defaultdict: a dict that makes what is missing.
class DefaultDict final : public Object {
 public:
  DefaultDict(Value its_factory, DictPtr its_dict) : factory(std::move(its_factory)), dict(std::move(its_dict)) {}
  Value factory;
  DictPtr dict;
  std::string type_name() const override { return "defaultdict"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name == "default_factory") return factory;
    return interpreter.implementation().find_attribute(Value(dict), name);
  }
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override {
    if (const Value* found = dict->find(key)) return *found;
    if (factory.is_none()) interpreter.implementation().raise_key_error(key);
    Value made = interpreter.implementation().call(factory, std::vector<Value>());
    dict->set(key, made);
    interpreter.implementation().may_form_ring(Value(dict), made);
    return made;
  }
  bool set_index(Interpreter& interpreter, const Value& key, Value value) override {
    interpreter.implementation().check_items(dict->size() + 1);
    interpreter.implementation().may_form_ring(Value(dict), value);
    dict->set(key, std::move(value));
    return true;
  }
  std::optional<std::vector<Value>> iterate(Interpreter&) override {
    std::vector<Value> keys;
    for (const auto& [key, value] : dict->entries()) keys.push_back(key);
    return keys;
  }
  std::optional<std::int64_t> length(Interpreter&) override { return static_cast<std::int64_t>(dict->size()); }
  std::optional<bool> contains(Interpreter&, const Value& item) override { return dict->find(item) != nullptr; }
  bool truth(Interpreter&) override { return dict->size() > 0; }
  std::string repr(Interpreter& interpreter) override {
    return "defaultdict(" + interpreter.repr(factory) + ", " + interpreter.repr(Value(dict)) + ")";
  }
};

Value new_default_dict(Interpreter& interpreter, Arguments& arguments) {
  Arguments rest = arguments;
  Value factory;
  if (!rest.positional.empty()) {
    factory = rest.positional.front();
    rest.positional.erase(rest.positional.begin());
  }
  Value made = interpreter.call(*find_builtin("dict"), std::move(rest));
  DictPtr dict = std::get<DictPtr>(made.payload());
  return ObjectPtr(std::make_shared<DefaultDict>(std::move(factory), std::move(dict)));
}

}  // namespace

Value itertools_module() {
  auto several = [](Interpreter& interpreter, Arguments& arguments) {
    return chain(interpreter, arguments.positional);
  };
  auto from_iterable = pure_function("chain.from_iterable", [](Interpreter& interpreter, Arguments& arguments) {
    Binder bind("chain.from_iterable", arguments, {"iterable"});
    return chain(interpreter, interpreter.iterate(bind.required("iterable")));
  });
  Value chain_type = ObjectPtr(std::make_shared<NativeClass>(
      "itertools.chain", several, [](const Value&) { return false; },
      std::map<std::string, Value, std::less<>>{{"from_iterable", from_iterable}}));
  return Members("itertools")
      .value("chain", chain_type)
      .function("product", product)
      .function("combinations", [](Interpreter& i, Arguments& arguments) { return choices(i, arguments, false); })
      .function("permutations", [](Interpreter& i, Arguments& arguments) { return choices(i, arguments, true); })
      .function("zip_longest", zip_longest)
      .function("islice", islice)
      .function("groupby", groupby)
      .function("starmap",
                [](Interpreter& interpreter, Arguments& arguments) {
                  Binder bind("itertools.starmap", arguments, {"function", "iterable"});
                  Value function = bind.required("function");
                  std::vector<Value> out;
                  for (const Value& item : interpreter.iterate(bind.required("iterable"))) {
                    out.push_back(interpreter.implementation().call(function, interpreter.iterate(item)));
                  }
                  return make_iterator("starmap", std::move(out));
                })
      .function("repeat",
                [](Interpreter& interpreter, Arguments& arguments) {
                  Binder bind("itertools.repeat", arguments, {"object", "times"});
                  if (!bind.given("times"))
                    throw Refusal("not-supported", "itertools.repeat without a number of times never ends",
                                  "give it a number of times");
                  std::int64_t times = std::max<std::int64_t>(0, int_argument("repeat", *bind.optional("times")));
                  interpreter.implementation().check_items(static_cast<std::uint64_t>(times));
                  interpreter.implementation().charge(static_cast<std::uint64_t>(times));
                  return make_iterator("repeat",
                                       std::vector<Value>(static_cast<std::size_t>(times), bind.required("object")));
                })
      .function("pairwise",
                [](Interpreter& interpreter, Arguments& arguments) {
                  Binder bind("itertools.pairwise", arguments, {"iterable"});
                  std::vector<Value> items = interpreter.iterate(bind.required("iterable"));
                  std::vector<Value> out;
                  for (std::size_t i = 1; i < items.size(); ++i) out.push_back(make_tuple({items[i - 1], items[i]}));
                  return make_iterator("pairwise", std::move(out));
                })
      .build();
}

Value operator_module() {
  return Members("operator")
      .value("itemgetter", getter("itemgetter", false))
      .value("attrgetter", getter("attrgetter", true))
      .build();
}

Value math_module() {
  auto real = [](const char* name, double (*function)(double)) {
    return pure_function(std::string("math.") + name, [name, function](Interpreter&, Arguments& arguments) -> Value {
      Binder bind(std::string("math.") + name, arguments, {"x"});
      double x = real_argument(name, bind.required("x"));
      double out = function(x);
      if (std::isnan(out) && !std::isnan(x)) raise_python("ValueError", "math domain error");
      return out;
    });
  };
  auto whole = [](const char* name, double (*function)(double)) {
    return pure_function(std::string("math.") + name, [name, function](Interpreter&, Arguments& arguments) -> Value {
      Binder bind(std::string("math.") + name, arguments, {"x"});
      Value x = bind.required("x");
      if (x.as_int()) return x;
      double out = function(real_argument(name, x));
      if (!(std::fabs(out) < 9.2e18)) raise_python("OverflowError", "cannot convert float to a 64-bit integer");
      return static_cast<std::int64_t>(out);
    });
  };
  return Members("math")
      .value("pi", std::numbers::pi)
      .value("e", std::numbers::e)
      .value("inf", HUGE_VAL)
      .value("nan", std::nan(""))
      .value("sqrt", real("sqrt", std::sqrt))
      .value("log2", real("log2", std::log2))
      .value("log10", real("log10", std::log10))
      .value("exp", real("exp", std::exp))
      .value("fabs", real("fabs", std::fabs))
      .value("sin", real("sin", std::sin))
      .value("cos", real("cos", std::cos))
      .value("floor", whole("floor", std::floor))
      .value("ceil", whole("ceil", std::ceil))
      .value("trunc", whole("trunc", std::trunc))
      .function("log",
                [](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("math.log", arguments, {"x", "base"});
                  double x = real_argument("log", bind.required("x"));
                  if (x <= 0) raise_python("ValueError", "math domain error");
                  auto base = bind.optional("base");
                  return base ? std::log(x) / std::log(real_argument("log", *base)) : std::log(x);
                })
      .function("gcd",
                [](Interpreter&, Arguments& arguments) -> Value {
                  std::int64_t out = 0;
                  for (const Value& value : arguments.positional) out = std::gcd(out, int_argument("gcd", value));
                  return out;
                })
      .function("isnan",
                [](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("math.isnan", arguments, {"x"});
                  return std::isnan(real_argument("isnan", bind.required("x")));
                })
      .build();
}

Value copy_module() {
  auto copier = [](bool deep) {
    return make_function(deep ? "copy.deepcopy" : "copy.copy", [deep](Interpreter& interpreter, Arguments& arguments) {
      Binder bind("copy", arguments, {"x", "memo"});
      return copied(interpreter, bind.required("x"), deep, 0);
    });
  };
  return Members("copy").value("copy", copier(false)).value("deepcopy", copier(true)).build();
}

Value collections_module() {
  Value default_dict = ObjectPtr(std::make_shared<NativeClass>(
      "collections.defaultdict", new_default_dict, [](const Value& v) { return v.as<DefaultDict>() != nullptr; },
      std::map<std::string, Value, std::less<>>{}));
  Members members("collections");
  members.value("defaultdict", default_dict).value("abc", collections_abc_module());
  // Our dict keeps its order; what moves entries about is not there.
  if (const Value* dict = find_builtin("dict")) members.value("OrderedDict", *dict);
  return members.build();
}

}  // namespace bascule::evaluate
