// What: what migrations import from the project itself, read from its source files: column types, enum classes, mapped
// classes, functions, and constants that are assigned once. Everything else of a module stays unknown, with the reason
// why.
// Must not know: how a migration is evaluated, files outside the project.
// Invariants: no module is run: only the definitions that are asked for, and what they are made of, are evaluated, by
// the same bounded interpreter; values live as long as this does, or until the database changes (begin).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluate/interpreter.h"
#include "formats/alembic/op_context.h"
#include "formats/alembic/settings.h"
#include "formats/alembic/source_file.h"

namespace bascule::formats::alembic {

struct SourceSettings {
  std::vector<std::string> roots;  ///< canonical folders
  /// "app.db.GUID" to database ("" is every one) to the type's SQL.
  std::map<std::string, std::map<std::string, std::string>> types;
  /// "app.settings.PAGE_SIZE" to its value; "app.config.app.KEY" are the items of app.config.app.
  std::map<std::string, Argument> values;
};

class SourceModules {
 public:
  SourceModules(SourceSettings settings, Context& context, evaluate::ModuleProvider& modules,
                const std::map<std::string, std::string>& environment);
  ~SourceModules();
  SourceModules(const SourceModules&) = delete;
  SourceModules& operator=(const SourceModules&) = delete;

  /// Values may depend on the database: those of another one are forgotten.
  void begin(const std::string& dialect);
  /// The module as an object whose attributes are read when they are asked for; nullopt: the project has none.
  std::optional<Value> import_module(std::string_view dotted);
  /// What `dotted`.`name` is; opaque where it cannot be read.
  Value attribute(Interpreter& interpreter, const std::string& dotted, const std::string& name);

 private:
  struct Loaded;

  Loaded* load(const std::string& dotted);
  /// nullopt: the module does not say the name.
  std::optional<Value> define(Loaded& module, const std::string& dotted, const std::string& name);
  /// Evaluates what binds the name, after what that needs. The text says why it was not.
  std::optional<std::string> settle(Loaded& module, const std::string& name);
  /// Whether bascule.toml says something of what is in it.
  bool holds_mapped(const std::string& name) const;
  std::optional<Value> mapped_value(const std::string& name);
  std::optional<Value> mapped_type(const std::string& name);
  Value unknown(Interpreter& interpreter, const std::string& dotted, const std::string& name, const std::string& why);

  SourceSettings settings_;
  Context& context_;
  evaluate::ModuleProvider& modules_;
  const std::map<std::string, std::string>& environment_;
  std::string dialect_;
  std::map<std::string, std::unique_ptr<Loaded>> loaded_;
  int depth_ = 0;
};

}  // namespace bascule::formats::alembic
