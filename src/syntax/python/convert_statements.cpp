#include <algorithm>
#include <utility>

#include "syntax/python/convert.h"

namespace bascule::syntax::python {

namespace {

TSNode field(const std::vector<Child>& children, TSFieldId id) {
  for (const Child& child : children) {
    if (child.field == id) return child.node;
  }
  return {};
}

bool has_word(const std::vector<Child>& children, const char* word) {
  return std::any_of(children.begin(), children.end(),
                     [&](const Child& c) { return !is_named(c.node) && is_kind(c.node, word); });
}

}  // namespace

const std::vector<Converter::StmtMaker>& Converter::statement_makers() {
  using C = Converter;
  static const std::vector<StmtMaker> makers = by_symbol<StmtMaker>({
      {"expression_statement", &C::expression_statement},
      {"return_statement", &C::return_statement},
      {"raise_statement", &C::raise_statement},
      {"pass_statement", &C::pass_statement},
      {"break_statement", &C::break_statement},
      {"continue_statement", &C::continue_statement},
      {"delete_statement", &C::delete_statement},
      {"assert_statement", &C::assert_statement},
      {"global_statement", &C::global_statement},
      {"nonlocal_statement", &C::nonlocal_statement},
      {"import_statement", &C::import_statement},
      {"import_from_statement", &C::import_from},
      {"if_statement", &C::if_statement},
      {"for_statement", &C::for_statement},
      {"while_statement", &C::while_statement},
      {"with_statement", &C::with_statement},
      {"try_statement", &C::try_statement},
      {"function_definition", &C::function},
      {"class_definition", &C::class_definition},
      {"decorated_definition", &C::decorated},
  });
  return makers;
}

Module Converter::module(TreeParser& parser) {
  parser_ = &parser;
  TreePtr tree = parser.parse(std::string_view(tokens_.skeleton).substr(shift_));
  TSNode root = ts_tree_root_node(tree.get());
  if (TSNode error = first_error(root); !ts_node_is_null(error)) not_understood(error);
  Module out;
  out.body = block(root);
  // A tree with other statements than the grammar saw would be a silent gap.
  if (statements_ != notes_.statements) not_understood(root);
  if (!out.body.empty()) {
    if (const auto* first = std::get_if<ExprStmt>(&out.body.front().node)) {
      if (const auto* constant = std::get_if<Constant>(&first->value->node)) {
        if (const auto* docstring = std::get_if<std::string>(&constant->value)) out.docstring = *docstring;
      }
    }
  }
  return out;
}

Block Converter::block(TSNode node) {
  Block out;
  for (const Child& child : children_of(node)) {
    if (is_named(child.node)) statement(child.node, out);
  }
  return out;
}

void Converter::statement(TSNode node, Block& out) {
  Deeper deeper(*this, node);
  const StmtMaker maker = statement_makers().at(ts_node_symbol(node));
  if (maker == nullptr) not_understood(node);
  ++statements_;
  (this->*maker)(node, out);
}

TSNode Converter::last_block(TSNode node) const {
  TSNode found{};
  for (const Child& child : children_of(node)) {
    if (is_kind(child.node, "block")) found = child.node;
  }
  if (ts_node_is_null(found)) not_understood(node);
  return found;
}

void Converter::expression_statement(TSNode node, Block& out) {
  auto children = children_of(node);
  TSNode first = children.front().node;
  if (is_kind(first, "assignment")) return assignment(node, first, out);
  if (is_kind(first, "augmented_assignment")) {
    auto parts = children_of(first);
    AugAssign made{nullptr, binary_op(field(parts, fields().op)), nullptr};
    made.target = expr(field(parts, fields().left));
    made.value = expr(field(parts, fields().right));
    return put(out, node, std::move(made));
  }
  if (notes_.annotated.contains(begin(node))) {
    AnnAssign made;
    made.target = expr(first);
    auto declared = notes_.annotated_end.find(begin(node));
    std::uint32_t last = declared == notes_.annotated_end.end() ? end(node) : declared->second;
    out.push_back(Stmt{std::move(made), positions_.span(begin(node), last)});
    return;
  }
  if (children.size() > 1) {
    ExprPtr tuple = make(node, TupleDisplay{items(node)});
    return put(out, node, ExprStmt{std::move(tuple)});
  }
  put(out, node, ExprStmt{expr(first)});
}

void Converter::assignment(TSNode statement, TSNode node, Block& out) {
  if (notes_.annotated.contains(begin(statement))) {
    auto parts = children_of(node);
    AnnAssign made;
    made.target = expr(field(parts, fields().left));
    made.value = expr(field(parts, fields().right));
    return put(out, statement, std::move(made));
  }
  Assign made;
  for (;;) {
    auto parts = children_of(node);
    made.targets.push_back(expr(field(parts, fields().left)));
    TSNode right = field(parts, fields().right);
    if (!is_kind(right, "assignment")) {
      made.value = expr(right);
      break;
    }
    node = right;
  }
  put(out, statement, std::move(made));
}

void Converter::return_statement(TSNode node, Block& out) {
  Return made;
  if (ts_node_named_child_count(node) > 0) made.value = expr(ts_node_named_child(node, 0));
  put(out, node, std::move(made));
}

void Converter::raise_statement(TSNode node, Block& out) {
  Raise made;
  for (const Child& child : children_of(node)) {
    if (!is_named(child.node)) continue;
    (child.field == fields().cause ? made.cause : made.value) = expr(child.node);
  }
  put(out, node, std::move(made));
}

void Converter::pass_statement(TSNode node, Block& out) {
  if (auto match = notes_.matches.find(begin(node)); match != notes_.matches.end()) {
    out.push_back(Stmt{Match{"match statements are not evaluated"}, positions_.span(match->first, match->second)});
    return;
  }
  if (auto alias = notes_.type_aliases.find(begin(node)); alias != notes_.type_aliases.end()) {
    Assign made;
    made.targets.push_back(make(node, Name{alias->second}));
    made.value = make(node, Constant{Constant::Ellipsis{}});
    return put(out, node, std::move(made));
  }
  put(out, node, Pass{});
}

void Converter::break_statement(TSNode node, Block& out) { put(out, node, Break{}); }
void Converter::continue_statement(TSNode node, Block& out) { put(out, node, Continue{}); }

void Converter::delete_statement(TSNode node, Block& out) {
  Delete made;
  TSNode what = ts_node_named_child(node, 0);
  if (is_kind(what, "expression_list")) {
    made.targets = items(what);
  } else {
    made.targets.push_back(expr(what));
  }
  put(out, node, std::move(made));
}

void Converter::assert_statement(TSNode node, Block& out) {
  auto parts = items(node);
  Assert made;
  made.condition = std::move(parts.front());
  if (parts.size() > 1) made.message = std::move(parts[1]);
  put(out, node, std::move(made));
}

void Converter::global_statement(TSNode node, Block& out) {
  Global made;
  for (const Child& child : children_of(node)) {
    if (is_named(child.node)) made.names.push_back(name(child.node));
  }
  put(out, node, std::move(made));
}

void Converter::nonlocal_statement(TSNode node, Block& out) {
  Nonlocal made;
  for (const Child& child : children_of(node)) {
    if (is_named(child.node)) made.names.push_back(name(child.node));
  }
  put(out, node, std::move(made));
}

std::string Converter::dotted(TSNode node) const {
  std::string out;
  for (const Child& child : children_of(node)) {
    if (!is_named(child.node)) continue;
    if (!out.empty()) out += '.';
    out += text(child.node);
  }
  return out;
}

ImportAlias Converter::alias(TSNode node) const {
  if (is_kind(node, "dotted_name")) return {dotted(node), ""};
  auto parts = children_of(node);
  return {dotted(field(parts, fields().name)), name(field(parts, fields().alias))};
}

void Converter::import_statement(TSNode node, Block& out) {
  Import made;
  for (const Child& child : children_of(node)) {
    if (child.field == fields().name && is_named(child.node)) made.names.push_back(alias(child.node));
  }
  put(out, node, std::move(made));
}

void Converter::import_from(TSNode node, Block& out) {
  ImportFrom made;
  for (const Child& child : children_of(node)) {
    if (child.field == fields().module_name) {
      if (is_kind(child.node, "dotted_name")) {
        made.module = dotted(child.node);
        continue;
      }
      for (const Child& part : children_of(child.node)) {
        if (is_kind(part.node, "import_prefix")) {
          std::string_view dots = text(part.node);
          made.level = static_cast<int>(std::count(dots.begin(), dots.end(), '.'));
        } else if (is_kind(part.node, "dotted_name")) {
          made.module = dotted(part.node);
        }
      }
    } else if (is_kind(child.node, "wildcard_import")) {
      made.star = true;
    } else if (child.field == fields().name && is_named(child.node)) {
      made.names.push_back(alias(child.node));
    }
  }
  put(out, node, std::move(made));
}

void Converter::if_statement(TSNode node, Block& out) {
  auto children = children_of(node);
  If made;
  made.condition = expr(field(children, fields().condition));
  made.body = block(field(children, fields().consequence));
  // elif: an If alone in the otherwise of the one before. Built from the last to the first, counting their depth.
  std::vector<std::pair<TSNode, If>> branches;
  Block last;
  for (const Child& child : children) {
    if (is_kind(child.node, "elif_clause")) {
      if (depth_ + branches.size() >= kMaxTreeDepth) {
        throw SyntaxFailure{"too-deep", "too many elif branches", begin(child.node), begin(child.node) + 4, ""};
      }
      auto parts = children_of(child.node);
      If branch;
      branch.condition = expr(field(parts, fields().condition));
      branch.body = block(field(parts, fields().consequence));
      branches.emplace_back(child.node, std::move(branch));
    } else if (is_kind(child.node, "else_clause")) {
      last = block(last_block(child.node));
    }
  }
  while (!branches.empty()) {
    auto [where, branch] = std::move(branches.back());
    branches.pop_back();
    branch.otherwise = std::move(last);
    last = Block();
    put(last, where, std::move(branch));
  }
  made.otherwise = std::move(last);
  put(out, node, std::move(made));
}

void Converter::for_statement(TSNode node, Block& out) {
  auto children = children_of(node);
  For made;
  made.is_async = has_word(children, "async");
  made.target = expr(field(children, fields().left));
  made.iterable = expr(field(children, fields().right));
  made.body = block(field(children, fields().body));
  for (const Child& child : children) {
    if (is_kind(child.node, "else_clause")) made.otherwise = block(last_block(child.node));
  }
  put(out, node, std::move(made));
}

void Converter::while_statement(TSNode node, Block& out) {
  auto children = children_of(node);
  While made;
  made.condition = expr(field(children, fields().condition));
  made.body = block(field(children, fields().body));
  for (const Child& child : children) {
    if (is_kind(child.node, "else_clause")) made.otherwise = block(last_block(child.node));
  }
  put(out, node, std::move(made));
}

void Converter::with_item(TSNode node, std::vector<WithItem>& out) {
  WithItem made;
  if (is_kind(node, "with_item")) return with_item(ts_node_named_child(node, 0), out);
  if (is_kind(node, "as_pattern")) {
    for (const Child& child : children_of(node)) {
      if (is_kind(child.node, "as_pattern_target")) {
        made.target = expr(ts_node_named_child(child.node, 0));
      } else if (is_named(child.node)) {
        made.context = expr(child.node);
      }
    }
    out.push_back(std::move(made));
    return;
  }
  // Brackets around all the items are the statement's, not a tuple's.
  if (is_kind(node, "tuple")) {
    for (const Child& child : children_of(node)) {
      if (is_named(child.node)) with_item(child.node, out);
    }
    return;
  }
  if (is_kind(node, "parenthesized_expression") && is_kind(ts_node_named_child(node, 0), "as_pattern")) {
    return with_item(ts_node_named_child(node, 0), out);
  }
  made.context = expr(node);
  out.push_back(std::move(made));
}

void Converter::with_statement(TSNode node, Block& out) {
  auto children = children_of(node);
  With made;
  made.is_async = has_word(children, "async");
  for (const Child& child : children) {
    if (is_kind(child.node, "with_clause")) {
      for (const Child& part : children_of(child.node)) {
        if (is_named(part.node)) with_item(part.node, made.items);
      }
    }
  }
  made.body = block(field(children, fields().body));
  put(out, node, std::move(made));
}

ExceptHandler Converter::handler(TSNode node) {
  ExceptHandler made;
  made.span = span(node);
  for (const Child& child : children_of(node)) {
    if (!is_named(child.node)) continue;
    if (is_kind(child.node, "block")) {
      made.body = block(child.node);
    } else if (is_kind(child.node, "as_pattern")) {
      for (const Child& part : children_of(child.node)) {
        if (is_kind(part.node, "as_pattern_target")) {
          made.name = name(part.node);
        } else if (is_named(part.node)) {
          made.type = expr(part.node);
        }
      }
    } else if (made.type == nullptr) {
      made.type = expr(child.node);
    } else {
      made.name = name(child.node);
    }
  }
  return made;
}

void Converter::try_statement(TSNode node, Block& out) {
  Try made;
  for (const Child& child : children_of(node)) {
    if (child.field == fields().body) {
      made.body = block(child.node);
    } else if (is_kind(child.node, "except_clause") || is_kind(child.node, "except_group_clause")) {
      made.is_star |= is_kind(child.node, "except_group_clause");
      made.handlers.push_back(handler(child.node));
    } else if (is_kind(child.node, "else_clause")) {
      made.otherwise = block(last_block(child.node));
    } else if (is_kind(child.node, "finally_clause")) {
      made.finally = block(last_block(child.node));
    }
  }
  put(out, node, std::move(made));
}

void Converter::function(TSNode node, Block& out) {
  auto children = children_of(node);
  FunctionDef made;
  made.is_async = has_word(children, "async");
  made.name = name(field(children, fields().name));
  made.parameters = parameters(field(children, fields().parameters));
  made.body = block(field(children, fields().body));
  put(out, node, std::move(made));
}

void Converter::class_definition(TSNode node, Block& out) {
  auto children = children_of(node);
  ClassDef made;
  made.name = name(field(children, fields().name));
  if (TSNode given = field(children, fields().superclasses); !ts_node_is_null(given)) {
    arguments(given, made.bases, made.keywords);
  }
  made.body = block(field(children, fields().body));
  put(out, node, std::move(made));
}

void Converter::decorated(TSNode node, Block& out) {
  std::vector<ExprPtr> decorators;
  TSNode definition{};
  for (const Child& child : children_of(node)) {
    if (is_kind(child.node, "decorator")) {
      decorators.push_back(expr(ts_node_named_child(child.node, 0)));
    } else if (child.field == fields().definition) {
      definition = child.node;
    }
  }
  if (ts_node_is_null(definition)) not_understood(node);
  statement(definition, out);
  Stmt& made = out.back();
  if (auto* function = std::get_if<FunctionDef>(&made.node)) function->decorators = std::move(decorators);
  if (auto* type = std::get_if<ClassDef>(&made.node)) type->decorators = std::move(decorators);
}

}  // namespace bascule::syntax::python
