// The modules os, os.path, pathlib and sys: texts and the environment; whatever touches files is refused.
#include <limits>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"
#include "evaluate/objects.h"
#include "evaluate/stdlib_modules.h"

namespace bascule::evaluate {

namespace {

constexpr const char* kReadingFiles = "reading files is not allowed in a migration that Bascule evaluates";

/// os.environ: what the run's environment shows, read-only.
class Environment final : public Object {
 public:
  std::string type_name() const override { return "_Environ"; }
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override {
    auto found = get(interpreter, text_argument("os.environ", key));
    if (!found) raise_python("KeyError", "'" + *key.as_str() + "'");
    return found;
  }
  std::optional<bool> contains(Interpreter& interpreter, const Value& item) override {
    return get(interpreter, text_argument("os.environ", item)).has_value();
  }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    if (name == "get") {
      return pure_function("os.environ.get", [](Interpreter& interpreter, Arguments& arguments) {
        Binder bind("os.environ.get", arguments, {"key", "default"});
        auto found = get(interpreter, text_argument("os.environ.get", bind.required("key")));
        return found ? *found : bind.optional("default").value_or(Value());
      });
    }
    if (name == "setdefault" || name == "pop" || name == "update" || name == "clear") {
      return make_function("os.environ." + std::string(name), [](Interpreter&, Arguments&) -> Value {
        refuse_world("changing the environment is not allowed in a migration that Bascule evaluates");
      });
    }
    return std::nullopt;
  }
  bool set_index(Interpreter&, const Value&, Value) override {
    refuse_world("changing the environment is not allowed in a migration that Bascule evaluates");
  }
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override {
    std::vector<Value> names;
    for (const auto& [name, value] : interpreter.environment()) names.emplace_back(name);
    return names;
  }
  std::optional<std::int64_t> length(Interpreter& interpreter) override {
    return static_cast<std::int64_t>(interpreter.environment().size());
  }
  std::string repr(Interpreter&) override { return "environ({...})"; }

