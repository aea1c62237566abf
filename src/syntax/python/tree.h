// What: tree-sitter's tree of a skeleton, held and walked. Included only by .cpp files of this folder.
// Must not know: our syntax tree.
#pragma once

#include <tree_sitter/api.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
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

/// The grammar's field ids.
struct Fields {
  TSFieldId alias, alternative, argument, arguments, attribute, body, cause, condition, consequence, definition,
      function, key, left, module_name, name, object, op, operators, parameters, right, subscript, superclasses, value;
};
const Fields& fields();

}  // namespace bascule::syntax::python
