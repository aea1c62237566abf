#include "formats/alembic/source_modules.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "evaluate/core_modules.h"
#include "evaluate/error.h"
#include "evaluate/natives.h"
#include "evaluate/stdlib.h"
#include "formats/alembic/flask_database.h"
#include "formats/alembic/injected_arguments.h"
#include "formats/alembic/orm_mapper.h"

namespace bascule::formats::alembic {
namespace {

namespace py = syntax::python;

/// Definitions are small; an application's start is not to be evaluated by accident.
constexpr std::uint64_t kSteps = 200'000;
/// How far one import leads to the next.
constexpr int kDeepest = 20;

/// A module of the project. Its names are looked up when they are asked for.
class SourceModule final : public evaluate::Object {
 public:
  SourceModule(SourceModules& owner, std::string dotted) : owner_(owner), dotted_(std::move(dotted)) {}
  std::string type_name() const override { return "module"; }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (name == "__name__") return Value(dotted_);
    if (name.starts_with("__")) return std::nullopt;
    return owner_.attribute(interpreter, dotted_, std::string(name));
  }
  std::string repr(Interpreter&) override { return "<module '" + dotted_ + "'>"; }

 private:
  SourceModules& owner_;
  std::string dotted_;
};

/// What bascule.toml says of an object item by item.
class SaidItems final : public evaluate::Object {
 public:
  SaidItems(std::string name, Value items) : name_(std::move(name)), items_(std::move(items)) {}
  std::string type_name() const override { return name_.substr(name_.rfind('.') + 1); }
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override {
    if (const Value* item = items_.as_dict()->find(name)) return *item;
    if (name.starts_with("__")) return std::nullopt;
    if (name == "get" || name == "keys" || name == "values" || name == "items")
      return interpreter.attribute(items_, name);
    return make_opaque(name_ + "." + std::string(name), "not among what [values] of bascule.toml says",
                       interpreter.here());
  }
  std::optional<Value> index(Interpreter&, const Value& key) override {
    if (const Value* item = items_.as_dict()->find(key)) return *item;
    evaluate::raise_python("KeyError", key.as_str() != nullptr ? "'" + *key.as_str() + "'" : "a key",
                           "say it in bascule.toml: [values] \"" + name_ + "\"");
  }
  std::optional<bool> contains(Interpreter&, const Value& item) override {
    return items_.as_dict()->find(item) != nullptr;
  }
  std::optional<std::vector<Value>> iterate(Interpreter& interpreter) override { return interpreter.iterate(items_); }

 private:
  std::string name_;
  Value items_;
};

bool holds_opaque(const Value& value, int depth = 0) {
  constexpr int kDeep = 20;
  if (depth > kDeep || value.is_opaque()) return true;
  const auto any = [depth](const auto& items) {
    return std::any_of(items.begin(), items.end(),
                       [depth](const Value& item) { return holds_opaque(item, depth + 1); });
  };
  if (const auto* items = value.as_sequence()) return any(*items);
  if (const auto* set = value.as_set()) return any(set->items());
  if (const auto* dict = value.as_dict()) {
    return std::any_of(dict->entries().begin(), dict->entries().end(), [depth](const auto& entry) {
      return holds_opaque(entry.first, depth + 1) || holds_opaque(entry.second, depth + 1);
    });
  }
  return false;
}

/// Lists and dicts that one migration changes are not the next one's.
Value own_copy(const Value& value) {
  if (const auto* list = value.as_list()) {
    std::vector<Value> items;
    for (const Value& item : list->items) items.push_back(own_copy(item));
    return evaluate::make_list(std::move(items));
  }
  if (const auto* dict = value.as_dict()) {
    auto copy = std::make_shared<evaluate::Dict>();
    for (const auto& [key, held] : dict->entries()) copy->set(key, own_copy(held));
    return Value(std::move(copy));
  }
  if (const auto* set = value.as_set()) {
    auto copy = std::make_shared<evaluate::Set>();
    for (const Value& item : set->items()) copy->add(item);
    copy->frozen = set->frozen;
    return Value(std::move(copy));
  }
  return value;
}

bool is_plain(const Value& value) {
  return !std::holds_alternative<evaluate::ObjectPtr>(value.payload()) || evaluate::as_enum_member(value) ||
         evaluate::as_uuid(value) || evaluate::as_decimal(value) || evaluate::as_temporal(value) ||
         evaluate::as_timedelta(value);
}

/// What keeps a class from being a column type: a base that nobody knows.
std::optional<std::string> unknown_base(const Value& klass, int depth = 0) {
  constexpr int kDeep = 30;
  const auto user = evaluate::as_user_class(klass);
  if (!user || depth > kDeep) return std::nullopt;
  for (const Value& base : user->bases) {
    if (const auto* opaque = base.as_opaque()) return opaque->what;
    if (auto found = unknown_base(base, depth + 1)) return found;
  }
  return std::nullopt;
}

/// The reason, where an evaluated value is not one that a migration may see.
std::optional<std::string> reason_against(const Value& value, bool simple) {
  if (value.is_opaque()) return "where it is " + value.as_opaque()->cause;
  if (evaluate::as_enum_class(value)) return std::nullopt;
  if (mapper_of(value) || value.as<FlaskDatabase>()) return std::nullopt;
  if (const auto klass = evaluate::class_of_instance(value); klass && derives_from_flask(*klass)) return std::nullopt;
  if (evaluate::as_user_class(value)) {
    if (const auto base = unknown_base(value)) return "where it is a class that derives from `" + *base + "`";
    return std::nullopt;
  }
  if (is_type(value)) return std::nullopt;
  if (!simple || !is_plain(value)) return "where it is not a literal";
  if (holds_opaque(value)) return "where it is made of what is not known";
  return std::nullopt;
}

}  // namespace

