// What: the interpreter's inside: one walk over the syntax tree, its scopes, frames and bounds.
// Must not know: Alembic, SQL, databases, files.
// Invariants: `current_` is the innermost expression or statement begun, and stays so while an exception leaves it: who
// catches one takes the place from it (locate) before evaluating anything else. Files by concept: statements.cpp,
// recovery.cpp, assignment.cpp, imports.cpp, expressions.cpp, comprehensions.cpp, calls.cpp, generators.cpp,
// classes.cpp, enums.cpp, attributes.cpp, operators.cpp, subscripts.cpp, text_of.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "evaluate/error.h"
#include "evaluate/interpreter.h"
#include "evaluate/objects.h"
#include "evaluate/python_error.h"
#include "syntax/python/ast.h"

namespace bascule::evaluate {

namespace py = syntax::python;

/// For sums and products that may not fit in 64 bits.
__extension__ using Wide = __int128;

/// The cause of a value that an earlier error of the same evaluation kept from being made, and the code of errors that
/// only follow from that; such errors are never reported.
inline constexpr const char* kPoisoned = "not made, because of an earlier error";
inline constexpr const char* kFollowOn = "follow-on";

/// Whether unknown code of that name only says something ("log.info"): nothing is lost when it is not called.
bool only_talks(std::string_view called);

/// How a statement ended.
enum class Flow { kNormal, kBreak, kContinue, kReturn };

/// What yield does in the running generator: takes the value, gives back what the yield expression is worth.
using YieldHook = std::function<void(Value)>;

/// One running function.
struct Frame {
  const FunctionObject* function = nullptr;
  Value first_argument;
  Value return_value;
  const YieldHook* yield = nullptr;
};

class Interpreter::Implementation {
 public:
  Implementation(Interpreter& owner, SourceFilePtr file, const py::Module& module, ModuleProvider& modules,
                 const std::map<std::string, std::string>& environment, Limits limits);
  ~Implementation();

  // --- entry points (interpreter.cpp) ---
  template <class Result, class Action>
  Result guarded(Action action);
  void run_module();

  // --- bounds ---
  void step() {
    if (++steps_ > limits_.steps) too_many_steps();
  }
  /// Counts work that is not an expression: items copied, characters scanned.
  void charge(std::uint64_t amount) {
    steps_ += amount;
    if (steps_ > limits_.steps) too_many_steps();
  }
  void check_items(std::uint64_t count) const;
  void check_text(std::uint64_t bytes) const;
  void check_stack() const;
  [[noreturn]] void too_many_steps() const;
  [[noreturn]] void too_deep() const;
  [[noreturn]] void not_supported(const std::string& what, const std::string& help = "") const;

  // --- statements ---
  Flow execute(const py::Block& block);
  Flow execute(const py::Stmt& statement);
  Flow run(const py::ExprStmt& node);
  Flow run(const py::Assign& node);
  Flow run(const py::AnnAssign& node);
  Flow run(const py::AugAssign& node);
  Flow run(const py::Return& node);
  Flow run(const py::Raise& node);
  Flow run(const py::Pass& node);
  Flow run(const py::Break& node);
  Flow run(const py::Continue& node);
  Flow run(const py::Delete& node);
  Flow run(const py::Assert& node);
  Flow run(const py::Global& node);
  Flow run(const py::Nonlocal& node);
  Flow run(const py::Import& node);
  Flow run(const py::ImportFrom& node);
  Flow run(const py::If& node);
  Flow run(const py::For& node);
  Flow run(const py::While& node);
  Flow run(const py::With& node);
  Flow run(const py::Try& node);
  Flow run(const py::FunctionDef& node);
  Flow run(const py::ClassDef& node);
  Flow run(const py::Match& node);
  Flow run_with(const py::With& node, std::size_t item);
  Flow run_handlers(const py::Try& node, PythonError& error);
  bool handles(const py::ExceptHandler& handler, const Instance& exception);

  // --- going on behind an error (recovery.cpp) ---
  /// Calls a function of the module whose own statements go on behind their errors.
  Value call_recovering(const Value& callee, Arguments& arguments, Diagnostics& passed);
  Flow execute_recovering(const py::Block& block);
  void poison(const py::Stmt& statement);

  /// A function of this module, called by another one's code: with this module's globals and the caller's bounds.
  Value call_from(Implementation& caller, FunctionObject& function, Arguments& arguments);

  // --- names and targets (assignment.cpp) ---
  void assign(const py::Expr& target, Value value);
  void unpack(const std::vector<py::ExprPtr>& targets, const Value& value, const py::Expr& where);
  void remove(const py::Expr& target);
  void assign_name(std::string_view name, Value value);
  bool remove_name(std::string_view name);
  const Value* find_name(std::string_view name);
  Value load_name(const std::string& name);
  [[noreturn]] void undefined_name(const std::string& name);

