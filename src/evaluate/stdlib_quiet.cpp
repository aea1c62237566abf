// The modules that change nothing in a migration: logging, typing, warnings, collections.abc, __future__.
#include <algorithm>
#include <array>

#include "evaluate/stdlib_modules.h"

namespace bascule::evaluate {

namespace {

/// A logger, a handler: whatever is called on it does nothing.
class Logger final : public Object {
 public:
  explicit Logger(std::string its_name) : name(std::move(its_name)) {}
  std::string name;
  std::string type_name() const override { return "Logger"; }
  std::optional<Value> attribute(Interpreter&, std::string_view wanted) override {
    if (wanted == "name") return Value(name);
    if (wanted == "level") return Value(0);
    if (wanted == "handlers" || wanted == "filters") return make_list({});
    if (wanted == "disabled" || wanted == "propagate") return Value(false);
    bool question = wanted == "isEnabledFor" || wanted == "hasHandlers";
    if (wanted == "getChild") return Value(shared_from_this());
    // No argument is looked at: logging an opaque value decides nothing.
    return make_function("Logger." + std::string(wanted),
                         [question](Interpreter&, Arguments&) { return question ? Value(false) : Value(); });
  }
  bool set_attribute(Interpreter&, std::string_view, Value) override { return true; }
  bool callable() const override { return true; }
  Value call(Interpreter&, Arguments&) override { return Value(shared_from_this()); }
  std::optional<Value> enter(Interpreter&) override { return Value(shared_from_this()); }
};

/// A name of typing: may be subscripted, called, or joined with "|", and says nothing.
class TypingName final : public Object {
 public:
  explicit TypingName(std::string its_name) : name(std::move(its_name)) {}
  std::string name;
  std::string type_name() const override { return "typing." + name; }
  std::optional<Value> attribute(Interpreter&, std::string_view wanted) override {
    if (wanted == "__name__") return Value(name);
    if (wanted.starts_with("__")) return std::nullopt;
    return Value(shared_from_this());
  }
  bool callable() const override { return true; }
  Value call(Interpreter&, Arguments& arguments) override {
    // @overload, @final, @runtime_checkable ...: decorators give back what they decorate.
    static constexpr std::array<std::string_view, 6> kDecorators = {"final",    "no_type_check",     "overload",
                                                                    "override", "runtime_checkable", "type_check_only"};
    bool decorator = std::find(kDecorators.begin(), kDecorators.end(), name) != kDecorators.end();
    if (decorator && arguments.positional.size() == 1) return arguments.positional[0];
    return Value(shared_from_this());
  }
  std::optional<Value> index(Interpreter&, const Value&) override { return Value(shared_from_this()); }
  std::optional<Value> binary(Interpreter&, BinaryOperator op, const Value&, bool) override {
    if (op == BinaryOperator::kBitOr) return Value(shared_from_this());
    return std::nullopt;
  }
  std::string repr(Interpreter&) override { return "typing." + name; }
};

Value typing_name(const std::string& name) { return ObjectPtr(std::make_shared<TypingName>(name)); }

}  // namespace

Value logging_module() {
  Members members("logging");
  members.value("getLogger", make_function("logging.getLogger", [](Interpreter&, Arguments& arguments) -> Value {
                  const std::string* name = arguments.positional.empty() ? nullptr : arguments.positional[0].as_str();
                  return ObjectPtr(std::make_shared<Logger>(name ? *name : "root"));
                }));
  int level = 0;
  for (const char* name : {"NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}) {
    members.value(name, level);
    level += 10;
  }
  members.value("WARN", 30).value("FATAL", 50);
  for (const char* name : {"debug", "info", "warning", "warn", "error", "critical", "exception", "log", "basicConfig",
                           "disable", "captureWarnings"}) {
    members.value(name,
                  make_function(std::string("logging.") + name, [](Interpreter&, Arguments&) -> Value { return {}; }));
  }
  for (const char* name : {"Logger", "StreamHandler", "NullHandler", "Formatter", "Filter", "Handler"}) {
    members.value(name, ObjectPtr(std::make_shared<Logger>(name)));
  }
  return members.build();
}

Value typing_module() {
  Members members("typing");
  members.value("TYPE_CHECKING", false)
      .value("cast", make_function("typing.cast", [](Interpreter&, Arguments& arguments) -> Value {
               Binder bind("typing.cast", arguments, {"typ", "val"});
               return bind.required("val");
             }));
  for (const char* name : {"Annotated",
                           "Any",
                           "AnyStr",
                           "AsyncGenerator",
                           "AsyncIterable",
                           "AsyncIterator",
                           "Awaitable",
                           "Callable",
                           "ClassVar",
                           "Collection",
                           "Concatenate",
                           "Container",
                           "Coroutine",
                           "DefaultDict",
                           "Deque",
                           "Dict",
                           "Final",
                           "ForwardRef",
                           "FrozenSet",
                           "Generator",
                           "Generic",
                           "Hashable",
                           "IO",
                           "Iterable",
                           "Iterator",
                           "List",
                           "Literal",
                           "LiteralString",
                           "Mapping",
                           "MutableMapping",
                           "MutableSequence",
                           "MutableSet",
                           "Never",
                           "NewType",
                           "NoReturn",
                           "NotRequired",
                           "Optional",
                           "OrderedDict",
                           "ParamSpec",
                           "Pattern",
                           "Protocol",
                           "Required",
                           "Reversible",
                           "Self",
                           "Sequence",
                           "Set",
                           "Sized",
                           "Text",
                           "TextIO",
                           "Tuple",
                           "Type",
                           "TypeAlias",
                           "TypeGuard",
                           "TypeVar",
                           "Union",
                           "Unpack",
                           "final",
                           "no_type_check",
                           "overload",
                           "override",
                           "runtime_checkable"}) {
    members.value(name, typing_name(name));
  }
  return members.build();
}

Value collections_abc_module() {
  Members members("collections.abc");
  for (const char* name :
       {"AsyncIterable", "AsyncIterator", "Awaitable",      "Callable",        "Collection", "Container",
        "Coroutine",     "Generator",     "Hashable",       "ItemsView",       "Iterable",   "Iterator",
        "KeysView",      "Mapping",       "MutableMapping", "MutableSequence", "MutableSet", "Reversible",
        "Sequence",      "Set",           "Sized",          "ValuesView"}) {
    members.value(name, typing_name(name));
  }
  return members.build();
}

Value warnings_module() {
  Members members("warnings");
  for (const char* name : {"warn", "filterwarnings", "simplefilter", "resetwarnings"}) {
    members.value(name,
                  make_function(std::string("warnings.") + name, [](Interpreter&, Arguments&) -> Value { return {}; }));
  }
  members.value("catch_warnings", ObjectPtr(std::make_shared<Logger>("catch_warnings")));
  return members.build();
}

Value future_module() {
  return make_namespace("__future__", {},
                        [](Interpreter&, std::string_view) -> std::optional<Value> { return Value(); });
}

}  // namespace bascule::evaluate