struct SourceModules::Loaded {
  std::optional<SourceModuleFile> source;
  std::string trouble;  ///< why there is none
  std::unique_ptr<Interpreter> interpreter;
  std::set<const py::Stmt*> begun;
  int settling = 0;                            ///< definitions whose parts are being evaluated
  std::map<std::string, std::string> refused;  ///< a name and why
};

SourceModules::SourceModules(SourceSettings settings, Context& context, evaluate::ModuleProvider& modules,
                             const std::map<std::string, std::string>& environment)
    : settings_(std::move(settings)), context_(context), modules_(modules), environment_(environment) {}

SourceModules::~SourceModules() = default;

void SourceModules::begin(const std::string& dialect) {
  if (dialect == dialect_) return;
  dialect_ = dialect;
  loaded_.clear();
}

std::optional<Value> SourceModules::import_module(std::string_view dotted) {
  const std::string name(dotted);
  const auto module = [&] { return Value(evaluate::ObjectPtr(std::make_shared<SourceModule>(*this, name))); };
  if (holds_mapped(name)) return module();
  // Python's own modules come first here, whatever the project calls its folders.
  const std::string top = name.substr(0, name.find('.'));
  if (evaluate::core_module(top) || evaluate::stdlib_module(top)) return std::nullopt;
  if (!find_module_file(settings_.roots, dotted)) return std::nullopt;
  return module();
}

SourceModules::Loaded* SourceModules::load(const std::string& dotted) {
  const auto known = loaded_.find(dotted);
  if (known != loaded_.end()) return known->second.get();
  auto& made = loaded_[dotted];
  const auto place = find_module_file(settings_.roots, dotted);
  if (!place || place->path.empty()) return nullptr;
  made = std::make_unique<Loaded>();
  auto source = SourceModuleFile::read(*place, dotted);
  if (!source) {
    made->trouble = place->path + " cannot be read: " + source.error().message;
    return made.get();
  }
  made->source.emplace(std::move(*source));
  evaluate::Limits limits;
  limits.steps = kSteps;
  made->interpreter =
      std::make_unique<Interpreter>(made->source->file(), made->source->tree(), modules_, environment_, limits);
  return made.get();
}

std::optional<std::string> SourceModules::settle(Loaded& module, const std::string& name) {
  using Kind = SourceModuleFile::Kind;
  if (const auto refused = module.refused.find(name); refused != module.refused.end()) return refused->second;
  const auto& bindings = module.source->bindings(name);
  if (bindings.empty()) return std::nullopt;
  const SourceFilePtr& file = module.source->file();
  const auto refuse = [&](std::string why) {
    module.refused[name] = why;
    module.interpreter->set_global(name, make_opaque(name, why, Location{file, bindings.front().statement->span}));
    return why;
  };
  const std::string where = file->path() + ":" + std::to_string(bindings.front().statement->span.begin.line);
  if (bindings.size() > 1)
    return refuse("bound more than once, at " + where + " and in line " +
                  std::to_string(bindings[1].statement->span.begin.line));
  const auto& [statement, kind] = bindings.front();
  if (kind == Kind::kInBlock) return refuse("bound inside another statement, at " + where);
  if (const auto line = module.source->star_import_behind(*statement))
    return refuse("bound at " + where + " and perhaps anew by the `import *` in line " + std::to_string(*line));
  if (!module.begun.insert(statement).second) return std::nullopt;
  if (kind == Kind::kAssignment) {
    if (const auto line = module.source->changed_at(name, *statement))
      return refuse("assigned at " + where + " and changed in line " + std::to_string(*line));
  }
  ++module.settling;
  for (const std::string& word : module.source->words_of(*statement)) {
    if (word != name) settle(module, word);
  }
  --module.settling;
  const auto ran = module.interpreter->run_statement(*statement);
  if (!ran && module.settling > 0 && ran.error().code == "undefined-name") {
    // Two classes that name each other: this one waits until it is asked for by itself.
    module.begun.erase(statement);
    return std::nullopt;
  }
  if (!ran) return refuse("not to be evaluated, at " + where + ": " + ran.error().message);
  return std::nullopt;
}

std::optional<Value> SourceModules::define(Loaded& module, const std::string& dotted, const std::string& name) {
  const auto& bindings = module.source->bindings(name);
  if (bindings.empty()) return std::nullopt;
  if (auto why = settle(module, name)) return make_opaque(dotted + "." + name, *why, {});
  auto value = module.interpreter->global(name);
  if (!value) return make_opaque(dotted + "." + name, "part of an import that goes round", {});
  if (bindings.front().kind != SourceModuleFile::Kind::kAssignment) return value;
  return value;
}

