// What: SQL expressions and row-changing statements as their author meant them.
// Must not know: SQL spelling, except in TextExpr, whose author wrote SQL.
// Invariants: only LiteralExpr holds data; it is always quoted when rendered.
#pragma once

#include <functional>
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
/// A column, qualified where table is not empty. source: 0, or the number of the alias that `table` is a name of.
struct ColumnExpr {
  QualifiedName table;
  Identifier column;
  int source = 0;
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
/// A value that is given when its statement is executed. Whoever executes puts it in: it has no spelling.
struct ParameterExpr {
  std::string name;
  std::optional<Type> type;
  bool operator==(const ParameterExpr&) const = default;
};
struct FunctionExpr;
struct BinaryExpr;
struct UnaryExpr;
struct CastExpr;
struct ListExpr;
struct CaseExpr;
struct CollateExpr;
struct WindowExpr;
struct SelectExpr;

using Expression = std::variant<TextExpr, LiteralExpr, ColumnExpr, BooleanExpr, NullExpr, ParameterExpr,
                                Box<FunctionExpr>, Box<BinaryExpr>, Box<UnaryExpr>, Box<CastExpr>, Box<ListExpr>,
                                Box<CaseExpr>, Box<CollateExpr>, Box<WindowExpr>, Box<SelectExpr>>;

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

/// function FILTER (WHERE filter) OVER (PARTITION BY ... ORDER BY ...), each part where it is said.
struct WindowExpr {
  Expression function;
  std::optional<Expression> filter;
  bool over = false;
  std::vector<Expression> partition_by, order_by;
  bool operator==(const WindowExpr&) const = default;
};

/// What columns belong to: a table, or an alias by its number.
struct TableRef {
  QualifiedName name;
  int source = 0;
  bool operator==(const TableRef&) const = default;
};

/// What a query reads: a table, a query of its own (query), or a join of two others (joined).
struct FromItem {
  QualifiedName table;
  std::optional<Expression> query;  ///< a SelectExpr; needs an alias
  Identifier alias;
  int source = 0;                ///< tells aliases of one name apart: ColumnExpr::source; 0: no alias
  bool common = false;           ///< the query stands in WITH, under its alias
  std::vector<FromItem> joined;  ///< left and right; then nothing of the above is set
  std::string join;              ///< "JOIN", "LEFT OUTER JOIN", "FULL OUTER JOIN"
  std::optional<Expression> on;  ///< none: CROSS JOIN
  bool operator==(const FromItem& other) const;
};

struct SelectColumn {
  Expression expression;
  Identifier label;  ///< empty: the database names it
  bool operator==(const SelectColumn&) const = default;
};

/// A query. It reads `froms`, and the tables whose columns it names besides them; inside another query, not those that
/// are the outer one's already (correlation).
struct SelectExpr {
  bool distinct = false;
  std::vector<Expression> distinct_on;
  std::vector<SelectColumn> columns;
  std::vector<FromItem> froms;
  std::vector<FromItem> aliases;     ///< what the names of tables in its expressions stand for, where they are aliases
  std::vector<TableRef> correlated;  ///< never read by it, though it names their columns
  std::optional<Expression> where;
  std::vector<Expression> group_by;
  std::optional<Expression> having;
  std::vector<Expression> order_by;
  std::optional<Expression> limit, offset;
  std::string lock;          ///< "FOR UPDATE SKIP LOCKED", where the database has such
  std::string set_operator;  ///< "UNION ALL" ...: then `parts` are joined by it, and columns are empty
  std::vector<SelectExpr> parts;
  bool operator==(const SelectExpr& other) const;
};

/// ON CONFLICT (columns) WHERE index_where, or ON CONSTRAINT; no assignments: DO NOTHING.
struct OnConflict {
  std::vector<Expression> columns;
  std::optional<Expression> index_where;
  Identifier constraint;
  std::vector<std::pair<Identifier, Expression>> assignments;
  std::optional<Expression> where;
  bool operator==(const OnConflict&) const = default;
};

/// INSERT INTO table (columns) VALUES rows, or the rows of a query. Every row has columns.size() expressions.
struct InsertStatement {
  QualifiedName table;
  std::vector<Identifier> columns;
  std::vector<std::vector<Expression>> rows;
  std::optional<Expression> query = {};  ///< a SelectExpr; then there are no rows
  std::optional<OnConflict> on_conflict = {};
  std::vector<SelectColumn> returning = {};
  bool operator==(const InsertStatement&) const = default;
};
/// aliases: as in SelectExpr. Other tables that it names are read too (FROM, USING).
struct UpdateStatement {
  QualifiedName table;
  std::vector<std::pair<Identifier, Expression>> assignments;
  std::optional<Expression> where;
  std::vector<FromItem> aliases = {};
  std::vector<SelectColumn> returning = {};
  bool operator==(const UpdateStatement&) const = default;
};
struct DeleteStatement {
  QualifiedName table;
  std::optional<Expression> where;
  std::vector<FromItem> aliases = {};
  std::vector<SelectColumn> returning = {};
  bool operator==(const DeleteStatement&) const = default;
};

inline bool FromItem::operator==(const FromItem& other) const {
  return table == other.table && query == other.query && alias == other.alias && source == other.source &&
         common == other.common && joined == other.joined && join == other.join && on == other.on;
}
inline bool SelectExpr::operator==(const SelectExpr& other) const {
  return distinct == other.distinct && distinct_on == other.distinct_on && columns == other.columns &&
         froms == other.froms && aliases == other.aliases && correlated == other.correlated && where == other.where &&
         group_by == other.group_by && having == other.having && order_by == other.order_by && limit == other.limit &&
         offset == other.offset && lock == other.lock && set_operator == other.set_operator && parts == other.parts;
}

/// The tables whose columns an expression names, each once, in order; not those inside its queries.
std::vector<TableRef> tables_of(const Expression& expression);
/// The name by which columns of a table or query in FROM go: its alias, else its own. REQUIRES: no join.
TableRef ref_of(const FromItem& item);
/// Puts values where parameters are, also inside queries.
void replace_parameters(Expression& expression, const std::function<Expression(const ParameterExpr&)>& value_of);

}  // namespace bascule::model
