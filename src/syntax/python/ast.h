// What: our own small syntax tree of Python, with positions, and the reader that makes it (tree-sitter behind it).
// Must not know: what any of it means.
// Invariants: a Module is complete: what the reader could not take whole is a Diagnostic, never a gap in the tree.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/source.h"

namespace bascule::syntax::python {

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using Block = std::vector<Stmt>;

// ---- expressions ----
struct Name {
  std::string id;
};
struct Constant {  ///< None, True, False, ..., numbers, strings (adjacent literals joined), bytes
  struct None {};
  struct Ellipsis {};
  struct Imaginary {};
  struct BytesLiteral {
    std::string data;
  };
  struct BigInteger {
    std::string digits;
  };  ///< beyond 64 bits
  std::variant<None, Ellipsis, bool, std::int64_t, double, std::string, BytesLiteral, BigInteger, Imaginary> value;
};
/// f"...": literal pieces and replacement fields, in order.
struct FormatField {
  ExprPtr value;
  std::string source;        ///< the text of the expression, for f"{x=}"
  bool show_source = false;  ///< the "=" form
  char conversion = 0;       ///< 'r', 's', 'a' or 0
  ExprPtr spec;              ///< an FString or null
};
struct FString {
  std::vector<std::variant<std::string, FormatField>> parts;
};
struct Attribute {
  ExprPtr object;
  std::string name;
};
struct Subscript {
  ExprPtr object;
  ExprPtr index;
};
struct Slice {
  ExprPtr lower, upper, step;
};  ///< each may be null; only inside Subscript
struct Keyword {
  std::string name;
  ExprPtr value;
  Span span;
};  ///< empty name: **value
struct Call {
  ExprPtr callee;
  std::vector<ExprPtr> positional;
  std::vector<Keyword> keywords;
};
struct Starred {
  ExprPtr value;
};
enum class BinaryOp {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kFloorDiv,
  kMod,
  kPow,
  kMatMul,
  kBitAnd,
  kBitOr,
  kBitXor,
  kLeftShift,
  kRightShift
};
struct Binary {
  BinaryOp op;
  ExprPtr left, right;
};
enum class UnaryOp { kNot, kNegative, kPositive, kInvert };
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};
struct BoolOp {
  bool is_and;
  std::vector<ExprPtr> operands;
};
enum class CompareOp { kEq, kNe, kLt, kLe, kGt, kGe, kIs, kIsNot, kIn, kNotIn };
struct Compare {
  ExprPtr left;
  std::vector<std::pair<CompareOp, ExprPtr>> rest;
};
struct Conditional {
  ExprPtr condition, then, otherwise;
};
struct ListDisplay {
  std::vector<ExprPtr> items;
};
struct TupleDisplay {
  std::vector<ExprPtr> items;
};
struct SetDisplay {
  std::vector<ExprPtr> items;
};
struct DictDisplay {
  std::vector<std::pair<ExprPtr, ExprPtr>> items;
};  ///< null key: **value
struct ComprehensionClause {
  ExprPtr target, iterable;
  std::vector<ExprPtr> conditions;
  bool is_async = false;
};
enum class ComprehensionKind { kList, kSet, kDict, kGenerator };
struct Comprehension {
  ComprehensionKind kind;
  ExprPtr element;
  ExprPtr value;
  std::vector<ComprehensionClause> clauses;
};
enum class ParameterKind { kPositionalOnly, kNormal, kVarArgs, kKeywordOnly, kKwArgs };
struct Parameter {
  std::string name;
  ParameterKind kind = ParameterKind::kNormal;
  ExprPtr default_value;
};
struct Lambda {
  std::vector<Parameter> parameters;
  ExprPtr body;
};
struct NamedExpr {
  std::string name;
  ExprPtr value;
};  ///< walrus
struct Await {
  ExprPtr value;
};
struct Yield {
  ExprPtr value;
  bool from = false;
};

struct Expr {
  std::variant<Name, Constant, FString, Attribute, Subscript, Slice, Call, Starred, Binary, Unary, BoolOp, Compare,
               Conditional, ListDisplay, TupleDisplay, SetDisplay, DictDisplay, Comprehension, Lambda, NamedExpr, Await,
               Yield>
      node;
  Span span;
};

// ---- statements ----
struct ExprStmt {
  ExprPtr value;
};
struct Assign {
  std::vector<ExprPtr> targets;
  ExprPtr value;
};  ///< a = b = value
struct AnnAssign {
  ExprPtr target;
  ExprPtr value;
};  ///< value may be null; annotations are dropped
struct AugAssign {
  ExprPtr target;
  BinaryOp op;
  ExprPtr value;
};
struct Return {
  ExprPtr value;
};
struct Raise {
  ExprPtr value, cause;
};
struct Pass {};
struct Break {};
struct Continue {};
struct Delete {
  std::vector<ExprPtr> targets;
};
struct Assert {
  ExprPtr condition, message;
};
struct Global {
  std::vector<std::string> names;
};
struct Nonlocal {
  std::vector<std::string> names;
};
struct ImportAlias {
  std::string name;
  std::string as;
};  ///< as: empty if none
struct Import {
  std::vector<ImportAlias> names;
};
struct ImportFrom {
  std::string module;
  int level = 0;
  std::vector<ImportAlias> names;
  bool star = false;
};
struct If {
  ExprPtr condition;
  Block body, otherwise;
};  ///< elif: an If in otherwise
struct For {
  ExprPtr target, iterable;
  Block body, otherwise;
  bool is_async = false;
};
struct While {
  ExprPtr condition;
  Block body, otherwise;
};
struct WithItem {
  ExprPtr context;
  ExprPtr target;
};
struct With {
  std::vector<WithItem> items;
  Block body;
  bool is_async = false;
};
struct ExceptHandler {
  ExprPtr type;
  std::string name;
  Block body;
  Span span;
};  ///< type null: bare except
struct Try {
  Block body;
  std::vector<ExceptHandler> handlers;
  Block otherwise, finally;
  bool is_star = false;
};
struct FunctionDef {
  std::string name;
  std::vector<Parameter> parameters;
  Block body;
  std::vector<ExprPtr> decorators;
  bool is_async = false;
};
struct ClassDef {
  std::string name;
  std::vector<ExprPtr> bases;
  std::vector<Keyword> keywords;
  Block body;
  std::vector<ExprPtr> decorators;
};
struct Match {
  std::string why;
};  ///< match statements are read but refused when reached

struct Stmt {
  std::variant<ExprStmt, Assign, AnnAssign, AugAssign, Return, Raise, Pass, Break, Continue, Delete, Assert, Global,
               Nonlocal, Import, ImportFrom, If, For, While, With, Try, FunctionDef, ClassDef, Match>
      node;
  Span span;
};

struct Module {
  Block body;
  std::optional<std::string> docstring;
};

/// Reads a whole file. The text may start with a BOM and may have CRLF line ends. Errors: syntax-error with the line
/// and column, nul-in-file, not-utf8, too-deep (nesting beyond 200 levels), too-large (over 32 MB).
Result<Module, Diagnostic> parse(const SourceFilePtr& file);

}  // namespace bascule::syntax::python