  static std::optional<Value> get(Interpreter& interpreter, const std::string& name) {
    auto found = interpreter.environment().find(name);
    if (found == interpreter.environment().end()) return std::nullopt;
    return Value(found->second);
  }
};

/// A path as text; whatever would look at the disk is refused.
class PathObject final : public Object {
 public:
  explicit PathObject(std::string given) : text(std::move(given)) {}
  std::string text;
  std::string type_name() const override { return "PosixPath"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  std::optional<Value> binary(Interpreter& interpreter, BinaryOperator op, const Value& other, bool reflected) override;
  std::string repr(Interpreter&) override { return "PosixPath('" + text + "')"; }
  std::string str(Interpreter&) override { return text; }
  bool equals(const Object& other) const override {
    const auto* path = dynamic_cast<const PathObject*>(&other);
    return path && path->text == text;
  }
  std::size_t hash() const override { return std::hash<std::string>{}(text); }
};

std::string path_text(const Value& value) {
  if (auto path = value.as<PathObject>()) return path->text;
  return text_argument("os.path", value);
}

std::string joined(std::string left, const std::string& right) {
  if (right.starts_with('/')) return right;
  if (left.empty() || left.back() == '/') return left + right;
  return left + "/" + right;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string dir_name(const std::string& path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return "";
  std::string head = path.substr(0, slash + 1);
  while (head.size() > 1 && head.back() == '/') head.pop_back();
  return head;
}

/// posixpath.normpath.
std::string normal(const std::string& path) {
  if (path.empty()) return ".";
  bool absolute = path.front() == '/';
  std::vector<std::string> parts;
  for (std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != ".." || (!absolute && parts.empty()) || (!parts.empty() && parts.back() == "..")) {
      parts.emplace_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  std::string out = (absolute ? "/" : "") + join(parts, "/");
  return out.empty() ? "." : out;
}

std::size_t extension_at(const std::string& path) {
  std::size_t name = path.rfind('/') + 1;
  std::size_t dot = path.rfind('.');
  std::size_t first = path.find_first_not_of('.', name);
  return dot == std::string::npos || first == std::string::npos || dot < first ? path.size() : dot;
}

Value make_path(std::string text) { return ObjectPtr(std::make_shared<PathObject>(std::move(text))); }

/// pathlib drops doubled slashes and single dots, and keeps "..".
std::string tidy(const std::string& path) {
  bool absolute = !path.empty() && path.front() == '/';
  std::vector<std::string> parts;
  for (std::string_view part : split(path, '/')) {
    if (!part.empty() && part != ".") parts.emplace_back(part);
  }
  std::string out = (absolute ? "/" : "") + join(parts, "/");
  return out.empty() ? "." : out;
}

Value parent_of(const std::string& text) {
  std::string up = dir_name(text);
  return make_path(up.empty() ? "." : up);
}

Value refusing(const std::string& name) {
  return make_function(
      name, [name](Interpreter&, Arguments&) -> Value { refuse_world(fmt::format("{}: {}", name, kReadingFiles)); });
}

}  // namespace

std::optional<Value> PathObject::attribute(Interpreter&, std::string_view name) {
  std::string last = base_name(text);
  std::size_t dot = extension_at(text);
  std::string suffix = text.substr(dot);
  if (name == "name") return Value(last);
  if (name == "suffix") return Value(suffix);
  if (name == "stem") return Value(last.substr(0, last.size() - suffix.size()));
  if (name == "parent") return parent_of(text);
  if (name == "parts") {
    std::vector<Value> parts;
    if (text.starts_with('/')) parts.emplace_back("/");
    for (std::string_view part : split(text, '/')) {
      if (!part.empty()) parts.emplace_back(part);
    }
    return make_tuple(std::move(parts));
  }
  if (name == "parents") {
    std::vector<Value> all;
    for (std::string up = text; up != "/" && up != "."; all.push_back(make_path(up))) {
      up = dir_name(up);
      if (up.empty()) up = ".";
    }
    return make_tuple(std::move(all));
  }
  if (name == "joinpath") {
    return pure_function("Path.joinpath", [held = text](Interpreter&, Arguments& arguments) {
      std::string out = held;
      for (const Value& part : arguments.positional) out = joined(out, path_text(part));
      return make_path(tidy(out));
    });
  }
  if (name == "with_suffix" || name == "with_name") {
    std::string head = name == "with_name" ? text.substr(0, text.size() - last.size()) : text.substr(0, dot);
    return pure_function("Path." + std::string(name), [head](Interpreter&, Arguments& arguments) {
      Binder bind("Path.with_name", arguments, {"name"});
      return make_path(head + text_argument("Path.with_name", bind.required("name")));
    });
  }
  if (name == "as_posix" || name == "__str__" || name == "__fspath__") {
    return make_function("Path.as_posix", [held = text](Interpreter&, Arguments&) { return Value(held); });
  }
  if (name == "resolve" || name == "absolute") {
    return make_function("Path.resolve", [held = text](Interpreter&, Arguments&) { return make_path(normal(held)); });
  }
  for (std::string_view method :
       {"read_text", "read_bytes", "open", "exists", "is_file", "is_dir", "iterdir", "glob", "rglob", "stat",
        "write_text", "write_bytes", "mkdir", "unlink", "touch", "rename", "rmdir"}) {
    if (name == method) return refusing("Path." + std::string(name));
  }
  return std::nullopt;
}

std::optional<Value> PathObject::binary(Interpreter&, BinaryOperator op, const Value& other, bool reflected) {
  if (op != BinaryOperator::kDiv || (!other.as_str() && !other.as<PathObject>())) return std::nullopt;
  return make_path(tidy(reflected ? joined(path_text(other), text) : joined(text, path_text(other))));
}

Value os_path_module() {
  auto text_function = [](const char* name, std::string (*function)(const std::string&)) {
    return pure_function(std::string("os.path.") + name, [name, function](Interpreter&, Arguments& arguments) -> Value {
      Binder bind(std::string("os.path.") + name, arguments, {"path"});
      return function(path_text(bind.required("path")));
    });
  };
  Members members("os.path");
  members.value("basename", text_function("basename", base_name))
      .value("dirname", text_function("dirname", dir_name))
      .value("normpath", text_function("normpath", normal))
      // Without the disk, a relative path stays relative.
      .value("abspath", text_function("abspath", normal))
      .value("realpath", text_function("realpath", normal))
      .value("sep", "/")
      .function("join",
                [](Interpreter&, Arguments& arguments) -> Value {
                  if (arguments.positional.empty()) raise_type_error("join() missing 1 required positional argument");
                  std::string out = path_text(arguments.positional[0]);
                  for (std::size_t i = 1; i < arguments.positional.size(); ++i)
                    out = joined(out, path_text(arguments.positional[i]));
                  return out;
                })
      .function("split",
                [](Interpreter&, Arguments& arguments) {
                  Binder bind("os.path.split", arguments, {"path"});
                  std::string path = path_text(bind.required("path"));
                  return make_tuple({Value(dir_name(path)), Value(base_name(path))});
                })
      .function("splitext",
                [](Interpreter&, Arguments& arguments) {
                  Binder bind("os.path.splitext", arguments, {"path"});
                  std::string path = path_text(bind.required("path"));
                  std::size_t dot = extension_at(path);
                  return make_tuple({Value(path.substr(0, dot)), Value(path.substr(dot))});
                })
      .function("isabs", [](Interpreter&, Arguments& arguments) -> Value {
        Binder bind("os.path.isabs", arguments, {"path"});
        return path_text(bind.required("path")).starts_with('/');
      });
  return members.build([](Interpreter&, std::string_view name) -> std::optional<Value> {
    return refusing("os.path." + std::string(name));
  });
}

Value os_module() {
  return Members("os")
      .value("environ", ObjectPtr(std::make_shared<Environment>()))
      .value("path", os_path_module())
      .value("sep", "/")
      .value("linesep", "\n")
      .value("name", "posix")
      .value("curdir", ".")
      .value("pardir", "..")
      .function("getenv",
                [](Interpreter& interpreter, Arguments& arguments) {
                  Binder bind("os.getenv", arguments, {"key", "default"});
                  auto found = Environment::get(interpreter, text_argument("os.getenv", bind.required("key")));
                  return found ? *found : bind.optional("default").value_or(Value());
                })
      .function("fspath",
                [](Interpreter&, Arguments& arguments) -> Value {
                  Binder bind("os.fspath", arguments, {"path"});
                  return path_text(bind.required("path"));
                })
      .build([](Interpreter&, std::string_view name) -> std::optional<Value> {
        std::string full = "os." + std::string(name);
        return make_function(full, [full](Interpreter&, Arguments&) -> Value {
          refuse_world(fmt::format("{}: a migration that Bascule evaluates may not touch files or processes", full));
        });
      });
}

Value pathlib_module() {
  auto construct = [](Interpreter&, Arguments& arguments) {
    std::string out;
    for (const Value& part : arguments.positional) out = out.empty() ? path_text(part) : joined(out, path_text(part));
    return make_path(tidy(out));
  };
  auto is_path = [](const Value& value) { return value.as<PathObject>() != nullptr; };
  Value type = ObjectPtr(std::make_shared<NativeClass>(
      "pathlib.Path", construct, is_path,
      std::map<std::string, Value, std::less<>>{{"cwd", refusing("Path.cwd")}, {"home", refusing("Path.home")}}));
  return Members("pathlib")
      .value("Path", type)
      .value("PurePath", type)
      .value("PosixPath", type)
      .value("PurePosixPath", type)
      .build();
}

namespace {

/// sys.stdout and sys.stderr: what is written to them goes nowhere.
class Silence final : public Object {
 public:
  std::string type_name() const override { return "TextIOWrapper"; }
  std::optional<Value> attribute(Interpreter&, std::string_view name) override {
    if (name != "write" && name != "flush" && name != "writelines") return std::nullopt;
    return make_function("write", [](Interpreter&, Arguments&) -> Value { return {}; });
  }
};

}  // namespace

Value sys_module() {
  Value silence = ObjectPtr(std::make_shared<Silence>());
  return Members("sys")
      .value("version_info", make_tuple({Value(3), Value(12), Value(0), Value("final"), Value(0)}))
      .value("version", "3.12.0")
      .value("platform", "linux")
      .value("byteorder", "little")
      .value("maxsize", std::numeric_limits<std::int64_t>::max())
      .value("argv", make_list({}))
      .value("path", make_list({}))
      .value("stdout", silence)
      .value("stderr", silence)
      .function("exit",
                [](Interpreter& interpreter, Arguments& arguments) -> Value {
                  raise_python("SystemExit",
                               arguments.positional.empty() ? "" : interpreter.str(arguments.positional[0]));
                })
      .function("getrecursionlimit", [](Interpreter&, Arguments&) -> Value { return 1000; })
      .build();
}

}  // namespace bascule::evaluate
