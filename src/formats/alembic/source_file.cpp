#include "formats/alembic/source_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <utility>

#include "base/overload.h"
#include "base/text.h"
#include "formats/alembic/evaluate_revision.h"

namespace bascule::formats::alembic {
namespace {

namespace fs = std::filesystem;
namespace py = syntax::python;

constexpr std::uintmax_t kLargestFile = 1 << 20;

bool is_word_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_name(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), is_word_character) &&
         !(part.front() >= '0' && part.front() <= '9');
}

bool lies_below(const fs::path& path, const fs::path& root) {
  const fs::path relative = path.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

/// The file as it really is, when it is one and lies below the root.
std::optional<std::string> file_below(const fs::path& path, const std::string& root) {
  std::error_code wrong;
  const fs::path real = fs::canonical(path, wrong);
  if (wrong || !fs::is_regular_file(real, wrong) || !lies_below(real, root)) return std::nullopt;
  return path.lexically_proximate(fs::current_path(wrong)).string();
}

/// "app.db" seen from the module `dotted` by a relative import of that level.
std::string absolute_name(std::string_view package, int level, const std::string& module) {
  std::string base(package);
  for (int i = 1; i < level && !base.empty(); ++i) {
    const std::size_t dot = base.rfind('.');
    base.resize(dot == std::string::npos ? 0 : dot);
  }
  if (base.empty()) return module;
  return module.empty() ? base : base + "." + module;
}

bool is_type_checking(const py::Expr& condition) {
  if (const auto* name = std::get_if<py::Name>(&condition.node)) return name->id == "TYPE_CHECKING";
  const auto* attribute = std::get_if<py::Attribute>(&condition.node);
  return attribute != nullptr && attribute->name == "TYPE_CHECKING";
}

bool changes(std::string_view after) {
  while (!after.empty() && (after.front() == ' ' || after.front() == '\t')) after.remove_prefix(1);
  static constexpr std::array<std::string_view, 13> kOperators = {
      "+=", "-=", "*=", "/=", "|=", "&=", "^=", "%=", "//=", "**=", ">>=", "<<=", ":="};
  for (const std::string_view sign : kOperators)
    if (after.starts_with(sign)) return true;
  return after.starts_with("=") && !after.starts_with("==");
}

bool calls_changing_method(std::string_view after) {
  static constexpr std::array<std::string_view, 12> kMethods = {".append(", ".extend(",  ".insert(",  ".update(",
                                                                ".add(",    ".remove(",  ".pop(",     ".clear(",
                                                                ".sort(",   ".discard(", ".reverse(", ".setdefault("};
  return std::any_of(kMethods.begin(), kMethods.end(),
                     [&](std::string_view method) { return after.starts_with(method); });
}

bool assigns_an_item(std::string_view after) {
  if (!after.starts_with("[")) return false;
  int depth = 0;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (after[i] == '[') ++depth;
    if (after[i] == ']' && --depth == 0) return changes(after.substr(i + 1));
  }
  return false;
}

}  // namespace

std::optional<ModulePlace> find_module_file(const std::vector<std::string>& roots, std::string_view dotted) {
  fs::path relative;
  for (const std::string_view part : split(dotted, '.')) {
    if (!is_name(part)) return std::nullopt;
    relative /= std::string(part);
  }
  std::optional<ModulePlace> folder;
  for (const std::string& root : roots) {
    const fs::path base = fs::path(root) / relative;
    if (auto package = file_below(base / "__init__.py", root)) return ModulePlace{std::move(*package), true};
    if (auto module = file_below(base.string() + ".py", root)) return ModulePlace{std::move(*module), false};
    std::error_code wrong;
    const fs::path real = fs::canonical(base, wrong);
    if (!folder && !wrong && fs::is_directory(real, wrong) && lies_below(real, root)) folder = ModulePlace{"", true};
  }
  return folder;
}

Result<SourceModuleFile, Diagnostic> SourceModuleFile::read(const ModulePlace& place, std::string_view dotted) {
  std::error_code wrong;
  if (fs::file_size(place.path, wrong) > kLargestFile && !wrong) {
    Diagnostic large;
    large.code = "too-large";
    large.message = place.path + " is larger than a megabyte";
    return failure(std::move(large));
  }
  SourceModuleFile out;
  BASCULE_TRY_ASSIGN(out.file_, read_source(place.path));
  BASCULE_TRY_ASSIGN(py::Module parsed, py::parse(out.file_));
  const std::size_t dot = dotted.rfind('.');
  const std::string_view parent = dot == std::string_view::npos ? std::string_view() : dotted.substr(0, dot);
  out.adopt(std::move(parsed.body), place.is_package ? dotted : parent);
  out.bind(out.tree_.body, true);
  return out;
}

