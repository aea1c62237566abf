// What: sa.insert(table) / update / delete with what was said about it so far.
// Must not know: rendering, connections.
// Invariants: never changed once made; every method makes another one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/alembic/sa_dml.h"
#include "formats/alembic/sa_select.h"

namespace bascule::formats::alembic {

class Statement : public evaluate::Object {
 public:
  enum class Kind { kInsert, kUpdate, kDelete };
  /// One row: values by column, in the order given.
  using Row = std::vector<std::pair<std::shared_ptr<ColumnClause>, model::Expression>>;

  Statement(Kind kind, std::shared_ptr<TableClause> table) : kind_(kind), table_(std::move(table)) {}
  Kind kind() const { return kind_; }
  const std::shared_ptr<TableClause>& table() const { return table_; }

  /// The operation. row: values given when it is executed (may be empty).
  model::Operation operation(Interpreter& interpreter, const Row& row = {}) const;
  /// A dict of values as a row. unknown_allowed: keys that the table lacks are ignored, as for executemany.
  Row to_row(Interpreter& interpreter, const Value& dict, bool unknown_allowed) const;
  /// Several rows that were given when the statement was executed: the first row's keys decide.
  model::Operation with_rows(Interpreter& interpreter, const std::vector<Row>& rows) const;

  /// Whether it has bindparam()s that get their values when it is executed.
  bool has_parameters() const;
  /// Refuses: code "unbound-parameter". REQUIRES: has_parameters().
  [[noreturn]] void refuse_parameters() const;
  /// The operation with its parameters, and the columns that none of them stands for, from a dict.
  model::Operation operation_with(Interpreter& interpreter, const Value& dict) const;
  /// RETURNING's columns; empty: it gives no rows.
  const std::vector<ResultColumn>& returned() const { return returned_; }
  /// The number of rows that it inserts by itself.
  std::size_t row_count() const { return rows_.size(); }
  bool inserts_query() const { return query_ != nullptr; }
  /// The same with RETURNING these columns, for values that the caller wants to know.
  std::shared_ptr<Statement> asking_for(Interpreter& interpreter, const std::vector<Value>& columns) const;

  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  bool truth(Interpreter& interpreter) override;
  std::string repr(Interpreter& interpreter) override;

 private:
  std::shared_ptr<Statement> with_values(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> with_where(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> with_order(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> from_select(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> with_returning(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> with_conflict(Interpreter& interpreter, const evaluate::Arguments& arguments,
                                           bool updates) const;
  std::string first_parameter() const;
  model::Operation plain_operation(Interpreter& interpreter, const Row& row) const;
  model::Operation completed_operation(model::Operation operation) const;
  std::string phrase() const;
  Row completed(Interpreter& interpreter, Row row) const;
  model::InsertStatement insert(Interpreter& interpreter, const std::vector<Row>& rows) const;

  Kind kind_;
  std::shared_ptr<TableClause> table_;
  std::vector<Row> rows_;
  bool multiple_ = false;
  bool ordered_ = false;
  std::vector<model::Expression> conditions_;
  std::shared_ptr<SelectObject> query_;  ///< insert().from_select()
  std::vector<Identifier> query_columns_;
  std::optional<model::OnConflict> conflict_;
  std::vector<model::SelectColumn> returning_;
  std::vector<ResultColumn> returned_;
};

}  // namespace bascule::formats::alembic
