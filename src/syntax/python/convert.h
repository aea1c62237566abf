// What: from tree-sitter's tree of a skeleton and the text it stands for to our syntax tree.
// Must not know: what Python refuses (grammar.h has decided already).
// Invariants: names, numbers and strings are read from the text, never from the skeleton. Throws SyntaxFailure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "syntax/python/ast.h"
#include "syntax/python/grammar.h"
#include "syntax/python/lexer.h"
#include "syntax/python/positions.h"
#include "syntax/python/tree.h"

namespace bascule::syntax::python {

class Converter {
 public:
  Converter(std::string_view text, std::uint32_t start, const Tokens& tokens, const Notes& notes,
            const Positions& positions)
      : text_(text), shift_(start), tokens_(tokens), list_(&tokens.list), notes_(notes), positions_(positions) {}
  Module module(TreeParser& parser);

 private:
  class Deeper;
  using ExprMaker = ExprPtr (Converter::*)(TSNode);
  using StmtMaker = void (Converter::*)(TSNode, Block&);
  /// By the node's symbol; nullptr: no such expression, no such statement.
  static const std::vector<ExprMaker>& expression_makers();
  static const std::vector<StmtMaker>& statement_makers();

  // --- places ---
  std::uint32_t begin(TSNode node) const { return ts_node_start_byte(node) + shift_; }
  std::uint32_t end(TSNode node) const { return ts_node_end_byte(node) + shift_; }
  std::string_view text(TSNode node) const { return text_.substr(begin(node), end(node) - begin(node)); }
  std::string name(TSNode node) const { return std::string(text(node)); }
  /// The token that begins there, and those behind it.
  std::vector<Token>::const_iterator tokens_from(std::uint32_t offset) const;
  Span span(TSNode node) const { return positions_.span(begin(node), end(node)); }
  [[noreturn]] void not_understood(TSNode node) const;
  [[noreturn]] static void too_deep(std::uint32_t begin, std::uint32_t end);
  template <class Node>
  ExprPtr make(TSNode node, Node&& held) {
    return std::make_unique<Expr>(Expr{std::forward<Node>(held), span(node)});
  }
  template <class Node>
  void put(Block& block, TSNode node, Node&& held) {
    auto star = notes_.starred.find(begin(node));
    std::uint32_t first = star == notes_.starred.end() ? begin(node) : star->second;
    block.push_back(Stmt{std::forward<Node>(held), positions_.span(first, end(node))});
  }

  // --- expressions (convert_expressions.cpp) ---
  ExprPtr expr(TSNode node);
  ExprPtr optional_expr(TSNode node) { return ts_node_is_null(node) ? nullptr : expr(node); }
  ExprPtr item(TSNode node);  ///< an expression that may stand behind a star
  std::vector<ExprPtr> items(TSNode node);
  ExprPtr operand(TSNode node);  ///< what the skeleton shows as a name
  ExprPtr dotted_name(std::uint32_t begin, std::uint32_t end);
  ExprPtr ellipsis(TSNode node);
  ExprPtr string(TSNode node);
  void string_parts(const std::vector<FormatPiece>& pieces, bool raw, bool in_spec, FString& out);
  ExprPtr format_value(const FormatPiece& piece);
  ExprPtr starred(TSNode node);
  ExprPtr attribute(TSNode node);
  ExprPtr subscript(TSNode node);
  ExprPtr slice(TSNode node);
  ExprPtr call(TSNode node);
  void arguments(TSNode node, std::vector<ExprPtr>& positional, std::vector<Keyword>& keywords);
  ExprPtr binary(TSNode node);
  ExprPtr unary(TSNode node);
  ExprPtr negation(TSNode node);
  ExprPtr boolean_operator(TSNode node);
  ExprPtr comparison(TSNode node);
  ExprPtr conditional(TSNode node);
  ExprPtr list(TSNode node);
  ExprPtr tuple(TSNode node);
  ExprPtr tuple_pattern(TSNode node);
  ExprPtr set(TSNode node);
  ExprPtr dictionary(TSNode node);
  ExprPtr list_comprehension(TSNode node);
  ExprPtr set_comprehension(TSNode node);
  ExprPtr dict_comprehension(TSNode node);
  ExprPtr generator(TSNode node);
  ExprPtr comprehension(TSNode node, ComprehensionKind kind);
  ExprPtr parenthesised(TSNode node);
  ExprPtr lambda(TSNode node);
  ExprPtr named(TSNode node);
  ExprPtr await(TSNode node);
  ExprPtr yield(TSNode node);
  std::vector<Parameter> parameters(TSNode node);
  BinaryOp binary_op(TSNode node) const;

  // --- statements (convert_statements.cpp) ---
  Block block(TSNode node);
  void statement(TSNode node, Block& out);
  void expression_statement(TSNode node, Block& out);
  void assignment(TSNode statement, TSNode node, Block& out);
  void return_statement(TSNode node, Block& out);
  void raise_statement(TSNode node, Block& out);
  void pass_statement(TSNode node, Block& out);
  void break_statement(TSNode node, Block& out);
  void continue_statement(TSNode node, Block& out);
  void delete_statement(TSNode node, Block& out);
  void assert_statement(TSNode node, Block& out);
  void global_statement(TSNode node, Block& out);
  void nonlocal_statement(TSNode node, Block& out);
  void import_statement(TSNode node, Block& out);
  void import_from(TSNode node, Block& out);
  ImportAlias alias(TSNode node) const;
  std::string dotted(TSNode node) const;
  void if_statement(TSNode node, Block& out);
  void for_statement(TSNode node, Block& out);
  void while_statement(TSNode node, Block& out);
  void with_statement(TSNode node, Block& out);
  void with_item(TSNode node, std::vector<WithItem>& out);
  void try_statement(TSNode node, Block& out);
  ExceptHandler handler(TSNode node);
  void function(TSNode node, Block& out);
  void class_definition(TSNode node, Block& out);
  void decorated(TSNode node, Block& out);
  TSNode last_block(TSNode node) const;

  std::string_view text_;
  std::uint32_t shift_;  ///< from offsets in the tree to offsets in the text
  const Tokens& tokens_;
  const std::vector<Token>* list_;  ///< the tokens of the text, or of the f-string field that is being converted
  const Notes& notes_;
  const Positions& positions_;
  TreeParser* parser_ = nullptr;
  std::uint32_t depth_ = 0;
  std::uint64_t statements_ = 0;
};

/// Our tree may be this deep: long chains (a + b + c ..., elif ... elif) lean to one side.
inline constexpr std::uint32_t kMaxTreeDepth = 600;

/// Counts depth for as long as it lives.
class Converter::Deeper {
 public:
  Deeper(Converter& owner, TSNode node) : owner_(owner) {
    if (owner.depth_ >= kMaxTreeDepth) too_deep(owner.begin(node), owner.end(node));
    ++owner.depth_;
  }
  ~Deeper() { --owner_.depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Converter& owner_;
};

}  // namespace bascule::syntax::python
