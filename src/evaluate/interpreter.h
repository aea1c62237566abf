// What: evaluates one module: its top level, then its functions on request.
// Must not know: Alembic, SQL, databases, files. Imports never run code: they ask the ModuleProvider, else are opaque.
// Invariants: bounded in steps, depth and size (Limits); touches nothing outside itself.
// Thread rules: one thread at a time; different Interpreters are independent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "evaluate/value.h"
#include "syntax/python/ast.h"

namespace bascule::evaluate {

/// Bounds of one evaluation. steps: statements and expressions evaluated. depth: nested calls.
/// size: characters of a string, items of a container.
struct Limits {
  std::uint64_t steps = 5'000'000;
  std::uint32_t depth = 100;
  std::uint64_t size = 16'000'000;
};

/// Gives native modules by dotted name: "alembic", "sqlalchemy.dialects.postgresql". nullopt: not known (opaque).
class ModuleProvider {
 public:
  virtual ~ModuleProvider() = default;
  virtual std::optional<Value> import_module(std::string_view dotted_name) = 0;
  /// What to do instead of a call of code that is not there: the help of its refusal.
  virtual std::string instead_of_unknown_call() const { return "write what it does in the module itself"; }
};

class Interpreter {
 public:
  /// environment: what os.environ shows (a copy, so that a test can say it). All references outlive the interpreter.
  Interpreter(SourceFilePtr file, const syntax::python::Module& module, ModuleProvider& modules,
              const std::map<std::string, std::string>& environment, Limits limits);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // --- entry points: no exception leaves these ---
  /// Runs the module's top level once.
  Result<void, Diagnostic> run_module();
  /// Runs one statement of the module's top level; for modules of which only parts are wanted.
  Result<void, Diagnostic> run_statement(const syntax::python::Stmt& statement);
  /// Gives a global a value from outside.
  void set_global(std::string_view name, Value value);
  /// Calls a function of the module; the diagnostic's location is the innermost known place in the module.
  /// passed: if given, an error of one of the function's own statements is added to it and the evaluation goes on
  /// behind it where that is safe (recovery.cpp), so that one evaluation finds more than the first. The result then
  /// counts only while nothing was added.
  Result<Value, Diagnostic> call_global(std::string_view name, Arguments arguments, Diagnostics* passed = nullptr);
  /// A global after run_module; nullopt if there is none.
  std::optional<Value> global(std::string_view name) const;

  // --- for natives: these throw (error.h) ---
  Value call(const Value& callee, Arguments arguments);
  Value attribute(const Value& object, std::string_view name);
  bool truth(const Value& value);  ///< refuses opaque values: a decision needs them
  std::string str(const Value& value);
  std::string repr(const Value& value);
  std::vector<Value> iterate(const Value& value);
  /// isinstance-like: the class name and those of its bases, for instances of classes that the module defines.
  /// The place that is being evaluated now.
  Location here() const;
  const std::map<std::string, std::string>& environment() const;
  /// Refuses an opaque value with the standard diagnostic: code "opaque-value", what it is, the import it came from,
  /// and what needed it ("the table name of op.create_table").
  [[noreturn]] void refuse_opaque(const Value& value, const std::string& needed_for);

  class Implementation;
  Implementation& implementation() { return *implementation_; }

 private:
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace bascule::evaluate