Value SourceModules::unknown(Interpreter& interpreter, const std::string& dotted, const std::string& name,
                             const std::string& why) {
  return make_opaque(dotted + "." + name, "imported from " + dotted + (why.empty() ? "" : ", " + why),
                     interpreter.here());
}

bool SourceModules::holds_mapped(const std::string& name) const {
  const auto holds = [within = name + "."](const auto& said) {
    const auto first = said.lower_bound(within);
    return first != said.end() && first->first.starts_with(within);
  };
  return holds(settings_.types) || holds(settings_.values);
}

std::optional<Value> SourceModules::mapped_value(const std::string& name) {
  if (const auto found = settings_.values.find(name); found != settings_.values.end())
    return make_injected(context_, found->second, name.substr(name.rfind('.') + 1));
  // Its items are said one by one: a dict, and an object with these attributes.
  const std::string within = name + ".";
  auto items = std::make_shared<evaluate::Dict>();
  for (auto one = settings_.values.lower_bound(within); one != settings_.values.end() && one->first.starts_with(within);
       ++one) {
    const std::string key = one->first.substr(within.size());
    if (key.find('.') == std::string::npos) items->set(Value(key), make_injected(context_, one->second, key));
  }
  if (items->size() == 0) return std::nullopt;
  return Value(evaluate::ObjectPtr(std::make_shared<SaidItems>(name, Value(items))));
}

std::optional<Value> SourceModules::mapped_type(const std::string& name) {
  const auto found = settings_.types.find(name);
  if (found == settings_.types.end()) return std::nullopt;
  Recorder& recorder = context_.recorder;
  const std::string short_name = name.substr(name.rfind('.') + 1);
  auto spelled = found->second;
  // Its arguments say nothing to us: the type is what the project's configuration says.
  TypeFactory factory = [&recorder, name, short_name, spelled](Interpreter&, evaluate::Arguments& arguments) {
    const std::string& dialect = recorder.target().dialect;
    auto sql = spelled.find(dialect);
    if (sql == spelled.end()) sql = spelled.find("");
    if (sql == spelled.end()) {
      throw evaluate::Refusal("unmapped-type", "bascule.toml does not say what " + name + " is on " + dialect,
                              "add it there: [types] \"" + name + "\" = { " + dialect + " = \"...\" }",
                              arguments.where);
    }
    return make_type(model::RawType{sql->second}, recorder, short_name);
  };
  return Value(evaluate::ObjectPtr(std::make_shared<TypeClass>(short_name, std::move(factory))));
}

Value SourceModules::attribute(Interpreter& interpreter, const std::string& dotted, const std::string& name) {
  const std::string full = dotted + "." + name;
  if (auto mapped = mapped_type(full)) return *mapped;
  if (auto said = mapped_value(full)) return *said;
  // Whatever it is, bascule.toml names a part of it: "app.models.db.String".
  if (holds_mapped(full)) return Value(evaluate::ObjectPtr(std::make_shared<SourceModule>(*this, full)));
  if (depth_ >= kDeepest) return unknown(interpreter, dotted, name, "through too many other modules");
  struct Deeper {
    int& depth;
    explicit Deeper(int& held) : depth(held) { ++depth; }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
  };
  const Deeper deeper(depth_);
  Loaded* const module = load(dotted);
  if (module != nullptr && !module->source) return unknown(interpreter, dotted, name, module->trouble);
  if (module != nullptr) {
    if (auto value = define(*module, dotted, name)) {
      const auto& binding = module->source->bindings(name).front();
      const bool refused = module->refused.contains(name);
      if (refused) return unknown(interpreter, dotted, name, "where it is " + module->refused.at(name));
      // What it imports itself has been looked at where it is written.
      if (binding.kind == SourceModuleFile::Kind::kImport)
        return value->is_opaque() ? unknown(interpreter, dotted, name, "where it is " + value->as_opaque()->cause)
                                  : own_copy(*value);
      if (binding.kind == SourceModuleFile::Kind::kFunction) {
        if (value->is_opaque()) return unknown(interpreter, dotted, name, "where it is " + value->as_opaque()->cause);
        // A logger is left alone: what it says changes nothing, and how it is made reads the application's settings.
        if (name.find("logger") != std::string::npos)
          return unknown(interpreter, dotted, name, "where it is a function");
        return *value;
      }
      const auto* assign = std::get_if<py::Assign>(&binding.statement->node);
      const auto* annotated = std::get_if<py::AnnAssign>(&binding.statement->node);
      const py::Expr* right = assign != nullptr      ? assign->value.get()
                              : annotated != nullptr ? annotated->value.get()
                                                     : nullptr;
      if (const auto why = reason_against(*value, right == nullptr || is_simple(*right)))
        return unknown(interpreter, dotted, name, *why);
      return own_copy(*value);
    }
  }
  if (auto submodule = modules_.import_module(full)) return *submodule;
  return unknown(interpreter, dotted, name, "");
}

}  // namespace bascule::formats::alembic
