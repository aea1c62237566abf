// Going on behind an error: the statements of one function fail one by one, so that one evaluation reports what is
// wrong in all of them. What a failed statement would have bound is poisoned: errors that only follow from it are not
// repeated.
#include <string>
#include <utility>

#include "base/overload.h"
#include "evaluate/interpreter_impl.h"

namespace bascule::evaluate {

namespace {

bool leaves(const py::Block& block);

/// Whether a statement may end its function: then nobody knows whether what stands behind it is meant to run.
struct Leaves {
  bool operator()(const py::Return&) const { return true; }
  bool operator()(const py::Raise&) const { return true; }
  bool operator()(const py::If& node) const { return leaves(node.body) || leaves(node.otherwise); }
  bool operator()(const py::For& node) const { return leaves(node.body) || leaves(node.otherwise); }
  bool operator()(const py::While& node) const { return leaves(node.body) || leaves(node.otherwise); }
  bool operator()(const py::With& node) const { return leaves(node.body); }
  bool operator()(const py::Try& node) const {
    for (const py::ExceptHandler& handler : node.handlers) {
      if (leaves(handler.body)) return true;
    }
    return leaves(node.body) || leaves(node.otherwise) || leaves(node.finally);
  }
  bool operator()(const py::Assert&) const { return true; }
  bool operator()(const py::ExprStmt&) const { return false; }
  bool operator()(const py::Assign&) const { return false; }
  bool operator()(const py::AnnAssign&) const { return false; }
  bool operator()(const py::AugAssign&) const { return false; }
  bool operator()(const py::Pass&) const { return false; }
  bool operator()(const py::Break&) const { return false; }
  bool operator()(const py::Continue&) const { return false; }
  bool operator()(const py::Delete&) const { return false; }
  bool operator()(const py::Global&) const { return false; }
  bool operator()(const py::Nonlocal&) const { return false; }
  bool operator()(const py::Import&) const { return false; }
  bool operator()(const py::ImportFrom&) const { return false; }
  bool operator()(const py::FunctionDef&) const { return false; }
  bool operator()(const py::ClassDef&) const { return false; }
  bool operator()(const py::Match&) const { return true; }
};
static_assert(kCovers<Leaves, decltype(py::Stmt::node)>);

bool leaves(const py::Block& block) {
  for (const py::Stmt& statement : block) {
    if (std::visit(Leaves{}, statement.node)) return true;
  }
  return false;
}

/// The name that `a`, `a.b`, `a[0].c` and `a.b(...)` begin with; nullptr: none.
const py::Name* root_of(const py::Expr& expression) {
  const py::Expr* at = &expression;
  while (true) {
    if (const auto* attribute = std::get_if<py::Attribute>(&at->node))
      at = attribute->object.get();
    else if (const auto* subscript = std::get_if<py::Subscript>(&at->node))
      at = subscript->object.get();
    else if (const auto* call = std::get_if<py::Call>(&at->node))
      at = call->callee.get();
    else
      return std::get_if<py::Name>(&at->node);
  }
}

/// The names that a statement binds, or whose containers it changes.
struct BoundNames {
  std::vector<std::string>& names;      ///< bound by it
  std::vector<std::string>& receivers;  ///< of its method calls: `columns` in columns.append(x)

  void add_target(const py::ExprPtr& target) const {
    if (!target) return;
    const auto add_all = [this](const std::vector<py::ExprPtr>& items) {
      for (const py::ExprPtr& item : items) add_target(item);
    };
    if (const auto* tuple = std::get_if<py::TupleDisplay>(&target->node)) return add_all(tuple->items);
    if (const auto* list = std::get_if<py::ListDisplay>(&target->node)) return add_all(list->items);
    if (const auto* starred = std::get_if<py::Starred>(&target->node)) return add_target(starred->value);
    if (const auto* name = std::get_if<py::Name>(&target->node))
      names.push_back(name->id);
    else if (const py::Name* root = root_of(*target))
      receivers.push_back(root->id);
  }
  void add_block(const py::Block& block) const {
    for (const py::Stmt& statement : block) std::visit(*this, statement.node);
  }

