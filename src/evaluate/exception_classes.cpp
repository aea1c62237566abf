// Python's own classes: object, the exceptions and the enum bases. Made once, never changed, shared by all
// interpreters.
#include <array>
#include <map>

#include "evaluate/objects.h"

namespace bascule::evaluate {

namespace {

struct Row {
  std::string_view name;
  std::string_view base;
};

// https://docs.python.org/3/library/exceptions.html#exception-hierarchy, as far as code names them.
constexpr std::array kExceptions = {
    Row{"BaseException", "object"},
    Row{"Exception", "BaseException"},
    Row{"SystemExit", "BaseException"},
    Row{"KeyboardInterrupt", "BaseException"},
    Row{"GeneratorExit", "BaseException"},
    Row{"ArithmeticError", "Exception"},
    Row{"FloatingPointError", "ArithmeticError"},
    Row{"OverflowError", "ArithmeticError"},
    Row{"ZeroDivisionError", "ArithmeticError"},
    Row{"AssertionError", "Exception"},
    Row{"AttributeError", "Exception"},
    Row{"BufferError", "Exception"},
    Row{"EOFError", "Exception"},
    Row{"ImportError", "Exception"},
    Row{"ModuleNotFoundError", "ImportError"},
    Row{"LookupError", "Exception"},
    Row{"IndexError", "LookupError"},
    Row{"KeyError", "LookupError"},
    Row{"MemoryError", "Exception"},
    Row{"NameError", "Exception"},
    Row{"UnboundLocalError", "NameError"},
    Row{"OSError", "Exception"},
    Row{"ConnectionError", "OSError"},
    Row{"FileExistsError", "OSError"},
    Row{"FileNotFoundError", "OSError"},
    Row{"PermissionError", "OSError"},
    Row{"TimeoutError", "OSError"},
    Row{"ReferenceError", "Exception"},
    Row{"RuntimeError", "Exception"},
    Row{"NotImplementedError", "RuntimeError"},
    Row{"RecursionError", "RuntimeError"},
    Row{"StopIteration", "Exception"},
    Row{"StopAsyncIteration", "Exception"},
    Row{"SyntaxError", "Exception"},
    Row{"IndentationError", "SyntaxError"},
    Row{"SystemError", "Exception"},
    Row{"TypeError", "Exception"},
    Row{"ValueError", "Exception"},
    Row{"UnicodeError", "ValueError"},
    Row{"UnicodeDecodeError", "UnicodeError"},
    Row{"UnicodeEncodeError", "UnicodeError"},
    Row{"JSONDecodeError", "ValueError"},
    Row{"Warning", "Exception"},
    Row{"UserWarning", "Warning"},
    Row{"DeprecationWarning", "Warning"},
    Row{"PendingDeprecationWarning", "Warning"},
    Row{"RuntimeWarning", "Warning"},
    Row{"FutureWarning", "Warning"},
    Row{"SyntaxWarning", "Warning"},
    Row{"ResourceWarning", "Warning"},
};

using Classes = std::map<std::string, std::shared_ptr<ClassObject>, std::less<>>;

std::shared_ptr<ClassObject> derive(std::string_view name, const std::shared_ptr<ClassObject>& base) {
  auto type = std::make_shared<ClassObject>();
  type->name = name;
  type->is_builtin = true;
  if (base) {
    type->bases.emplace_back(ObjectPtr(base));
    type->ancestors.push_back(base);
    type->ancestors.insert(type->ancestors.end(), base->ancestors.begin(), base->ancestors.end());
  }
  return type;
}

Classes make_classes() {
  Classes all;
  const auto object = derive("object", nullptr);
  all.emplace("object", object);
  for (const Row& row : kExceptions) {
    auto type = derive(row.name, all.find(row.base)->second);
    type->is_exception = true;
    all.emplace(row.name, std::move(type));
  }
  all.emplace("IOError", all.find("OSError")->second);
  all.emplace("EnvironmentError", all.find("OSError")->second);
  const auto enum_class = [&](std::string_view name, EnumKind kind, std::string_view payload) {
    auto base = all.find("Enum");
    auto type = derive(name, base == all.end() ? object : base->second);
    type->enum_kind = kind;
    type->payload_type = payload;
    all.emplace(name, std::move(type));
  };
  enum_class("Enum", EnumKind::kEnum, "");
  enum_class("IntEnum", EnumKind::kIntEnum, "int");
  enum_class("StrEnum", EnumKind::kStrEnum, "str");
  enum_class("Flag", EnumKind::kFlag, "int");
  enum_class("IntFlag", EnumKind::kFlag, "int");
  return all;
}

}  // namespace

std::shared_ptr<ClassObject> builtin_class(std::string_view name) {
  static const Classes classes = make_classes();
  auto found = classes.find(name);
  return found == classes.end() ? nullptr : found->second;
}

std::shared_ptr<Instance> make_exception(const std::shared_ptr<ClassObject>& type, std::vector<Value> arguments) {
  auto instance = std::make_shared<Instance>();
  instance->type = type;
  instance->exception_args = std::move(arguments);
  return instance;
}

}  // namespace bascule::evaluate
