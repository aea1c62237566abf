#include "syntax/python/tree.h"

#include "base/check.h"

namespace bascule::syntax::python {

TreeParser::TreeParser() : parser_(ts_parser_new()) {
  BASCULE_CHECK(ts_parser_set_language(parser_, tree_sitter_python()),
                "the Python grammar does not fit libtree-sitter");
}

TreePtr TreeParser::parse(std::string_view text) {
  TreePtr tree(ts_parser_parse_string(parser_, nullptr, text.data(), static_cast<std::uint32_t>(text.size())));
  BASCULE_CHECK(tree != nullptr, "tree-sitter gave no tree");
  return tree;
}

std::vector<Child> children_of(TSNode node) {
  std::vector<Child> out;
  out.reserve(ts_node_child_count(node));
  TSTreeCursor cursor = ts_tree_cursor_new(node);
  if (ts_tree_cursor_goto_first_child(&cursor)) {
    do {
      out.push_back({ts_tree_cursor_current_node(&cursor), ts_tree_cursor_current_field_id(&cursor)});
    } while (ts_tree_cursor_goto_next_sibling(&cursor));
  }
  ts_tree_cursor_delete(&cursor);
  return out;
}

TSNode first_error(TSNode root) {
  TSNode node = root;
  for (;;) {
    if (!ts_node_has_error(node)) return {};
    bool deeper = false;
    for (const Child& child : children_of(node)) {
      if (ts_node_is_missing(child.node) || is_kind(child.node, "ERROR")) return child.node;
      if (ts_node_has_error(child.node)) {
        node = child.node;
        deeper = true;
        break;
      }
    }
    if (!deeper) return node;
  }
}

const Fields& fields() {
  static const Fields all = [] {
    auto id = [](std::string_view name) {
      return ts_language_field_id_for_name(tree_sitter_python(), name.data(), static_cast<std::uint32_t>(name.size()));
    };
    Fields f{};
    f.alias = id("alias");
    f.alternative = id("alternative");
    f.argument = id("argument");
    f.arguments = id("arguments");
    f.attribute = id("attribute");
    f.body = id("body");
    f.cause = id("cause");
    f.condition = id("condition");
    f.consequence = id("consequence");
    f.definition = id("definition");
    f.function = id("function");
    f.key = id("key");
    f.left = id("left");
    f.module_name = id("module_name");
    f.name = id("name");
    f.object = id("object");
    f.op = id("operator");
    f.operators = id("operators");
    f.parameters = id("parameters");
    f.right = id("right");
    f.subscript = id("subscript");
    f.superclasses = id("superclasses");
    f.value = id("value");
    return f;
  }();
  return all;
}

}  // namespace bascule::syntax::python