void SourceModuleFile::adopt(py::Block body, std::string_view package) {
  for (py::Stmt& statement : body) {
    auto* from = std::get_if<py::ImportFrom>(&statement.node);
    if (from == nullptr) {
      tree_.body.push_back(std::move(statement));
      continue;
    }
    if (from->level > 0) from->module = absolute_name(package, from->level, from->module);
    from->level = 0;
    if (from->star) continue;
    for (py::ImportAlias& alias : from->names) {
      py::ImportFrom one;
      one.module = from->module;
      one.names.push_back(std::move(alias));
      tree_.body.push_back(py::Stmt{std::move(one), statement.span});
    }
  }
}

void SourceModuleFile::bind(const std::string& name, const py::Stmt& statement, Kind kind) {
  bindings_[name].push_back({&statement, kind});
}

void SourceModuleFile::bind(const py::Expr& target, const py::Stmt& statement, Kind kind) {
  if (const auto* name = std::get_if<py::Name>(&target.node)) bind(name->id, statement, kind);
  if (const auto* tuple = std::get_if<py::TupleDisplay>(&target.node))
    for (const py::ExprPtr& item : tuple->items) bind(*item, statement, Kind::kInBlock);
  if (const auto* list = std::get_if<py::ListDisplay>(&target.node))
    for (const py::ExprPtr& item : list->items) bind(*item, statement, Kind::kInBlock);
}

void SourceModuleFile::bind(const py::Block& block, bool top_level) {
  for (const py::Stmt& statement : block) {
    const auto kind = [&](Kind own) { return top_level ? own : Kind::kInBlock; };
    std::visit(Overload{[&](const py::Import& node) {
                          for (const py::ImportAlias& alias : node.names)
                            bind(alias.as.empty() ? alias.name.substr(0, alias.name.find('.')) : alias.as, statement,
                                 kind(Kind::kImport));
                        },
                        [&](const py::ImportFrom& node) {
                          for (const py::ImportAlias& alias : node.names)
                            bind(alias.as.empty() ? alias.name : alias.as, statement, kind(Kind::kImport));
                        },
                        [&](const py::ClassDef& node) { bind(node.name, statement, kind(Kind::kClass)); },
                        [&](const py::FunctionDef& node) { bind(node.name, statement, kind(Kind::kFunction)); },
                        [&](const py::Assign& node) {
                          for (const py::ExprPtr& target : node.targets)
                            bind(*target, statement, kind(Kind::kAssignment));
                        },
                        [&](const py::AnnAssign& node) {
                          if (node.value) bind(*node.target, statement, kind(Kind::kAssignment));
                        },
                        [&](const py::If& node) {
                          if (!is_type_checking(*node.condition)) bind(node.body, false);
                          bind(node.otherwise, false);
                        },
                        [&](const py::For& node) {
                          bind(*node.target, statement, Kind::kInBlock);
                          bind(node.body, false);
                          bind(node.otherwise, false);
                        },
                        [&](const py::While& node) { bind(node.body, false); },
                        [&](const py::With& node) { bind(node.body, false); },
                        [&](const py::Try& node) {
                          bind(node.body, false);
                          for (const py::ExceptHandler& handler : node.handlers) bind(handler.body, false);
                          bind(node.otherwise, false);
                          bind(node.finally, false);
                        },
                        [](const auto&) {}},
               statement.node);
  }
}

const std::vector<SourceModuleFile::Binding>& SourceModuleFile::bindings(std::string_view name) const {
  static const std::vector<Binding> kNone;
  const auto found = bindings_.find(name);
  return found == bindings_.end() ? kNone : found->second;
}

std::set<std::string> SourceModuleFile::words_of(const py::Stmt& statement) const {
  const std::string_view whole = file_->text();
  const std::size_t begin = std::min<std::size_t>(statement.span.begin.offset, whole.size());
  const std::size_t end = std::min<std::size_t>(statement.span.end.offset, whole.size());
  std::set<std::string> words;
  for (std::size_t i = begin; i < end;) {
    if (!is_word_character(whole[i])) {
      ++i;
      continue;
    }
    std::size_t stop = i;
    while (stop < end && is_word_character(whole[stop])) ++stop;
    words.emplace(whole.substr(i, stop - i));
    i = stop;
  }
  return words;
}

