#include "formats/alembic/injected_arguments.h"

#include <charconv>

#include "evaluate/error.h"
#include "formats/alembic/live_connection.h"
#include "formats/alembic/sa_schema.h"

namespace bascule::formats::alembic {
namespace {

constexpr std::string_view kCause = "what env.py passes to ";

class ReflectedTables final : public evaluate::Object {
 public:
  ReflectedTables(Context& context, std::string name) : context_(context), name_(std::move(name)) {}
  std::string type_name() const override { return name_; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view wanted) override {
    if (wanted.starts_with("__")) return std::nullopt;
    return table(interpreter, std::string(wanted));
  }
  std::optional<Value> index(Interpreter& interpreter, const Value& key) override {
    if (key.as_str() == nullptr) evaluate::raise_type_error(name_ + " takes the name of a table");
    return table(interpreter, *key.as_str());
  }

 private:
  /// As the database has it at that moment: a column that the migration has just added is there.
  Value table(Interpreter& interpreter, const std::string& wanted) {
    const Location where = interpreter.here();
    QualifiedName name;
    const std::size_t dot = wanted.find('.');
    if (dot != std::string::npos) name.schema = Identifier(wanted.substr(0, dot));
    name.name = Identifier(dot == std::string::npos ? wanted : wanted.substr(dot + 1));
    auto item = std::make_shared<TableItem>(std::move(name), context_, where);
    item->reflected = true;
    reflect_table(interpreter, context_, *item, where);
    return Value(evaluate::ObjectPtr(std::move(item)));
  }

  Context& context_;
  std::string name_;
};

class Ignored final : public evaluate::Object {
 public:
  explicit Ignored(std::string name) : name_(std::move(name)) {}
  std::string type_name() const override { return name_; }
  std::optional<Value> attribute(Interpreter&, std::string_view wanted) override {
    if (wanted.starts_with("__")) return std::nullopt;
    return self();
  }
  bool set_attribute(Interpreter&, std::string_view, Value) override { return true; }
  bool callable() const override { return true; }
  Value call(Interpreter&, evaluate::Arguments&) override { return self(); }
  std::optional<Value> index(Interpreter&, const Value&) override { return self(); }
  std::optional<std::vector<Value>> iterate(Interpreter&) override { return std::vector<Value>(); }
  std::optional<std::int64_t> length(Interpreter&) override { return 0; }
  std::optional<bool> contains(Interpreter&, const Value&) override { return false; }
  bool truth(Interpreter&) override { return false; }
  std::optional<Value> enter(Interpreter&) override { return self(); }

 private:
  Value self() { return Value(shared_from_this()); }
  std::string name_;
};

Value literal(const std::string& text) {
  if (text == "true" || text == "false") return Value(text == "true");
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty()) return Value(number);
  return Value(text);
}

}  // namespace

Value make_injected(Context& context, const Argument& argument, const std::string& name) {
  if (argument.items) {
    std::vector<Value> items;
    for (const std::string& item : *argument.items) items.push_back(literal(item));
    return evaluate::make_list(std::move(items));
  }
  if (argument.text == "reflect") return Value(evaluate::ObjectPtr(std::make_shared<ReflectedTables>(context, name)));
  if (argument.text == "ignore") return Value(evaluate::ObjectPtr(std::make_shared<Ignored>(name)));
  return literal(argument.text);
}

std::string injected_cause(const std::string& function) {
  return std::string(kCause) + function + "(), and env.py is never run";
}

std::optional<std::string> injected_advice(const Diagnostic& diagnostic) {
  if (diagnostic.code != "opaque-value" || diagnostic.cause.find(kCause) == std::string::npos) return std::nullopt;
  const std::size_t begin = diagnostic.cause.find('`');
  if (begin == std::string::npos) return std::nullopt;
  const std::size_t end = diagnostic.cause.find_first_of(".`([", begin + 1);
  const std::string name = diagnostic.cause.substr(begin + 1, end - begin - 1);
  return "say in bascule.toml what it is, under [alembic.arguments]: " + name +
         " = \"reflect\" (the database's tables), " + name + " = \"ignore\" (its calls do nothing), or its value";
}

}  // namespace bascule::formats::alembic
