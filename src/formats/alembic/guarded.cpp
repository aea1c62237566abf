#include "formats/alembic/guarded.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace bascule::formats::alembic {
namespace {

namespace py = syntax::python;

/// Python's own exceptions that no statement of a database raises.
bool is_pythons_own(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kOwn = {
      "ArithmeticError",     "AssertionError", "AttributeError", "FileNotFoundError",   "ImportError",
      "IndexError",          "KeyError",       "LookupError",    "ModuleNotFoundError", "NameError",
      "NotImplementedError", "OSError",        "TypeError",      "ValueError"};
  return std::find(kOwn.begin(), kOwn.end(), name) != kOwn.end();
}

bool catches_database(const py::Expr& type) {
  if (const auto* name = std::get_if<py::Name>(&type.node)) return !is_pythons_own(name->id);
  if (const auto* tuple = std::get_if<py::TupleDisplay>(&type.node)) {
    return std::any_of(tuple->items.begin(), tuple->items.end(),
                       [](const py::ExprPtr& item) { return item && catches_database(*item); });
  }
  return true;
}

bool goes_on(const py::ExceptHandler& handler) {
  if (handler.type && !catches_database(*handler.type)) return false;
  return handler.body.empty() || !std::holds_alternative<py::Raise>(handler.body.back().node);
}

void collect(const py::Block& block, std::vector<Span>& found);

/// Blocks inside a statement.
struct Inside {
  std::vector<Span>& found;

  void operator()(const py::If& node) const {
    collect(node.body, found);
    collect(node.otherwise, found);
  }
  void operator()(const py::For& node) const {
    collect(node.body, found);
    collect(node.otherwise, found);
  }
  void operator()(const py::While& node) const {
    collect(node.body, found);
    collect(node.otherwise, found);
  }
  void operator()(const py::With& node) const { collect(node.body, found); }
  void operator()(const py::FunctionDef& node) const { collect(node.body, found); }
  void operator()(const py::ClassDef& node) const { collect(node.body, found); }
  void operator()(const py::Try& node) const {
    if (!node.body.empty() && std::any_of(node.handlers.begin(), node.handlers.end(), goes_on))
      found.push_back({node.body.front().span.begin, node.body.back().span.end});
    collect(node.body, found);
    for (const py::ExceptHandler& handler : node.handlers) collect(handler.body, found);
    collect(node.otherwise, found);
    collect(node.finally, found);
  }
  template <class Other>
  void operator()(const Other&) const {}
};

void collect(const py::Block& block, std::vector<Span>& found) {
  for (const py::Stmt& statement : block) std::visit(Inside{found}, statement.node);
}

}  // namespace

std::vector<Span> guarded_by_except(const py::Module& module) {
  std::vector<Span> found;
  collect(module.body, found);
  return found;
}

}  // namespace bascule::formats::alembic
