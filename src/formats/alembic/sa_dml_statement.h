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

  std::string type_name() const override;
  std::optional<Value> attribute(Interpreter& interpreter, std::string_view name) override;
  bool truth(Interpreter& interpreter) override;
  std::string repr(Interpreter& interpreter) override;

 private:
  std::shared_ptr<Statement> with_values(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> with_where(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::shared_ptr<Statement> with_order(Interpreter& interpreter, const evaluate::Arguments& arguments) const;
  std::string phrase() const;
  Row completed(Interpreter& interpreter, Row row) const;
  model::InsertStatement insert(Interpreter& interpreter, const std::vector<Row>& rows) const;

  Kind kind_;
  std::shared_ptr<TableClause> table_;
  std::vector<Row> rows_;
  bool multiple_ = false;
  bool ordered_ = false;
  std::vector<model::Expression> conditions_;
};

}  // namespace bascule::formats::alembic