std::optional<std::uint32_t> SourceModuleFile::changed_at(std::string_view name, const py::Stmt& own) const {
  const std::string_view text = file_->text();
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (at >= own.span.begin.offset && at < own.span.end.offset) continue;
    if (at > 0 && (is_word_character(text[at - 1]) || text[at - 1] == '.')) continue;
    const std::size_t behind = at + name.size();
    if (behind < text.size() && is_word_character(text[behind])) continue;
    const std::size_t line_begin = text.rfind('\n', at) == std::string_view::npos ? 0 : text.rfind('\n', at) + 1;
    const std::size_t line_end = std::min(text.find('\n', at), text.size());
    const std::string_view before = trim(text.substr(line_begin, at - line_begin));
    const std::string_view after = text.substr(behind, line_end - behind);
    if (before.starts_with('#')) continue;
    if (before.starts_with("global ") || before == "global" || before == "del" || before.starts_with("del ") ||
        (before.empty() && (changes(after) || assigns_an_item(after))) || calls_changing_method(after))
      return file_->at(at).line;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> SourceModuleFile::star_import_behind(const py::Stmt& own) const {
  const std::string_view text = file_->text();
  std::size_t at = std::min<std::size_t>(own.span.end.offset, text.size());
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trim(text.substr(at, end - at));
    if (line.starts_with("from ") && line.find(" import *") != std::string_view::npos) return file_->at(at).line;
    at = end + 1;
  }
  return std::nullopt;
}

bool is_simple(const py::Expr& expression) {
  const auto all = [](const std::vector<py::ExprPtr>& items) {
    return std::all_of(items.begin(), items.end(), [](const py::ExprPtr& item) { return !item || is_simple(*item); });
  };
  const auto given = [](const py::ExprPtr& item) { return !item || is_simple(*item); };
  return std::visit(
      Overload{[](const py::Name&) { return true; },
               [](const py::Constant&) { return true; },
               [&](const py::Attribute& node) { return given(node.object); },
               [&](const py::Subscript& node) { return given(node.object) && given(node.index); },
               [&](const py::Slice& node) { return given(node.lower) && given(node.upper) && given(node.step); },
               [&](const py::Starred& node) { return given(node.value); },
               [&](const py::Binary& node) { return given(node.left) && given(node.right); },
               [&](const py::Unary& node) { return given(node.operand); },
               [&](const py::BoolOp& node) { return all(node.operands); },
               [&](const py::Conditional& node) {
                 return given(node.condition) && given(node.then) && given(node.otherwise);
               },
               [&](const py::Compare& node) {
                 return given(node.left) && std::all_of(node.rest.begin(), node.rest.end(),
                                                        [&](const auto& part) { return given(part.second); });
               },
               [&](const py::ListDisplay& node) { return all(node.items); },
               [&](const py::TupleDisplay& node) { return all(node.items); },
               [&](const py::SetDisplay& node) { return all(node.items); },
               [&](const py::DictDisplay& node) {
                 return std::all_of(node.items.begin(), node.items.end(),
                                    [&](const auto& item) { return given(item.first) && given(item.second); });
               },
               [&](const py::FString& node) {
                 return std::all_of(node.parts.begin(), node.parts.end(), [&](const auto& part) {
                   const auto* field = std::get_if<py::FormatField>(&part);
                   return field == nullptr || given(field->value);
                 });
               },
               [&](const py::Comprehension& node) {
                 return given(node.element) && given(node.value) &&
                        std::all_of(node.clauses.begin(), node.clauses.end(), [&](const py::ComprehensionClause& one) {
                          return given(one.iterable) && all(one.conditions);
                        });
               },
               [&](const py::Call& node) {
                 static constexpr std::array<std::string_view, 18> kPure = {
                     "set",    "frozenset", "tuple", "list", "dict", "str",   "int", "float",     "bool",
                     "sorted", "len",       "min",   "max",  "sum",  "range", "zip", "enumerate", "reversed"};
                 static constexpr std::array<std::string_view, 12> kMethods = {"split", "join",  "format", "upper",
                                                                               "lower", "strip", "keys",   "values",
                                                                               "items", "union", "copy",   "replace"};
                 bool known = false;
                 if (const auto* name = std::get_if<py::Name>(&node.callee->node)) {
                   known = std::find(kPure.begin(), kPure.end(), name->id) != kPure.end();
                 } else if (const auto* method = std::get_if<py::Attribute>(&node.callee->node)) {
                   known = std::find(kMethods.begin(), kMethods.end(), method->name) != kMethods.end() &&
                           given(method->object);
                 }
                 return known && all(node.positional) &&
                        std::all_of(node.keywords.begin(), node.keywords.end(),
                                    [&](const py::Keyword& keyword) { return given(keyword.value); });
               },
               [](const py::Lambda&) { return false; },
               [](const py::NamedExpr&) { return false; },
               [](const py::Await&) { return false; },
               [](const py::Yield&) { return false; }},
      expression.node);
}

}  // namespace bascule::formats::alembic