  // --- imports ---
  std::optional<Value> find_module(const std::string& dotted);
  Value opaque(std::string what, std::string cause) const;
  Value opaque(std::string what, const Opaque& from) const;

  // --- expressions ---
  Value eval(const py::Expr& expression);
  Value eval_node(const py::Name& node, const py::Expr& whole);
  Value eval_node(const py::Constant& node, const py::Expr& whole);
  Value eval_node(const py::FString& node, const py::Expr& whole);
  Value eval_node(const py::Attribute& node, const py::Expr& whole);
  Value eval_node(const py::Subscript& node, const py::Expr& whole);
  Value eval_node(const py::Slice& node, const py::Expr& whole);
  Value eval_node(const py::Call& node, const py::Expr& whole);
  Value eval_node(const py::Starred& node, const py::Expr& whole);
  Value eval_node(const py::Binary& node, const py::Expr& whole);
  Value eval_node(const py::Unary& node, const py::Expr& whole);
  Value eval_node(const py::BoolOp& node, const py::Expr& whole);
  Value eval_node(const py::Compare& node, const py::Expr& whole);
  Value eval_node(const py::Conditional& node, const py::Expr& whole);
  Value eval_node(const py::ListDisplay& node, const py::Expr& whole);
  Value eval_node(const py::TupleDisplay& node, const py::Expr& whole);
  Value eval_node(const py::SetDisplay& node, const py::Expr& whole);
  Value eval_node(const py::DictDisplay& node, const py::Expr& whole);
  Value eval_node(const py::Comprehension& node, const py::Expr& whole);
  Value eval_node(const py::Lambda& node, const py::Expr& whole);
  Value eval_node(const py::NamedExpr& node, const py::Expr& whole);
  Value eval_node(const py::Await& node, const py::Expr& whole);
  Value eval_node(const py::Yield& node, const py::Expr& whole);
  std::vector<Value> eval_items(const std::vector<py::ExprPtr>& items);
  void run_clauses(const py::Comprehension& node, std::size_t clause, const std::function<void()>& emit);
  /// truth, with what needs it for the refusal of an opaque value.
  bool decide(const Value& value, const char* needed_for);

  // --- calls and functions ---
  Value call(const Value& callee, Arguments& arguments);
  Value call(const Value& callee, std::vector<Value> positional);
  Value call_function(FunctionObject& function, Arguments& arguments);
  /// Refuses a call of unknown code that is handed what reaches the database: left out, it would leave the migration
  /// half done without a word.
  void check_unknown_call(const std::string& called, const Opaque& unknown, const Arguments& arguments) const;
  Value run_body(FunctionObject& function, const std::shared_ptr<Scope>& scope, const YieldHook* yield);
  void bind_parameters(FunctionObject& function, Arguments& arguments, Scope& scope);
  Arguments eval_arguments(const py::Call& node, const py::Expr& whole, bool callee_opaque);
  std::shared_ptr<FunctionObject> make_function_object(std::string name, const std::vector<py::Parameter>& parameters,
                                                       Span span);
  /// Calls a method of builtin values without making a bound method. nullopt: no such fast way.
  std::optional<Value> call_builtin_method(const Value& self, std::string_view name, Arguments& arguments);

  // --- iteration (generators.cpp) ---
  /// Hands each item to body until it says false. needed_for: for the refusal of an opaque value.
  void for_each(const Value& iterable, const std::function<bool(Value)>& body, const char* needed_for);
  std::vector<Value> items_of(const Value& iterable, const char* needed_for);
  void run_generator(GeneratorObject& generator, const std::function<bool(Value)>& body);
  std::optional<Value> next(const Value& iterator);
  bool contains_yield(const py::Block& body);

  // --- classes ---
  Value make_class(const std::string& name, std::vector<Value> bases, const py::Block* body,
                   const std::vector<std::pair<std::string, Value>>& keywords);
  Value instantiate(ClassObject& type, Arguments& arguments);
  Value bind(const Value& found, const Value& self, ClassObject& type);
  std::optional<Value> instance_attribute(Instance& instance, std::string_view name);
  std::optional<Value> class_attribute(ClassObject& type, std::string_view name);
  /// A method looked up on the class and called; nullopt: the class has none of that name.
  std::optional<Value> call_special(Instance& self, std::string_view name, std::vector<Value> positional);
  void make_members(ClassObject& type);
  Value find_member(ClassObject& type, Arguments& arguments);
  std::optional<Value> member_attribute(Instance& member, std::string_view name);
  bool is_instance(const Value& value, const Value& type);
  bool is_subclass(const Value& type, const Value& base);
  Value type_of(const Value& value);

