// What: one Python file of the project as text and tree: which names its top level binds, where and how.
// Must not know: values, evaluation.
// Invariants: read, never run; imports in it are absolute and name one thing each.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"
#include "syntax/python/ast.h"

namespace bascule::formats::alembic {

/// The file of a module, found below one of the roots. Symbolic links that lead out of the root are not followed.
struct ModulePlace {
  std::string path;         ///< empty: a folder without __init__.py
  bool is_package = false;  ///< relative imports start in it, not beside it
};
/// "app.db" is app/db.py or app/db/__init__.py below the first root that has it; nullopt: none has.
std::optional<ModulePlace> find_module_file(const std::vector<std::string>& roots, std::string_view dotted);

class SourceModuleFile {
 public:
  /// How a name gets its value at the top level. kInBlock: inside an if, try, for or with.
  enum class Kind { kImport, kClass, kFunction, kAssignment, kInBlock };
  struct Binding {
    const syntax::python::Stmt* statement;
    Kind kind;
  };

  /// Errors: those of reading a source file, and a file of more than a megabyte (too-large).
  static Result<SourceModuleFile, Diagnostic> read(const ModulePlace& place, std::string_view dotted);

  const SourceFilePtr& file() const { return file_; }
  const syntax::python::Module& tree() const { return tree_; }
  /// All that bind the name, in order; empty: the top level does not.
  const std::vector<Binding>& bindings(std::string_view name) const;
  /// The first line behind `own` with a `from x import *`, at any depth: it may bind any name anew.
  std::optional<std::uint32_t> star_import_behind(const syntax::python::Stmt& own) const;
  /// The words in a statement's text: what it may need.
  std::set<std::string> words_of(const syntax::python::Stmt& statement) const;
  /// The first line besides `own` that changes the name's value: an assignment, global, del, .append(...), [...] = .
  std::optional<std::uint32_t> changed_at(std::string_view name, const syntax::python::Stmt& own) const;

 private:
  void adopt(syntax::python::Block body, std::string_view package);
  void bind(const syntax::python::Block& block, bool top_level);
  void bind(const syntax::python::Expr& target, const syntax::python::Stmt& statement, Kind kind);
  void bind(const std::string& name, const syntax::python::Stmt& statement, Kind kind);

  SourceFilePtr file_;
  syntax::python::Module tree_;
  std::map<std::string, std::vector<Binding>, std::less<>> bindings_;
};

/// Whether an expression is made of literals, names and what Python itself computes from them.
bool is_simple(const syntax::python::Expr& expression);

}  // namespace bascule::formats::alembic
