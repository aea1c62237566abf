// What: SQL expressions and row-changing statements as their author meant them.
// Must not know: SQL spelling, except in TextExpr, whose author wrote SQL.
// Invariants: only LiteralExpr holds data; it is always quoted when rendered.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/box.h"
#include "base/identifier.h"
#include "model/type.h"
#include "model/value.h"

namespace bascule::model {

/// SQL text as the author wrote it (sa.text, literal_column, a plain string where SQL is meant).
struct TextExpr {
  std::string sql;
  bool operator==(const TextExpr&) const = default;
};
/// A value; type (where known) decides how it is spelled (a bool for a Boolean column, JSON ...).
struct LiteralExpr {
  Value value;
  std::optional<Type> type;
  bool operator==(const LiteralExpr&) const = default;
};
/// A column, qualified where table is not empty.
struct ColumnExpr {
  QualifiedName table;
  Identifier column;
  bool operator==(const ColumnExpr&) const = default;
};
/// sa.true(), sa.false(): true/false where the database has booleans, else 1/0.
struct BooleanExpr {
  bool value = false;
  bool operator==(const BooleanExpr&) const = default;
};
struct NullExpr {
  bool operator==(const NullExpr&) const = default;
};
struct FunctionExpr;
struct BinaryExpr;
struct UnaryExpr;
struct CastExpr;
struct ListExpr;
struct CaseExpr;
struct CollateExpr;

using Expression =
    std::variant<TextExpr, LiteralExpr, ColumnExpr, BooleanExpr, NullExpr, Box<FunctionExpr>, Box<BinaryExpr>,
                 Box<UnaryExpr>, Box<CastExpr>, Box<ListExpr>, Box<CaseExpr>, Box<CollateExpr>>;

/// func.name(args). name may be dotted ("pg_catalog.set_config").
struct FunctionExpr {
  std::string name;
  std::vector<Expression> arguments;
  bool operator==(const FunctionExpr&) const = default;
};
/// op: SQL's spelling: "=", "AND", "IS NOT", "||", "IN", "LIKE", "->>" ...
struct BinaryExpr {
  std::string op;
  Expression left;
  Expression right;
  bool operator==(const BinaryExpr&) const = default;
};
/// op before the operand ("NOT", "-", "EXISTS") or after it ("DESC", "ASC", "NULLS FIRST", "NULLS LAST", "IS NULL").
struct UnaryExpr {
  std::string op;
  Expression operand;
  bool postfix = false;
  bool operator==(const UnaryExpr&) const = default;
};
struct CastExpr {
  Expression operand;
  Type type;
  bool operator==(const CastExpr&) const = default;
};
/// (a, b, c)
struct ListExpr {
  std::vector<Expression> items;
  bool operator==(const ListExpr&) const = default;
};
struct CaseExpr {
  std::vector<std::pair<Expression, Expression>> branches;
  std::optional<Expression> otherwise;
  bool operator==(const CaseExpr&) const = default;
};
struct CollateExpr {
  Expression operand;
  std::string collation;
  bool operator==(const CollateExpr&) const = default;
};

/// INSERT INTO table (columns) VALUES rows. Every row has columns.size() expressions.
struct InsertStatement {
  QualifiedName table;
  std::vector<Identifier> columns;
  std::vector<std::vector<Expression>> rows;
  bool operator==(const InsertStatement&) const = default;
};
struct UpdateStatement {
  QualifiedName table;
  std::vector<std::pair<Identifier, Expression>> assignments;
  std::optional<Expression> where;
  bool operator==(const UpdateStatement&) const = default;
};
struct DeleteStatement {
  QualifiedName table;
  std::optional<Expression> where;
  bool operator==(const DeleteStatement&) const = default;
};

}  // namespace bascule::model
