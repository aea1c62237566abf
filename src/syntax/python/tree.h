// What: tree-sitter's tree of a skeleton, held and walked. Included only by .cpp files of this folder.
// Must not know: our syntax tree.
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace bascule::syntax::python {

struct Child {
  TSNode node;
  TSFieldId field = 0;
};

struct TreeDeleter {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
using TreePtr = std::unique_ptr<TSTree, TreeDeleter>;

/// A parser for Python; BASCULE_CHECKs that the grammar fits the library.
class TreeParser {
 public:
  TreeParser();
  ~TreeParser() { ts_parser_delete(parser_); }
  TreeParser(const TreeParser&) = delete;
  TreeParser& operator=(const TreeParser&) = delete;
  TreePtr parse(std::string_view text);

 private:
  TSParser* parser_;
};

/// All children, named and not, with their fields, in linear time.
std::vector<Child> children_of(TSNode node);
/// The first ERROR or MISSING node; a null node if there is none.
TSNode first_error(TSNode root);

inline bool is_kind(TSNode node, const char* kind) { return std::strcmp(ts_node_type(node), kind) == 0; }
inline bool is_named(TSNode node) { return ts_node_is_named(node); }

/// From the names of a grammar's named nodes to a table by symbol (ts_node_symbol).
template <class Value>
std::vector<Value> by_symbol(const std::unordered_map<std::string_view, Value>& by_name) {
  const TSLanguage* language = tree_sitter_python();
  std::vector<Value> out(ts_language_symbol_count(language));
  for (TSSymbol symbol = 0; symbol < out.size(); ++symbol) {
    if (ts_language_symbol_type(language, symbol) != TSSymbolTypeRegular) continue;
    const auto found = by_name.find(ts_language_symbol_name(language, symbol));
    if (found != by_name.end()) out[symbol] = found->second;
  }
  return out;
}

/// The grammar's field ids.
struct Fields {
  TSFieldId alias, alternative, argument, arguments, attribute, body, cause, condition, consequence, definition,
      function, key, left, module_name, name, object, op, operators, parameters, right, subscript, superclasses, value;
};
const Fields& fields();

}  // namespace bascule::syntax::python