  void operator()(const py::ExprStmt& node) const {
    if (!std::holds_alternative<py::Call>(node.value->node)) return;
    if (const py::Name* root = root_of(*node.value)) receivers.push_back(root->id);
  }
  void operator()(const py::Assign& node) const {
    for (const py::ExprPtr& target : node.targets) add_target(target);
  }
  void operator()(const py::AnnAssign& node) const { add_target(node.target); }
  void operator()(const py::AugAssign& node) const { add_target(node.target); }
  void operator()(const py::Import& node) const { add_aliases(node.names); }
  void operator()(const py::ImportFrom& node) const { add_aliases(node.names); }
  void operator()(const py::If& node) const {
    add_block(node.body);
    add_block(node.otherwise);
  }
  void operator()(const py::For& node) const {
    add_target(node.target);
    add_block(node.body);
    add_block(node.otherwise);
  }
  void operator()(const py::While& node) const {
    add_block(node.body);
    add_block(node.otherwise);
  }
  void operator()(const py::With& node) const {
    for (const py::WithItem& item : node.items) add_target(item.target);
    add_block(node.body);
  }
  void operator()(const py::Try& node) const {
    add_block(node.body);
    for (const py::ExceptHandler& handler : node.handlers) add_block(handler.body);
    add_block(node.otherwise);
    add_block(node.finally);
  }
  void operator()(const py::FunctionDef& node) const { names.push_back(node.name); }
  void operator()(const py::ClassDef& node) const { names.push_back(node.name); }
  void operator()(const py::Return&) const {}
  void operator()(const py::Raise&) const {}
  void operator()(const py::Pass&) const {}
  void operator()(const py::Break&) const {}
  void operator()(const py::Continue&) const {}
  void operator()(const py::Delete&) const {}
  void operator()(const py::Assert&) const {}
  void operator()(const py::Global&) const {}
  void operator()(const py::Nonlocal&) const {}
  void operator()(const py::Match&) const {}

 private:
  void add_aliases(const std::vector<py::ImportAlias>& aliases) const {
    for (const py::ImportAlias& alias : aliases)
      names.push_back(alias.as.empty() ? alias.name.substr(0, alias.name.find('.')) : alias.as);
  }
};
static_assert(kCovers<BoundNames, decltype(py::Stmt::node)>);

/// The bounds are spent: whatever runs behind them only meets them again.
bool is_bound(const Diagnostic& diagnostic) {
  return diagnostic.code == "too-many-steps" || diagnostic.code == "too-deep" || diagnostic.code == "too-large";
}

}  // namespace

Value Interpreter::Implementation::call_recovering(const Value& callee, Arguments& arguments, Diagnostics& passed) {
  struct Recovery {
    Implementation& self;
    ~Recovery() {
      self.passed_ = nullptr;
      self.recovering_.clear();
    }
  } const recovery{*this};
  passed_ = &passed;
  if (const auto function = callee.as<FunctionObject>(); function && function->body) recovering_.insert(function->body);
  return call(callee, arguments);
}

Flow Interpreter::Implementation::execute_recovering(const py::Block& block) {
  const auto depth = depth_;
  const auto text_depth = text_depth_;
  for (const py::Stmt& statement : block) {
    // The blocks of `with` and of a decided `if` run once, in order, like the function's own.
    if (const auto* with = std::get_if<py::With>(&statement.node)) recovering_.insert(&with->body);
    if (const auto* decision = std::get_if<py::If>(&statement.node)) {
      recovering_.insert(&decision->body);
      recovering_.insert(&decision->otherwise);
    }
    try {
      const Flow flow = execute(statement);
      if (flow != Flow::kNormal) return flow;
      continue;
    } catch (PythonError& error) {
      locate(error);
      // What the module raises itself is meant to end it.
      const bool ours = !error.code.empty() || error.exception->exception_text.has_value();
      if (!ours || std::visit(Leaves{}, statement.node)) throw;
      passed_->add(describe(error));
    } catch (Refusal& refusal) {
      locate(refusal);
      if (is_bound(refusal.diagnostic()) || std::visit(Leaves{}, statement.node)) throw;
      if (refusal.diagnostic().code != kFollowOn) passed_->add(std::move(refusal.diagnostic()));
    }
    depth_ = depth;
    text_depth_ = text_depth;
    poison(statement);
  }
  return Flow::kNormal;
}

void Interpreter::Implementation::poison(const py::Stmt& statement) {
  std::vector<std::string> names;
  std::vector<std::string> receivers;
  std::visit(BoundNames{names, receivers}, statement.node);
  current_ = statement.span;
  for (const std::string& name : receivers) {
    const Value* held = scope_ ? scope_->names.find(name) : nullptr;
    if (held && (held->as_list() || held->as_dict() || held->as_set())) names.push_back(name);
  }
  for (const std::string& name : names) assign_name(name, opaque(name, kPoisoned));
}

}  // namespace bascule::evaluate
