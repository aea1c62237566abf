// What: what every dialect spells alike: expressions with SQLAlchemy's grouping, constraints, lists of names, rows.
// Must not know: one dialect's words; those are the virtual functions that a dialect's own renderer fills in.
// Invariants: one Renderer spells one operation. The first thing that cannot be spelled is kept (and ends up in the
// Rendered result); what is spelled after it is dropped, so that the code below reads as plain text building.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "model/expression.h"
#include "model/schema.h"
#include "model/type.h"

namespace bascule::dialects {

/// Whether columns are spelled with their table: in rows' statements as their author wrote them, never in DDL.
enum class ColumnTables { kOmit, kKeep };

class Renderer {
 public:
  explicit Renderer(const Dialect& dialect) : dialect_(dialect) {}
  virtual ~Renderer() = default;
  Renderer(const Renderer&) = delete;
  Renderer& operator=(const Renderer&) = delete;

  Rendered<std::string> finish(std::string sql);
  Rendered<std::vector<std::string>> finish(std::vector<std::string> statements);

  virtual std::string type(const model::Type& type) = 0;
  /// A value, spelled so that this database stores what SQLAlchemy would store in a column of that type (may be null).
  virtual std::string value(const model::Value& value, const model::Type* type) = 0;
  std::string expression(const model::Expression& expression);
  /// A column's DEFAULT: a plain string is a string whatever the column's type is.
  std::string default_expression(const model::Expression& expression);
  /// The operand of an operator, in parentheses where SQLAlchemy puts them.
  std::string operand(const model::Expression& expression, std::string_view against);

  std::string name(const Identifier& identifier) { return dialect_.quote(identifier); }
  std::string name(const QualifiedName& qualified) { return dialect_.quote(qualified); }
  std::string names(const std::vector<Identifier>& identifiers);

  /// Notes a refusal; returns an empty text.
  std::string unsupported(std::string message, std::string help);
  std::size_t problem_count() const { return problems_.size(); }
  /// Keeps the first refusal that spelling this column has just brought, and puts "column 'x': " before it.
  void blame_column(const Identifier& column, std::size_t problems_before);

  virtual std::string boolean(bool value) = 0;
  virtual std::string function(const model::FunctionExpr& function);
  virtual std::string binary(const model::BinaryExpr& binary);
  /// A query, without the parentheses that it has as an expression.
  std::string select(const model::SelectExpr& query);
  std::string window(const model::WindowExpr& window);
  /// What stands for an empty list after IN.
  virtual std::string empty_list_test(const model::BinaryExpr& binary) = 0;
  std::string column(const model::ColumnExpr& column);

  // What the spelling of types shares.
  /// The type's name with its collation.
  std::string collated(std::string sql, const std::string& collation);
  std::string no_type();
  /// The refusal of a type that another dialect has. here: what this database is called.
  std::string foreign_type(std::string_view sql, const std::string& owner, std::string_view here);

 protected:
  const Dialect& dialect() const { return dialect_; }
  void set_column_tables(ColumnTables tables) { tables_ = tables; }

  std::string constraint_preamble(const Identifier& constraint_name);
  std::string deferral(const model::Deferral& deferral);
  /// " MATCH FULL ON DELETE CASCADE ..."
  std::string foreign_key_options(const model::ForeignKey& key);
  /// A phrase of SQL keywords (ON DELETE's and its like), refused if it holds anything else.
  std::string keyword_phrase(const std::string& phrase, std::string_view what);
  std::string check_body(const model::CheckConstraint& check);

  // render_rows.cpp
  std::vector<std::string> insert(const model::InsertStatement& statement);
  std::string update(const model::UpdateStatement& statement);
  std::string delete_rows(const model::DeleteStatement& statement);

 private:
  std::string columns_of(const std::vector<model::SelectColumn>& columns);
  std::string from_item(const model::FromItem& item);
  std::string from_list(const std::vector<model::FromItem>& items);
  std::string limits(const model::SelectExpr& query);
  std::string common_tables(const model::SelectExpr& query, const std::vector<model::FromItem>& items);
  /// The tables besides `target` that a statement's expressions name.
  std::vector<model::FromItem> others(const QualifiedName& target, const std::vector<model::FromItem>& aliases,
                                      const std::vector<const model::Expression*>& expressions) const;
  std::string conflict_clause(const model::OnConflict& conflict);
  std::string returning_clause(const std::vector<model::SelectColumn>& columns);
  /// The first refusal, with the others in it.
  Unsupported problem();

  const Dialect& dialect_;
  std::vector<Unsupported> problems_;
  ColumnTables tables_ = ColumnTables::kOmit;
  std::vector<model::TableRef> enclosing_;  ///< what the statements around a query read already
};

/// 'text' with its quotes doubled. The text must hold no NUL.
std::string quoted_text(std::string_view text);
/// Lower-case hexadecimal digits of bytes.
std::string hex(std::string_view bytes);
/// The shortest text that reads back as the same number, always with a point or an exponent (not for inf and nan).
std::string number_text(double number);
/// A string as JSON, as Python's json.dumps writes it (ASCII only).
std::string json_text(std::string_view text);
/// Whether the author's type (may be null), as the dialect sees it, holds JSON.
bool is_json(const model::Type* type, const Dialect& dialect);
/// Whether it has SQLAlchemy's integer affinity: the types that may number themselves.
bool is_integer(const model::Type& type, const Dialect& dialect);
/// The scalar kind that the dialect sees, if it is a scalar type.
std::optional<model::ScalarKind> scalar_kind(const model::Type* type, const Dialect& dialect);
/// The scalar type that the dialect sees; null if it is another kind of type (or there is none).
const model::ScalarType* scalar_type(const model::Type* type, const Dialect& dialect);

/// "VARCHAR(20)"; a size of 0 is none.
std::string sized(std::string_view name, const std::optional<std::int64_t>& size);
/// "NUMERIC(10, 2)", "NUMERIC(10)", "NUMERIC".
std::string exact(std::string_view name, const model::ScalarType& type);
/// VARCHAR(n) for enums that are not native: the length of the longest value, or the one that the author gave.
std::int64_t enum_length(const model::EnumType& type);

}  // namespace bascule::dialects