  // --- values ---
  std::optional<Value> find_attribute(const Value& object, std::string_view name);
  Value attribute(const Value& object, std::string_view name);
  void set_attribute(const Value& object, std::string_view name, Value value);
  void remove_attribute(const Value& object, std::string_view name);
  Value binary(BinaryOperator op, const Value& left, const Value& right);
  Value binary(py::BinaryOp op, const Value& left, const Value& right);
  Value in_place(py::BinaryOp op, const Value& left, const Value& right);
  Value unary(py::UnaryOp op, const Value& operand);
  Value compare(py::CompareOp op, const Value& left, const Value& right);
  /// == as Python's containers mean it: identity or equality, __eq__ of instances included.
  bool same_or_equal(const Value& left, const Value& right);
  /// Python's order of two values; throws TypeError.
  bool less(const Value& left, const Value& right);
  Value contains(const Value& container, const Value& item);
  Value get_item(const Value& object, const Value& key);
  Value get_slice(const Value& object, const py::Slice& slice);
  void set_item(const Value& object, const Value& key, Value value);
  void set_slice(const Value& object, const py::Slice& slice, const Value& value);
  void remove_item(const Value& object, const Value& key);
  void remove_slice(const Value& object, const py::Slice& slice);
  bool truth(const Value& value, const std::string& needed_for);
  std::int64_t length(const Value& value);
  std::string str(const Value& value);
  std::string repr(const Value& value);
  /// str or an opaque value, where the text of an opaque value is not known.
  Value text(const Value& value);
  Value percent(const Value& format, const Value& arguments);

  // --- places and failures ---
  Location here() const { return {file_, current_}; }
  /// What is called next is called by nothing that is written in the file.
  void leave_source() { current_ = {}; }
  void locate(PythonError& error) const;
  void locate(Refusal& refusal) const;
  [[noreturn]] void refuse_opaque(const Value& value, const std::string& needed_for) const;
  /// Refuses a call of unknown code for what it does.
  [[noreturn]] void refuse_unknown_call(const Value& value, const std::string& what_it_does) const;
  [[noreturn]] void raise_key_error(const Value& key);
  Diagnostic describe(PythonError& error);
  /// What holds references to itself is emptied when the interpreter ends.
  void may_form_ring(const Value& holder, const Value& held);

  Interpreter& owner() { return owner_; }
  const std::map<std::string, std::string>& environment() const { return environment_; }
  NameMap& globals() { return globals_; }
  const SourceFilePtr& file() const { return file_; }
  Frame* frame() { return frame_; }
  const std::shared_ptr<Scope>& scope() const { return scope_; }
  const Limits& limits() const { return limits_; }

 private:
  friend class FrameGuard;
  friend class ScopeGuard;

  Interpreter& owner_;
  SourceFilePtr file_;
  const py::Module& module_;
  ModuleProvider& modules_;
  const std::map<std::string, std::string>& environment_;
  Limits limits_;
  std::uint64_t steps_ = 0;
  std::uint32_t depth_ = 0;
  mutable int text_depth_ = 0;
  const char* stack_base_ = nullptr;

  NameMap globals_;
  std::vector<Value> star_modules_;
  std::shared_ptr<Scope> scope_;  ///< null: the module
  Frame* frame_ = nullptr;
  Span current_;
  ClassObject* class_being_made_ = nullptr;
  std::vector<PythonError*> handled_;  ///< exceptions whose except clause is running, for a bare raise
  std::unordered_map<const void*, bool> generators_;
  Diagnostics* passed_ = nullptr;                    ///< errors that the evaluation went on behind
  std::unordered_set<const py::Block*> recovering_;  ///< blocks whose statements fail one by one

  std::vector<std::weak_ptr<Scope>> captured_scopes_;
  std::vector<std::weak_ptr<ClassObject>> classes_;
  std::vector<std::weak_ptr<Object>> ring_objects_;
  std::vector<std::weak_ptr<List>> ring_lists_;
  std::vector<std::weak_ptr<Dict>> ring_dicts_;
};

/// Makes a scope the current one for a C++ block.
class ScopeGuard {
 public:
  ScopeGuard(Interpreter::Implementation& interpreter, std::shared_ptr<Scope> scope)
      : interpreter_(interpreter), saved_(std::move(interpreter.scope_)) {
    interpreter_.scope_ = std::move(scope);
  }
  ~ScopeGuard() { interpreter_.scope_ = std::move(saved_); }
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;

 private:
  Interpreter::Implementation& interpreter_;
  std::shared_ptr<Scope> saved_;
};

/// Makes a frame and its scope the current ones for a C++ block.
class FrameGuard {
 public:
  FrameGuard(Interpreter::Implementation& interpreter, Frame* frame, std::shared_ptr<Scope> scope)
      : scope_(interpreter, std::move(scope)), interpreter_(interpreter), saved_(interpreter.frame_) {
    interpreter_.frame_ = frame;
  }
  ~FrameGuard() { interpreter_.frame_ = saved_; }
  FrameGuard(const FrameGuard&) = delete;
  FrameGuard& operator=(const FrameGuard&) = delete;

 private:
  ScopeGuard scope_;
  Interpreter::Implementation& interpreter_;
  Frame* saved_;
};

}  // namespace bascule::evaluate
